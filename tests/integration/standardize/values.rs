//! Cells that hold several values, one of which may hold what stands between them.

use std::collections::BTreeMap;

use crate::support::program::{AS_OF, Place};

type Table = Vec<BTreeMap<String, String>>;

/// RFC 5321 section 4.1.2 allows a semicolon in a quoted local part.
const QUOTED: &str = "\"a;b\"@shop.co.il";

/// Cleans one list of rows of first name, last name, e-mail, mobile; with a workspace.
fn clean(rows: &[[&str; 4]]) -> (Place, Table, Table) {
    let place = Place::new();
    let mut list = csv::Writer::from_writer(Vec::new());
    list.write_record(["id", "first name", "last name", "email", "mobile"]).expect("memory");
    for (index, row) in rows.iter().enumerate() {
        let id = index.to_string();
        list.write_record(std::iter::once(id.as_str()).chain(row.iter().copied())).expect("memory");
    }
    place.write("list.csv", list.into_inner().expect("memory"));
    let ran = place.tiuv(&[&["clean", "list.csv", "--out", "out", "--accept-mapping"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let (rows, customers) = (table(&place, "out/rows.csv"), table(&place, "out/customers.csv"));
    (place, rows, customers)
}

fn table(place: &Place, name: &str) -> Table {
    let mut reader = csv::Reader::from_path(place.path(name)).expect("the table is there");
    let header = reader.headers().expect("a header").clone();
    let record =
        |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|line| record(line.expect("a record"))).collect()
}

#[test]
fn a_semicolon_in_a_quoted_local_part_parts_nothing_in_a_cell_of_its_own() {
    let (_, rows, customers) = clean(&[["דנה", "לוי", QUOTED, ""]]);
    assert_eq!((rows[0]["tiuv_email"].as_str(), rows[0]["tiuv_email_status"].as_str()), (QUOTED, "risky"));
    assert_eq!(customers[0]["email"], QUOTED);
    assert_eq!(
        customers[0]["emails"], "\"\"\"a;b\"\"@shop.co.il\"",
        "one value, quoted as values with a semicolon are"
    );
    assert_eq!(customers[0]["alternates"], "");
}

#[test]
fn a_semicolon_in_a_quoted_local_part_parts_nothing_beside_other_addresses() {
    let cell = format!("dana@walla.co.il, {QUOTED}; levi@walla.co.il");
    let (_, rows, customers) = clean(&[["דנה", "לוי", &cell, ""]]);
    assert_eq!(rows[0]["tiuv_email"], "dana@walla.co.il");
    assert_eq!(customers[0]["email"], "dana@walla.co.il");
    assert_eq!(customers[0]["emails"], "dana@walla.co.il;\"\"\"a;b\"\"@shop.co.il\";levi@walla.co.il");
}

#[test]
fn halves_of_a_quoted_local_part_make_nobody_one_customer() {
    let (_, rows, _) =
        clean(&[["דנה", "לוי", QUOTED, "050-2345678"], ["משה", "כהן", "\"c;b\"@shop.co.il", "052-3456789"]]);
    assert_ne!(rows[0]["tiuv_customer"], rows[1]["tiuv_customer"]);
}
