//! Customers in `clean`: golden records, duplicates and their evidence, households.

use std::collections::{BTreeMap, BTreeSet};

use tiuv::pipeline::{Setup, run_resolve_examples, run_survivorship_examples};
use tiuv::rule::Context;

use crate::support::program::{AS_OF, LISTS, Place, Ran, fixture};

type Table = Vec<BTreeMap<String, String>>;

#[test]
fn every_example_of_golden_records_holds() {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    let failures = run_survivorship_examples(&context).expect("the shipped rules load");
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_example_of_who_is_whom_holds() {
    let setup = Setup::new(Context::shipped("IL", jiff::civil::date(2026, 11, 21))).expect("the shipped rules load");
    let failures = run_resolve_examples(&setup).expect("the shipped rules load");
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_row_is_of_one_customer_and_every_golden_value_of_one_of_its_rows() {
    for list in LISTS {
        let place = Place::new();
        clean(&place, &[&fixture(list)], &[]);
        let rows = table(&place, "out/rows.csv");
        let customers = table(&place, "out/customers.csv");
        assert_consistent(list, &rows, &customers);
    }
}

#[test]
fn several_lists_are_resolved_together_and_their_order_changes_only_what_it_must() {
    let head = "id,first name,last name,mobile,email,birth date,updated_at\n";
    let first: String = (0..40).map(person).collect();
    let second: String = (20..60).map(|index| person(index).replace(",2020-", ",2024-")).collect();
    let run = |lists: [&str; 2]| {
        let place = Place::new();
        place.write("first.csv", format!("{head}{first}"));
        place.write("second.csv", format!("{head}{second}"));
        clean(&place, &lists, &[]);
        place
    };
    let there = run(["first.csv", "second.csv"]);
    let back = run(["second.csv", "first.csv"]);
    let customers = table(&there, "out/customers.csv");
    assert_consistent("both", &table(&there, "out/rows.csv"), &customers);
    let across =
        |row: &&BTreeMap<String, String>| row["rows"].contains("first.csv:") && row["rows"].contains("second.csv:");
    assert_eq!(customers.iter().filter(across).count(), 20, "the customers of both lists");
    let clusters = |table: &Table| -> BTreeSet<BTreeSet<String>> {
        table.iter().map(|customer| customer["rows"].split(';').map(str::to_owned).collect()).collect()
    };
    assert_eq!(clusters(&customers), clusters(&table(&back, "out/customers.csv")), "who is whom does not depend on it");
}

#[test]
fn the_order_of_rows_does_not_change_who_is_whom_nor_what_is_golden() {
    let text = "id,first name,last name,mobile,email,birth date,updated_at\n";
    let mut lines: Vec<String> = (0..60).map(person).collect();
    lines.extend((0..20).map(|index| person(index).replace(",2020-", ",2024-").replacen("p", "q", 1)));
    let golden = |lines: &[String]| -> BTreeSet<String> {
        let place = Place::new();
        place.write("list.csv", format!("{text}{}", lines.concat()));
        clean(&place, &["list.csv"], &[]);
        let told = ["first_name", "last_name", "email", "phone", "birth_date", "updated_at", "records"];
        let customers = table(&place, "out/customers.csv");
        customers.iter().map(|one| told.map(|name| one[name].clone()).join("|")).collect()
    };
    let there = golden(&lines);
    assert_eq!(there.len(), 60, "{there:?}");
    lines.reverse();
    assert_eq!(there, golden(&lines));
}

#[test]
fn evidence_in_words_adds_up_and_joins_the_rows_of_one_customer() {
    let place = Place::new();
    clean(&place, &[&fixture("club.csv")], &[]);
    let rows = table(&place, "out/rows.csv");
    let of: BTreeMap<&str, &str> =
        rows.iter().map(|row| (row["tiuv_row"].as_str(), row["tiuv_customer"].as_str())).collect();
    let links = table(&place, "out/duplicates.csv");
    assert!(links.len() > 50, "{}", links.len());
    for link in &links {
        assert_eq!(of[link["left_row"].as_str()], link["tiuv_customer"]);
        assert_eq!(of[link["right_row"].as_str()], link["tiuv_customer"]);
        assert_adds_up(link);
    }
    let possible = table(&place, "out/possible_duplicates.csv");
    for link in &possible {
        assert_ne!(of[link["left_row"].as_str()], of[link["right_row"].as_str()]);
        assert_adds_up(link);
    }
    let worth = |link: &BTreeMap<String, String>| {
        let number = |name: &str| link[name].parse::<f64>().ok();
        (link["heading"].clone(), -number("likely").expect("a number") * number("value").unwrap_or(1.0))
    };
    assert!(
        possible.iter().map(worth).is_sorted_by(|left, right| left.0 > right.0 || left.1 <= right.1 + 0.01),
        "the best first"
    );
    let run = run_json(&place);
    assert_eq!(run["resolve"]["possible"], possible.len());
    let customers = table(&place, "out/customers.csv");
    assert_eq!(run["resolve"]["customers"], customers.len());
    assert_eq!(run["resolve"]["duplicates"], rows.len() - customers.len());
    let several: BTreeSet<&str> =
        customers.iter().filter(|one| one["records"] != "1").map(|one| one["tiuv_customer"].as_str()).collect();
    let linked: BTreeSet<&str> = links.iter().map(|link| link["tiuv_customer"].as_str()).collect();
    assert_eq!(several, linked, "every customer of several records has its evidence");
}

#[test]
fn without_customers_the_columns_are_empty_and_no_file_of_an_earlier_run_stays() {
    let place = Place::new();
    clean(&place, &[&fixture("club.csv")], &[]);
    assert!(place.files().contains_key("out/customers.csv"));
    clean(&place, &[&fixture("club.csv")], &["--no-resolve"]);
    let files = place.files();
    for name in ["customers.csv", "duplicates.csv", "possible_duplicates.csv"] {
        assert!(!files.contains_key(&format!("out/{name}")), "{name}");
    }
    assert!(table(&place, "out/rows.csv").iter().all(|row| row["tiuv_customer"].is_empty()));
    assert!(run_json(&place)["resolve"].is_null());
}

#[test]
fn too_few_fields_are_a_warning_and_no_guess() {
    let place = Place::new();
    place.write("list.csv", "id,first name\n1,Dana\n2,Dana\n3,Noa\n");
    let ran = clean(&place, &["list.csv"], &[]);
    assert_eq!(ran.stderr.matches("no customers were looked for").count(), 1, "{}", ran.stderr);
    let rows = table(&place, "out/rows.csv");
    assert!(rows.len() == 3 && rows.iter().all(|row| row["tiuv_customer"].is_empty()));
    assert_eq!(run_json(&place)["resolve"]["account"]["refused"], "too_few_fields");
    assert!(table(&place, "out/customers.csv").is_empty(), "the header alone");
}

#[test]
fn one_row_all_rows_alike_repeated_and_missing_keys() {
    let same = "7,Dana,Levi,050-2345678,dana.levi@walla.co.il\n";
    let cases = [
        ("one row", "id,first name,last name,mobile,email\n".to_owned() + same),
        ("all alike", "id,first name,last name,mobile,email\n".to_owned() + &same.repeat(40)),
        ("no key", "first name,last name,mobile,email\n".to_owned() + &same.replace("7,", "").repeat(3)),
        (
            "repeated keys",
            "id,first name,last name,mobile,email\n".to_owned()
                + same
                + "7,Noa,Cohen,052-3456789,noa.cohen@walla.co.il\n,Omer,Mizrahi,054-4567890,omer.m@walla.co.il\n",
        ),
    ];
    for (name, list) in cases {
        let place = Place::new();
        place.write("list.csv", list);
        clean(&place, &["list.csv"], &[]);
        let (rows, customers) = (table(&place, "out/rows.csv"), table(&place, "out/customers.csv"));
        assert_consistent(name, &rows, &customers);
        if name == "repeated keys" {
            let names: Vec<&str> = customers.iter().map(|one| one["tiuv_customer"].as_str()).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 3, "{names:?}");
            assert!(names.iter().all(|name| name.len() == 14 && name.starts_with('C')), "{names:?}");
        }
    }
}

#[test]
fn customers_come_in_every_format_and_guarded_against_formulas() {
    for format in ["csv", "xlsx", "jsonl"] {
        let place = Place::new();
        place
            .write("list.csv", "id,first name,last name,email\n1,=1+1,Levi,d@walla.co.il\n2,Noa,Cohen,n@walla.co.il\n");
        clean(&place, &["list.csv"], &["--format", format]);
        let file = place.files()[&format!("out/customers.{format}")].clone();
        assert!(!file.is_empty());
        if format == "csv" {
            assert!(String::from_utf8(file).expect("text").contains("'=1+1"));
        }
    }
}

fn person(index: u32) -> String {
    let given = ["Dana", "Noa", "Omer", "Gal", "Tal", "Maya", "Yael", "Ido", "Ron", "Adi"][(index % 10) as usize];
    let family = ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Dahan"][(index / 10) as usize];
    format!(
        "p{index},{given},{family},05{}-{:07},{given}.{family}{index}@walla.co.il,19{}-0{}-1{},2020-01-{:02}\n",
        index % 5,
        2_345_678 + index * 104_729,
        50 + index % 49,
        1 + index % 9,
        index % 9,
        1 + index % 28
    )
}

/// Rows and customers are of one another, and nothing was made up or lost.
fn assert_consistent(list: &str, rows: &Table, customers: &Table) {
    let mut members: BTreeMap<&str, Vec<&BTreeMap<String, String>>> = BTreeMap::new();
    for row in rows {
        members.entry(row["tiuv_customer"].as_str()).or_default().push(row);
    }
    assert_eq!(members.len(), customers.len(), "{list}: names tell customers apart");
    let records: usize = customers.iter().map(|one| one["records"].parse::<usize>().expect("a count")).sum();
    assert_eq!(records, rows.len(), "{list}: rows in = the sum of records");
    for customer in customers {
        let of = &members[customer["tiuv_customer"].as_str()];
        assert_eq!(of.len().to_string(), customer["records"], "{list}");
        assert!(of.iter().all(|row| row["tiuv_household"] == customer["tiuv_household"]), "{list}");
        for (golden, column) in [("first_name", "tiuv_first_name"), ("birth_date", "tiuv_birth_date")] {
            let Some(value) = customer.get(golden).filter(|value| !value.is_empty()) else { continue };
            assert!(of.iter().any(|row| row[column] == *value), "{list}: {golden} {value}");
            for row in of.iter().filter(|row| !row[column].is_empty() && row[column] != *value) {
                let kept = format!("{golden}=");
                // A formula is guarded in its own cell, not within a text.
                let kept_value = row[column].trim_start_matches('\'');
                let quoted = kept_value.replace('"', "\"\"");
                let found = customer["alternates"].contains(&format!("{kept}{kept_value}@"))
                    || customer["alternates"].contains(&format!("{kept}\"{quoted}\"@"));
                assert!(found, "{list}: {golden} {kept_value} is kept beside {}", customer["alternates"]);
            }
        }
        for row in of {
            for number in row["tiuv_phones"].split(';').filter(|number| !number.is_empty()) {
                assert!(customer["phones"].contains(number), "{list}: {number} is kept");
            }
        }
    }
}

fn assert_adds_up(link: &BTreeMap<String, String>) {
    let parts = link["evidence"].split("; ").map(|part| {
        let (_, bits) = part.rsplit_once('(').expect("bits in brackets");
        bits.trim_end_matches(')').parse::<f64>().expect("a number")
    });
    let parts: Vec<f64> = parts.collect();
    let bits: f64 = link["bits"].parse().expect("a number");
    let slack = 0.051 * (parts.len() + 1) as f64;
    assert!((parts.iter().sum::<f64>() - bits).abs() <= slack, "{} of {}", link["bits"], link["evidence"]);
}

fn clean(place: &Place, lists: &[&str], more: &[&str]) -> Ran {
    let args = ["--out", "out", "--no-state", "--accept-mapping"];
    let ran = place.tiuv(&[&["clean"], lists, &args[..], &AS_OF[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{lists:?}: {}", ran.stderr);
    ran
}

fn run_json(place: &Place) -> serde_json::Value {
    serde_json::from_slice(&place.files()["out/run.json"]).expect("run.json is JSON")
}

fn table(place: &Place, name: &str) -> Table {
    let mut reader = csv::Reader::from_path(place.path(name)).expect("the table is there");
    let header = reader.headers().expect("a header").clone();
    let record =
        |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|line| record(line.expect("a record"))).collect()
}
