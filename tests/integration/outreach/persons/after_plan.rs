//! Refusals that come between the plan and its dispatch: from an old number, by the list, from a run that was made meanwhile.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use super::people::{Change, Person, Way, local};
use super::year::{LIMITS, message, state, suppress, tiuv};
use crate::outreach::dispatch::club::{command, settings};
use crate::outreach::dispatch::fake::{ACCOUNT, Deed, Fake, PASSWORD, SERVICE, USER};
use crate::support::program::{Place, Ran, TIUV};

/// How the refusal comes; the number is the old one.
const WAYS: [Way; 8] = [
    Way::None,
    Way::SmsStop,
    Way::MailStop,
    Way::SuppressNumber,
    Way::SuppressFile,
    Way::SuppressKey,
    Way::Column,
    Way::Status,
];

fn is_called(person: &Person) -> bool {
    matches!(person.change, Change::NewNumber | Change::NewEmail)
}

fn list(people: &[Person], head: &str, row: impl Fn(&Person) -> String) -> String {
    people.iter().fold(format!("{head}\n"), |list, person| list + &row(person) + "\n")
}

/// A first list with the old numbers, a second one with the new ones, and a plan.
fn planned(people: &[Person], fake: &Fake) -> Place {
    let place = Place::new();
    let gateway = format!(
        "[outreach.gateway.fake]\nper_second = 0\n[outreach.gateway.fake.twilio]\naccount = \"{ACCOUNT}\"\n\
         user_env = \"FAKE_USER\"\npassword_env = \"FAKE_PASSWORD\"\nmessaging_service = \"{SERVICE}\"\n\
         base_url = \"http://{}\"\n",
        fake.address
    );
    settings(&place, &gateway);
    let first =
        |person: &Person| format!("{},{},{},{}", person.key(), person.first(), person.last(), local(&person.phone()));
    place.write("members_2026-10.csv", list(people, "Member No,First name,Last name,Mobile", first));
    let second = |person: &Person| {
        let channel = if is_called(person) { "call" } else { "sms" };
        let phone = local(&person.new_phone());
        format!("{},{},{},{phone},{},{channel}", person.key(), person.first(), person.last(), person.email())
    };
    let head = "Membership number,Given name,Surname,Cell phone,E-mail,Preferred channel";
    place.write("members_2026-11.csv", list(people, head, second));
    tiuv(&place, "2026-10-01", &["clean", "members_2026-10.csv", "--out", "out", "--rules", "rules"]);
    tiuv(&place, "2026-11-21", &["clean", "members_2026-11.csv", "--out", "out", "--rules", "rules"]);
    tiuv(&place, "2026-11-21", &[&["outreach", "plan", "--rules", "rules"], &LIMITS[..]].concat());
    place
}

