//! `tiuv outreach plan` as its users run it: from a list to an outbox.

use std::fmt::Write as _;

use tiuv::store::Store;

use crate::support::program::{AS_OF, Place, Ran};

const CONFIG: &str = "[outreach]\nsender = \"מועדון כלנית\"\nlink_base = \"https://kalanit.example/c/\"\n";

/// Sixty customers of a club: some refused, some have nothing but a landline, one is a child.
fn list() -> String {
    const FIRST: [&str; 6] = ["דנה", "יוסי", "נועה", "מיכאל", "רחל", "איגור"];
    const LAST: [&str; 10] = ["לוי", "כהן", "מזרחי", "פרץ", "ביטון", "דהן", "אברהם", "פרידמן", "אזולאי", "גבאי"];
    let mut text = "מספר לקוח,שם פרטי,שם משפחה,טלפון נייד,דואל,תאריך לידה,אישור דיוור\n".to_owned();
    for index in 0..60_usize {
        let phone = if index % 10 == 9 { format!("03-52{index:05}") } else { format!("050-23{index:05}") };
        let born = if index == 5 { "12/03/2015".to_owned() } else { format!("12/03/{}", 1950 + index % 50) };
        let consent = if index.is_multiple_of(6) { "לא" } else { "כן" };
        let (first, last) = (FIRST[index % 6], LAST[index / 6]);
        let _ = writeln!(text, "{},{first},{last},{phone},user{index}@example.co.il,{born},{consent}", 1000 + index);
    }
    text
}

fn cleaned() -> Place {
    cleaned_with(&[])
}

fn cleaned_with(more: &[&str]) -> Place {
    let place = Place::new();
    place.write("club.csv", list());
    place.write("tiuv.toml", CONFIG);
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out"], more, &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    place
}

fn plan(place: &Place, more: &[&str]) -> Ran {
    place.tiuv(&[&["outreach", "plan"], more, &AS_OF].concat())
}

fn rows(place: &Place) -> usize {
    let store = Store::open(&place.path(".tiuv")).expect("opens");
    store.known_contacts("").expect("read").len()
}

