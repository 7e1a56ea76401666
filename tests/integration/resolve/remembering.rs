//! What the workspace knows of customers: names that stay, decisions that are obeyed, lists matched with earlier ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::support::program::{AS_OF, Place, Ran};

/// People with a copy of every third, whose phone or first name is written otherwise.
fn people(count: usize) -> Vec<[String; 6]> {
    const FIRST: [&str; 12] =
        ["דנה", "Avi", "נועה", "Michael", "יעל", "Rachel", "שירה", "David", "תמר", "Yossi", "מיכל", "Galit"];
    const LAST: [&str; 11] =
        ["לוי", "Cohen", "מזרחי", "Peretz", "ביטון", "Dahan", "אברהם", "Friedman", "אזולאי", "Katz", "גבאי"];
    let mut rows = Vec::new();
    for index in 0..count {
        let (first, last) = (FIRST[index * 7 % 12], LAST[index * 5 % 11]);
        let birth = format!("{:04}-{:02}-{:02}", 1950 + index * 13 % 50, 1 + index * 5 % 12, 1 + index * 11 % 28);
        let phone = format!("050{:07}", 2_000_000 + index * 7_919);
        let mail = format!("user{index}.{}@gmail.com", index * 31);
        rows.push([first, last, &birth, &phone, &mail].map(str::to_owned));
    }
    let mut all: Vec<[String; 6]> = Vec::new();
    for (index, [first, last, birth, phone, mail]) in rows.iter().cloned().enumerate() {
        all.push([format!("{}", index + 1), first.clone(), last.clone(), birth.clone(), phone, mail.clone()]);
        if index % 3 == 0 {
            let short: String = first.chars().take(1).collect();
            all.push([format!("{}", 10_000 + index), short, last, birth, String::new(), mail]);
        }
    }
    all
}

fn list(rows: &[[String; 6]]) -> String {
    let mut text = "id,first name,last name,birth date,mobile,email\n".to_owned();
    for row in rows {
        let _ = writeln!(text, "{}", row.join(","));
    }
    text
}

