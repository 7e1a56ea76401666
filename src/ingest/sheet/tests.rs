//! Workbooks of all kinds, whole, odd and hostile.

use super::*;
use crate::ingest::archive;
use crate::record::LineNumber;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime as Date, Format, Formula, Workbook, XlsxError};
use std::io::Read;

fn tables(bytes: &[u8], kind: SheetKind, sheet: Option<&str>) -> Result<Tables, IngestError> {
    let rules = IngestRules { expansion_free_bytes: 1 << 20, max_grid_cells: 1 << 20, ..IngestRules::shipped() };
    read_tables(&Text::from_bytes(bytes.to_vec()), kind, sheet, "crm", &rules)
}

fn string(text: &Text) -> String {
    let mut all = String::new();
    text.reader().read_to_string(&mut all).expect("UTF-8");
    all
}

/// The first table that is found.
fn read(bytes: &[u8], kind: SheetKind, sheet: Option<&str>) -> Result<String, IngestError> {
    Ok(string(&tables(bytes, kind, sheet)?.sheets[0].text))
}

fn written(fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook).and_then(|()| workbook.save_to_buffer()).expect("a workbook")
}

fn workbook() -> Vec<u8> {
    written(|workbook| {
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
        sheet.write_datetime_with_format(3, 3, Date::from_ymd(1984, 2, 29)?, &date)?.write_number(3, 4, 0.1 + 0.2)?;
        sheet.write_datetime_with_format(5, 3, Date::from_ymd(2024, 1, 2)?.and_hms(3, 4, 5)?, &time)?;
        sheet.write_boolean(5, 4, true)?.write_number(6, 2, 972_501_234_567_f64)?.write_number(6, 4, 1e15)?;
        sheet.write_number_with_format(6, 3, 0.5, &clock)?.write_number_with_format(7, 3, 1.5, &span)?;
        sheet.write_formula(7, 4, Formula::new("=NA()").set_result("#N/A"))?.write_number(7, 1, -12.5)?;
        sheet.write_string(9, 6, "הערה")?;
        let second = workbook.add_worksheet().set_name("Sheet2")?;
        second.write_string(0, 0, "a")?.write_string(1, 0, "b")?;
        Ok(())
    })
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

/// Rows of texts as a sheet, `row` rows below its top.
fn put(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, column: u16, rows: &[&[&str]]) -> Result<(), XlsxError> {
    for (below, cells) in (row..).zip(rows) {
        for (beside, cell) in (column..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(below, beside, *cell)?;
            }
        }
    }
    Ok(())
}

const CUSTOMERS: &[&[&str]] = &[
    &["id", "name", "mobile", "city"],
    &["1", "Dana", "050-2345678", "Haifa"],
    &["2", "Noa", "052-3456789", "Holon"],
    &["3", "Avi", "054-4567890", "Acre"],
    &["4", "Tal", "050-5678901", "Eilat"],
    &["5", "Gil", "050-6789012", "Lod"],
    &["6", "Ran", "050-7890123", "Yavne"],
    &["7", "Lea", "050-8901234", "Arad"],
    &["8", "Uri", "050-9012345", "Safed"],
];
const CODES: &[&[&str]] = &[&["code", "meaning"], &["A", "active"], &["B", "blocked"]];