#[test]
fn what_was_planned_before_a_refusal_is_neither_sent_nor_called_after_it() {
    let people: Vec<Person> = Person::all()
        .into_iter()
        .filter(|person| WAYS.contains(&person.way))
        .filter(|person| matches!(person.change, Change::Same | Change::NewNumber | Change::NewEmail | Change::NewBoth))
        .collect();
    let fake = Fake::start(|_| Deed::Accept);
    let place = planned(&people, &fake);
    let by = |way: Way| people.iter().filter(move |person| person.way == way);
    by(Way::SmsStop).for_each(|person| message(&place, &person.phone(), "STOP"));
    by(Way::MailStop).for_each(|person| message(&place, &person.email(), "unsubscribe"));
    suppress(&place, &by(Way::SuppressNumber).map(Person::phone).collect::<Vec<_>>());
    suppress(&place, &by(Way::SuppressKey).map(Person::key).collect::<Vec<_>>());
    let numbers: String = by(Way::SuppressFile).map(|person| person.phone() + "\n").collect();
    place.write("unsubscribed.csv", format!("phone\n{numbers}"));
    tiuv(&place, "2026-11-26", &["suppress", "import", "unsubscribed.csv", "--reason", "opt_out"]);
    // A list that was cleaned meanwhile.
    let told: Vec<Person> = by(Way::Column).chain(by(Way::Status)).cloned().collect();
    let row = |person: &Person| {
        let (asked, status) = if person.way == Way::Column { ("yes", "active") } else { ("", "deceased") };
        format!("{},{},{},{asked},{status}", person.key(), person.first(), person.last())
    };
    place.write("members_2026-12.csv", list(&told, "Member No,First name,Last name,Do not contact,Status", row));
    let clean = ["clean", "members_2026-12.csv", "--out", "out", "--map", "status=Status", "--rules", "rules"];
    tiuv(&place, "2026-11-26", &clean);

    state(&place).execute("UPDATE outbox SET due_at = '2026-11-21T08:00:00Z'", []).expect("is due");
    let sent = Ran::of(sending(&place).output().expect("tiuv starts"));
    assert_eq!(sent.exit, Some(0), "{sent:?}");
    let lists = ["outreach", "calls", "--out", "lists", "--format", "csv", "--language", "en", "--rules", "rules"];
    tiuv(&place, "2026-11-27", &lists);
    let called = std::fs::read_to_string(place.path("lists/calls-2026-11-27.csv")).expect("is written");
    let taken: BTreeSet<String> = fake.taken().into_iter().map(|taken| taken.to).collect();
    let mut wrong = Vec::new();
    for person in &people {
        let is_asked =
            if is_called(person) { called.contains(&person.new_phone()) } else { taken.contains(&person.new_phone()) };
        if is_asked != (person.way == Way::None) {
            wrong.push(format!("{:?} {:?}: asked is {is_asked}", person.way, person.change));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sending(place: &Place) -> std::process::Command {
    let mut command = command(place, &["dispatch", "--send"]);
    command.env("FAKE_USER", USER).env("FAKE_PASSWORD", PASSWORD);
    command
}

#[test]
fn a_run_that_is_made_while_messages_go_out_holds_from_the_next_message_on() {
    let people: Vec<Person> = Person::all().into_iter().filter(|person| person.way == Way::None).take(6).collect();
    let people: Vec<Person> = people.into_iter().map(|person| Person { change: Change::Same, ..person }).collect();
    let directory = Arc::new(OnceLock::<PathBuf>::new());
    let known = Arc::clone(&directory);
    let fake = Fake::start(move |wanted| {
        if wanted.index == 0 {
            let clean = ["clean", "members_2026-12.csv", "--out", "out", "--as-of", "2026-11-26", "--rules", "rules"];
            let mut command = Command::new(TIUV);
            command.current_dir(known.get().expect("is set")).args(clean).env("TIUV_MX", "off");
            assert!(command.output().expect("tiuv starts").status.success());
        }
        Deed::Accept
    });
    let place = planned(&people, &fake);
    directory.set(place.path("")).expect("is set once");
    // One message at a time: the others go out when the run is done, which the first one waits for.
    let config = std::fs::read_to_string(place.path("tiuv.toml")).expect("is there");
    place.write(
        "tiuv.toml",
        config.replace("per_second = 0", "per_second = 0\nmax_in_flight = 1\ntimeout_seconds = 300"),
    );
    let in_order = "UPDATE outbox SET due_at = '2026-11-21T08:00:00Z'";
    state(&place).execute(in_order, []).expect("is due");
    let order: Vec<String> = {
        let state = state(&place);
        let mut rows = state.prepare("SELECT recipient FROM outbox ORDER BY due_at, id").expect("is right");
        let rows = rows.query_map([], |row| row.get(0)).expect("reads");
        rows.collect::<Result<_, _>>().expect("reads")
    };
    let last = people.iter().find(|person| Some(&person.new_phone()) == order.last()).expect("is planned");
    let row = |person: &Person| format!("{},{},{},yes", person.key(), person.first(), person.last());
    let told = list(std::slice::from_ref(last), "Member No,First name,Last name,Do not contact", row);
    place.write("members_2026-12.csv", told);
    let sent = Ran::of(sending(&place).output().expect("tiuv starts"));
    assert_eq!(sent.exit, Some(0), "{sent:?}");
    let taken: Vec<String> = fake.taken().into_iter().map(|taken| taken.to).collect();
    assert_eq!((order.len(), taken.len()), (6, 5), "{sent:?}");
    assert!(!taken.contains(&last.new_phone()), "it refused while messages went out");
}
