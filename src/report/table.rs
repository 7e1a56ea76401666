//! The tables of rows and of customers in the format that was asked for.

use std::io::{self, BufReader, Seek, Write};

use rust_xlsxwriter::DataValidation;

use super::csv_text::BOM;
use super::customers::write_customers;
use super::possible_duplicates::write_possible_duplicates;
use super::rows::write_rows;
use crate::pipeline::{Cleaned, Customers, RunError, Setup};
use crate::record::PairAnswer;
use crate::text::without_guard;

/// Formats of the tables of rows and of customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// Comma-separated, UTF-8.
    Csv,
    /// Excel workbook; all cells are text, so nothing loses its zeros.
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

/// Rows of a workbook sheet, header included.
const SHEET_ROWS: u32 = 1 << 20;

/// Writes the row table; returns how many cells were guarded against running as formulas.
///
/// # Errors
/// When a source can't be read again, the table doesn't fit the format, or it can't be written.
pub fn write_table(cleaned: &Cleaned<'_>, options: TableOptions, out: &mut dyn Write) -> Result<u64, RunError> {
    let table = Table { what: "the row table", lines: cleaned.summary.rows_out, choices: &[] };
    table.write(options, out, |out| write_rows(cleaned, out))
}

/// Writes the table of customers; returns how many cells were guarded against running as formulas.
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
    let table = Table { what: "the table of customers", lines: customers.stats.clusters, choices: &[] };
    table.write(options, out, |out| write_customers(cleaned, customers, setup, out))
}

/// Writes the pairs for a person to decide; of a workbook the first column offers the answers.
///
/// # Errors
/// When the rules are not of their form, the table doesn't fit the format, or it can't be written.
pub fn write_possible_table(
    cleaned: &Cleaned<'_>,
    customers: &Customers,
    setup: &Setup,
    options: TableOptions,
    out: &mut dyn Write,
) -> Result<u64, RunError> {
    let choices = PairAnswer::ALL.map(PairAnswer::as_str);
    let lines = customers.possible.len() as u64;
    let table = Table { what: "the table of possible duplicates", lines, choices: &choices };
    table.write(options, out, |out| write_possible_duplicates(cleaned, customers, setup, out))
}

/// What a table is called in messages, and how long it is.
struct Table<'t> {
    what: &'static str,
    lines: u64,
    /// What a person fills into the first column, if it is one to fill in.
    choices: &'t [&'static str],
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
            if options.bom {
                out.write_all(BOM).map_err(failed)?;
            }
            return write_csv(out);
        }
        let mut csv = tempfile::tempfile().map_err(failed)?;
        let guarded = {
            let mut writer = io::BufWriter::new(&mut csv);
            let guarded = write_csv(&mut writer)?;
            writer.flush().map_err(failed)?;
            guarded
        };
        csv.rewind().map_err(failed)?;
        let reader = ::csv::ReaderBuilder::new().from_reader(BufReader::new(csv));
        match options.format {
            TableFormat::Csv => {}
            TableFormat::Jsonl => write_jsonl(reader, out).map_err(failed)?,
            TableFormat::Xlsx => self.write_xlsx(reader, out)?,
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => super::parquet::write_parquet(reader, out).map_err(failed)?,
        }
        Ok(guarded)
    }

    fn write_xlsx(&self, mut reader: ::csv::Reader<impl io::Read>, out: &mut dyn Write) -> Result<(), RunError> {
        let failed =
            |error: &dyn std::fmt::Display| RunError::Write { what: self.what.to_owned(), reason: error.to_string() };
        let lines = self.lines;
        if lines >= u64::from(SHEET_ROWS) {
            let reason = format!("a sheet holds {SHEET_ROWS} rows and {} has {lines}; use --format csv", self.what);
            return Err(failed(&reason));
        }
        let mut workbook = rust_xlsxwriter::Workbook::new();
        // A fixed date: the same run gives the same bytes.
        let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1).map_err(|error| failed(&error))?;
        workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(|error| failed(&error))?;
        let header = reader.headers().map_err(|error| failed(&error))?.clone();
        let records = std::iter::once(Ok(header)).chain(reader.into_records());
        for (row, line) in records.enumerate() {
            let line = line.map_err(|error| failed(&error))?;
            for (column, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                // Text cells never run; the apostrophe that guards CSV is not needed.
                let text = without_guard(cell);
                let text = &text[..text.floor_char_boundary(32_767)];
                sheet.write_string(row as u32, column as u16, text).map_err(|error| failed(&error))?;
            }
        }
        if !self.choices.is_empty() {
            let choice = DataValidation::new().allow_list_strings(self.choices).map_err(|error| failed(&error))?;
            sheet.add_data_validation(1, 0, (lines as u32).max(1), 0, &choice).map_err(|error| failed(&error))?;
            sheet.set_freeze_panes(1, 0).map_err(|error| failed(&error))?;
        }
        let bytes = workbook.save_to_buffer().map_err(|error| failed(&error))?;
        out.write_all(&bytes).map_err(|error| failed(&error))
    }
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