#[test]
fn every_kind_of_cell_becomes_text_and_rows_know_where_they_stood() {
    let expected = "שם,טלפון,תאריך,ערך,,\n\"דנה, \"\"ד\"\"\nכהן\",501234567,1984-02-29,0.3,,\n\
                    ,,2024-01-02T03:04:05,true,,\n,972501234567,12:00:00,1000000000000000,,\n\
                    -12.5,,36:00:00,#N/A,,\n,,,,,הערה\n";
    let found = tables(&workbook(), SheetKind::Xlsx, None).expect("read");
    assert_eq!(found.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["לקוחות", "Sheet2"]);
    let sheet = &found.sheets[0];
    assert_eq!((string(&sheet.text).as_str(), sheet.first_column), (expected, 1));
    let lines: Vec<_> = [0, 1, 3, 4, 6].map(|line| sheet.lines.line(line).map(LineNumber::number)).into();
    assert_eq!(lines, [Some(3), Some(4), Some(6), Some(7), Some(10)]);
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
fn of_several_tables_on_a_sheet_the_largest_is_read_and_the_others_are_named() {
    // Below it, beside it, and above it with a title.
    for (codes_at, customers_at, other) in
        [((12, 1), (1, 1), "B13:C15"), ((0, 7), (0, 0), "H1:I3"), ((1, 0), (6, 0), "A1:B4")]
    {
        let bytes = written(|workbook| {
            let sheet = workbook.add_worksheet();
            put(sheet, customers_at.0, customers_at.1, CUSTOMERS)?;
            put(sheet, codes_at.0, codes_at.1, CODES)?;
            if codes_at.0 == 1 {
                sheet.write_string(0, 0, "codes")?;
            }
            Ok(())
        });
        let found = tables(&bytes, SheetKind::Xlsx, None).expect("read").sheets.remove(0);
        let expected: Vec<String> = CUSTOMERS.iter().map(|cells| cells.join(",")).collect();
        assert_eq!(string(&found.text).lines().collect::<Vec<_>>(), expected, "{other}");
        assert_eq!(found.others, [other]);
        let chosen = read(&bytes, SheetKind::Xlsx, Some(&format!("Sheet1!{other}"))).expect("read");
        assert!(chosen.ends_with("A,active\nB,blocked\n"), "{chosen}");
    }
}

#[test]
fn blank_rows_captions_and_notes_do_not_cut_a_table() {
    let bytes = written(|workbook| {
        let sheet = workbook.add_worksheet();
        put(sheet, 0, 2, &[&["All customers"]])?;
        put(sheet, 2, 0, &CUSTOMERS[..4])?;
        put(sheet, 7, 0, &[CUSTOMERS[4], &["", "Only", "", "names"], &["", "Only", "", "more"]])?;
        put(sheet, 12, 0, CUSTOMERS)?;
        put(sheet, 22, 0, &[&["Total: 16"]])?;
        put(sheet, 3, 6, &[&["note"], &[""], &["note"]])
    });
    let found = tables(&bytes, SheetKind::Xlsx, None).expect("read").sheets.remove(0);
    assert_eq!((found.others, found.rows), (vec![], 1 + 4 + 3 + 9 + 1));
}

#[test]
fn a_merged_cell_among_customers_stands_for_each_of_its_rows_and_a_merged_title_does_not() {
    let bytes = written(|workbook| {
        let sheet = workbook.add_worksheet();
        let plain = Format::new();
        put(sheet, 2, 0, CUSTOMERS)?;
        sheet.merge_range(0, 0, 1, 3, "All customers", &plain)?;
        sheet.merge_range(3, 3, 5, 3, "Haifa", &plain)?;
        Ok(())
    });
    let found = tables(&bytes, SheetKind::Xlsx, None).expect("read").sheets.remove(0);
    let text = string(&found.text);
    assert!(text.starts_with("All customers,,,\nid,name"), "{text}");
    assert_eq!((text.matches("Haifa").count(), found.spread), (3, 2), "{text}");
}

#[test]
fn a_cell_in_the_far_corner_costs_no_memory() {
    let bytes = written(|workbook| {
        workbook.add_worksheet().write_string(0, 0, "a")?.write_string(1_048_575, 16_383, "z").map(drop)
    });
    let text = read(&bytes, SheetKind::Xlsx, None).expect("read");
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
    let found = tables(&ods(&table), SheetKind::Ods, Some("לקוחות")).expect("read").sheets.remove(0);
    assert_eq!((string(&found.text).as_str(), found.first_column), (expected, 1));
    assert_eq!(found.lines.line(1).map(LineNumber::number), Some(4));
}

#[test]
fn cut_and_foreign_archives_are_refused() {
    let whole = workbook();
    for bytes in [&whole[..whole.len() / 2], &archive::zip(&[("a.txt", b"a")]), b"PK\x03\x04", b""] {
        for kind in [SheetKind::Xlsx, SheetKind::Xlsb, SheetKind::Xls, SheetKind::Ods] {
            let error = read(bytes, kind, None).expect_err("no workbook");
            assert!(matches!(error.problem(), IngestProblem::Damaged { .. }), "{error}");
        }
    }
}

#[test]
fn strings_that_are_announced_and_not_there_are_refused() {
    let sheet = br#"<sst uniqueCount="99999999999"><si><t>a</t></si></sst>"#;
    let error = read(&archive::zip(&[("xl/sharedStrings.xml", sheet)]), SheetKind::Xlsx, None).expect_err("a lie");
    assert!(error.to_string().contains("more strings"), "{error}");
}

#[test]
fn a_workbook_of_charts_or_pictures_says_so() {
    let bytes = written(|workbook| {
        let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Column);
        chart.add_series().set_values("Sheet1!$A$1:$A$3");
        workbook.add_worksheet().insert_chart(0, 0, &chart).map(drop)
    });
    let error = read(&bytes, SheetKind::Xlsx, None).expect_err("no table");
    assert!(error.to_string().contains("only charts or pictures"), "{error}");
}

