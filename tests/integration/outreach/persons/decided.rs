//! What people decide of rows while messages are about to leave: a refusal goes with the customer that two became, and stays with
//! both that one was split into; permission that comes later lifts what a list said.

use std::collections::BTreeMap;

use super::year::{CONFIG, plan, suppress, table, tiuv};
use crate::support::program::Place;

const HEAD: &str = "Member No,First name,Last name,Mobile,Email";
const LAST: [&str; 10] =
    ["Levi", "Mizrahi", "Peretz", "Biton", "Abramov", "Friedman", "Goldstein", "Haddad", "Shapira", "Kuznetsov"];
const DAY: &str = "2026-11-21";

/// Ten members, of whom 7101 and 7102 are one person whom nothing but a person's word can make one.
fn place() -> Place {
    let place = Place::new();
    place.write("tiuv.toml", CONFIG);
    let first = ["Dana", "Ruth", "Yossi", "Michael", "Igor", "Tamar", "Samir", "Olga", "Walter", "Zohar"];
    let rows = first.iter().zip(LAST).enumerate().map(|(index, (first, last))| {
        format!("{},{first},{last},052-23100{index:02},{first}{index}@gmail.com\n", 7101 + index)
    });
    place.write("club.csv", format!("{HEAD}\n{}", rows.collect::<String>()));
    clean(&place);
    place
}

fn clean(place: &Place) {
    tiuv(place, DAY, &["clean", "club.csv", "--out", "out"]);
}

/// Why each member is held back; nothing where it is asked.
fn held(place: &Place) -> BTreeMap<String, String> {
    plan(place, DAY, "plan");
    let of = |name: &str, reason: &str| -> BTreeMap<String, String> {
        let rows = table(place, name).into_iter();
        rows.map(|row| (row["customer"].clone(), row.get(reason).cloned().unwrap_or_default())).collect()
    };
    let reasons = of("plan/held_back.csv", "reason");
    let rows = table(place, "out/rows.csv").into_iter();
    rows.map(|row| (row["Member No"].clone(), reasons.get(&row["tiuv_customer"]).cloned().unwrap_or_default()))
        .collect()
}

#[test]
fn a_refusal_goes_with_whom_people_decide_to_be_one_and_stays_with_both_parts_of_a_split() {
    let place = place();
    suppress(&place, &["7101".to_owned()]);
    let before = held(&place);
    assert_eq!((before["7101"].as_str(), before["7102"].as_str()), ("opt_out", ""), "{before:?}");
    tiuv(&place, DAY, &["decide", "same", "7101", "7102", "--why", "she married"]);
    clean(&place);
    let merged = held(&place);
    assert_eq!((merged["7101"].as_str(), merged["7102"].as_str()), ("opt_out", "opt_out"), "{merged:?}");
    assert_eq!(merged.values().filter(|reason| reason.is_empty()).count(), 8, "the others are asked: {merged:?}");
    // Who of them refused nobody knows any more.
    place.tiuv(&["decide", "undo", "1"]);
    clean(&place);
    let split = held(&place);
    assert_eq!((split["7101"].as_str(), split["7102"].as_str()), ("opt_out", "opt_out"), "{split:?}");
}

