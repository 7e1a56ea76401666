//! The tables of rows and of customers in the format that was asked for.

use std::fs::File;
use std::io::{self, BufReader, Seek, Write};

use super::csv_text::BOM;
use super::customers::write_customers;
use super::flagged::write_flagged;
use super::possible_duplicates::write_possible_duplicates;
use super::rows::write_rows;
use super::workbook::{Sheet, write_workbook};
use crate::pipeline::{Cleaned, Customers, RunError, Setup};
use crate::record::PairAnswer;
use crate::rule::Words;

/// Formats of the tables of rows and of customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// Comma-separated, UTF-8.
    Csv,
    /// Excel workbook; identifiers and numbers of telephones are text, so nothing loses its zeros.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet, all columns text.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// How the tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// A byte order mark before CSV.
    pub bom: bool,
    /// Which results are written at all.
    pub tables: Tables,
}

/// A result that a run may leave out: what it tells need not be wanted, and a million rows cost time and room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ResultTable {
    /// Every row with what is found of it.
    Rows,
    /// A golden record a customer.
    Customers,
    /// Repairs and suggestions.
    Changes,
    /// Whom to ask.
    Flagged,
    /// Pairs of rows that are one customer, or may be.
    Duplicates,
}

/// Some of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tables(u8);

impl Tables {
    /// Those named; all where none is.
    pub fn of(named: &[ResultTable]) -> Self {
        if named.is_empty() { Tables(u8::MAX) } else { Tables(named.iter().fold(0, |all, one| all | 1 << *one as u8)) }
    }

    /// Whether this one is among them.
    pub const fn has(self, table: ResultTable) -> bool {
        self.0 >> table as u8 & 1 != 0
    }
}

impl TableFormat {
    /// `rows` as `rows.csv`, `rows.xlsx`, …
    pub fn file_name(self, stem: &str) -> String {
        let extension = match self {
            TableFormat::Csv => "csv",
            TableFormat::Xlsx => "xlsx",
            TableFormat::Jsonl => "jsonl",
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => "parquet",
        };
        format!("{stem}.{extension}")
    }
}

/// Writes the row table; returns how many cells were guarded against running as formulas.
///
/// # Errors
/// When a source can't be read again, the table doesn't fit the format, or it can't be written.
pub fn write_table(
    cleaned: &Cleaned<'_>,
    setup: &Setup,
    options: TableOptions,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let table = Table { what: "the row table", lines: cleaned.summary.rows_out, setup };
    table.write(options, out, |out| write_rows(cleaned, out))
}

/// Writes the table of customers, as a workbook with the other tables about them; returns how many cells were guarded against running as formulas.
///
/// # Errors
/// When the rules are not of their form, the table doesn't fit the format, or it can't be written.
pub fn write_customer_table(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    options: TableOptions,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    if options.format == TableFormat::Xlsx {
        return write_customer_workbook(cleaned, customers, setup, out);
    }
    let table = Table { what: CUSTOMERS, lines: customers.stats.clusters, setup };
    table.write(options, out, |out| write_customers(cleaned, customers, setup, out))
}

/// Writes the pairs for a person to decide, as CSV.
///
/// # Errors
/// When the rules are not of their form, or it can't be written.
pub fn write_possible_table(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    bom: bool,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    write_bom(bom, "possible_duplicates.csv", out)?;
    write_possible_duplicates(cleaned, customers, setup, out)
}

