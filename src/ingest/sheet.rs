//! XLSX and ODS workbooks: one sheet of them as a table.

use std::fmt::Write as _;

use calamine::{Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};

use super::archive;
use super::canonical::{CanonicalWriter, Converted};
use super::error::{IngestError, IngestProblem};
use super::foreign::{contained, damaged};
use super::text::Text;
use crate::error::closest;
use crate::rule::IngestRules;

/// A kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SheetKind {
    /// Office Open XML.
    Xlsx,
    /// OpenDocument.
    Ods,
}

impl SheetKind {
    fn as_str(self) -> &'static str {
        match self {
            SheetKind::Xlsx => "XLSX",
            SheetKind::Ods => "ODS",
        }
    }
}

/// Reads the named sheet, or the first visible one with content. Its first row with content is the header; rows and
/// left columns without any are left out.
pub(crate) fn read_sheet(
    text: &Text,
    kind: SheetKind,
    sheet: Option<&str>,
    name: &str,
    rules: &IngestRules,
) -> Result<Converted, IngestError> {
    // The reader of OpenDocument never ends where its XML does not.
    let nested = (kind == SheetKind::Ods).then_some("content.xml");
    let read = || {
        archive::check(text, kind.as_str(), nested, rules)?;
        match kind {
            SheetKind::Xlsx => read_xlsx(text, sheet),
            SheetKind::Ods => read_ods(text, sheet),
        }
    };
    let text = contained(kind.as_str(), read).map_err(|error| error.in_file(name))?;
    Ok(Converted { text, quarantined: Vec::new() })
}

fn read_xlsx(text: &Text, wanted: Option<&str>) -> Result<Text, IngestError> {
    let mut workbook = Xlsx::new(text.reader()).map_err(|error| xlsx_error(&error, None))?;
    for sheet in candidates(workbook.sheets_metadata(), wanted)? {
        // Cell by cell: a single cell in the far corner would else take the memory of the whole grid.
        let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| xlsx_error(&error, None))?;
        let mut rows = Rows::new();
        while let Some(cell) = cells.next_cell().map_err(|error| xlsx_error(&error, Some(rows.row)))? {
            let (row, column) = cell.get_position();
            rows.cell("XLSX", row, column as usize, |text| match cell.get_value() {
                DataRef::Int(value) => write_display(text, value),
                DataRef::Float(value) => write_number(text, *value),
                DataRef::String(value) => text.push_str(value),
                DataRef::SharedString(value) => text.push_str(value),
                DataRef::Bool(value) => write_display(text, value),
                DataRef::DateTime(value) => write_date_time(text, *value),
                DataRef::DateTimeIso(value) => write_iso(text, value),
                DataRef::DurationIso(value) => write_duration(text, value),
                DataRef::Error(value) => write_display(text, value),
                DataRef::Empty => {}
            })?;
        }
        if let Some(text) = rows.finish()? {
            return Ok(text);
        }
    }
    Err(IngestProblem::Empty.into())
}

fn read_ods(text: &Text, wanted: Option<&str>) -> Result<Text, IngestError> {
    let mut workbook = Ods::new(text.reader()).map_err(|error| ods_error(&error))?;
    for sheet in candidates(workbook.sheets_metadata(), wanted)? {
        let range = workbook.worksheet_range(&sheet).map_err(|error| ods_error(&error))?;
        let mut rows = Rows::new();
        let first = range.start().map_or(0, |(row, _)| row);
        for (row, cells) in (first..).zip(range.rows()) {
            for (column, cell) in cells.iter().enumerate() {
                rows.cell("ODS", row, column, |text| match cell {
                    Data::Int(value) => write_display(text, value),
                    Data::Float(value) => write_number(text, *value),
                    Data::String(value) => text.push_str(value),
                    Data::Bool(value) => write_display(text, value),
                    Data::DateTime(value) => write_date_time(text, *value),
                    Data::DateTimeIso(value) => write_iso(text, value),
                    Data::DurationIso(value) => write_duration(text, value),
                    Data::Error(value) => write_display(text, value),
                    Data::Empty => {}
                })?;
            }
        }
        if let Some(text) = rows.finish()? {
            return Ok(text);
        }
    }
    Err(IngestProblem::Empty.into())
}

