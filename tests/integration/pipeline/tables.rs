//! Which results a run writes, and what `customers.csv` leaves out.

use std::collections::BTreeMap;

use crate::support::program::{AS_OF, Place, fixture};

const LIST: &str = "key,first name,last name,email,phone,birth date\n\
                    K1,Dana,Levi,dana.levi@lakemail.com,050-2345671,1984-08-04\n\
                    K2,Noam,Peretz,noam@lakemail.com,050-2345672,1990-01-11\n\
                    K3,Dana,Levi,dana.levi@lakemail.com,050-2345671,1984-08-04\n\
                    K4,Ruth,Azulay,ruth@lakemail.com,050-2345674,1971-06-30\n";

#[test]
fn only_the_tables_that_are_asked_for_are_written_and_none_of_an_earlier_run_stay() {
    let place = Place::new();
    place.write("club.csv", LIST);
    let clean = |more: &[&str]| {
        let ran = place.tiuv(&[&["clean", "club.csv", "--no-state"], &AS_OF[..], more].concat());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        let files = place.files();
        let names: Vec<String> = files.keys().filter_map(|name| Some(name.strip_prefix("out/")?.to_owned())).collect();
        for name in ["changes.csv", "customers.csv", "duplicates.csv", "flagged.csv", "rows.csv"] {
            assert_eq!(ran.stdout.contains(name), names.iter().any(|own| own == name), "{name}: {}", ran.stdout);
        }
        names
    };
    let all = [
        "changes.csv",
        "customers.csv",
        "duplicates.csv",
        "flagged.csv",
        "possible_duplicates.csv",
        "quarantine.csv",
        "report.html",
        "rows.csv",
        "run.json",
    ];
    assert_eq!(clean(&[]), all);
    assert_eq!(clean(&["--tables", "customers"]), ["customers.csv", "quarantine.csv", "report.html", "run.json"]);
    assert_eq!(clean(&["--tables", "rows,flagged,changes,duplicates,customers"]), all);
    let wrong = place.tiuv(&["clean", "club.csv", "--tables", "row"]);
    assert_eq!(wrong.exit, Some(2));
    assert!(wrong.stderr.contains("rows"), "{}", wrong.stderr);
}

#[test]
fn a_customer_of_one_row_says_nothing_of_where_its_values_are_from() {
    let place = Place::new();
    place.write("club.csv", LIST);
    let ran = place.tiuv(&[&["clean", "club.csv", "--no-state"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let mut reader = csv::Reader::from_path(place.path("out/customers.csv")).expect("it was written");
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| row.expect("a row"));
    for row in rows {
        if row["records"] == "1" {
            assert_eq!((row["ids"].as_str(), row["sources"].as_str()), ("", ""), "{row:?}");
        } else {
            assert_eq!(row["ids"], "K1;K3");
            // What all rows agree upon was not chosen.
            assert!(row["sources"].contains("email=1;") && !row["sources"].contains("only"), "{row:?}");
        }
    }
}

#[test]
fn results_of_a_list_from_excel_open_there() {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let text = "שם פרטי,שם משפחה,טלפון,עיר\nדנה,לוי,050-2345671,חיפה\nנועם,פרץ,050-2345672,תל אביב\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1255.encode(text);
    let place = Place::new();
    place.write("utf8.csv", text);
    place.write("windows.csv", &*windows);
    let workbook = fixture("crm.xlsx");
    for (list, more, is_marked) in [
        ("utf8.csv", &[][..], false),
        ("utf8.csv", &["--excel"], true),
        ("windows.csv", &[], true),
        ("windows.csv", &["--no-excel"], false),
        (workbook.as_str(), &[], true),
    ] {
        let ran = place.tiuv(&[&["clean", list, "--no-state", "--accept-mapping"], &AS_OF[..], more].concat());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        assert_eq!(ran.stdout.contains("--no-excel"), is_marked && more.is_empty(), "{list}: {}", ran.stdout);
        for name in ["rows.csv", "customers.csv", "flagged.csv", "changes.csv", "duplicates.csv"] {
            assert_eq!(place.files()[&format!("out/{name}")].starts_with(MARK), is_marked, "{list} {more:?}: {name}");
        }
    }
}

#[test]
fn the_log_tells_each_stage_and_how_long_it_took() {
    let place = Place::new();
    place.write("club.csv", LIST);
    let ran = place.tiuv(&[&["clean", "club.csv", "-v"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let told: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("seconds=")).collect();
    let stages =
        ["reading", "finding duplicates", "gathering evidence", "judging decay", "writing results", "remembering"];
    let places = stages.map(|stage| told.iter().position(|line| line.contains(&format!("stage=\"{stage}\""))));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}", ran.stderr);
    let ran = place.tiuv(&[&["dedupe", "club.csv", "--out", "d.csv", "-v"], &AS_OF[..]].concat());
    assert!(ran.stderr.contains("stage=\"finding duplicates\""), "{}", ran.stderr);
}
