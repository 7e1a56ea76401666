//! Values that customers gave anew: as a list to decide on, and as the change file for the CRM.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use serde_json::{Value, json};

use super::csv_text::BOM;
use super::csv_text::{guarded, push_line};
use crate::pipeline::RunError;
use crate::store::GivenValue;
use crate::text::isolated;

/// Columns of the list.
const COLUMNS: [&str; 13] = [
    "number",
    "customer",
    "key",
    "name",
    "field",
    "old",
    "new",
    "source",
    "at",
    "verified",
    "state",
    "decided_by",
    "handed_over_at",
];

/// Columns of the change file.
const CHANGE_COLUMNS: [&str; 9] = ["key", "list", "customer", "field", "old", "new", "source", "day", "verified"];

/// Formats of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AnswerFormat {
    /// For people
    Text,
    /// Comma-separated, UTF-8
    Csv,
    /// One object with an array of values
    Json,
    /// One object a line
    Jsonl,
}

/// A value with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerLine {
    /// The value.
    pub given: GivenValue,
    /// The list's own key of the customer, as the newest run knows it.
    pub key: String,
    /// Name of that list.
    pub list: String,
    /// The customer's name.
    pub name: String,
}

impl AnswerLine {
    fn verified(&self) -> &'static str {
        if self.given.verified_at.is_some() { "yes" } else { "no" }
    }

    fn cells(&self) -> [String; 13] {
        let GivenValue { id, customer, field, old, new, source, at, state, decided_by, handed_over_at, .. } =
            &self.given;
        [
            id.to_string(),
            customer.to_string(),
            self.key.clone(),
            self.name.clone(),
            field.clone(),
            old.clone(),
            new.clone(),
            source.clone(),
            at.clone(),
            self.verified().to_owned(),
            state.to_string(),
            decided_by.clone(),
            handed_over_at.clone().unwrap_or_default(),
        ]
    }

    fn change_cells(&self) -> [String; 9] {
        let GivenValue { customer, field, old, new, source, at, .. } = &self.given;
        let day = at.get(..10).unwrap_or(at).to_owned();
        let own = [old.clone(), new.clone(), source.clone(), day, self.verified().to_owned()];
        let [old, new, source, day, verified] = own;
        [self.key.clone(), self.list.clone(), customer.to_string(), field.clone(), old, new, source, day, verified]
    }
}

/// Writes values in the order in which they came.
///
/// # Errors
/// When they can't be written.
pub fn write_answers(out: &mut dyn Write, format: AnswerFormat, lines: &[AnswerLine]) -> io::Result<()> {
    let objects = || lines.iter().map(|line| object(&COLUMNS, &line.cells()));
    match format {
        AnswerFormat::Text => lines.iter().try_for_each(|line| out.write_all(answer_text(line).as_bytes())),
        AnswerFormat::Csv => out.write_all(&csv(&COLUMNS, lines.iter().map(|line| line.cells()))),
        AnswerFormat::Json => {
            let json = json!({"schema_version": 1, "answers": objects().collect::<Vec<Value>>()});
            serde_json::to_writer_pretty(&mut *out, &json)?;
            out.write_all(b"\n")
        }
        AnswerFormat::Jsonl => write_lines(out, objects()),
    }
}

/// One value for a terminal.
pub fn answer_text(line: &AnswerLine) -> String {
    let GivenValue { id, customer, field, old, new, source, at, state, decided_by, note, handed_over_at, .. } =
        &line.given;
    let verified = if line.given.verified_at.is_some() { ", confirmed by a code" } else { "" };
    let by = if decided_by.is_empty() { String::new() } else { format!(" by {decided_by}") };
    let mut text = format!(
        "{id:>5}  {customer} {} {}\n       {field}: {} -> {}\n       {state}{by}{verified}; {source}, {at}",
        line.key,
        isolated(&line.name),
        if old.is_empty() { "(nothing)".to_owned() } else { isolated(old) },
        isolated(new),
    );
    if !note.is_empty() {
        text.push_str(&format!("; {}", isolated(note)));
    }
    if let Some(at) = handed_over_at {
        text.push_str(&format!("; handed over {at}"));
    }
    text + "\n"
}