/// Writes all about customers as one workbook: whom to ask, which pairs to decide (the first column offers the answers), and all
/// customers. Returns how many cells of the last were guarded against running as formulas.
///
/// # Errors
/// When the rules are not of their form, a table is larger than a sheet, or it can't be written.
fn write_customer_workbook(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let words = Words::of_region(&setup.context.files, &setup.context.region)?;
    let mut sheets = Vec::new();
    if let Some(decay) = &cleaned.decay {
        let what = "the table of flagged customers";
        let (csv, lines) = spooled(what, |out| write_flagged(cleaned, decay, setup, false, out))?;
        sheets.push(Sheet { what, title: words.say(FLAGGED_SHEET), csv, lines, choices: &[] });
    }
    let choices = PairAnswer::ALL.map(PairAnswer::as_str);
    let what = "the table of possible duplicates";
    let (csv, _) = spooled(what, |out| write_possible_duplicates(cleaned, customers, setup, out))?;
    let lines = customers.possible.len() as u64;
    sheets.push(Sheet { what, title: words.say(PAIRS_SHEET), csv, lines, choices: &choices });
    let what = CUSTOMERS;
    let (csv, guarded) = spooled(what, |out| write_customers(cleaned, customers, setup, out))?;
    let lines = customers.stats.clusters;
    sheets.push(Sheet { what, title: words.say(CUSTOMERS_SHEET), csv, lines, choices: &[] });
    write_workbook(sheets, &words, out)?;
    Ok(guarded)
}

/// The key of what the sheet of pairs is called, by which `tiuv decide import` finds it.
pub const PAIRS_SHEET: &str = "sheet.pairs";
const FLAGGED_SHEET: &str = "sheet.flagged";
const CUSTOMERS_SHEET: &str = "sheet.customers";
const ROWS_SHEET: &str = "sheet.rows";
const CUSTOMERS: &str = "the table of customers";

/// What a table is called in messages, and how long it is.
struct Table<'t> {
    what: &'static str,
    lines: u64,
    setup: &'t Setup,
}

impl Table<'_> {
    /// Writes it in its format from CSV, which is the one place that says what a line holds.
    fn write(
        &self,
        options: TableOptions,
        out: &mut dyn Write,
        write_csv: impl FnOnce(&mut dyn Write) -> Result<u64, RunError>,
    ) -> Result<u64, RunError> {
        let failed = |error: io::Error| RunError::write(self.what, &error);
        if options.format == TableFormat::Csv {
            write_bom(options.bom, self.what, out)?;
            return write_csv(out);
        }
        let (csv, guarded) = spooled(self.what, write_csv)?;
        let reader = |csv| ::csv::ReaderBuilder::new().from_reader(BufReader::new(csv));
        match options.format {
            TableFormat::Csv => {}
            TableFormat::Jsonl => write_jsonl(reader(csv), out).map_err(failed)?,
            TableFormat::Xlsx => {
                let words = Words::of_region(&self.setup.context.files, &self.setup.context.region)?;
                let title = words.say(ROWS_SHEET);
                write_workbook(
                    vec![Sheet { what: self.what, title, csv, lines: self.lines, choices: &[] }],
                    &words,
                    out,
                )?;
            }
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => super::parquet::write_parquet(reader(csv), out).map_err(failed)?,
        }
        Ok(guarded)
    }
}

fn write_bom(is_wanted: bool, what: &str, out: &mut dyn Write) -> Result<(), RunError> {
    if is_wanted { out.write_all(BOM).map_err(|error| RunError::write(what, &error)) } else { Ok(()) }
}

/// A table as CSV in a file without a name, from its start, and what its writer counted.
fn spooled<T>(
    what: &str,
    write_csv: impl FnOnce(&mut dyn Write) -> Result<T, RunError>,
) -> Result<(File, T), RunError> {
    let failed = |error: io::Error| RunError::write(what, &error);
    let mut csv = tempfile::tempfile().map_err(failed)?;
    let counted = {
        let mut writer = io::BufWriter::new(&mut csv);
        let counted = write_csv(&mut writer)?;
        writer.flush().map_err(failed)?;
        counted
    };
    csv.rewind().map_err(failed)?;
    Ok((csv, counted))
}

fn write_jsonl(mut reader: ::csv::Reader<impl io::Read>, out: &mut dyn Write) -> io::Result<()> {
    let header = reader.headers()?.clone();
    for record in reader.records() {
        let record = record?;
        let row: serde_json::Map<String, serde_json::Value> =
            header.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.into())).collect();
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
