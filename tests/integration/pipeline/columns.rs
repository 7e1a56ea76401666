//! What is said of columns: what a list lacks, what was left alone, and what some row of an unknown column says.

use std::fmt::Write as _;

use crate::support::program::{AS_OF, Place};

fn clean(place: &Place, list: &str) -> crate::support::program::Ran {
    let mut args = vec!["clean", list, "--out", "out", "--mx", "off"];
    args.extend(AS_OF);
    place.tiuv(&args)
}

#[test]
fn one_death_in_ten_thousand_rows_of_an_unknown_column_is_seen() {
    let place = Place::new();
    let mut list = "Id,First Name,Last Name,Email,Zorba,Created\n".to_owned();
    for row in 0..10_000 {
        let zorba = ["blue", "green", "", "red"][row % 4];
        let zorba = if row == 8_765 { "deceased" } else { zorba };
        let _ = writeln!(list, "{},Dana,Levi,d{row}@lakemail.com,{zorba},2026-01-01", 10_000 + row);
    }
    place.write("list.csv", &list);
    let ran = clean(&place, "list.csv");
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let customers = String::from_utf8(place.files()["out/customers.csv"].clone()).expect("UTF-8");
    let is_held = customers.lines().any(|line| line.contains("d8765@") && line.contains("deceased"));
    let is_stopped = ran.stderr.contains("Zorba") && ran.stderr.contains("asks nobody");
    assert!(is_held || is_stopped, "{}", ran.stderr);

    let mut args = vec!["clean", "list.csv", "--out", "out", "--mx", "off", "--map", "none=Zorba"];
    args.extend(AS_OF);
    let ran = place.tiuv(&args);
    assert!(!ran.stderr.contains("Zorba"), "who says that it means nothing is believed: {}", ran.stderr);
}

#[test]
fn what_is_missing_is_said_once_with_what_it_costs() {
    let place = Place::new();
    place.write("list.csv", "Town,Mail\nHaifa,a@lakemail.com\nEilat,b@lakemail.com\n");
    let ran = clean(&place, "list.csv");
    for missing in ["own key", "holds a name", "when a record was made"] {
        assert_eq!(ran.stderr.lines().filter(|line| line.contains(missing)).count(), 1, "{missing}: {}", ran.stderr);
    }
    place.write("whole.csv", "Id,Full Name,Mail,Created\n1,Dana Levi,a@lakemail.com,2026-01-01\n");
    assert!(!clean(&place, "whole.csv").stderr.contains("note:"));
}

#[test]
fn map_shows_each_column_with_a_masked_sample_and_what_was_not_understood() {
    let place = Place::new();
    place.write("list.csv", "Name,E-mail,Account Manager Email\nDana Levi,dana@lakemail.com,boss@harborpost.com\n");
    let ran = place.tiuv(&["map", "list.csv"]);
    assert!(ran.stdout.contains("d•••@") && !ran.stdout.contains("dana@"), "{}", ran.stdout);
    assert!(ran.stdout.contains("of somebody else"), "{}", ran.stdout);
    let json = place.tiuv(&["map", "list.csv", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["columns"][2]["hint"], "somebody_else");
    assert_eq!(json["missing"], serde_json::json!(["key", "date"]));
    let fields = place.tiuv(&["map", "--fields"]).stdout;
    assert!(fields.contains("opted_out_at") && fields.contains("opted out on"), "{fields}");
}

#[test]
fn a_header_that_only_folds_to_the_one_given_is_told() {
    let place = Place::new();
    place.write("list.csv", "Full-Name,Mail\nDana Levi,dana@lakemail.com\n");
    let ran = place.tiuv(&["map", "list.csv", "--map", "full_name=full name"]);
    assert!(ran.stderr.contains("\"full name\"") && ran.stderr.contains("\"Full-Name\""), "{}", ran.stderr);
    assert_eq!(place.tiuv(&["map", "list.csv", "--map", "full_name=Full-Name"]).stderr, "");
}