/// The change file as CSV that Excel reads.
///
/// # Errors
/// When it can't be written.
pub fn write_change_csv(lines: &[AnswerLine], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(BOM)?;
    out.write_all(&csv(&CHANGE_COLUMNS, lines.iter().map(AnswerLine::change_cells)))
}

/// The change file as one object a line.
///
/// # Errors
/// When it can't be written.
pub fn write_change_jsonl(lines: &[AnswerLine], out: &mut dyn Write) -> io::Result<()> {
    write_lines(out, lines.iter().map(|line| object(&CHANGE_COLUMNS, &line.change_cells())))
}

/// The change file as a workbook; all of its cells are texts, so none loses a zero or runs.
///
/// # Errors
/// When it can't be written.
pub fn write_change_workbook(lines: &[AnswerLine], out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |reason: String| RunError::Write { what: "the change file".to_owned(), reason };
    let bytes = workbook(lines).map_err(|error| failed(error.to_string()))?;
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(|error| failed(error.to_string()))
}

fn workbook(lines: &[AnswerLine]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same values give the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = workbook.add_worksheet();
    sheet.set_name("changes")?;
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (column, title) in (0..).zip(CHANGE_COLUMNS) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line.change_cells()) {
            sheet.write_string_with_format(row, column, &cell[..cell.floor_char_boundary(32_767)], &text)?;
        }
    }
    workbook.save_to_buffer()
}

fn csv<const N: usize>(columns: &[&str; N], lines: impl Iterator<Item = [String; N]>) -> Vec<u8> {
    let mut csv = Vec::new();
    push_line(&mut csv, columns.iter().copied());
    for cells in lines {
        let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
        push_line(&mut csv, cells.iter().map(|cell| &**cell));
    }
    csv
}

fn object<const N: usize>(columns: &[&str; N], cells: &[String; N]) -> Value {
    columns.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), json!(cell))).collect()
}

fn write_lines(out: &mut dyn Write, objects: impl Iterator<Item = Value>) -> io::Result<()> {
    for object in objects {
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CustomerId, GivenState};

    fn line() -> AnswerLine {
        let given = GivenValue {
            id: 3,
            customer: CustomerId(7),
            field: "phone".to_owned(),
            old: "+972502345678".to_owned(),
            new: "+972523456789".to_owned(),
            source: "confirm".to_owned(),
            at: "2026-11-30T10:00:00Z".to_owned(),
            state: GivenState::Accepted,
            verified_at: Some("2026-11-30T10:01:00Z".to_owned()),
            decided_by: "rules".to_owned(),
            note: String::new(),
            handed_over_at: None,
            list: "club.csv".to_owned(),
            row_key: "K7".to_owned(),
        };
        AnswerLine { given, key: "K7".to_owned(), list: "club.csv".to_owned(), name: "דנה לוי".to_owned() }
    }

    #[test]
    fn the_change_file_says_what_the_crm_has_to_write_where() {
        let mut csv = Vec::new();
        write_change_csv(&[line()], &mut csv).expect("memory");
        let csv = String::from_utf8(csv).expect("is UTF-8");
        let customer = CustomerId(7);
        let expected = format!("\nK7,club.csv,{customer},phone,+972502345678,+972523456789,confirm,2026-11-30,yes\n");
        assert!(csv.ends_with(&expected), "{csv}");
        let mut lines = Vec::new();
        write_change_jsonl(&[line()], &mut lines).expect("memory");
        let object: Value = serde_json::from_slice(&lines).expect("is JSON");
        assert_eq!(
            (&object["key"], &object["new"], &object["verified"]),
            (&json!("K7"), &json!("+972523456789"), &json!("yes"))
        );
        let mut workbook = Vec::new();
        write_change_workbook(&[line()], &mut workbook).expect("memory");
        assert!(workbook.starts_with(b"PK"));
    }

    #[test]
    fn a_list_for_people_isolates_what_customers_wrote() {
        let text = answer_text(&line());
        assert!(
            text.contains("\u{2068}דנה לוי\u{2069}") && text.contains("accepted by rules, confirmed by a code"),
            "{text}"
        );
    }
}
