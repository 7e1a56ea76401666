//! SQLite as a source, and as the place where results go.

use super::{clean, customers, run_of};
use crate::support::program::Place;

/// A place with a database in `club.db`.
fn place(sql: &str) -> Place {
    let place = Place::new();
    execute(&place, sql);
    place
}

fn execute(place: &Place, sql: &str) {
    let connection = rusqlite::Connection::open(place.path("club.db")).expect("opens");
    connection.execute_batch(sql).expect("is SQL");
}

fn table(place: &Place, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(place.path("club.db")).expect("opens");
    let mut statement = connection.prepare(sql).expect("is SQL");
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cells = (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at).map(|value| format!("{value:?}")));
        cells.collect::<Result<Vec<_>, _>>().map(|cells| cells.join("|"))
    };
    let rows = statement.query_map([], row).expect("runs");
    rows.map(|row| row.expect("a row")).collect()
}

const ALL: &str = "SELECT * FROM customers ORDER BY id";
const TABLE: &str = "sqlite:club.db?table=customers";

#[test]
fn repairs_go_back_into_their_rows_and_nothing_else_changes_until_they_are_taken_back() {
    let place = place(&customers(300));
    let before = table(&place, ALL);
    clean(&place, TABLE, &["--no-state"]);
    let dry = place.tiuv(&["push", "--to", TABLE, "--update", "--dry-run"]);
    assert_eq!(dry.exit, Some(0), "{}", dry.stderr);
    assert!(dry.stdout.contains("100 cells changed") && dry.stdout.contains("UPDATE \"customers\""), "{}", dry.stdout);
    assert!(!dry.stdout.contains("+9725"), "values are masked: {}", dry.stdout);
    assert_eq!(table(&place, ALL), before);
    // Meanwhile somebody corrects one, and another is deleted.
    execute(&place, "UPDATE customers SET mobile = '050-9999999' WHERE id = 1; DELETE FROM customers WHERE id = 4;");
    let changed = table(&place, ALL);
    let pushed = place.tiuv(&["push", "--to", TABLE, "--update"]);
    assert_eq!(pushed.exit, Some(0), "{}", pushed.stderr);
    assert!(pushed.stdout.contains("98 cells changed"), "{}", pushed.stdout);
    assert!(pushed.stdout.contains("1 cells left: their value is newer"), "{}", pushed.stdout);
    assert!(pushed.stdout.contains("1 cells left: their row is gone"), "{}", pushed.stdout);
    let after = table(&place, ALL);
    let differ = changed.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!((changed.len(), differ), (after.len(), 98));
    assert!(after[0].contains("050-9999999"));
    assert_eq!(table(&place, "SELECT count(*), count(DISTINCT run) FROM tiuv_pushed"), ["Integer(98)|Integer(1)"]);
    // Again it finds its work done.
    let again = place.tiuv(&["push", "--to", TABLE, "--update"]);
    assert!(
        again.stdout.contains("0 cells changed") && again.stdout.contains("98 cells had the value"),
        "{}",
        again.stdout
    );
    // One of them is changed once more: that one stays.
    execute(&place, "UPDATE customers SET mobile = 'asked' WHERE id = 7;");
    let undone = place.tiuv(&["push", "--to", "sqlite:club.db", "--undo", &run_of(&place)]);
    assert!(undone.stdout.contains("97 cells restored"), "{} {}", undone.stdout, undone.stderr);
    let restored = table(&place, ALL);
    let differ: Vec<&String> = restored.iter().filter(|row| !changed.contains(row)).collect();
    assert!(differ.len() == 1 && differ[0].contains("asked"), "{differ:?}");
    let again = place.tiuv(&["push", "--to", "sqlite:club.db", "--undo", &run_of(&place)]);
    assert_eq!(again.exit, Some(2), "nothing is left: {}", again.stdout);
}

