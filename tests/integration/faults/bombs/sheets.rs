//! Workbooks: cells in far corners, texts and sheets that stand for thousands, cells that are merged without end.

use super::zip::{ods, xlsx};
use super::{refused, refused_with, set_apart, with_limits};

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>first name</t></is></c>\
                      <c r=\"B1\" t=\"inlineStr\"><is><t>email</t></is></c></row>";

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{HEADER}{rows}</sheetData></worksheet>")
}

#[test]
fn a_cell_beyond_the_sheet_is_refused_with_its_row() {
    for cell in ["ZZZZZZ202", "XFE202", "A99999999999"] {
        let rows = format!("<row r=\"202\"><c r=\"{cell}\"><v>1</v></c></row>");
        refused("far.xlsx", &xlsx(&sheet(&rows), 1, ""), "damaged");
    }
}

#[test]
fn a_blank_cell_in_the_last_column_of_each_row_costs_no_more_than_the_list_may_grow_to() {
    let rows: String = (2..2_000).map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>")).collect();
    let place = with_limits(&[("expansion_free_bytes", 4 << 20)]);
    refused_with(&place, "wide.xlsx", &xlsx(&sheet(&rows), 1, ""), &["--rules", "my"], "unpacks to more than");
}

#[test]
fn one_text_in_thousands_of_cells_makes_rows_that_are_too_long() {
    let text = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
    let row = |row: u32| {
        let cells: String = (0..2_000).map(|_| "<c t=\"s\"><v>0</v></c>".to_owned()).collect();
        format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c>{cells}</row>")
    };
    set_apart(
        "long.xlsx",
        &xlsx(&sheet(&(row(2) + "<row r=\"3\"><c r=\"A3\"><v>7</v></c></row>")), 1, &text),
        1,
        1,
        "row.too_long",
    );
    let rows: String = (2..40).map(row).collect();
    refused("longer.xlsx", &xlsx(&sheet(&rows), 1, &text), "unpacks to more than");
}

#[test]
fn any_number_of_sheets_may_not_be_the_same_one() {
    let rows: String = (2..200).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>")).collect();
    refused("sheets.xlsx", &xlsx(&sheet(&rows), 2_000, ""), "several sheets are the same part");
}

#[test]
fn cells_that_are_merged_by_the_hundred_thousand_are_read_in_one_pass() {
    let rows: String = (2..30_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>Dana</t></is></c><c r=\"B{row}\"><v>7</v></c></row>"))
        .collect();
    let merged: String =
        (2..200_002).map(|row| format!("<mergeCell ref=\"A{}:A1048576\"/>", row % 29_998 + 2)).collect();
    let text = sheet(&rows).replace("</worksheet>", &format!("<mergeCells>{merged}</mergeCells></worksheet>"));
    set_apart("merged.xlsx", &xlsx(&text, 1, ""), 29_998, 0, "");
}

#[test]
fn cells_and_texts_that_an_open_document_repeats_are_counted_before_they_are_made() {
    let cell = |times: u64, text: &str| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\" office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let table = |rows: u64, cells: &str| {
        format!(
            "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"{rows}\">{cells}</table:table-row></table:table>"
        )
    };
    refused("cells.ods", &ods(&table(1_000_000, &cell(10_000, "x"))), "more cells than are read");
    let unsaid = "<table:table-cell table:number-columns-repeated=\"16000\" table:formula=\"of:=1\"/>";
    refused("formulas.ods", &ods(&table(1_000_000, unsaid)), "more cells than are read");
    refused("texts.ods", &ods(&table(100, &cell(10_000, &"x".repeat(1 << 16)))), "repeat more text");
    let place = with_limits(&[("max_grid_cells", 1000)]);
    refused_with(&place, "few.ods", &ods(&table(40, &cell(40, "x"))), &["--rules", "my"], "more cells than are read");
}
