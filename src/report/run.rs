//! The files that a run writes into its directory.

use std::path::Path;

use clap::ValueEnum;

use super::html::{self, ReportError};
use super::next_tasks::{Typed, next_tasks};
use super::{OutputDir, ResultTable, TableFormat, TableOptions, run_json};
use super::{write_changes, write_customer_table, write_duplicates, write_flagged, write_possible_table};
use super::{write_quarantine, write_table};
use crate::pipeline::{Cleaned, RunError, Setup, Stage, ToldRun};
use crate::rule::Words;

/// Names of all files that a run may write, in whatever format.
pub fn run_file_names() -> Vec<String> {
    let formats = TableFormat::value_variants().iter();
    let tables = formats.flat_map(|format| ["rows", "customers"].map(|table| format.file_name(table)));
    let others = [
        "changes.csv",
        "quarantine.csv",
        "duplicates.csv",
        "possible_duplicates.csv",
        "flagged.csv",
        "report.html",
        "run.json",
    ];
    tables.chain(others.map(str::to_owned)).collect()
}

/// Writes all outputs of a run under temporary names; [`OutputDir::publish`] gives them their own. What to do next is told by the
/// commands that were `typed`.
///
/// # Errors
/// When a source can't be read again, a rule file is not of its form, or an output can't be written.
pub fn write_run(
    cleaned: &Cleaned<'_>,
    setup: &Setup,
    directory: &Path,
    table: TableOptions,
    typed: &Typed,
) -> Result<(OutputDir, ToldRun), ReportError> {
    setup.begin(Stage::Write);
    let mut output = OutputDir::create(directory)?;
    let mut summary = cleaned.summary.clone();
    let rows = table.format.file_name("rows");
    if table.tables.has(ResultTable::Rows) {
        summary.formulas_guarded = output.file(&rows, |out| write_table(cleaned, setup, table, out))?;
        setup.go_on()?;
    } else {
        output.without(rows);
    }
    if table.tables.has(ResultTable::Changes) {
        output.file("changes.csv", |out| write_changes(cleaned, table.bom, out))?;
    } else {
        output.without("changes.csv".to_owned());
    }
    output.file("quarantine.csv", |out| write_quarantine(cleaned, table.bom, out))?;
    setup.go_on()?;
    summary.formulas_guarded += write_customers(cleaned, setup, table, &mut output)?;
    match cleaned.decay.as_ref().filter(|_| table.tables.has(ResultTable::Flagged)) {
        Some(decay) => {
            output.file("flagged.csv", |out| write_flagged(cleaned, decay, setup, table.bom, out))?;
        }
        None => output.without("flagged.csv".to_owned()),
    }
    summary.outputs = output.names();
    summary.outputs.extend(["report.html".to_owned(), "run.json".to_owned()]);
    summary.next_steps = next_tasks(cleaned, &summary, &typed.told());
    let own = Words::language_of(&setup.context.files, &setup.context.region)?;
    let mut languages = Words::languages(&setup.context.files);
    languages.sort_by_key(|language| *language != own);
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let html = html::render(&summary, &setup.context.files, &setup.catalog, &languages)?;
    let failed = |error: std::io::Error| RunError::write("the report", &error);
    output.file("report.html", |out| out.write_all(html.as_bytes()).map_err(failed))?;
    let json = run_json(&summary);
    output.file("run.json", |out| out.write_all(json.as_bytes()).map_err(failed))?;
    setup.go_on()?;
    Ok((output, ToldRun { summary, json }))
}

/// Writes the golden records and the pairs of rows behind them; where they were not looked for, none of an earlier run stay.
fn write_customers(
    cleaned: &Cleaned<'_>,
    setup: &Setup,
    table: TableOptions,
    output: &mut OutputDir,
) -> Result<u64, RunError> {
    let golden = table.format.file_name("customers");
    let [sure, possible, workbook] = ["duplicates.csv", "possible_duplicates.csv", "customers.xlsx"];
    if golden != workbook {
        output.without(workbook.to_owned());
    }
    let Some(customers) = &cleaned.customers else {
        for name in [golden.as_str(), sure, possible] {
            output.without(name.to_owned());
        }
        return Ok(0);
    };
    let mut guarded = 0;
    if table.tables.has(ResultTable::Customers) {
        guarded = output.file(&golden, |out| write_customer_table(cleaned, customers, setup, table, out))?;
        setup.go_on()?;
    } else {
        output.without(golden);
    }
    if table.tables.has(ResultTable::Duplicates) {
        output.file(sure, |out| write_duplicates(cleaned, customers, table.bom, out))?;
        output.file(possible, |out| write_possible_table(cleaned, customers, setup, table.bom, out))?;
        setup.go_on()?;
    } else {
        output.without(sure.to_owned());
        output.without(possible.to_owned());
    }
    Ok(guarded)
}