#[test]
fn a_plan_says_who_is_asked_when_and_who_is_not_and_planning_again_changes_nothing() {
    let place = cleaned();
    let ran = plan(&place, &["--out", "plan", "--dry-run"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("nothing was written"), "{}", ran.stdout);
    assert_eq!(rows(&place), 0);

    let ran = plan(&place, &["--out", "plan"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let later = "UPDATE outbox SET due_at = '2998-01-01T07:00:00Z'";
    rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens").execute(later, []).expect("is due later");
    let status = place.tiuv(&["outreach", "status"]);
    let next = "0 text messages and e-mails are due now; the next at 2998-01-01T09:00:00+02:00";
    assert!(status.stdout.contains(next), "by the clock of the list's region: {}", status.stdout);
    let outbox = std::fs::read_to_string(place.path("plan/outbox.csv")).expect("written");
    let mut lines = outbox.lines();
    assert_eq!(
        lines.next(),
        Some("customer,מספר לקוח,channel,to,at,rung,language,body,cost,expected_gain,why,source,row")
    );
    assert!(outbox.contains("מועדון כלנית") && outbox.contains("{link}"));
    let held = std::fs::read_to_string(place.path("plan/held_back.csv")).expect("written");
    // The header, and each customer once.
    let asked = csv_records(&outbox);
    assert_eq!(asked + csv_records(&held), 60, "{}", ran.stdout);
    assert_eq!(held.matches(",opt_out,").count(), 10, "{held}");
    assert_eq!(held.matches(",minor,").count(), 1);
    assert_eq!(rows(&place), asked);

    let again = plan(&place, &["--out", "plan2"]);
    assert!(again.stdout.contains(&format!("0 new, {asked} kept, 0 taken back")), "{}", again.stdout);
    let read = |name: &str| std::fs::read(place.path(name)).expect("written");
    assert_eq!(read("plan/outbox.csv"), read("plan2/outbox.csv"));
    assert_eq!(read("plan/held_back.csv"), read("plan2/held_back.csv"));
}

#[test]
fn a_number_of_text_messages_alone_plans_no_other_contacts() {
    let place = cleaned();
    let others = |directory: &str, more: &[&str]| {
        let ran = plan(&place, &[more, &["--out", directory, "--dry-run"]].concat());
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        let outbox = std::fs::read_to_string(place.path(&format!("{directory}/outbox.csv"))).expect("written");
        let records = csv::Reader::from_reader(outbox.as_bytes()).into_records().map(|record| record.expect("a row"));
        let channels: Vec<String> = records.map(|record| record[2].to_owned()).collect();
        (channels.len(), channels.iter().filter(|channel| *channel != "sms").count())
    };
    let (_, unlimited) = others("all", &[]);
    assert!(unlimited > 0);
    let (asked, beside) = others("sms", &["--max-sms", "1000"]);
    assert!(asked > 0);
    assert_eq!(beside, 0);
    // Money sets the limit of all channels that have none of their own.
    let (_, with_budget) = others("budget", &["--max-sms", "1000", "--budget", "1000"]);
    assert!(with_budget > 0);
}

#[test]
fn cleaning_and_planning_in_one_run_queue_what_the_settings_allow_and_say_first_what_is_missing() {
    let place = Place::new();
    place.write("club.csv", list());
    let queue = ["clean", "club.csv", "--out", "out", "--queue", AS_OF[0], AS_OF[1]];
    let ran = place.tiuv(&queue);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("sender") && !place.path("out").exists(), "{ran:?}");

    place.write("tiuv.toml", format!("{CONFIG}[outreach.most]\nsms = 7\n"));
    let ran = place.tiuv(&queue);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("7 of 60 customers to ask"), "{}", ran.stdout);
    let outbox = std::fs::read_to_string(place.path("out/outbox.csv")).expect("written");
    assert_eq!((csv_records(&outbox), rows(&place)), (7, 7));
    assert!(place.path("out/held_back.csv").exists() && place.path("out/customers.csv").exists());
    // The settings hold for a plan by itself, too, and what is given to it stands over them.
    let ran = plan(&place, &["--dry-run"]);
    assert!(ran.stdout.contains("7 of 60 customers to ask"), "{}", ran.stdout);
    let ran = plan(&place, &["--dry-run", "--max-sms", "3"]);
    assert!(ran.stdout.contains("3 of 60 customers to ask"), "{}", ran.stdout);
}

#[test]
fn a_limit_that_is_given_stands_over_its_own_in_the_settings_and_leaves_the_others_in_force() {
    let place = cleaned();
    let planned = |settings: &str, more: &[&str]| {
        place.write("tiuv.toml", format!("{CONFIG}{settings}"));
        let ran = plan(&place, &[&["--dry-run"], more].concat());
        let line = ran.stdout.lines().find(|line| line.contains("customers to ask")).unwrap_or_default().to_owned();
        let count = line.split(' ').next().unwrap_or_default().replace(',', "").parse::<u32>();
        count.unwrap_or_else(|_| panic!("{ran:?}"))
    };
    let budget = "budget = \"1\"\n";
    let cheap = planned(budget, &[]);
    assert!(cheap < 60, "money is short: {cheap}");
    assert_eq!(planned(budget, &["--max-sms", "1000"]), cheap, "a number does not do away with the budget");
    assert_eq!(planned("[outreach.most]\nsms = 7\n", &["--max-email", "0"]), 7);
    assert_eq!(planned("[outreach.most]\nsms = 7\nemail = 0\ncall = 0\n", &["--budget", "1000"]), 7);
    assert_eq!(planned("[outreach.most]\nsms = 7\nemail = 0\ncall = 0\n", &["--budget", "1000", "--max-sms", "9"]), 9);
}

fn csv_records(text: &str) -> usize {
    csv::Reader::from_reader(text.as_bytes()).records().count()
}

#[test]
fn without_a_sender_or_customers_it_says_what_to_do() {
    let place = Place::new();
    let ran = plan(&place, &[]);
    assert_eq!((ran.exit, ran.stderr.contains("[outreach]")), (Some(2), true), "{}", ran.stderr);
    place.write("tiuv.toml", CONFIG);
    let ran = plan(&place, &[]);
    assert!(ran.exit == Some(2) && ran.stderr.contains("clean a list first"), "{}", ran.stderr);
    let place = cleaned();
    for (more, part) in [
        (&["--start", "2026-11-20"][..], "is past"),
        (&["--budget", "12,5"], "at most four decimals"),
        (&["--run", "x"], "left no customers"),
        (&["--consent-basis", " "], "--consent-basis is empty"),
    ] {
        let ran = plan(&place, more);
        assert!(ran.exit == Some(2) && ran.stderr.contains(part), "{more:?}: {}", ran.stderr);
    }
}

#[test]
fn customers_are_planned_for_and_looked_up_without_a_model_of_decay() {
    let place = cleaned_with(&["--no-decay"]);
    assert!(!place.path("out/flagged.csv").exists());
    let ran = plan(&place, &["--out", "plan"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let outbox = std::fs::read_to_string(place.path("plan/outbox.csv")).expect("written");
    let held = std::fs::read_to_string(place.path("plan/held_back.csv")).expect("written");
    // Everybody is asked or held back, and whoever refuses is held back as with a model.
    assert!(csv_records(&outbox) > 0, "{}", ran.stdout);
    assert_eq!(csv_records(&outbox) + csv_records(&held), 60, "{}", ran.stdout);
    assert_eq!(held.matches(",opt_out,").count(), 10, "{held}");
    assert_eq!(held.matches(",minor,").count(), 1, "{held}");
    assert_eq!(rows(&place), csv_records(&outbox));

    let ran = place.tiuv(&["lookup", "050-2300001"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("יוסי") && ran.stdout.contains("user1@example.co.il"), "{}", ran.stdout);

    // Who is suppressed is held back from then on, and nobody is asked twice.
    let ran = place.tiuv(&[&["suppress", "add", "050-2300001"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let again = plan(&place, &["--out", "again"]);
    assert_eq!(again.exit, Some(0), "{again:?}");
    assert!(again.stdout.contains("0 new") && again.stdout.contains("1 taken back"), "{}", again.stdout);
    let outbox = std::fs::read_to_string(place.path("again/outbox.csv")).expect("written");
    assert!(!outbox.contains("2300001") && csv_records(&outbox) > 0, "{outbox}");
}

#[test]
fn a_refusal_by_an_address_holds_however_its_domain_is_written_and_where_its_mailbox_is_quoted() {
    let place = Place::new();
    let list = "id,first name,last name,mobile,email,city\n\
                1,Dana,Levi,050-2345678,dana@דואר.com,Haifa\n\
                2,Noam,Peretz,050-2345679,\"\"\"noam peretz\"\"@walla.co.il\",Haifa\n\
                3,Rina,Mizrahi,050-2345670,\"\"\"rina m\"\"@walla.co.il\",Haifa\n";
    place.write("club.csv", list);
    place.write("tiuv.toml", CONFIG);
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let held = |directory: &str| {
        let ran = plan(&place, &["--out", directory, "--consent-basis", "a rule", "--dry-run"]);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        let held = std::fs::read_to_string(place.path(&format!("{directory}/held_back.csv"))).expect("written");
        ["club.csv,1,", "club.csv,2,", "club.csv,3,"].map(|row| held.contains(row))
    };
    assert_eq!(held("before"), [false; 3]);
    for address in ["dana@xn--4dbfg1f.com", "\"noam peretz\"@walla.co.il"] {
        let ran = place.tiuv(&["suppress", "add", address]);
        assert!(ran.stdout.contains("holds the person"), "{ran:?}");
    }
    assert_eq!(held("after"), [true, true, false]);
    let ran = place.tiuv(&["lookup", "dana@דואר.com"]);
    assert!(ran.stdout.contains("Levi") && ran.stdout.contains("opt_out"), "{ran:?}");

    // An entry that an older tiuv kept by the domain as DNS knows it holds as well, and can be lifted.
    for address in ["dana@דואר.com", "\"noam peretz\"@walla.co.il"] {
        assert_eq!(place.tiuv(&["suppress", "remove", address]).exit, Some(0));
    }
    assert_eq!(held("lifted"), [false; 3]);
    let state = rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("the workspace opens");
    state
        .execute(
            "UPDATE suppression SET lifted_at = NULL, key = 'dana@xn--4dbfg1f.com' WHERE key = 'dana@דואר.com'",
            [],
        )
        .expect("written");
    assert_eq!(held("kept"), [true, false, false]);
    assert_eq!(place.tiuv(&["suppress", "remove", "dana@דואר.com"]).exit, Some(0));
    assert_eq!(held("again"), [false; 3]);
}

#[test]
fn two_plans_at_once_ask_nobody_twice() {
    let place = cleaned();
    let start = |campaign: &str| {
        let mut command = place.command(&[&["outreach", "plan", "--campaign", campaign], &AS_OF[..]].concat());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("starts")
    };
    let running = ["spring", "autumn", "spring", "autumn"].map(start);
    for mut one in running {
        assert!(one.wait().expect("ends").success());
    }
    let store = Store::open(&place.path(".tiuv")).expect("opens");
    let rows = store.known_contacts("").expect("read");
    let customers: std::collections::BTreeSet<u64> = rows.iter().map(|row| row.customer.0).collect();
    assert!(rows.len() > 30);
    assert_eq!(customers.len(), rows.len());
}

#[test]
fn what_somebody_refused_at_a_number_is_said_of_others_who_have_it_in_every_output() {
    let place = Place::new();
    place.write("tiuv.toml", CONFIG);
    let list = "key,first name,last name,mobile,email,status,consent\n\
        1,Dana,Levi,050-2348817,dana@walla.co.il,unsubscribed,yes\n\
        2,Gideon,Mor,050-2348817,gideon@walla.co.il,active,yes\n\
        3,Rina,Katz,050-2348817,,active,yes\n\
        4,Avi,Peretz,050-2348818,avi@walla.co.il,active,yes\n";
    place.write("club.csv", list);
    let ran = place.tiuv(&["clean", "club.csv", "--out", "out", "--queue", AS_OF[0], AS_OF[1]]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let mut rows = csv::Reader::from_path(place.path("out/rows.csv")).expect("written");
    let header = rows.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("the column");
    let (sms, next) = (at("tiuv_may_sms"), at("tiuv_next"));
    let said: Vec<(String, String)> =
        rows.records().map(|row| row.expect("a row")).map(|row| (row[sms].to_owned(), row[next].to_owned())).collect();
    assert_eq!(said.iter().map(|(sms, _)| sms.as_str()).collect::<Vec<_>>(), ["no", "no", "no", "yes"], "{said:?}");
    assert_eq!((said[1].1.as_str(), said[2].1.as_str()), ("email", "till"), "{said:?}");
    let outbox = std::fs::read_to_string(place.path("out/outbox.csv")).expect("written");
    assert!(outbox.contains("gideon@walla.co.il") && !outbox.contains("2348817"), "{outbox}");
}
