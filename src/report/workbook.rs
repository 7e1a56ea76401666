//! Tables as an Excel workbook that people work in: a sheet each, in the direction of its language, with a header that stays, filters,
//! widths that fit, numbers as numbers, and telephone numbers as texts that dial.

use std::fs::File;
use std::io::{BufReader, Read, Write};

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use crate::pipeline::RunError;
use crate::rule::Words;
use crate::text::without_guard;

/// Rows of a sheet, header included, and columns (Excel's specifications and limits).
const SHEET_ROWS: u32 = 1 << 20;
const SHEET_COLUMNS: usize = 1 << 14;
/// Bytes of a cell that are written; Excel takes 32,767 characters.
const CELL_BYTES: usize = 32_767;
/// Rows that tell how wide a column is, and the widest and narrowest that one gets, in letters.
const ROWS_FOR_WIDTH: u32 = 200;
const WIDTHS: (usize, usize) = (8, 42);

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is: identifiers lose no zero, and nothing runs.
    Text,
    Number,
    /// A probability, shown in percent.
    Share,
    /// A text; of a number in E.164, one that dials.
    Phone,
    /// A number, an address or a number to dial.
    Value,
}

/// The columns that are more than text, whatever table they stand in.
const KINDS: [(&str, Kind); 18] = [
    ("records", Kind::Number),
    ("worth", Kind::Number),
    ("tiuv_row", Kind::Number),
    ("tiuv_value", Kind::Number),
    ("purchases", Kind::Number),
    ("total_spend", Kind::Number),
    ("weight", Kind::Number),
    ("likely", Kind::Share),
    ("stale", Kind::Share),
    ("tiuv_email_stale", Kind::Share),
    ("tiuv_phone_stale", Kind::Share),
    ("mobile", Kind::Phone),
    ("phone", Kind::Phone),
    ("tiuv_phone", Kind::Phone),
    ("left_phone", Kind::Phone),
    ("right_phone", Kind::Phone),
    ("value", Kind::Value),
    ("other_contact", Kind::Phone),
];

fn kind_of(header: &str) -> Kind {
    KINDS.iter().find(|(name, _)| *name == header).map_or(Kind::Text, |(_, kind)| *kind)
}

/// A sheet in the making.
pub(super) struct Sheet<'s> {
    /// What the table is called in messages.
    pub(super) what: &'static str,
    /// The sheet's name.
    pub(super) title: &'s str,
    /// The table as CSV, from its start.
    pub(super) csv: File,
    /// Lines below the header.
    pub(super) lines: u64,
    /// What a person fills into the first column, if it is one to fill in.
    pub(super) choices: &'s [&'static str],
}

/// Writes the sheets as one workbook, which is the same bytes for the same tables.
///
/// # Errors
/// When a table is larger than a sheet, or something can't be read or written.
pub(super) fn write_workbook(sheets: Vec<Sheet<'_>>, words: &Words, out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |what: &str, reason: String| RunError::Write { what: what.to_owned(), reason };
    let mut workbook = new_workbook().map_err(|error| failed(WORKBOOK, error.to_string()))?;
    for sheet in sheets {
        let what = sheet.what;
        let page = new_page(&mut workbook, sheet.title).map_err(|error| failed(what, error.to_string()))?;
        page.set_right_to_left(words.direction() == "rtl");
        fill_sheet(page, sheet).map_err(|reason| failed(what, reason))?;
    }
    let bytes = workbook.save_to_buffer().map_err(|error| failed(WORKBOOK, error.to_string()))?;
    out.write_all(&bytes).map_err(|error| RunError::write(WORKBOOK, &error))
}

const WORKBOOK: &str = "the workbook";

fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same tables give the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    Ok(workbook)
}

fn new_page<'w>(workbook: &'w mut Workbook, title: &str) -> Result<&'w mut Worksheet, XlsxError> {
    workbook.add_worksheet_with_constant_memory()?.set_name(title)
}

fn fill_sheet(page: &mut Worksheet, sheet: Sheet<'_>) -> Result<(), String> {
    if sheet.lines >= u64::from(SHEET_ROWS) {
        let (what, lines) = (sheet.what, sheet.lines);
        return Err(format!("a sheet holds {SHEET_ROWS} rows and {what} has {lines}; use --format csv"));
    }
    let mut reader = ::csv::ReaderBuilder::new().from_reader(BufReader::new(sheet.csv));
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    if header.len() > SHEET_COLUMNS {
        let count = header.len();
        return Err(format!("a sheet holds {SHEET_COLUMNS} columns and {} has {count}; use --format csv", sheet.what));
    }
    let last = fill_rows(page, &header, &mut reader)?;
    finish(page, &header, last, sheet.choices).map_err(|error| error.to_string())
}

/// Writes header and lines, and gives columns their widths; returns the last row.
fn fill_rows(
    page: &mut Worksheet,
    header: &::csv::StringRecord,
    reader: &mut ::csv::Reader<impl Read>,
) -> Result<u32, String> {
    let said = |error: XlsxError| error.to_string();
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00E8_EEF4));
    let share = Format::new().set_num_format("0.0%");
    let kinds: Vec<Kind> = header.iter().map(kind_of).collect();
    let mut widths: Vec<usize> = header.iter().map(|name| name.chars().count() + 2).collect();
    for (column, name) in (0..).zip(header) {
        page.write_string_with_format(0, column, bounded(name), &bold).map_err(said)?;
    }
    let mut last = 0;
    let mut line = ::csv::StringRecord::new();
    while reader.read_record(&mut line).map_err(|error| error.to_string())? {
        last += 1;
        for (column, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            // Text cells never run; the apostrophe that guards CSV is not needed.
            let text = bounded(without_guard(cell));
            if last <= ROWS_FOR_WIDTH {
                widths[column] = widths[column].max(text.chars().count() + 1);
            }
            let place = column as u16;
            match (kinds[column], text.parse::<f64>().ok().filter(|number| number.is_finite())) {
                (Kind::Phone | Kind::Value, _) if is_e164(text) => page.write_formula(last, place, dial(text)),
                (Kind::Number | Kind::Value, Some(number)) => page.write_number(last, place, number),
                (Kind::Share, Some(number)) => page.write_number_with_format(last, place, number, &share),
                _ => page.write_string(last, place, text),
            }
            .map_err(said)?;
        }
    }
    for (column, width) in (0..).zip(widths) {
        page.set_column_width(column, width.clamp(WIDTHS.0, WIDTHS.1) as u16).map_err(said)?;
    }
    Ok(last)
}

fn finish(
    page: &mut Worksheet,
    header: &::csv::StringRecord,
    last: u32,
    choices: &[&'static str],
) -> Result<(), XlsxError> {
    page.set_freeze_panes(1, 0)?;
    if !header.is_empty() {
        page.autofilter(0, 0, last.max(1), (header.len() - 1) as u16)?;
    }
    if !choices.is_empty() {
        let choice = DataValidation::new().allow_list_strings(choices)?;
        page.add_data_validation(1, 0, last.max(1), 0, &choice)?;
    }
    Ok(())
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(CELL_BYTES)]
}

/// A plus and digits alone (ITU-T E.164: at most 15), so that nothing in it could end the formula's text.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (5..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// A link that dials. Links of Excel's own kind are limited to 65,530 in a sheet.
fn dial(number: &str) -> Formula {
    Formula::new(format!("=HYPERLINK(\"tel:{number}\",\"{number}\")")).set_result(number)
}