fn clean(place: &Place, inputs: &[&str], more: &[&str]) -> Ran {
    let ran = place.tiuv(&[&["clean"][..], inputs, &["--out", "out"], more, &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    ran
}

/// Each row's customer and household, by its own key.
fn customers(place: &Place) -> BTreeMap<String, (String, String)> {
    let text = std::fs::read_to_string(place.path("out/rows.csv")).expect("written");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).expect("the column");
    let (id, customer, household) = (at("id"), at("tiuv_customer"), at("tiuv_household"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[id].to_owned(), (cells[customer].to_owned(), cells[household].to_owned()))
    };
    lines.map(row).collect()
}

/// The keys of each customer, whatever it is called.
fn groups(customers: &BTreeMap<String, (String, String)>) -> BTreeSet<BTreeSet<String>> {
    let mut by_customer: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (key, (customer, _)) in customers {
        by_customer.entry(customer).or_default().insert(key.clone());
    }
    by_customer.into_values().collect()
}

fn summary(place: &Place) -> serde_json::Value {
    let text = std::fs::read_to_string(place.path("out/run.json")).expect("written");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn customers_keep_their_names_when_rows_come_go_and_change_places() {
    let place = Place::new();
    let mut rows = people(60);
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let before = customers(&place);
    assert!(groups(&before).len() < rows.len(), "some rows are one customer");

    rows.reverse();
    rows.remove(3);
    rows.push(["777", "Zohar", "Levin", "1971-03-04", "0521234321", "zohar.levin@walla.co.il"].map(str::to_owned));
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let after = customers(&place);
    for (key, customer) in &after {
        if let Some(known) = before.get(key) {
            assert_eq!(customer.0, known.0, "{key}");
        }
    }
    assert!(before.values().all(|(known, _)| *known != after["777"].0));
}

#[test]
fn the_same_run_twice_gives_the_same_bytes_and_one_record() {
    let place = Place::new();
    place.write("club.csv", list(&people(40)));
    clean(&place, &["club.csv"], &[]);
    let first = std::fs::read(place.path("out/rows.csv")).expect("written");
    let run = summary(&place)["run"].clone();
    clean(&place, &["club.csv"], &[]);
    assert_eq!(std::fs::read(place.path("out/rows.csv")).expect("written"), first);
    assert_eq!(summary(&place)["run"], run);
    let runs = place.tiuv(&["runs"]);
    assert_eq!(runs.stdout.lines().filter(|line| line.contains("club.csv")).count(), 1, "{}", runs.stdout);
}

#[test]
fn customers_stay_the_same_people_when_their_list_is_numbered_anew() {
    let place = Place::new();
    let mut rows = people(60);
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let first = customers(&place);
    let mut keys: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
    let names: Vec<String> = keys.iter().map(|key| first[key].0.clone()).collect();
    for year in 1..4 {
        // Everybody gets the key of somebody else.
        keys.rotate_left(7);
        rows.iter_mut().zip(&keys).for_each(|(row, key)| row[0].clone_from(key));
        place.write("club.csv", list(&rows));
        let ran = clean(&place, &["club.csv"], &[]);
        assert!(ran.stdout.contains("numbered anew"), "{}", ran.stdout);
        let now = customers(&place);
        for (row, name) in rows.iter().zip(&names) {
            assert_eq!(&now[&row[0]].0, name, "year {year}: {row:?}");
        }
        assert_eq!(summary(&place)["resolve"]["known_elsewhere"], 0);
    }
}

#[test]
fn who_gets_the_number_of_one_who_left_is_a_new_customer() {
    let place = Place::new();
    let mut rows = people(60);
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let before = customers(&place);
    let left = std::mem::replace(
        &mut rows[2],
        ["2", "Zohar", "Levin", "1971-03-04", "0521234321", "zohar.levin@walla.co.il"].map(str::to_owned),
    );
    place.write("club.csv", list(&rows));
    let ran = clean(&place, &["club.csv"], &[]);
    assert!(ran.stdout.contains("1 key is another person's than when the list was read before\n"), "{}", ran.stdout);
    let after = customers(&place);
    assert_ne!(after["2"].0, before[&left[0]].0);
    assert_eq!(after["3"].0, before["3"].0);
    // It keeps that name of its own, also when something else of it changes.
    rows[2][4] = "0521234322".to_owned();
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    assert_eq!(customers(&place)["2"].0, after["2"].0);
}

#[test]
fn a_list_after_another_is_resolved_as_both_together() {
    let rows = people(90);
    for parts in [2, 3] {
        let together = Place::new();
        let apart = Place::new();
        let mut names = Vec::new();
        for part in 0..parts {
            // Copies stand in other lists than what they are copies of.
            let own: Vec<_> =
                rows.iter().enumerate().filter(|(at, _)| at % parts == part).map(|(_, row)| row.clone()).collect();
            let name = format!("part{part}.csv");
            together.write(&name, list(&own));
            apart.write(&name, list(&own));
            names.push(name);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        clean(&together, &names, &["--no-state"]);
        let expected = groups(&customers(&together));
        let mut found = BTreeMap::new();
        for name in &names {
            clean(&apart, &[name], &[]);
            found.extend(customers(&apart));
        }
        // The first lists are looked at once more, now that all are known.
        for name in &names {
            clean(&apart, &[name], &[]);
            found.extend(customers(&apart));
        }
        assert_eq!(groups(&found), expected, "{parts} parts");
        assert!(summary(&apart)["resolve"]["known_elsewhere"].as_u64().expect("a number") > 0);
    }
}

#[test]
fn older_exports_of_a_list_in_the_workspace_change_no_customer() {
    for seed in 0..3 {
        let rows = people(60);
        let mut older: Vec<[String; 6]> =
            rows.iter().enumerate().filter(|(at, _)| (at + seed) % 4 != 0).map(|(_, row)| row.clone()).collect();
        for row in older.iter_mut().skip(seed).step_by(5) {
            // Another phone, another name: what they held then must not join or part them now.
            row[4] = format!("05471{:05}", 40_000 + seed);
            row[2] = "Zilberberg".to_owned();
        }
        older.extend((0..5).map(|index| {
            let mut row = rows[(index * 7 + seed) % rows.len()].clone();
            row[0] = format!("9{index}");
            row
        }));
        let empty = Place::new();
        empty.write("club.csv", list(&rows));
        clean(&empty, &["club.csv"], &["--no-state"]);
        let place = Place::new();
        place.write("club.csv", list(&older));
        clean(&place, &["club.csv"], &[]);
        place.write("club.csv", list(&rows));
        clean(&place, &["club.csv"], &[]);
        assert_eq!(groups(&customers(&place)), groups(&customers(&empty)), "seed {seed}");
    }
}

#[test]
fn decisions_are_obeyed_until_a_value_changes_or_they_are_undone() {
    let place = Place::new();
    let mut rows = people(30);
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let before = customers(&place);
    assert_eq!(before["1"].0, before["10000"].0, "a copy");
    assert_ne!(before["2"].0, before["3"].0, "strangers");

    for arguments in [
        &["decide", "different", "1", "10000", "--why", "mother and daughter"][..],
        &["decide", "same", "2", "3", "--why", "she married"],
        &["decide", "household", "5", "6", "--why", "they said so"],
    ] {
        let ran = place.tiuv(arguments);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
    }
    clean(&place, &["club.csv"], &[]);
    let decided = customers(&place);
    assert_ne!(decided["1"].0, decided["10000"].0);
    let kept = ["1", "10000"].iter().filter(|key| decided[**key].0 == before["1"].0).count();
    assert_eq!(kept, 1, "the founder keeps the name");
    assert_eq!(decided["2"].0, decided["3"].0);
    assert_ne!(decided["5"].0, decided["6"].0);
    assert_eq!(decided["5"].1, decided["6"].1);
    assert_eq!(summary(&place)["resolve"]["decisions"]["obeyed"], 3);

    let listed = place.tiuv(&["decide", "list"]);
    assert!(
        listed.stdout.contains("mother and daughter") && listed.stdout.contains("club.csv:10000"),
        "{}",
        listed.stdout
    );
    assert_eq!(place.tiuv(&["decide", "undo", "1"]).exit, Some(0));
    clean(&place, &["club.csv"], &[]);
    assert_eq!(groups(&customers(&place)).len(), groups(&before).len() - 1, "merged again, and 2 and 3 still are");

    let third = rows.iter_mut().find(|row| row[0] == "3").expect("there");
    third[4] = "0547654321".to_owned();
    place.write("club.csv", list(&rows));
    clean(&place, &["club.csv"], &[]);
    let changed = customers(&place);
    assert_ne!(changed["2"].0, changed["3"].0);
    assert_eq!(summary(&place)["resolve"]["decisions"]["lapsed"], serde_json::json!([2]));
}

#[test]
fn decisions_that_contradict_each_other_are_told_and_the_last_one_counts() {
    let place = Place::new();
    place.write("club.csv", list(&people(12)));
    clean(&place, &["club.csv"], &[]);
    for (what, left, right) in [("same", "2", "3"), ("same", "3", "5"), ("different", "2", "5")] {
        assert_eq!(place.tiuv(&["decide", what, left, right, "--why", "x"]).exit, Some(0));
    }
    clean(&place, &["club.csv"], &[]);
    let decided = customers(&place);
    assert_ne!(decided["2"].0, decided["5"].0);
    assert_eq!(summary(&place)["resolve"]["decisions"]["contradicted"], serde_json::json!([1]));
}

#[test]
fn what_can_not_be_decided_is_said() {
    let place = Place::new();
    let none = place.tiuv(&["decide", "same", "1", "2", "--why", "x"]);
    assert!(none.exit == Some(2) && none.stderr.contains("no workspace"), "{none:?}");
    place.write("club.csv", list(&people(9)));
    place.write("web.csv", list(&people(9)).replacen("mobile", "phone", 1));
    clean(&place, &["club.csv", "web.csv"], &[]);
    for (arguments, said) in [
        (&["same", "club.csv:1", "99999"][..], "no row is named `99999`"),
        (&["same", "1", "2"], "several lists have a row `1`"),
        (&["same", "club.csv:1", "club.csv:#1"], "are the same row"),
        (&["undo", "7"], "no decision 7"),
    ] {
        let why: &[&str] = if arguments[0] == "undo" { &[] } else { &["--why", "x"] };
        let ran = place.tiuv(&[&["decide"][..], arguments, why].concat());
        assert!(ran.exit == Some(2) && ran.stderr.contains(said), "{arguments:?}: {ran:?}");
    }
    let named = place.tiuv(&["decide", "same", "club.csv:1", "web.csv:#2", "--why", "x"]);
    assert_eq!(named.exit, Some(0), "{named:?}");
}