/// The sheets to look at: the one that is wanted, or all, visible ones first.
fn candidates(sheets: &[Sheet], wanted: Option<&str>) -> Result<Vec<String>, IngestError> {
    let tables = || sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let Some(wanted) = wanted else {
        let visible = |sheet: &&Sheet| sheet.visible == SheetVisible::Visible;
        let hidden = tables().filter(|sheet| !visible(sheet));
        return Ok(tables().filter(visible).chain(hidden).map(|sheet| sheet.name.clone()).collect());
    };
    let folded = |name: &str| name.trim().to_lowercase();
    let found = tables()
        .find(|sheet| sheet.name == wanted)
        .or_else(|| tables().find(|sheet| folded(&sheet.name) == folded(wanted)));
    if let Some(sheet) = found {
        return Ok(vec![sheet.name.clone()]);
    }
    let sheets: Vec<String> = tables().map(|sheet| sheet.name.clone()).collect();
    let closest = closest(wanted, sheets.iter().map(String::as_str)).map(str::to_owned);
    Err(IngestProblem::SheetNotFound { sheet: wanted.to_owned(), closest, sheets }.into())
}

/// Puts cells, which come in reading order, together to rows.
struct Rows {
    table: CanonicalWriter,
    cells: Vec<String>,
    row: u64,
    any: bool,
}

impl Rows {
    fn new() -> Self {
        Rows { table: CanonicalWriter::new(), cells: Vec::new(), row: 0, any: false }
    }

