//! A year's work of the club: the first one with every way to refuse, the second one with another program's list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::date;
use rusqlite::Connection;
use tiuv::pipeline::{IncomingMessage, MessageReader, Setup, find_callers};
use tiuv::rule::Context;
use tiuv::store::{SendResult, Store};

use super::people::{Change, Person, Way, first_list, other_list, second_list};
use crate::support::program::{Place, Ran};

pub(super) const FIRST_NAME: &str = "members_2026-11.csv";
pub(super) const SECOND_NAME: &str = "members_2028-02.csv";
pub(super) const CONFIG: &str = "[outreach]\nsender = \"Kalanit\"\nlink_base = \"https://kalanit.example/c/\"\n";
pub(super) const LIMITS: [&str; 8] =
    ["--consent-basis", "club rules", "--max-sms", "100000", "--max-email", "100000", "--max-calls", "100000"];

pub(super) fn tiuv(place: &Place, day: &str, args: &[&str]) -> Ran {
    let ran = place.tiuv(&[args, &["--as-of", day]].concat());
    assert_eq!(ran.exit, Some(0), "{args:?}: {ran:?}");
    ran
}

pub(super) fn plan(place: &Place, day: &str, out: &str) {
    tiuv(place, day, &[&["outreach", "plan", "--out", out], &LIMITS[..]].concat());
}

/// What somebody wrote to a gateway.
pub(super) fn message(place: &Place, from: &str, text: &str) {
    let setup = setup();
    let reader = MessageReader::new(&setup, 1000).expect("the shipped rules load");
    let mut store = Store::open(&place.path(".tiuv")).expect("opens");
    let message = IncomingMessage {
        gateway_id: format!("IN {from} {text}"),
        from: from.to_owned(),
        text: text.to_owned(),
        other_order: None,
        own_word: None,
    };
    reader
        .take_in("texts", message, "2026-11-25T10:00:00Z".parse().expect("a moment"), &mut store)
        .expect("is taken in");
}

fn setup() -> Setup {
    Setup::new(Context::shipped("IL", date(2026, 11, 21))).expect("the shipped rules load")
}

pub(super) fn state(place: &Place) -> Connection {
    Connection::open(place.path(".tiuv/state.db")).expect("the workspace opens")
}

/// A table by the names of its columns.
pub(super) fn table(place: &Place, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(place.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let named =
        |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| named(record.expect("is of the header's length"))).collect()
}

/// Clean, plan, dispatch, answers: everybody refuses in the own way.
pub(super) fn first_year(people: &[Person]) -> Place {
    let place = Place::new();
    place.write("tiuv.toml", CONFIG);
    place.write(FIRST_NAME, first_list(people));
    let by = |way: Way| people.iter().filter(move |person| person.way == way);
    let events = by(Way::EventOptout).map(|person| format!("{},2026-11-10,call,opt_out\n", person.key()));
    place.write("events.csv", format!("Member No,at,channel,event\n{}", events.collect::<String>()));
    let day = "2026-11-21";
    tiuv(&place, day, &["clean", FIRST_NAME, "--events", "events.csv", "--out", "out", "--map", "status=Status"]);
    plan(&place, day, "plan");

    let asked = |phone: &str| -> i64 {
        let found = state(&place).query_row("SELECT id FROM outbox WHERE recipient = ?1", [phone], |row| row.get(0));
        found.unwrap_or_else(|error| panic!("{phone} was not asked: {error}"))
    };
    let sent = "UPDATE outbox SET state = 'sent', gateway = 'texts', gateway_id = 'SM' || id WHERE channel <> 'call'";
    state(&place).execute(sent, []).expect("sent");
    let mut store = Store::open(&place.path(".tiuv")).expect("opens");
    for person in by(Way::GatewayRefuses) {
        let id = asked(&person.phone());
        state(&place).execute("UPDATE outbox SET state = 'sending' WHERE id = ?1", [id]).expect("begun");
        let refused = [(id, SendResult::OptedOut { code: "twilio:21610".to_owned() })];
        store.record_sends(&refused, "2026-11-22T09:00:00Z".parse().expect("a moment"), || ()).expect("is written");
    }
    drop(store);
    by(Way::SmsStop).for_each(|person| message(&place, &person.phone(), "STOP"));
    by(Way::MailStop).for_each(|person| message(&place, &person.email(), "unsubscribe"));
    call(&place, people);

    let numbers: Vec<String> = by(Way::SuppressNumber).map(Person::phone).collect();
    suppress(&place, &numbers);
    let numbers: String = by(Way::SuppressFile).map(|person| person.phone() + "\n").collect();
    place.write("unsubscribed.csv", format!("phone\n{numbers}"));
    tiuv(&place, "2026-11-26", &["suppress", "import", "unsubscribed.csv", "--reason", "opt_out"]);
    suppress(&place, &by(Way::SuppressKey).map(Person::key).collect::<Vec<_>>());
    place
}

