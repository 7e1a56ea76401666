//! `tiuv phone`: single numbers and files of them.

use std::io::Write;
use std::process::Stdio;

use crate::support::program::{Place, Ran};

fn csv(ran: &Ran) -> Vec<Vec<String>> {
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(ran.stdout.as_bytes());
    reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect()
}

/// The cells of some columns, row by row.
fn columns(ran: &Ran, names: &[&str]) -> Vec<Vec<String>> {
    let rows = csv(ran);
    let places: Vec<usize> = names
        .iter()
        .map(|name| rows[0].iter().position(|header| header == name).unwrap_or_else(|| panic!("{name}")))
        .collect();
    rows[1..].iter().map(|row| places.iter().map(|place| row[*place].clone()).collect()).collect()
}

#[test]
fn the_table_has_its_columns_in_their_order() {
    let ran = Place::new().tiuv(&["phone", "050-2345678"]);
    let header = "raw,region,e164,status,reasons,suggestion,type,sms,sms_why,call,call_why,national,international,valid,\
                  possible,plan_e164,plan_type,plan_region,belongs_to";
    let row = "050-2345678,IL,+972502345678,ok,,,mobile,yes,mobile_line,yes,mobile_line,050-234-5678,\
               +972 50-234-5678,yes,possible,+972502345678,mobile,IL,";
    assert_eq!(ran.stdout, format!("{header}\n{row}\n"));
}

#[test]
fn what_tiuv_reads_and_what_the_numbering_plan_says_are_told_apart() {
    let place = Place::new();
    let raws = [
        "טל' 03-5234567 שלוחה 12",
        "5.85933294E+08",
        "050-2345678 / 03-5234567",
        "dan@example.com",
        "12/03/1985",
        "*2700",
    ];
    let ran = place.tiuv(&[&["phone"][..], &raws].concat());
    let rows = columns(&ran, &["e164", "status", "type", "sms_why", "valid", "belongs_to"]);
    let expected = [
        ["+97235234567", "repaired", "fixed", "landline", "no", ""],
        ["+972585933294", "repaired", "mobile", "mobile_line", "no", ""],
        ["+972502345678", "repaired", "mobile", "mobile_line", "no", ""],
        ["+97235234567", "repaired", "fixed", "landline", "no", ""],
        ["", "invalid", "", "no_number", "no", "email"],
        ["", "invalid", "", "no_number", "no", "date"],
        ["", "invalid", "short_code", "short_code", "no", ""],
    ];
    // The engine's own word on damaged text is its affair; it is never the number that tiuv reads.
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!([&row[..4], &row[5..]].concat(), [&expected[..4], &expected[5..]].concat());
    }
    assert_eq!(rows.len(), expected.len());
}

#[test]
fn lines_may_name_their_region_and_rows_keep_their_order() {
    let place = Place::new();
    let lines: String = (0..10_000)
        .map(|n| match n % 4 {
            0 => format!("GB\t020 7946 {:04}\n", n % 1000),
            1 => format!("050-{:07}\r\n", 2_000_000 + n),
            2 => format!("ZZ\t050-{:07}\n", 2_000_000 + n),
            _ => "\n".to_owned(),
        })
        .collect();
    place.write("numbers.txt", format!("\u{feff}{lines}"));
    let rows = columns(&place.tiuv(&["phone", "numbers.txt"]), &["raw", "region", "e164", "status", "reasons"]);
    assert_eq!(rows.len(), 10_000);
    for (n, row) in rows.iter().enumerate() {
        match n % 4 {
            0 => assert_eq!(row[1..3], ["GB".to_owned(), format!("+44207946{:04}", n % 1000)]),
            1 => assert_eq!(
                row[..3],
                [format!("050-{}", 2_000_000 + n), "IL".to_owned(), format!("+97250{}", 2_000_000 + n)]
            ),
            2 => assert_eq!(row[2..], ["", "review", "phone.no_default_region"]),
            _ => assert_eq!(row[..], ["", "", "", "empty", ""]),
        }
    }
}

#[test]
fn standard_input_a_region_and_a_column_of_a_list_are_read() {
    let place = Place::new();
    let mut command = place.command(&["phone", "-", "--region", "GB", "--format", "jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("tiuv starts");
    child.stdin.take().expect("is piped").write_all(b"020 7946 0958\n").expect("is read");
    let out = String::from_utf8(child.wait_with_output().expect("ends").stdout).expect("is UTF-8");
    let row: serde_json::Value = serde_json::from_str(out.trim()).expect("an object");
    assert_eq!((&row["e164"], &row["region"]), (&"+442079460958".into(), &"GB".into()));

    let list = "id;נייד;ארץ\n1;050-2345678;ישראל\n2;020 7946 0958;GB\n";
    place.write("list.csv", list);
    let args = ["phone", "list.csv", "--column", "נייד", "--map", "country=ארץ"];
    assert_eq!(columns(&place.tiuv(&args), &["e164"]), [["+972502345678"], ["+442079460958"]]);
    let ran = place.tiuv(&["phone", "list.csv", "--column", "ניד"]);
    assert_eq!(ran.exit, Some(2));
    assert!(ran.stderr.contains("did you mean `נייד`?"), "{}", ran.stderr);
}

#[test]
fn json_is_one_array_however_many_numbers_there_are() {
    let place = Place::new();
    place.write("none.txt", "");
    for (numbers, count) in [(&["none.txt"][..], 0), (&["1"], 1), (&["050-2345678", "03-5234567"], 2)] {
        let ran = place.tiuv(&[&["phone", "--format", "json"][..], numbers].concat());
        let rows: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).expect("an array");
        assert_eq!(rows.len(), count);
    }
}

#[test]
fn a_file_that_is_not_there_and_a_line_without_end_are_refused() {
    let place = Place::new();
    let ran = place.tiuv(&["phone", "numbers.csv"]);
    assert_eq!(ran.exit, Some(3), "{}", ran.stderr);
    place.write("long.txt", "1".repeat(1 << 17));
    let ran = place.tiuv(&["phone", "long.txt"]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("line 1 is far too long") && !ran.stderr.contains("111111"), "{}", ran.stderr);
}

#[test]
fn a_formula_does_not_run_in_a_spreadsheet() {
    let ran = Place::new().tiuv(&["phone", "=cmd|' /C calc'!A0"]);
    assert_eq!(columns(&ran, &["raw"]), [["'=cmd|' /C calc'!A0"]]);
}

#[test]
fn the_verbose_version_names_what_verdicts_depend_on_and_the_plain_one_is_a_line() {
    let place = Place::new();
    assert_eq!(place.tiuv(&["--version"]).stdout, concat!("tiuv ", env!("CARGO_PKG_VERSION"), "\n"));
    let said = place.tiuv(&["-V", "-v"]);
    assert_eq!(said.stdout, place.tiuv(&["--version", "--verbose"]).stdout);
    let version = tiuv::standardize::numbering::metadata_version();
    for part in [&format!("libphonenumber metadata {version}"), "regions", "bytes", "SQLite:", "built for:"] {
        assert!(said.stdout.contains(part), "{part}: {}", said.stdout);
    }
    assert_eq!(said.exit, Some(0));
}
