//! Every row of every table that is written has the header's cells, whatever the list's rows had.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::support::program::{AS_OF, Place};

/// Rows that end early, that have delimiters too many, that hold bare carriage returns, and one with something in a cell too many.
const RAGGED: &str = "Id~First Name~Last Name~Email~Phone~City\n\
    K1~Adam~Abel~adam@lakemail.com~052-7318264~Haifa\n\
    K2~Bella~Bond~bella@lakemail.com~054-8261937~Holon~~~\n\
    K3~Carl~Cole~carl@lakemail.com\n\
    K4~\"Dana\"~Dorn~dana@lakemail.com~052-6184739~Haifa~ ~\n\
    K5~Egon~Ea\rds~egon@lakemail.com~054-2739158~Acre\n\
    K6~Fran~Ford~fran@lakemail.com~050-8463917~Holon~North\n\
    K7~=Gil~Gold~gil@lakemail.com~050-8463918~Holon\n";

/// The tables' cells, header first.
fn table(place: &Place, name: &str) -> Vec<Vec<String>> {
    let bytes = std::fs::read(place.path("out").join(name)).expect("is written");
    match name.rsplit('.').next() {
        Some("xlsx") => {
            let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
            // All customers stand last in their workbook.
            let last = workbook.sheet_names().len() - 1;
            let range = workbook.worksheet_range_at(last).expect("a sheet").expect("is read");
            range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
        }
        Some("jsonl") => {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let objects = text.lines().map(|line| {
                let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("an object");
                object.into_iter().map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned())).collect()
            });
            let objects: Vec<Vec<(String, String)>> = objects.collect();
            let header = objects[0].iter().map(|(name, _)| name.clone()).collect();
            let cells = |object: Vec<(String, String)>| object.into_iter().map(|(_, value)| value).collect();
            std::iter::once(header).chain(objects.into_iter().map(cells)).collect()
        }
        _ => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
            reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect()
        }
    }
}

#[test]
fn ragged_rows_are_written_with_the_cells_of_the_header_in_every_format() {
    for delimiter in [",", ";", "\t", "|"] {
        for format in ["csv", "xlsx", "jsonl"] {
            let place = Place::new();
            place.write("list.csv", RAGGED.replace('~', delimiter));
            let args = ["clean", "list.csv", "--out", "out", "--no-state", "--format", format];
            let ran = place.tiuv(&[&args[..], &AS_OF].concat());
            assert_eq!(ran.exit, Some(0), "{delimiter:?} {format}: {}", ran.stderr);
            for name in ["rows", "customers"] {
                let table = table(&place, &format!("{name}.{format}"));
                let width = table[0].len();
                assert!(
                    table.len() > 6 && table.iter().all(|row| row.len() == width),
                    "{delimiter:?} {format} {name}: {table:?}"
                );
            }
            let rows = table(&place, &format!("rows.{format}"));
            let place_of = |column: &str| rows[0].iter().position(|name| name == column).expect("the column is there");
            let column = |column: &str| rows[1..].iter().map(|row| row[place_of(column)].clone()).collect::<Vec<_>>();
            assert_eq!(column("tiuv_row"), ["1", "2", "3", "4", "5", "7"], "{delimiter:?} {format}");
            assert_eq!(column("tiuv_email")[3], "dana@lakemail.com", "{delimiter:?} {format}");
            let set_apart = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("is written");
            assert!(set_apart.contains("row.ragged_long") && set_apart.lines().count() == 2, "{set_apart}");
        }
    }
}

#[test]
fn a_header_that_lacks_a_name_gets_one_for_the_cells_beyond_it() {
    let place = Place::new();
    place.write(
        "list.csv",
        "Id,Name,Email\nK1,Adam Abel,adam@lakemail.com,north\nK2,Bella Bond,bella@lakemail.com,south\n",
    );
    let ran = place.tiuv(&["clean", "list.csv", "--out", "out", "--no-state"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let rows = table(&place, "rows.csv");
    assert_eq!(rows[0][..5], ["Id", "Name", "Email", "tiuv_extra", "tiuv_row"]);
    assert_eq!(rows[2][..5], ["K2", "Bella Bond", "bella@lakemail.com", "south", "2"]);
}

#[test]
fn the_line_of_the_header_can_be_said() {
    let place = Place::new();
    place.write("list.csv", "Id,Name,Email\n\nKey,Client,Address\nK1,Adam Abel,adam@lakemail.com\n");
    let named = |row: &str| place.tiuv(&["map", "list.csv", "--json", "--header-row", row]);
    assert!(named("3").stdout.contains("\"Client\""), "{:?}", named("3"));
    for (row, reason) in [("2", "it is blank"), ("9", "the list ends before it")] {
        let ran = named(row);
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(reason) && ran.stderr.contains("--header-row"), "{}", ran.stderr);
    }
}

#[test]
fn what_stands_above_the_header_is_told_and_rows_without_a_header_are_refused() {
    let place = Place::new();
    let rows = "K1,Adam,Abel,adam@lakemail.com\nK2,Bella,Bond,bella@lakemail.com\n";
    place.write("list.csv", format!("Our members\nof 2026\n\nId,First Name,Last Name,Email\n{rows}"));
    let ran = place.tiuv(&["map", "list.csv"]);
    assert!(ran.stderr.contains("the header is in line 4, below 2 lines"), "{}", ran.stderr);
    place.write("bare.csv", format!("Our members\n\n{rows}"));
    let ran = place.tiuv(&["map", "bare.csv"]);
    assert_eq!(ran.exit, Some(3));
    assert!(ran.stderr.contains("its rows begin in line 3") && ran.stderr.contains("--no-header"), "{}", ran.stderr);
    let ran = place.tiuv(&["map", "bare.csv", "--no-header", "--json"]);
    assert!(ran.stdout.contains("column 4") && !ran.stdout.contains("column 5"), "{ran:?}");
}