pub(super) fn suppress(place: &Place, who: &[String]) {
    let who: Vec<&str> = who.iter().map(String::as_str).collect();
    tiuv(place, "2026-11-26", &[&["suppress", "add"], &who[..]].concat());
}

/// Calls are handed out, made, and their list comes back.
fn call(place: &Place, people: &[Person]) {
    state(place)
        .execute("UPDATE outbox SET due_at = '2026-11-21T08:00:00Z' WHERE channel = 'call'", [])
        .expect("is due");
    tiuv(place, "2026-11-24", &["outreach", "calls", "--out", "lists", "--format", "csv", "--language", "en"]);
    let outcome = |way: Way| match way {
        Way::CallRefused => "refused",
        Way::CallDeceased => "deceased",
        Way::WrongPerson => "wrong person",
        _ => "disconnected",
    };
    let mut filled = String::from("call,outcome\n");
    for person in people.iter().filter(|person| person.way.is_call()) {
        let id: i64 = state(place)
            .query_row("SELECT id FROM outbox WHERE recipient = ?1 AND state = 'sent'", [person.phone()], |row| {
                row.get(0)
            })
            .unwrap_or_else(|error| panic!("{:?} {:?} was not called: {error}", person.way, person.change));
        filled.push_str(&format!("{id},{}\n", outcome(person.way)));
    }
    place.write("filled.csv", filled);
    tiuv(place, "2026-11-25", &["outreach", "import", "filled.csv"]);
}

/// What the second year comes to.
pub(super) struct Year {
    place: Place,
    /// The customers who have an address or a number.
    of_contact: BTreeMap<String, BTreeSet<String>>,
    /// Where each customer is asked.
    outbox: BTreeMap<String, String>,
    held: BTreeMap<String, String>,
    next: BTreeMap<String, BTreeSet<String>>,
    rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    setup: Setup,
}

impl Year {
    /// The workspace of the first year goes on with another program's list under this name.
    pub(super) fn second(first: &Place, people: &[Person], name: &str) -> Year {
        let place = Place::new();
        copy(&first.path(".tiuv"), &place.path(".tiuv"));
        Year::cleaned(place, people, name)
    }

    /// Cleans and plans the second year in a workspace.
    pub(super) fn cleaned(place: Place, people: &[Person], name: &str) -> Year {
        place.write("tiuv.toml", CONFIG);
        std::fs::write(place.path(name), second_list(people)).expect("is written");
        place.write("shop.csv", other_list(people));
        let day = "2028-02-01";
        tiuv(&place, day, &["clean", name, "shop.csv", "--out", "out", "--flag", "100%"]);
        plan(&place, day, "plan");
        let mut year = Year {
            of_contact: BTreeMap::new(),
            outbox: table(&place, "plan/outbox.csv")
                .iter()
                .map(|row| (row["customer"].clone(), row["to"].clone()))
                .collect(),
            held: table(&place, "plan/held_back.csv")
                .iter()
                .map(|row| (row["customer"].clone(), row["reason"].clone()))
                .collect(),
            next: BTreeMap::new(),
            rows: BTreeMap::new(),
            setup: setup(),
            place,
        };
        for row in table(&year.place, "out/rows.csv") {
            for contact in ["tiuv_email", "tiuv_phone"].into_iter().filter(|column| !row[*column].is_empty()) {
                year.of_contact.entry(row[contact].clone()).or_default().insert(row["tiuv_customer"].clone());
            }
            year.rows.entry(row["tiuv_customer"].clone()).or_default().push(row);
        }
        for row in table(&year.place, "out/customers.csv") {
            year.rows.entry(row["tiuv_customer"].clone()).or_default().push(row);
        }
        for row in table(&year.place, "out/flagged.csv") {
            year.next.entry(row["customer"].clone()).or_default().insert(row["next"].clone());
        }
        year
    }

