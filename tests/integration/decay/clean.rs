//! What has gone stale: evidence from a list and its events, told to a person, to programs and to later commands.

use std::collections::BTreeMap;

use crate::support::program::{Place, Ran};

/// The day of the fixture: some of its events are later.
const TODAY: &str = "2026-11-01";

/// A place with the fixture's list and events.
fn club() -> Place {
    let place = Place::new();
    for name in ["club.csv", "events.csv"] {
        let path = format!("{}/fixtures/decay/{name}", env!("CARGO_MANIFEST_DIR"));
        place.write(name, std::fs::read_to_string(path).expect("a fixture"));
    }
    place
}

fn clean(place: &Place, more: &[&str]) -> Ran {
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out", "--mx", "off", "--as-of", TODAY][..], more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    ran
}

fn table(place: &Place, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(place.path(name)).expect("written");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.expect("a record"))).collect()
}

/// Each row by its own key.
fn rows(place: &Place) -> BTreeMap<String, BTreeMap<String, String>> {
    table(place, "out/rows.csv").into_iter().map(|row| (row["מספר לקוח"].clone(), row)).collect()
}

fn stale(row: &BTreeMap<String, String>, kind: &str) -> Option<f64> {
    row[&format!("tiuv_{kind}_stale")].parse().ok()
}

