//! Runs the examples that `[[expect]]` tables bring with them: a `bad` one must break its table, a `good` one must not.

use std::collections::BTreeMap;

use super::examples::Nowhere;
use super::{CheckPlan, Gates, MailStage, RunError, Setup, check};
use crate::finding::Code;
use crate::ingest::{IngestOptions, List};
use crate::rule::{Expectation, ExpectedExample};

/// Runs the examples of one table; says what does not hold.
///
/// # Errors
/// When the table itself is wrong.
pub fn run_expectation_examples(setup: &Setup, expectation: &Expectation) -> Result<Vec<String>, RunError> {
    let mut failures = Vec::new();
    for (kind, examples) in [("good", &expectation.good), ("bad", &expectation.bad)] {
        for (index, example) in examples.iter().enumerate() {
            let place = format!("{}, {kind} {}", expectation.place, index + 1);
            if let Err(why) = refuse_empty(expectation, example) {
                failures.push(format!("{place}: {why}"));
                continue;
            }
            let codes = codes_of(setup, expectation, example)?;
            let said: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            match (kind, codes.is_empty()) {
                ("good", false) => failures.push(format!("{place}: expected nothing, got [{}]", said.join(", "))),
                ("bad", true) => failures.push(format!("{place}: expected a finding, got none")),
                _ => {}
            }
        }
    }
    Ok(failures)
}

/// An example that the table would not look at proves nothing.
fn refuse_empty(expectation: &Expectation, example: &ExpectedExample) -> Result<(), String> {
    let named = columns(expectation);
    match example {
        ExpectedExample::Row(cells) => match cells.keys().find(|column| !named.contains(&column.as_str())) {
            Some(column) => Err(format!("the table does not name column {column:?}")),
            None => Ok(()),
        },
        _ if named != [expectation.column.as_str()] => {
            Err("the table is about several columns; write the row: { column = \"cell\" }".to_owned())
        }
        _ => Ok(()),
    }
}

/// All columns that a table names, each once.
fn columns(expectation: &Expectation) -> Vec<&str> {
    let when = expectation.when.iter().map(|when| when.column.as_str());
    let own = std::iter::once(expectation.column.as_str()).filter(|column| !column.is_empty());
    let mut names = Vec::new();
    for name in own.chain(expectation.any_of.iter().map(String::as_str)).chain(when) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What a check says of a list that holds nothing but the example.
fn codes_of(setup: &Setup, expectation: &Expectation, example: &ExpectedExample) -> Result<Vec<Code>, RunError> {
    let names = columns(expectation);
    let rows: Vec<BTreeMap<&str, &str>> = match example {
        ExpectedExample::Cell(cell) => vec![[(expectation.column.as_str(), cell.as_str())].into()],
        ExpectedExample::Column(cells) => {
            cells.iter().map(|cell| [(expectation.column.as_str(), cell.as_str())].into()).collect()
        }
        ExpectedExample::Row(cells) => vec![cells.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect()],
    };
    // A row of nothing but empty cells is a row all the same where a number stands beside it.
    let line = |(at, row): (usize, BTreeMap<&str, &str>)| {
        let mut cells: Vec<(&str, &str)> =
            names.iter().map(|name| (*name, row.get(name).copied().unwrap_or(""))).collect();
        let number = (at + 1).to_string();
        cells.push((NUMBER, &number));
        let cells: serde_json::Map<String, serde_json::Value> =
            cells.into_iter().map(|(name, cell)| (name.to_owned(), cell.into())).collect();
        format!("{}\n", serde_json::Value::Object(cells))
    };
    let text: String = rows.into_iter().enumerate().map(line).collect();
    let options = IngestOptions::default();
    let list = List::from_bytes("an example", text.into_bytes(), &options, &setup.context.files)?;
    let plan = CheckPlan {
        rules: false,
        levels: Vec::new(),
        // How many rows there are is no matter of an example.
        expectations: vec![Expectation { rows: None, ..expectation.clone() }],
        gates: Gates::new(Vec::new(), None),
        known: None,
        suppressions: Vec::new(),
        marks: None,
        today: setup.context.today,
    };
    let report = check(&list, setup, &plan, MailStage::off(&mut |_| {}), &mut Nowhere, &|_| {})?;
    Ok(report.groups.iter().map(|group| group.code).collect())
}

/// The column of numbers that is put beside the cells of an example.
const NUMBER: &str = "tiuv: number of the row";
