//! Events as their senders write them: whose form a file has, what becomes of each record, and whom it holds.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::support::generator::{csv as csv_line, decay};
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
    let map = place.tiuv(&["map", "mailchimp_unsubscribed.csv"]);
    assert!(map.stderr.contains("(mailchimp_unsubscribed): what happened to contacts"), "{}", map.stderr);
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
    let may = |key: &str, channel: &str| {
        let row = customers(&place).into_iter().find(|row| row["id"] == key);
        row.unwrap_or_else(|| panic!("{key} is a customer"))[&format!("tiuv_may_{channel}")].clone()
    };
    clean(&place, &["--no-state"]);
    assert_eq!([may("504", "email"), may("501", "email"), may("505", "sms")], ["yes", "yes", "yes"]);
    clean(&place, &["--no-state", "--events", "mailchimp_cleaned.csv"]);
    assert_eq!([may("504", "email"), may("504", "sms"), may("501", "email")], ["no", "yes", "yes"], "it came back");
    clean(&place, &["--events", "mailchimp_unsubscribed.csv", "twilio.csv"]);
    assert_eq!([may("501", "email"), may("501", "sms")], ["no", "yes"], "of the mailing list alone");
    assert_eq!([may("505", "sms"), may("505", "email")], ["no", "no"], "wrote STOP");
    assert_eq!([may("504", "sms"), may("504", "email")], ["no", "no"], "the gateway knows of a STOP");
    // The events are not given again: the workspace remembers who refused.
    clean(&place, &[]);
    assert_eq!([may("501", "email"), may("505", "email"), may("502", "sms")], ["no", "no", "yes"]);
    let list = place.tiuv(&["suppress", "list"]);
    assert!(list.stdout.contains("gone.away@club-example.com"), "a stranger is kept for later lists: {}", list.stdout);
    // Lifted later than the event, it stays lifted.
    assert_eq!(place.tiuv(&["suppress", "remove", "gone.away@club-example.com"]).exit, Some(0));
    let lifted = place.tiuv(&["suppress", "list"]).stdout;
    clean(&place, &["--events", "mailchimp_unsubscribed.csv"]);
    let lines = |text: &str| text.lines().filter(|line| line.contains("gone.away@club-example.com")).count();
    let list = place.tiuv(&["suppress", "list"]).stdout;
    assert_eq!(lines(&list), lines(&lifted), "{list}");
}

/// How well a ranking finds what is stale: the share of pairs of a stale and a live one that it puts in the right order.
fn auc(pairs: &[(f64, bool)]) -> f64 {
    let mut pairs = pairs.to_vec();
    pairs.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut won, mut live) = (0.0, 0.0);
    for same in pairs.chunk_by(|left, right| left.0 == right.0) {
        let stale = same.iter().filter(|(_, is_stale)| *is_stale).count() as f64;
        let own = same.len() as f64 - stale;
        won += stale * (live + own / 2.0);
        live += own;
    }
    won / live / (pairs.len() as f64 - live)
}

#[test]
fn a_club_whose_events_name_addresses_is_judged_as_well_as_one_whose_events_name_records() {
    let club = decay::club(4_000, 7);
    let place = Place::new();
    let mut list = String::new();
    csv_line::push_record(&mut list, &decay::HEADER, ',', "\n");
    for (index, row) in club.rows.iter().enumerate() {
        csv_line::push_record(&mut list, &decay::cells(index, row, 7), ',', "\n");
    }
    place.write("club.csv", list);
    let mut by_record = String::from("record,at,channel,event\n");
    let mut by_contact = String::from("at,channel,event,value\n");
    let mut orders = String::from("Order Number,Order Status,Order Date,Email (Billing),Phone (Billing)\n");
    for one in &club.log {
        let row = &club.rows[one.row as usize];
        let (key, day, event) = (decay::key(one.row as usize), decay::day(one.day), one.event);
        let [email, phone] =
            [&row.email, &row.phone].map(|one| one.as_ref().map_or("", |contact| contact.text.as_str()));
        let value = match one.channel {
            "sms" | "call" | "reverify" => phone,
            _ if email.is_empty() => phone,
            _ => email,
        };
        // What nobody can be named by is not in the logs of senders.
        if value.is_empty() || row.phone.as_ref().is_some_and(|phone| phone.is_shop) {
            continue;
        }
        by_record.push_str(&format!("{key},{day},{},{event}\n", one.channel));
        if event == "purchase" {
            csv_line::push_record(&mut orders, &["1", "completed", &day.to_string(), email, phone], ',', "\n");
        } else {
            csv_line::push_record(&mut by_contact, &[&day.to_string(), one.channel, event, value], ',', "\n");
        }
    }
    place.write("by_record.csv", by_record);
    place.write("by_contact.csv", by_contact);
    place.write("orders.csv", orders);
    let figures = |events: &[&str]| -> [f64; 2] {
        clean(&place, &[&["--no-state", "--accept-mapping", "--quiet", "--events"], events].concat());
        let mut reader = csv::Reader::from_path(place.path("out/rows.csv")).expect("written");
        let header = reader.headers().expect("a header").clone();
        let at = |name: &str| header.iter().position(|own| own == name).expect("a column");
        let columns = [at("tiuv_email_stale"), at("tiuv_phone_stale")];
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a record")).collect();
        [0, 1].map(|kind| {
            let pair = |(row, truth): (&csv::StringRecord, &decay::DecayRow)| {
                let contact = [&truth.email, &truth.phone][kind].as_ref().filter(|contact| !contact.is_shop)?;
                Some((row[columns[kind]].parse().ok()?, contact.state != decay::State::Alive))
            };
            auc(&rows.iter().zip(&club.rows).filter_map(pair).collect::<Vec<_>>())
        })
    };
    let (records, contacts) = (figures(&["by_record.csv"]), figures(&["by_contact.csv", "orders.csv"]));
    for (left, right) in records.iter().zip(&contacts) {
        assert!(*left > 0.7 && (left - right).abs() < 0.005, "{records:?} {contacts:?}");
    }
}