    /// Adds a cell at a 0-based place.
    fn cell(
        &mut self,
        format: &'static str,
        row: u32,
        column: usize,
        write: impl FnOnce(&mut String),
    ) -> Result<(), IngestError> {
        let row = u64::from(row) + 1;
        if row < self.row {
            return Err(damaged(format, Some(row), "its rows are out of order"));
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        if column >= self.cells.len() {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column].clear();
        write(&mut self.cells[column]);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), IngestError> {
        let width = self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if width > 0 {
            self.table.push(&self.cells[..width])?;
            self.any = true;
        }
        self.cells.iter_mut().for_each(String::clear);
        Ok(())
    }

    /// The table; none where the sheet is empty.
    fn finish(mut self) -> Result<Option<Text>, IngestError> {
        self.end_row()?;
        if self.any { Ok(Some(self.table.finish()?)) } else { Ok(None) }
    }
}

fn write_display(text: &mut String, value: impl std::fmt::Display) {
    let _ = write!(text, "{value}");
}

/// A number as Excel shows it in a wide cell: 15 significant digits, no exponent, no `.0`.
fn write_number(text: &mut String, value: f64) {
    let shortest = format!("{value}");
    let digits = shortest.bytes().filter(u8::is_ascii_digit).count();
    let is_whole = value.fract() == 0.0;
    if is_whole || digits <= 15 || !value.is_finite() {
        text.push_str(if shortest == "-0" { "0" } else { &shortest });
        return;
    }
    // 0.1 + 0.2 is stored as 0.30000000000000004. Rounding to 15 digits goes through the exponent's form.
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    write_display(text, rounded);
}

fn write_date_time(text: &mut String, value: ExcelDateTime) {
    let serial = value.as_f64();
    // Beyond what Excel shows as a date it is only a number with a format that does not fit.
    if !(0.0..2_958_466.0).contains(&serial) && !value.is_duration() {
        return write_number(text, serial);
    }
    if value.is_duration() {
        let seconds = (serial * 86_400.0).round() as i64;
        let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
        let _ = write!(text, "{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return;
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    if serial >= 1.0 {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return;
        }
        text.push('T');
    }
    let _ = write!(text, "{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        let _ = write!(text, ".{milli:03}");
    }
}

/// A date that OpenDocument writes with a time of midnight is a date.
fn write_iso(text: &mut String, value: &str) {
    let midnight = ["T00:00:00", "T00:00:00.000000000"].iter().find_map(|time| value.strip_suffix(time));
    text.push_str(midnight.unwrap_or(value));
}

/// `PT12H30M05S` as `12:30:05`; whatever else ISO 8601 allows stays as it is.
fn write_duration(text: &mut String, value: &str) {
    let parts = || {
        let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
        Some((hours.parse::<u32>().ok()?, minutes.parse::<u8>().ok()?, seconds.parse::<u8>().ok()?))
    };
    match parts() {
        Some((hours, minutes, seconds)) => {
            let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
        }
        None => text.push_str(value),
    }
}

fn xlsx_error(error: &XlsxError, row: Option<u64>) -> IngestError {
    let reason = match error {
        XlsxError::Password => return locked(),
        XlsxError::Io(error) => return IngestProblem::from(error).into(),
        XlsxError::Zip(_) => "the archive is broken",
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => "the XML is broken",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => {
            "a part of it is missing"
        }
        _ => "it is not as the standard (ECMA-376) wants it",
    };
    damaged("XLSX", row.filter(|row| *row > 0), reason)
}

fn ods_error(error: &OdsError) -> IngestError {
    let reason = match error {
        OdsError::Password => return locked(),
        OdsError::Io(error) => return IngestProblem::from(error).into(),
        OdsError::Zip(_) => "the archive is broken",
        OdsError::Xml(_) | OdsError::XmlAttr(_) => "the XML is broken",
        _ => "it is not as the standard (OpenDocument) wants it",
    };
    damaged("ODS", None, reason)
}

fn locked() -> IngestError {
    let remedy = "open it and save it without a password";
    IngestProblem::Unsupported { what: "a workbook with a password", remedy }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime as Date, Format, Formula, Workbook};
    use std::io::Read;

    fn read(bytes: &[u8], kind: SheetKind, sheet: Option<&str>) -> Result<String, IngestError> {
        let rules = IngestRules { expansion_free_bytes: 1 << 20, ..IngestRules::shipped() };
        let converted = read_sheet(&Text::from_bytes(bytes.to_vec()), kind, sheet, "crm", &rules)?;
        let mut all = String::new();
        converted.text.reader().read_to_string(&mut all).expect("UTF-8");
        Ok(all)
    }

    fn workbook() -> Vec<u8> {
        let fill = || {
            let mut workbook = Workbook::new();
            workbook.add_worksheet().set_name("ריק")?;
            let sheet = workbook.add_worksheet().set_name("לקוחות")?;
            let date = Format::new().set_num_format("dd/mm/yyyy");
            let time = Format::new().set_num_format("dd/mm/yyyy hh:mm");
            let clock = Format::new().set_num_format("hh:mm");
            let span = Format::new().set_num_format("[h]:mm:ss");
            for (column, name) in ["שם", "טלפון", "תאריך", "ערך"].into_iter().enumerate() {
                sheet.write_string(2, column as u16 + 1, name)?;
            }
            sheet.write_string(3, 1, "דנה, \"ד\"\nכהן")?.write_number(3, 2, 501_234_567)?;
            sheet.write_datetime_with_format(3, 3, Date::from_ymd(1984, 2, 29)?, &date)?.write_number(
                3,
                4,
                0.1 + 0.2,
            )?;
            sheet.write_datetime_with_format(5, 3, Date::from_ymd(2024, 1, 2)?.and_hms(3, 4, 5)?, &time)?;
            sheet.write_boolean(5, 4, true)?.write_number(6, 2, 972_501_234_567_f64)?.write_number(6, 4, 1e15)?;
            sheet.write_number_with_format(6, 3, 0.5, &clock)?.write_number_with_format(7, 3, 1.5, &span)?;
            sheet.write_formula(7, 4, Formula::new("=NA()").set_result("#N/A"))?.write_number(7, 1, -12.5)?;
            sheet.write_string(9, 6, "הערה")?;
            let second = workbook.add_worksheet().set_name("Sheet2")?;
            second.write_string(0, 0, "a")?.write_string(1, 0, "b")?;
            workbook.save_to_buffer()
        };
        fill().expect("a workbook")
    }

    fn ods(table: &str) -> Vec<u8> {
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>{table}\
             </office:spreadsheet></office:body></office:document-content>"
        );
        let manifest = b"<manifest:manifest></manifest:manifest>";
        archive::zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", content.as_bytes()),
        ])
    }

    #[test]
    fn the_first_sheet_with_content_is_read_and_every_kind_of_cell_becomes_text() {
        let expected = "שם,טלפון,תאריך,ערך,,\n\"דנה, \"\"ד\"\"\nכהן\",501234567,1984-02-29,0.3,,\n\
                        ,,2024-01-02T03:04:05,true,,\n,972501234567,12:00:00,1000000000000000,,\n\
                        -12.5,,36:00:00,#N/A,,\n,,,,,הערה\n";
        assert_eq!(read(&workbook(), SheetKind::Xlsx, None).expect("read"), expected);
    }

    #[test]
    fn a_sheet_is_found_by_name_and_a_wrong_name_is_answered_with_the_closest() {
        assert_eq!(read(&workbook(), SheetKind::Xlsx, Some(" sheet2")).expect("read"), "a\nb\n");
        let error = read(&workbook(), SheetKind::Xlsx, Some("Shet2")).expect_err("no such sheet");
        let IngestProblem::SheetNotFound { closest, sheets, .. } = error.problem() else { panic!("{error}") };
        assert_eq!((closest.as_deref(), sheets.len()), (Some("Sheet2"), 3));
        let error = read(&workbook(), SheetKind::Xlsx, Some("ריק")).expect_err("empty");
        assert!(matches!(error.problem(), IngestProblem::Empty), "{error}");
    }

    #[test]
    fn a_cell_in_the_far_corner_costs_no_memory() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet
            .write_string(0, 0, "a")
            .and_then(|sheet| sheet.write_string(1_048_575, 16_383, "z"))
            .expect("in the grid");
        let text = read(&workbook.save_to_buffer().expect("a workbook"), SheetKind::Xlsx, None).expect("read");
        assert_eq!((text.lines().count(), text.len()), (2, 2 * 16_384 + 2));
    }

    #[test]
    fn an_open_document_sheet_is_read_with_its_types() {
        let cell = |kind: &str, attribute: &str, value: &str| {
            format!(
                "<table:table-cell office:value-type=\"{kind}\" office:{attribute}=\"{value}\"><text:p>?</text:p></table:table-cell>"
            )
        };
        let text = |value: &str| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
        };
        let table = format!(
            "<table:table table:name=\"לקוחות\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
             <table:table-row><table:table-cell/>{}{}{}{}</table:table-row>\
             <table:table-row><table:table-cell/>{}{}{}{}</table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
             </table:table>",
            text("שם"),
            text("טלפון"),
            text("נולד"),
            text("שעה"),
            text("דנה &amp; יוסי"),
            cell("float", "value", "501234567"),
            cell("date", "date-value", "1984-02-29T00:00:00"),
            cell("time", "time-value", "PT08H05M00S"),
        );
        let expected = "שם,טלפון,נולד,שעה\nדנה & יוסי,501234567,1984-02-29,08:05:00\n";
        assert_eq!(read(&ods(&table), SheetKind::Ods, Some("לקוחות")).expect("read"), expected);
    }

    #[test]
    fn cut_and_foreign_archives_are_refused() {
        let whole = workbook();
        for bytes in [&whole[..whole.len() / 2], &archive::zip(&[("a.txt", b"a")]), b"PK\x03\x04", b""] {
            for kind in [SheetKind::Xlsx, SheetKind::Ods] {
                let error = read(bytes, kind, None).expect_err("no workbook");
                assert!(matches!(error.problem(), IngestProblem::Damaged { .. }), "{error}");
            }
        }
    }

    #[test]
    fn numbers_have_no_exponent_and_no_noise() {
        for (value, expected) in [
            (501_234_567.0, "501234567"),
            (-0.0, "0"),
            (1.1, "1.1"),
            (1_234.567_891_234_567_8, "1234.56789123457"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e20, "100000000000000000000"),
            (0.000_001, "0.000001"),
        ] {
            let mut text = String::new();
            write_number(&mut text, value);
            assert_eq!(text, expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_flipped_byte_makes_reading_panic(place in 0..6000usize, value: u8) {
            let mut bytes = workbook();
            let place = place % bytes.len();
            bytes[place] = value;
            let _ = read(&bytes, SheetKind::Xlsx, None);
            let _ = read(&bytes, SheetKind::Ods, None);
        }

        #[test]
        fn no_mix_of_tags_makes_reading_open_document_panic_or_hang(
            tags in prop::collection::vec(prop::sample::select(vec![
                "<table:table table:name=\"a\">", "</table:table>", "<table:table-row>", "</table:table-row>",
                "<table:table-row table:number-rows-repeated=\"99999999999\">", "<table:table-cell>", "</table:table-cell>",
                "<table:table-cell table:number-columns-repeated=\"999999\"/>", "<text:p>", "</text:p>", "x", "&", "<",
            ]), 0..30),
        ) {
            let _ = read(&ods(&tags.concat()), SheetKind::Ods, None);
        }
    }
}