    fn customers(&self, person: &Person) -> BTreeSet<&str> {
        let contacts = [person.phone(), person.new_phone(), person.email(), person.new_email()];
        let found = contacts.iter().filter_map(|contact| self.of_contact.get(contact)).flatten();
        found.map(String::as_str).collect()
    }

    /// What does not hold of a person in any place.
    pub(super) fn faults(&self, person: &Person) -> Vec<String> {
        let customers = self.customers(person);
        assert!(!customers.is_empty(), "{person:?} is in the list");
        let asked: Vec<&str> =
            customers.iter().filter_map(|customer| self.outbox.get(*customer)).map(String::as_str).collect();
        let mut faults = Vec::new();
        if person.way.holds_person() {
            faults.extend(asked.iter().map(|to| format!("asked at {to}")));
            for customer in &customers {
                self.held_faults(person, customer, &mut faults);
            }
            self.lookup_faults(person, &mut faults);
            return faults;
        }
        if person.way != Way::None && asked.contains(&person.phone().as_str()) {
            faults.push("asked at the old number".to_owned());
        }
        let has_new_number =
            [Change::NewNumber, Change::NewBoth, Change::NewId, Change::Merged, Change::SurnameAndNumber]
                .contains(&person.change);
        // An address of which nothing was heard for two years alone is no way to ask.
        if asked.is_empty() && (has_new_number || person.way == Way::None && person.change != Change::NoNumber) {
            let held: Vec<_> = customers.iter().filter_map(|customer| self.held.get(*customer)).collect();
            faults.push(format!("not asked: {held:?}"));
        }
        faults
    }

    fn held_faults(&self, person: &Person, customer: &str, faults: &mut Vec<String>) {
        let reason = self.held.get(customer).map(String::as_str);
        if reason != Some(person.way.reason()) {
            faults.push(format!("held back for {reason:?}"));
        }
        let allowed: &[&str] = if person.way.reason() == "deceased" { &["nothing"] } else { &["till", "nothing"] };
        if let Some(next) = self.next.get(customer)
            && !next.iter().all(|next| allowed.contains(&next.as_str()))
        {
            faults.push(format!("flagged with next {next:?}"));
        }
        for row in self.rows.get(customer).into_iter().flatten() {
            for column in ["tiuv_may_sms", "tiuv_may_call", "tiuv_may_email"] {
                if row.get(column).is_some_and(|may| may == "yes") {
                    faults.push(format!("{column} in rows or customers"));
                }
            }
        }
    }

    /// Whoever answers the telephone is told, by whatever the caller says.
    fn lookup_faults(&self, person: &Person, faults: &mut Vec<String>) {
        let store = Store::open(&self.place.path(".tiuv")).expect("opens");
        let profiles = store.latest_profiles().expect("reads").expect("are there");
        for customer in self.customers(person) {
            let id = tiuv::record::CustomerId::parse(customer).expect("is a name");
            let profile = profiles.by_id(id).expect("reads").expect("is there");
            let name = format!("{} {}", profile.first_name, profile.last_name);
            let contacts = profile.contacts.iter().map(|contact| contact.value.clone());
            for text in contacts.chain([name, profile.key.clone()]) {
                let found = find_callers(&store, &profiles, &self.setup, &text, 10).expect("reads");
                match found.callers.iter().find(|caller| caller.profile.id == id) {
                    None => faults.push(format!("not found by {text}")),
                    Some(caller) if caller.restrictions.is_empty() => {
                        faults.push(format!("lookup of {text} says nothing"))
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// Copies a workspace.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("is made");
    for entry in std::fs::read_dir(from).expect("can be read") {
        let entry = entry.expect("can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("is copied");
        }
    }
}