#[test]
fn what_a_list_said_is_lifted_by_a_later_permission_or_by_a_person_and_by_nothing_else() {
    let place = place();
    let list = |consent: &str| {
        let rows = ["7101,Dana,Levi", "7102,Ruth,Mizrahi", "7103,Yossi,Peretz", "7104,Igor,Biton", "7105,Olga,Abramov"];
        let rows = rows.iter().enumerate().map(|(index, row)| {
            let said = if index == 0 { consent } else { "yes" };
            format!("{row},052-23100{index:02},{index}x@gmail.com,{said}\n")
        });
        format!("{HEAD},SMS consent\n{}", rows.collect::<String>())
    };
    let run = |name: &str, text: String, day: &str| {
        std::fs::write(place.path(name), text).expect("is written");
        tiuv(&place, day, &["clean", name, "--out", "out"]);
        tiuv(&place, day, &["suppress", "list", "--lifted"]).stdout
    };
    let said = run("club_2027.csv", list("no"), "2027-01-01");
    assert!(said.contains("sms   opt_out") && said.contains("list:club_2027.csv"), "{said}");
    // A list without the column says nothing, and the same list as before nothing new.
    let said = run("club_2028.csv", std::fs::read_to_string(place.path("club.csv")).expect("is there"), "2028-01-01");
    assert!(!said.contains("lifted"), "{said}");
    let said = run("club_2029.csv", list("yes"), "2029-01-01");
    assert!(said.contains("lifted") && said.contains("list:club_2029.csv"), "{said}");
    // A person's own refusal outlasts a list that says yes without a day.
    suppress(&place, &["7101".to_owned()]);
    let said = run("club_2030.csv", list("yes"), "2030-01-01");
    assert_eq!(said.matches("lifted").count(), 1, "{said}");
    tiuv(&place, "2030-01-02", &["suppress", "remove", "7101"]);
    let said = tiuv(&place, "2030-01-02", &["suppress", "list", "--lifted"]).stdout;
    assert!(said.contains("by \u{2068}manual\u{2069}") || said.contains("by manual"), "{said}");
}

#[test]
fn a_member_number_is_one_and_what_is_neither_that_nor_a_number_is_an_error() {
    let place = place();
    // Eight digits that are a telephone number without its zero, and no member.
    for (who, exit) in [("35240001", 2), ("0502345678", 0), ("12345", 2), ("7109", 0), ("35240001x", 2)] {
        let ran = place.tiuv(&["suppress", "add", who]);
        assert_eq!(ran.exit, Some(exit), "{who}: {ran:?}");
        assert_eq!(exit == 2, ran.stderr.contains("help"), "{who} has a remedy: {ran:?}");
    }
    let listed = place.tiuv(&["suppress", "list"]).stdout;
    assert!(
        listed.contains("+972502345678")
            && !listed.contains("35240001")
            && listed.contains("Cust") | listed.contains(" C"),
        "{listed}"
    );
}

#[test]
fn broken_lines_of_an_exported_list_are_told_and_the_others_taken_over() {
    let place = place();
    suppress(&place, &["7101".to_owned(), "052-2310004".to_owned()]);
    tiuv(&place, DAY, &["suppress", "export", "list.csv"]);
    let mut text = std::fs::read_to_string(place.path("list.csv")).expect("is written");
    text.push_str(",person,zz:00,all,opt_out,,,,,,1\n9,phone,,all,opt_out,manual,,,2026-11-21T10:00:00Z,,\n");
    text.push_str("10,phone,+972522310009,all,whim,manual,,,2026-11-21T10:00:00Z,,\n");
    place.write("broken.csv", text);
    let ran = place.tiuv(&["suppress", "import", "broken.csv", "--workspace", "other", "--set-aside", "aside.csv"]);
    assert_eq!(ran.exit, Some(3), "{ran:?}");
    assert!(!ran.stdout.starts_with("0 added") && ran.stderr.contains("3 set aside"), "{ran:?}");
    let aside = std::fs::read_to_string(place.path("aside.csv")).expect("is written");
    assert!(["bad_person", "bad_entry", "bad_reason"].iter().all(|reason| aside.contains(reason)), "{aside}");
    tiuv(&place, DAY, &["clean", "club.csv", "--out", "out", "--workspace", "other"]);
    let plan =
        ["outreach", "plan", "--out", "plan", "--workspace", "other", "--consent-basis", "rules", "--max-sms", "99"];
    tiuv(&place, DAY, &plan);
    let held = table(&place, "plan/held_back.csv");
    assert_eq!(held.iter().filter(|row| row["reason"] == "opt_out").count(), 2, "{held:?}");
}
