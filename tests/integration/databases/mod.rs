//! Lists in databases, and results that go back there.

mod cuts;
mod mariadb;
mod postgres;
mod server;
mod sqlite;

use crate::support::program::{Place, Ran};

const TODAY: &str = "2026-11-01";

/// Cleans what an address names into `out`.
fn clean(place: &Place, list: &str, more: &[&str]) -> Ran {
    let args = ["clean", list, "--out", "out", "--mx", "off", "--as-of", TODAY, "--accept-mapping"];
    let ran = place.tiuv(&[&args[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    ran
}

/// The name of the run in `out`.
fn run_of(place: &Place) -> String {
    let text = std::fs::read_to_string(place.path("out/run.json")).expect("written");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    json["run"].as_str().expect("a name").to_owned()
}

/// Statements that make a table of customers, some of whose numbers lost their zero; `rows` of them.
fn customers(rows: usize) -> String {
    let row = |number: usize| {
        let mobile = match number % 3 {
            0 => format!("'05{}-{:07}'", number % 5, 2_000_000 + number * 37),
            1 => format!("'5{}{:07}'", number % 5, 2_000_000 + number * 37),
            _ => "NULL".to_owned(),
        };
        format!(
            "({number}, 'דנה {number}', 'O''Neil \"x\", {number}', 'n{number}@club-example.com', {mobile}, 'note; {number}')"
        )
    };
    let rows: Vec<String> = (1..=rows).map(row).collect();
    format!(
        "CREATE TABLE customers (id integer PRIMARY KEY, \"first name\" text, \"last name\" text, email text, mobile text, extra text);
         INSERT INTO customers VALUES {};",
        rows.join(",\n")
    )
}