/// An old workbook of one sheet: records of [MS-XLS] in a compound file.
fn xls(records: &[u8]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let name = b"Sheet1";
    let sheet = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name].concat());
    let end = record(0x000A, &[]);
    let start = (begin.len() + sheet(0).len() + end.len()) as u32;
    let mut stream = [begin.clone(), sheet(start), end.clone(), begin, records.to_vec(), end].concat();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    compound("Workbook", &stream)
}

/// A compound file ([MS-CFB]) of one long stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let sectors = (stream.len() / 512) as u32;
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0);
    for value in [0x3E_u16, 3, 0xFFFE, 9, 6] {
        header.extend(value.to_le_bytes());
    }
    header.resize(44, 0);
    // One sector of the table, the directory behind it, no short streams, no further tables.
    for value in [1_u32, 1, 0, 4096, u32::MAX - 1, 0, u32::MAX - 1, 0, 0] {
        header.extend(value.to_le_bytes());
    }
    header.resize(512, 0xFF);
    let chain = (0..sectors).map(|index| if index + 1 == sectors { u32::MAX - 1 } else { index + 3 });
    let table: Vec<u8> = [u32::MAX - 2, u32::MAX - 1].into_iter().chain(chain).flat_map(u32::to_le_bytes).collect();
    assert!(table.len() <= 512, "one sector holds the table");
    let table = [table.clone(), vec![0xFF; 512 - table.len()]].concat();
    let entry = |name: &str, kind: u8, first: u32, length: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let named = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(named.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([[0xFF; 4]; 3].concat());
        entry.resize(116, 0);
        entry.extend(first.to_le_bytes());
        entry.extend(u64::from(length).to_le_bytes());
        entry
    };
    let directory = [entry("Root Entry", 5, u32::MAX - 1, 0), entry(name, 2, 2, stream.len() as u32)].concat();
    let directory = [directory.clone(), vec![0; 512 - directory.len()]].concat();
    [header, table, directory, stream.to_vec()].concat()
}

fn xls_cell(row: u16, column: u16, text: &str) -> Vec<u8> {
    let place = [row, column, 0].map(u16::to_le_bytes).concat();
    let text = [&(text.len() as u16).to_le_bytes()[..], &[0], text.as_bytes()].concat();
    [&0x0204_u16.to_le_bytes()[..], &((place.len() + text.len()) as u16).to_le_bytes(), &place, &text].concat()
}