#[test]
fn results_become_tables_and_keys_that_became_one_are_named() {
    let twice = "INSERT INTO customers SELECT id + 1000, \"first name\", \"last name\", email, mobile, extra FROM customers WHERE id = 3;";
    let place = place(&format!("{}{twice}", customers(60)));
    clean(&place, TABLE, &["--no-state"]);
    for _ in 0..2 {
        let ran = place.tiuv(&["push", "--to", "sqlite:club.db"]);
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains("61 rows  tiuv_rows"), "{}", ran.stdout);
    }
    assert_eq!(table(&place, "SELECT count(*) FROM tiuv_rows"), ["Integer(61)"]);
    assert_eq!(table(&place, "SELECT old_key, surviving_key FROM tiuv_merged"), ["Text(\"1003\")|Text(\"3\")"]);
    let same = "SELECT count(*) FROM tiuv_rows r JOIN customers c ON c.id = r.id AND c.\"last name\" = r.\"last name\" AND c.extra = r.extra";
    assert_eq!(table(&place, same), ["Integer(61)"], "what was read is what is there, whatever stands in it");
}

#[test]
fn what_can_not_be_told_apart_or_is_not_there_is_not_changed() {
    let place = place(&customers(30));
    clean(&place, TABLE, &["--no-state"]);
    execute(&place, "CREATE TABLE copies AS SELECT * FROM customers; INSERT INTO copies SELECT * FROM customers;");
    let push = |to: &str, more: &[&str]| place.tiuv(&[&["push", "--to", to, "--update"], more].concat());
    let no_key = push("sqlite:club.db?table=copies", &[]);
    assert!(no_key.exit == Some(2) && no_key.stderr.contains("--key"), "{}", no_key.stderr);
    let twice = push("sqlite:club.db?table=copies", &["--key", "id"]);
    assert!(twice.exit == Some(2) && twice.stderr.contains("the same key"), "{}", twice.stderr);
    execute(&place, "ALTER TABLE customers DROP COLUMN mobile;");
    let dropped = push(TABLE, &[]);
    assert!(dropped.exit == Some(3) && dropped.stderr.contains("no column mobile"), "{}", dropped.stderr);
    let column = push(TABLE, &["--columns", "mobil"]);
    assert!(column.exit == Some(2) && column.stderr.contains("did you mean `mobile`?"), "{}", column.stderr);
    let nothing = place.tiuv(&["push", "--run", "nowhere", "--to", TABLE]);
    assert!(nothing.exit == Some(3) && nothing.stderr.contains("tiuv clean --out"), "{}", nothing.stderr);
}

#[test]
fn a_key_may_be_several_columns() {
    let place = place(
        "CREATE TABLE customers (branch integer, number text, email text, mobile text, PRIMARY KEY (branch, number));
         INSERT INTO customers VALUES (1, '07', 'a@club-example.com', '522345601'), (2, '07', 'b@club-example.com', '050-2345602'),
           (1, '08', 'c@club-example.com', '522345603');",
    );
    clean(&place, TABLE, &["--no-state"]);
    let pushed = place.tiuv(&["push", "--to", TABLE, "--update", "--columns", "mobile"]);
    assert!(pushed.stdout.contains("2 cells changed"), "{pushed:?}");
    let mobiles = table(&place, "SELECT mobile FROM customers ORDER BY branch, number");
    assert_eq!(mobiles, ["+972522345601", "+972522345603", "050-2345602"].map(|mobile| format!("Text({mobile:?})")));
    let undone = place.tiuv(&["push", "--to", "sqlite:club.db", "--undo", &run_of(&place)]);
    assert!(undone.stdout.contains("2 cells restored"), "{undone:?}");
}

#[test]
fn events_may_lie_in_the_same_database() {
    let place = place(&customers(60));
    execute(
        &place,
        "CREATE TABLE mail_log (at text, channel text, event text, value text);
         INSERT INTO mail_log SELECT '2026-03-01', 'email', 'hard_bounce', email FROM customers WHERE id <= 10;",
    );
    let ran = clean(&place, TABLE, &["--no-state", "--events", "sqlite:club.db?table=mail_log"]);
    assert!(ran.stdout.contains("Events  10 used"), "{}", ran.stdout);
}
