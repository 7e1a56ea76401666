//! Notes and marks within names, through the whole reading of a list: who may be asked after it, and by what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tiuv::record::{Channel, Consent, ContactKind, CustomerProfile};
use tiuv::store::Store;

use crate::support::program::{AS_OF, Place};

/// A note, or a cell of a name, and what must follow from it.
struct Case<'t> {
    column: &'t str,
    text: &'t str,
    effect: &'t str,
}

/// Cases by the column in which their text stands, as the table has them.
fn cases(table: &str) -> BTreeMap<&str, Vec<Case<'_>>> {
    let mut cases: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for line in table.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (column, text, effect) = (cells.next(), cells.next(), cells.next());
        let case = Case { column: column.unwrap_or(""), text: text.unwrap_or(""), effect: effect.unwrap_or("") };
        cases.entry(case.column).or_default().push(case);
    }
    cases
}

/// A list with one customer a case, who has a mobile and an address of its own.
fn list(column: &str, cases: &[Case<'_>]) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\"").replace("\\n", "\n"));
    let header = if column == "full" { "full_name" } else { "first_name,last_name" };
    let mut list = format!("id,{header},mobile,email,notes\n");
    for (index, case) in cases.iter().enumerate() {
        let text = cell(case.text);
        let (name, note) = match column {
            "note" => ("Noa,Kaplan".to_owned(), text),
            "first" => (format!("{text},Kaplan"), String::new()),
            "last" => (format!("Noa,{text}"), String::new()),
            _ => (text, String::new()),
        };
        let number = 2_300_000 + index * 37;
        let _ = writeln!(list, "k{index},{name},050-{number},person{index}@kaplan-family.co.il,{note}");
    }
    list
}

/// What may not be done with a customer: `deceased`, or channels.
fn held(profile: &CustomerProfile) -> Vec<&'static str> {
    let (holds, given) = (&profile.restrictions, &profile.consent);
    if holds.deceased {
        return vec!["deceased", "all", "sms", "email", "call"];
    }
    if holds.legal || holds.do_not_contact || given.any == Some(Consent::No) {
        return vec!["all", "sms", "email", "call"];
    }
    let refused = |channel: Channel, own: Option<Consent>| (own == Some(Consent::No)).then_some(channel.as_str());
    let channels = [(Channel::Sms, given.sms), (Channel::Email, given.email), (Channel::Call, given.call)];
    channels.into_iter().filter_map(|(channel, own)| refused(channel, own)).collect()
}

/// Who was to be held and is not, and who is held without need, of so many.
#[derive(Default)]
struct Score {
    asked: Vec<String>,
    held: Vec<String>,
    refusals: usize,
    harmless: usize,
}

fn score(table: &str) -> Score {
    let mut score = Score::default();
    for (column, cases) in cases(table) {
        let place = Place::new();
        place.write("list.csv", list(column, &cases));
        let ran = place.tiuv(&[&["clean", "list.csv", "--out", "out", "--accept-mapping"][..], &AS_OF].concat());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        let store = Store::open(&place.path(".tiuv")).expect("the run's workspace");
        let profiles = store.latest_profiles().expect("read").expect("the run left its customers");
        for (index, case) in cases.iter().enumerate() {
            let key = format!("k{index}");
            let profile = profiles.by_row_key(&key).expect("read").into_iter().next().expect("each row is a customer");
            assert!(profile.contacts.iter().any(|contact| contact.kind == ContactKind::Phone));
            let held = held(&profile);
            let about = format!("{column}: {} ({}): {held:?}", case.text, case.effect);
            if case.effect == "nothing" {
                score.harmless += 1;
                score.held.extend((!held.is_empty()).then_some(about));
                continue;
            }
            score.refusals += 1;
            let wanted = case.effect.strip_prefix("refused:").unwrap_or(case.effect);
            score.asked.extend((!held.contains(&wanted)).then_some(about));
        }
    }
    score
}

#[test]
fn nobody_is_asked_whose_note_or_name_says_no_and_nobody_is_held_for_words_that_only_sound_like_it() {
    let score = score(include_str!("../../../fixtures/refusals/notes.tsv"));
    assert!(score.refusals > 100 && score.harmless > 80);
    assert_eq!((score.asked, score.held), (vec![], vec![]));
}

#[test]
fn a_note_as_long_as_a_book_and_thousands_of_different_ones_are_read() {
    let place = Place::new();
    let book = "לקוחה קבועה, אוהבת תכלת. ".repeat(1 << 14);
    let mut list = format!("id,first_name,last_name,mobile,notes\nk0,Noa,Kaplan,050-2300000,\"{book}נפטרה\"\n");
    for index in 1..2_000 {
        let _ = writeln!(list, "k{index},Noa,Kaplan,050-{},order {index} came late", 2_300_000 + index * 37);
    }
    place.write("list.csv", list);
    let ran = place.tiuv(&[&["clean", "list.csv", "--out", "out", "--accept-mapping"][..], &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let store = Store::open(&place.path(".tiuv")).expect("the run's workspace");
    let profiles = store.latest_profiles().expect("read").expect("the run left its customers");
    let of = |key: &str| profiles.by_row_key(key).expect("read").into_iter().next().expect("each row is a customer");
    assert!(of("k0").restrictions.deceased);
    assert_eq!(held(&of("k77")), Vec::<&str>::new());
}

#[test]
fn a_mark_beside_a_name_is_a_fact_that_nothing_takes_off() {
    let place = Place::new();
    let list =
        "id,first_name,last_name,mobile\n1, Yossi ,\"כהן ז\"\"ל\",050-2345678\n2,Noa,MARSH (deceased),050-2345679\n";
    place.write("list.csv", list);
    let ran = place.tiuv(&[&["check", "list.csv", "--fix", "--accept-mapping"][..], &AS_OF].concat());
    assert!(ran.stdout.contains("name.deceased"), "{}", ran.stdout);
    let fixed = std::fs::read_to_string(place.path("list.csv")).expect("the list is text");
    assert!(fixed.contains("Yossi,") && fixed.contains("כהן ז\"") && fixed.contains("MARSH (deceased)"), "{fixed}");
    let ran = place.tiuv(&[&["clean", "list.csv", "--out", "out", "--accept-mapping"][..], &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let text = |name: &str| String::from_utf8(place.files()[name].clone()).expect("outputs are UTF-8");
    let rows = text("out/rows.csv");
    assert!(rows.contains(",Yossi,כהן,") && rows.contains(",Noa,Marsh,") && rows.contains("name.deceased"), "{rows}");
    let customers = text("out/customers.csv");
    assert!(customers.contains("(deceased)") && customers.contains("ז\"\"ל"), "{customers}");
}

/// `TIUV_NOTES_FILE` names a table of the form of `fixtures/refusals/notes.tsv`.
#[test]
#[ignore = "scores a table that one has at hand"]
fn a_table_at_hand() {
    let path = std::env::var("TIUV_NOTES_FILE").expect("TIUV_NOTES_FILE names a table");
    let score = score(&std::fs::read_to_string(path).expect("the table can be read"));
    assert!(
        score.asked.is_empty() && score.held.len() * 100 <= score.harmless * 3,
        "asked who must not be, of {}: {:#?}\nheld without need, of {}: {:#?}",
        score.refusals,
        score.asked,
        score.harmless,
        score.held
    );
}
