//! Events as their senders write them: whose form a file has, what becomes of each record, and whom it holds.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::support::program::{Place, Ran};

const TODAY: &str = "2026-11-01";

/// What becomes of a sample.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    sender: String,
    used: u64,
    #[serde(default)]
    later: u64,
    #[serde(default)]
    strangers: u64,
    #[serde(default)]
    set_aside: BTreeMap<String, u64>,
}

fn samples() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events")
}

/// A place with the samples and their list.
fn place() -> Place {
    let place = Place::new();
    for entry in std::fs::read_dir(samples()).expect("fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        place.write(&name, std::fs::read_to_string(&path).expect("a fixture"));
    }
    place
}

fn clean(place: &Place, more: &[&str]) -> Ran {
    let args = ["clean", "club.csv", "--out", "out", "--mx", "off", "--as-of", TODAY];
    let ran = place.tiuv(&[&args[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    ran
}

fn decay(place: &Place) -> serde_json::Value {
    let text = std::fs::read_to_string(place.path("out/run.json")).expect("written");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["decay"].clone()
}

fn customers(place: &Place) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(place.path("out/customers.csv")).expect("written");
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.expect("a record"))).collect()
}

#[test]
fn each_senders_sample_is_recognized_and_every_record_of_it_accounted_for() {
    let text = std::fs::read_to_string(samples().join("accounts.toml")).expect("a fixture");
    let accounts: BTreeMap<String, Account> = toml::from_str(&text).expect("is of the form");
    let place = place();
    let mut wrong = Vec::new();
    for (file, account) in &accounts {
        let ran = clean(&place, &["--no-state", "--events", file]);
        let decay = decay(&place);
        let aside: BTreeMap<String, u64> =
            serde_json::from_value(decay["events_set_aside"].clone()).unwrap_or_default();
        let aside: BTreeMap<String, u64> = aside.into_iter().filter(|(_, count)| *count > 0).collect();
        let said = |text: &str| ran.stderr.contains(text);
        let holds = decay["events"] == account.used
            && aside == account.set_aside
            && said(&format!("({})", account.sender))
            && (account.later == 0) != said(&format!("{} events are dated on the day", account.later))
            && (account.strangers == 0) != said(&format!("{} refusals are by addresses", account.strangers));
        if !holds {
            wrong.push(format!("{file}: {} used, aside {aside:?}\n{}", decay["events"], ran.stderr));
        }
    }
    let known = std::fs::read_dir(samples()).expect("fixtures").count();
    assert_eq!(accounts.len() + 2, known, "each sample has an account, beside the club and the accounts themselves");
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/events")).expect("rules");
    for path in files.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(accounts.values().any(|account| account.sender == name), "{name} has a sample");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sender_may_be_named_and_a_wrong_one_is_told_with_what_it_lacks() {
    let place = place();
    clean(&place, &["--no-state", "--events", "sendgrid:sendgrid.json"]);
    assert_eq!(decay(&place)["events"], 7);
    let run = |events: &str| {
        place.tiuv(&["clean", "club.csv", "--mx", "off", "--no-state", "--as-of", TODAY, "--events", events])
    };
    let wrong = run("shopify:sendgrid.json");
    assert_eq!(wrong.exit, Some(3), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("it is not of the form of shopify"), "{}", wrong.stderr);
    let unknown = run("sendgird:sendgrid.json");
    assert_eq!(unknown.exit, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("did you mean `sendgrid`?"), "{}", unknown.stderr);
    let plain = run("plain:sendgrid.json");
    assert_eq!(plain.exit, Some(3), "{}", plain.stderr);
    assert!(plain.stderr.contains("no column"), "{}", plain.stderr);
}

#[test]
fn a_bounce_kills_the_address_and_who_took_himself_off_is_held_by_later_runs_too() {
    let place = place();
    clean(&place, &["--events", "mailchimp_cleaned.csv", "mailchimp_unsubscribed.csv", "twilio.csv"]);
    let of = |key: &str| {
        let rows = customers(&place);
        rows.into_iter().find(|row| row["id"] == key).unwrap_or_else(|| panic!("{key} is a customer"))
    };
    let may = |key: &str, channel: &str| of(key)[&format!("tiuv_may_{channel}")].clone();
    assert_eq!(may("504", "email"), "no", "cleaned by the mailing program");
    assert_eq!(may("501", "email"), "no", "unsubscribed");
    assert_eq!(may("505", "sms"), "no", "wrote STOP");
    assert_eq!(may("504", "sms"), "no", "the gateway knows of a STOP");
    // The events are not given again: the workspace remembers who refused.
    clean(&place, &[]);
    assert_eq!(may("501", "email"), "no");
    assert_eq!(may("505", "sms"), "no");
    let list = place.tiuv(&["suppress", "list"]);
    assert!(list.stdout.contains("gone.away@club-example.com"), "a stranger is kept for later lists: {}", list.stdout);
    // Lifted later than the event, it stays lifted.
    assert_eq!(place.tiuv(&["suppress", "lift", "gone.away@club-example.com"]).exit, Some(0));
    clean(&place, &["--events", "mailchimp_unsubscribed.csv"]);
    let list = place.tiuv(&["suppress", "list"]);
    assert!(!list.stdout.contains("gone.away@club-example.com"), "{}", list.stdout);
}

#[test]
fn events_that_name_addresses_say_what_those_that_name_records_say() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/decay");
    let place = Place::new();
    let club = std::fs::read_to_string(fixtures.join("club.csv")).expect("a fixture");
    let mut contacts: BTreeMap<String, (String, String)> = BTreeMap::new();
    for row in csv::Reader::from_reader(club.as_bytes()).records() {
        let row = row.expect("a record");
        contacts.insert(row[0].to_owned(), (row[4].to_owned(), row[3].to_owned()));
    }
    place.write("club.csv", &club);
    let mut by_record = csv::Writer::from_writer(Vec::new());
    let mut by_contact = csv::Writer::from_writer(Vec::new());
    by_record.write_record(["מספר לקוח", "at", "channel", "event"]).expect("written");
    by_contact.write_record(["at", "channel", "event", "value"]).expect("written");
    let mut used = 0;
    for event in csv::Reader::from_path(fixtures.join("events.csv")).expect("a fixture").records() {
        let event = event.expect("a record");
        let Some((email, mobile)) = contacts.get(&event[0]) else { continue };
        let value = match &event[2] {
            "email" => email,
            "sms" => mobile,
            _ => continue,
        };
        // One that names another contact says something else by the record; a cell with several is no one's name.
        if value.is_empty() || value.contains([';', ',']) || !event[4].is_empty() || !event[5].is_empty() {
            continue;
        }
        used += 1;
        by_record.write_record([&event[0], &event[1], &event[2], &event[3]]).expect("written");
        by_contact.write_record([&event[1], &event[2], &event[3], value]).expect("written");
    }
    assert!(used > 1000, "{used} events");
    place.write("by_record.csv", by_record.into_inner().expect("whole"));
    place.write("by_contact.csv", by_contact.into_inner().expect("whole"));
    let figures = |events: &str| -> BTreeMap<String, [Option<f64>; 2]> {
        clean(&place, &["--no-state", "--events", events]);
        let mut reader = csv::Reader::from_path(place.path("out/rows.csv")).expect("written");
        let header = reader.headers().expect("a header").clone();
        let at = |name: &str| header.iter().position(|own| own == name).expect("a column");
        let columns = [at("tiuv_email_stale"), at("tiuv_phone_stale")];
        let row = |row: csv::StringRecord| (row[0].to_owned(), columns.map(|column| row[column].parse().ok()));
        reader.records().map(|record| row(record.expect("a record"))).collect()
    };
    let (records, contacts) = (figures("by_record.csv"), figures("by_contact.csv"));
    let (mut sum, mut count) = (0.0, 0.0);
    for (key, by_record) in &records {
        for (left, right) in by_record.iter().zip(&contacts[key]) {
            assert_eq!(left.is_some(), right.is_some(), "{key}");
            if let (Some(left), Some(right)) = (left, right) {
                sum += (left - right).abs();
                count += 1.0;
            }
        }
    }
    assert!(count > 200.0 && sum / count < 0.005, "{sum} over {count}");
}