#[test]
fn an_old_workbook_is_read_and_what_would_take_all_memory_is_not() {
    let cells =
        [xls_cell(1, 1, "name"), xls_cell(1, 2, "mobile"), xls_cell(2, 1, "Dana"), xls_cell(2, 2, "050")].concat();
    let found = tables(&xls(&cells), SheetKind::Xls, None).expect("read").sheets.remove(0);
    assert_eq!((string(&found.text).as_str(), found.first_column), ("name,mobile\nDana,050\n", 1));
    assert_eq!(found.lines.line(0).map(LineNumber::number), Some(2));

    let far = xls(&[cells.clone(), xls_cell(65_535, 65_535, "z")].concat());
    let grid: Vec<u8> = [0_u32, 0x7FFF_FFFF].iter().flat_map(|row| row.to_le_bytes()).collect();
    let grid = xls(&[&0x0200_u16.to_le_bytes()[..], &14_u16.to_le_bytes(), &grid, &[0, 0, 0xFF, 0, 0, 0]].concat());
    let mut endless = xls(&cells);
    // The directory follows itself.
    endless[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    for bytes in [far, grid, endless] {
        let error = read(&bytes, SheetKind::Xls, None).expect_err("it would take all memory");
        assert!(matches!(error.problem(), IngestProblem::Damaged { .. }), "{error}");
    }
    for (stream, what) in [("WordDocument", "an old Word document"), ("EncryptedPackage", "a workbook with a password")]
    {
        let error = read(&compound(stream, &[0; 4096]), SheetKind::Xls, None).expect_err("no workbook");
        assert!(error.to_string().contains(what), "{error}");
    }
}

/// A binary workbook ([MS-XLSB]) of one sheet.
fn xlsb(counts_from_1904: bool) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let kind = if kind < 128 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
        [&kind[..], &[data.len() as u8], data].concat()
    };
    let wide = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        [&(units.len() as u32).to_le_bytes()[..], &units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()]
            .concat()
    };
    let book = [
        record(0x83, &[]),
        record(0x99, &[&[u8::from(counts_from_1904), 0, 0, 0, 0, 0, 0, 0][..], &wide("")].concat()),
        record(0x8F, &[]),
        record(0x9C, &[&[0; 4][..], &1_u32.to_le_bytes(), &wide("rId1"), &wide("לקוחות")].concat()),
        record(0x90, &[]),
        record(0x84, &[]),
    ]
    .concat();
    let row = |row: u32| record(0, &[&row.to_le_bytes()[..], &[0; 13]].concat());
    let text = |column: u32, text: &str| record(6, &[&column.to_le_bytes()[..], &[0; 4], &wide(text)].concat());
    let number =
        |column: u32, value: f64| record(5, &[&column.to_le_bytes()[..], &[0; 4], &value.to_le_bytes()].concat());
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        row(2),
        text(0, "שם"),
        text(1, "לידה"),
        row(3),
        text(0, "דנה"),
        number(1, 29_657.0),
        record(0x92, &[]),
    ]
    .concat();
    let relations = br#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    archive::zip(&[
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

#[test]
fn a_binary_workbook_is_read_and_says_from_when_its_days_count() {
    for counts_from_1904 in [true, false] {
        let found = tables(&xlsb(counts_from_1904), SheetKind::Xlsb, None).expect("read");
        assert_eq!(string(&found.sheets[0].text), "שם,לידה\nדנה,29657\n");
        assert_eq!(found.counts_from_1904, counts_from_1904);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_byte_makes_reading_panic(place in 0..6000usize, value: u8) {
        let old = xls(&[xls_cell(0, 0, "name"), xls_cell(1, 0, "Dana")].concat());
        for (whole, kind) in [
            (workbook(), SheetKind::Xlsx),
            (workbook(), SheetKind::Ods),
            (xlsb(false), SheetKind::Xlsb),
            (old, SheetKind::Xls),
        ] {
            let mut bytes = whole;
            let place = place % bytes.len();
            bytes[place] = value;
            let _ = read(&bytes, kind, None);
        }
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
