//! Lists in formats that are no text: old and odd workbooks, archives, address books.

use crate::support::program::{AS_OF, Place, Ran};

fn place_with(name: &str) -> Place {
    let place = Place::new();
    let path = format!("{}/fixtures/formats/{name}", env!("CARGO_MANIFEST_DIR"));
    place.write(name, std::fs::read(path).expect("the fixture is there"));
    place
}

fn clean(place: &Place, name: &str, more: &[&str]) -> Ran {
    place.tiuv(&[&["clean", name, "--out", "out", "--no-state", "--accept-mapping"], &AS_OF[..], more].concat())
}

/// The cells of columns of `rows.csv`, row by row.
fn cells(place: &Place, columns: &[&str]) -> Vec<Vec<String>> {
    let bytes = std::fs::read(place.path("out/rows.csv")).expect("the run wrote its rows");
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers().expect("a header").clone();
    let places: Vec<usize> = columns
        .iter()
        .map(|name| {
            header.iter().position(|own| own == *name).unwrap_or_else(|| panic!("no column {name} in {header:?}"))
        })
        .collect();
    reader
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| places.iter().map(|at| row[*at].to_owned()).collect())
        .collect()
}

#[test]
fn old_workbooks_are_read_with_their_dates_from_whenever_they_count() {
    for name in ["old.xls", "old-1904.xls", "workbook.zip"] {
        let place = place_with(name);
        let ran = clean(&place, name, &[]);
        assert_eq!(ran.exit, Some(0), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("\"לקוחות\" is read; not read: \"סיכום\""), "{name}: {}", ran.stderr);
        let rows = cells(&place, &["tiuv_first_name", "tiuv_phone", "tiuv_birth_date"]);
        assert_eq!(rows.len(), 4, "{name}");
        assert_eq!(rows[0], ["ורד", "+972527310264", "1981-05-17"], "{name}");
        assert_eq!(rows[1], ["בועז", "+972548260937", "1967-12-03"], "{name}");
    }
}

#[test]
fn the_sheet_of_customers_is_read_and_what_is_left_is_named() {
    let place = place_with("sheets.xlsx");
    let ran = clean(&place, "sheets.xlsx", &[]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let rows = cells(&place, &["tiuv_first_name", "City"]);
    assert_eq!(rows, [["Mona", "Haifa"], ["Oded", "Haifa"], ["Pnina", "Holon"]]);
    let told = ran.stderr;
    assert!(
        told.contains("\"Summary\"") && told.contains("\"Old\" (10 rows, hidden)") && told.contains("B12:C14"),
        "{told}"
    );
    let ran = clean(&place, "sheets.xlsx", &["--sheet", "'All customers'!B4:F6"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(cells(&place, &["tiuv_first_name", "City"]), [["Mona", "Haifa"], ["Oded", "Haifa"]]);
}

#[test]
fn a_list_that_is_the_only_file_of_an_archive_is_read() {
    let place = place_with("one-list.zip");
    let ran = clean(&place, "one-list.zip", &[]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(cells(&place, &["tiuv_first_name"]), [["Mona"], ["Oded"], ["Pnina"]]);
}

#[test]
fn archives_of_several_files_or_that_may_do_harm_are_refused_with_a_remedy() {
    for (name, what) in [
        ("two-lists.zip", "with 2 files: customers.csv, orders.csv"),
        ("leads-out.zip", "a path that leads out of it"),
        ("locked.zip", "a ZIP archive with a password"),
        ("nested.zip", "a ZIP archive in another"),
    ] {
        let place = place_with(name);
        let ran = clean(&place, name, &[]);
        assert_eq!(ran.exit, Some(3), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(what) && ran.stderr.contains("help:"), "{name}: {}", ran.stderr);
    }
}

#[test]
fn vcards_become_rows_with_each_kind_of_number_in_its_column_and_no_picture() {
    let place = place_with("contacts.vcf");
    let ran = clean(&place, "contacts.vcf", &[]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let rows = cells(&place, &["tiuv_first_name", "tiuv_last_name", "tiuv_phone", "tiuv_email", "fax"]);
    assert_eq!(rows[0], ["ורד", "אלקיים", "+972527310264", "vered.e@lakemail.co.il", "03-5230264"]);
    assert_eq!(rows[1], ["Boaz", "Stern", "+972548260937", "", ""]);
    assert_eq!(rows[2], ["הילה", "נחום", "+972503910482", "", ""]);
    let all = std::fs::read_to_string(place.path("out/rows.csv")).expect("written");
    assert!(!all.contains("/9j/4AAQ"), "pictures are not kept");
    let ran = place.tiuv(&[&["check", "contacts.vcf", "--accept-mapping"], &AS_OF[..]].concat());
    assert!(ran.stdout.contains("contacts.vcf:14: error[email."), "{}", ran.stdout);
}

#[test]
fn repairing_a_list_keeps_the_old_one_and_loses_nothing() {
    let place = Place::new();
    let list = "id;name;mobile;email;note\r\n1;Dana Cohen; 502345678 ;dana@lakemail.com ;\"a; b\"\r\n\r\n\
                2;\"Noa Levi\";052-3456789 (work);\"noa@lakemail.com\";x\r\n3;Avi Gal;0503456789;;\r\n";
    place.write("list.csv", list);
    let fix =
        |more: &[&str]| place.tiuv(&[&["check", "list.csv", "--fix", "--accept-mapping"], &AS_OF[..], more].concat());
    let ran = fix(&[]);
    assert!(ran.stderr.contains("list.csv.bak"), "{}", ran.stderr);
    let read = |name: &str| std::fs::read_to_string(place.path(name)).expect("it is there");
    assert_eq!(read("list.csv.bak"), list);
    let fixed = read("list.csv");
    assert!(fixed.contains("1;Dana Cohen;+972502345678;dana@lakemail.com;\"a; b\"\r\n\r\n2;\"Noa Levi\";"), "{fixed}");
    assert!(fixed.contains("052-3456789 (work);\"noa@lakemail.com\";x"), "a note stays: {fixed}");
    assert!(ran.stderr.contains("stay as they are"), "{}", ran.stderr);

    place.write("list.csv", list);
    fix(&[]);
    assert_eq!(read("list.csv.bak2"), list, "no copy is written over");
    place.write("list.csv", list);
    fix(&["--in-place"]);
    assert!(!place.path("list.csv.bak3").exists());
    assert_eq!(read("list.csv"), fixed);
}