fn figures(place: &Place) -> serde_json::Value {
    let text = std::fs::read_to_string(place.path("out/run.json")).expect("written");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn events_move_probabilities_and_every_record_is_accounted_for() {
    let place = club();
    clean(&place, &["--no-state"]);
    let before = rows(&place);
    let ran = clean(&place, &["--no-state", "--events", "events.csv"]);
    let after = rows(&place);
    // Whoever said "not me" is likelier not the owner, whoever confirmed is.
    assert!(stale(&after["20016"], "phone") > stale(&before["20016"], "phone"));
    assert!(stale(&after["20014"], "phone") < stale(&before["20014"], "phone"));
    let decay = &figures(&place)["decay"];
    let aside = decay["events_set_aside"].as_object().expect("counts");
    for (why, count) in [("bad_date", 1), ("unknown_channel", 1), ("unknown_event", 1), ("unknown_record", 1)] {
        assert_eq!(aside[why], count, "{why}");
    }
    let text = std::fs::read_to_string(place.path("events.csv")).expect("there");
    let later = text.lines().filter(|line| line.split(',').nth(1).is_some_and(|at| (TODAY.."3").contains(&at))).count();
    let set_aside: u64 = aside.values().filter_map(serde_json::Value::as_u64).sum();
    let used = decay["events"].as_u64().expect("a count");
    assert_eq!(used + set_aside + later as u64, text.lines().count() as u64 - 1);
    assert!(ran.stderr.contains("an unknown channel, column channel"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{later} events are dated on the day of the run or later")), "{}", ran.stderr);
}

#[test]
fn what_has_not_happened_yet_leaves_no_trace() {
    let full = club();
    let cut = club();
    let text = std::fs::read_to_string(full.path("events.csv")).expect("there");
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| line.split(',').nth(1).is_none_or(|at| !at.starts_with("20") || at < TODAY))
        .collect();
    assert!(kept.len() < text.lines().count(), "the fixture has later events");
    cut.write("events.csv", kept.join("\n"));
    for place in [&full, &cut] {
        clean(place, &["--events", "events.csv", "--quiet"]);
    }
    let outputs = |place: &Place| -> BTreeMap<String, Vec<u8>> {
        let is_output = |name: &str| name.starts_with("out/") || name.ends_with(".customers.db");
        place.files().into_iter().filter(|(name, _)| is_output(name)).collect()
    };
    let (full, cut) = (outputs(&full), outputs(&cut));
    assert_eq!(full.keys().collect::<Vec<_>>(), cut.keys().collect::<Vec<_>>());
    for (name, bytes) in &full {
        assert!(cut[name] == *bytes, "{name} differs");
    }
}

#[test]
fn the_run_is_named_after_the_events_that_it_used() {
    let place = club();
    let mut names = std::collections::BTreeSet::new();
    for more in [&[][..], &["--events", "events.csv"], &["--events", "events.csv", "--as-of", "2026-10-31"]] {
        let more = [&["--no-state"], more].concat();
        let mut args = vec!["clean", "club.csv", "--out", "out", "--mx", "off"];
        if !more.contains(&"--as-of") {
            args.extend(["--as-of", TODAY]);
        }
        assert_eq!(place.tiuv(&[&args[..], &more].concat()).exit, Some(0));
        names.insert(figures(&place)["run"].as_str().expect("a name").to_owned());
    }
    assert_eq!(names.len(), 3);
}

#[test]
fn threads_and_the_order_of_events_change_nothing() {
    let bytes = |place: &Place, threads: &str| {
        clean(place, &["--events", "events.csv", "--no-state", "--threads", threads]);
        place.files().into_iter().filter(|(name, _)| name.starts_with("out/")).collect::<BTreeMap<_, _>>()
    };
    let place = club();
    let one = bytes(&place, "1");
    assert_eq!(bytes(&place, "3"), one);
    let text = std::fs::read_to_string(place.path("events.csv")).expect("there");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    place.write("events.csv", lines.join("\n") + "\n");
    assert_eq!(bytes(&place, "2"), one);
}

#[test]
fn a_copy_of_a_row_changes_no_probability() {
    let place = club();
    clean(&place, &["--no-state", "--events", "events.csv", "--no-resolve"]);
    let before = rows(&place);
    let text = std::fs::read_to_string(place.path("club.csv")).expect("there");
    let copied = text.lines().find(|line| line.starts_with("20007,")).expect("a row");
    place.write("club.csv", format!("{text}{}\n", copied.replacen("20007", "30007", 1)));
    clean(&place, &["--no-state", "--events", "events.csv", "--no-resolve"]);
    let after = rows(&place);
    assert_eq!(after["30007"]["tiuv_email_stale"], after["20007"]["tiuv_email_stale"]);
    for kind in ["email", "phone"] {
        let (before, after) = (stale(&before["20007"], kind), stale(&after["20007"], kind));
        // One contact more among those that the level is solved on moves it a hair.
        assert!(before.zip(after).is_none_or(|(before, after)| (before - after).abs() < 0.005), "{before:?} {after:?}");
    }
}

#[test]
fn notes_and_statuses_stand_against_contact() {
    let place = club();
    clean(&place, &["--no-state", "--flag", "100%"]);
    let flagged = table(&place, "out/flagged.csv");
    let next = |key: &str| {
        flagged.iter().find(|line| line["מספר לקוח"] == key).map(|line| line["next"].clone()).expect("flagged")
    };
    assert_eq!(next("20012"), "nothing", "died");
    assert_ne!(next("20024"), "call", "does not want to be called");
    assert_eq!(next("20045"), "nothing", "a lawsuit");
    assert_eq!(next("20053"), "till", "blocked");
    let died = &rows(&place)["20012"];
    assert!(stale(died, "phone").or(stale(died, "email")).is_some_and(|p| p >= 0.95));
    // A street named after somebody is no death.
    let street = &rows(&place)["20032"];
    assert!([stale(street, "email"), stale(street, "phone")].into_iter().flatten().all(|p| p < 0.95));
}

#[test]
fn the_share_of_flagged_customers_is_the_one_asked_for_the_likeliest_first() {
    let place = club();
    clean(&place, &["--no-state", "--events", "events.csv", "--flag", "10%"]);
    let flags = &figures(&place)["decay"]["flags"];
    let (flagged, of) = (flags["flagged"].as_u64().expect("a count"), flags["of"].as_u64().expect("a count"));
    assert_eq!(flagged, of.div_ceil(10));
    let lines = table(&place, "out/flagged.csv");
    let p: Vec<f64> = lines.iter().map(|line| line["stale"].parse().expect("a number")).collect();
    assert!(p.is_sorted_by(|left, right| left >= right), "{p:?}");
    assert!(lines.iter().all(|line| !line["why"].is_empty() && !line["what_to_do"].is_empty()));
    let customers = table(&place, "out/customers.csv");
    assert_eq!(customers.iter().filter(|line| line["tiuv_flagged"] == "yes").count() as u64, flagged);
}

#[test]
fn value_and_status_come_from_purchases() {
    let place = club();
    clean(&place, &["--no-state", "--events", "events.csv"]);
    let customers = table(&place, "out/customers.csv");
    let statuses: std::collections::BTreeSet<&str> =
        customers.iter().map(|line| line["tiuv_status"].as_str()).collect();
    assert!(
        statuses.contains("loyal") && statuses.contains("passive") && statuses.contains("churning"),
        "{statuses:?}"
    );
    let values: Vec<f64> = customers.iter().filter_map(|line| line["tiuv_value"].parse().ok()).collect();
    assert!(values.len() > customers.len() / 2 && values.iter().all(|value| (0.0..=10.0).contains(value)));
}

#[test]
fn explain_tells_what_a_probability_is_made_of_and_the_parts_sum_up() {
    let place = club();
    let row = rows_number(&place, "20014");
    let ran =
        place.tiuv(&["explain", &format!("club.csv:{row}"), "--events", "events.csv", "--as-of", TODAY, "--mx", "off"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let text = ran.stdout;
    assert!(text.contains("How stale are the contacts of this row?"), "{text}");
    assert!(text.contains("the owner answered"), "{text}");
    let number = |line: &str| {
        line.split_whitespace().find_map(|word| word.parse::<f64>().ok().filter(|_| word.starts_with(['+', '-'])))
    };
    let section = &text[text.find("How stale").expect("there")..];
    let mut sum = 0.0;
    let mut sums = 0;
    for line in section.lines() {
        let Some(value) = number(line).filter(|_| !line.contains('%')) else { continue };
        if line.trim_start().starts_with('=') {
            assert!((sum - value).abs() < 0.05, "{line}: {sum}");
            (sum, sums) = (0.0, sums + 1);
        } else {
            sum += value;
        }
    }
    assert!(sums >= 1, "{section}");
}

fn rows_number(place: &Place, key: &str) -> usize {
    let text = std::fs::read_to_string(place.path("club.csv")).expect("there");
    text.lines().position(|line| line.starts_with(&format!("{key},"))).expect("a row")
}

#[test]
fn learning_needs_enough_outcomes_and_can_be_taken_back() {
    let place = club();
    let outcomes = |count: u32, day: &str| {
        let mut outcomes = "record,field,outcome,at\n".to_owned();
        for key in 20001..20001 + count {
            let found = if key % 3 == 0 { "stale" } else { "alive" };
            outcomes.push_str(&format!("{key},email,{found},{day}\n"));
        }
        place.write("outcomes.csv", outcomes);
    };
    outcomes(46, "2026-10-20");
    let args = ["learn", "club.csv", "--events", "events.csv", "--outcomes", "outcomes.csv", "--as-of", TODAY];
    let ran = place.tiuv(&args);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("60 are needed") && ran.stdout.contains("16 more answers"), "{}", ran.stdout);
    let said = ran.stdout.find("% stale, were").expect("what was said and what was found");
    assert!(said < ran.stdout.find("AUC").expect("measures"), "{}", ran.stdout);
    assert!(place.tiuv(&["learn", "--list"]).stdout.contains("nothing was learnt yet"));
    assert!(place.tiuv(&["learn", "--rollback"]).stdout.contains("decay.toml"));
    // Answers of the day itself count tomorrow.
    outcomes(46, TODAY);
    let ran = place.tiuv(&args);
    assert_eq!(ran.exit, Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("46 answers of") && ran.stderr.contains("count from the day after on"),
        "{}",
        ran.stderr
    );
    // A campaign's answers are enough to be taken, where that is better on outcomes that the fit had not seen.
    outcomes(160, "2026-10-20");
    let ran = place.tiuv(&args);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stdout.contains("are needed"), "{}", ran.stdout);
    if ran.stdout.contains("is in force from now on") {
        assert!(place.tiuv(&["learn", "--list"]).stdout.contains("in force"));
        clean(&place, &["--events", "events.csv"]);
        assert_eq!(figures(&place)["decay"]["kinds"][0]["learnt"][0], 1);
        assert!(place.tiuv(&["learn", "--rollback"]).stdout.contains("email model 1 is no longer in force"));
    }
    clean(&place, &["--events", "events.csv"]);
    assert!(figures(&place)["decay"]["kinds"][0]["learnt"].is_null());
}

#[test]
fn a_later_run_knows_for_how_long_a_value_has_been_the_same() {
    let place = club();
    let run = |day: &str| {
        let args = ["clean", "club.csv", "--out", "out", "--mx", "off", "--as-of", day];
        let ran = place.tiuv(&args);
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        rows(&place)
    };
    run("2026-11-01");
    let text = std::fs::read_to_string(place.path("club.csv")).expect("there");
    let number =
        text.lines().find(|line| line.starts_with("20002,")).and_then(|line| line.split(',').nth(3)).expect("a phone");
    // Another number, and no word of when it was written down.
    place.write("club.csv", text.replace(number, "054-7700112"));
    let changed = run("2027-11-01");
    place.write("club.csv", text);
    std::fs::remove_dir_all(place.path(".tiuv")).expect("removed");
    let unchanged = run("2027-11-01");
    assert!(stale(&changed["20002"], "phone") < stale(&unchanged["20002"], "phone"), "a newer value is younger");
}

#[test]
fn a_file_that_holds_no_events_is_refused_with_what_to_do() {
    let place = club();
    place.write("events.csv", "who,when\n1,2\n");
    let ran = place.tiuv(&["clean", "club.csv", "--out", "out", "--mx", "off", "--events", "events.csv", "--no-state"]);
    assert_eq!(ran.exit, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("it has no column record, at, channel, event"), "{}", ran.stderr);
    assert!(ran.stderr.contains("name its columns record, at, channel and event"), "{}", ran.stderr);
}

#[test]
fn without_decay_its_columns_are_there_and_empty() {
    let place = club();
    clean(&place, &["--no-state", "--no-decay"]);
    let row = &rows(&place)["20001"];
    assert!(["tiuv_email_stale", "tiuv_flagged", "tiuv_status"].iter().all(|column| row[*column].is_empty()));
    assert!(!place.path("out/flagged.csv").exists());
    assert!(figures(&place)["decay"].is_null());
}
