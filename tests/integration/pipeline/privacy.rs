//! No telephone number or e-mail address of a list leaves through what is printed by default.

use std::collections::BTreeSet;

use regex::Regex;

use crate::support::program::{AS_OF, LISTS, Place, Ran, fixture};

#[test]
fn default_outputs_of_check_hold_no_contact() {
    for list in LISTS {
        let contacts = Contacts::of(list);
        for format in ["text", "json", "jsonl", "sarif", "github"] {
            let place = Place::new();
            let path = fixture(list);
            let output = format!("{format}=out.{format}");
            let ran = place.tiuv(
                &[
                    &["check", &path, "--format", format, "--output", &output, "--diff", "--accept-mapping", "-vv"][..],
                    &["--level", "email=warning", "--level", "phone=warning", "--fail-on", "info"],
                    &AS_OF,
                ]
                .concat(),
            );
            assert_eq!(ran.exit, Some(1), "{list}: {}", ran.stderr);
            contacts.assert_absent(&ran.stdout, &format!("{list} as {format}"));
            contacts.assert_absent(&ran.stderr, &format!("{list}, log"));
            let file = String::from_utf8(place.files()[&format!("out.{format}")].clone()).expect("outputs are UTF-8");
            contacts.assert_absent(&file, &format!("{list}, file of {format}"));
        }
    }
}

#[test]
fn the_report_and_the_summary_of_clean_hold_no_contact() {
    for list in LISTS {
        let contacts = Contacts::of(list);
        let place = Place::new();
        let ran = clean(&place, list, &["-vv"]);
        contacts.assert_absent(&ran.stdout, &format!("{list}, printed"));
        contacts.assert_absent(&ran.stderr, &format!("{list}, log"));
        for name in ["out/report.html", "out/run.json"] {
            let text = String::from_utf8(place.files()[name].clone()).expect("outputs are UTF-8");
            contacts.assert_absent(&text, &format!("{list}, {name}"));
        }
    }
}

#[test]
fn errors_of_a_list_hold_no_contact() {
    let place = Place::new();
    let row = "1,Dana,Levi,050-2345678,dana.levi@walla.co.il\n";
    place.write("no_header.csv", row.repeat(5));
    place.write("quote.csv", format!("\"{row}{row}"));
    place.write("header.csv", "id,name,dana.levi@walla.co.il,050-2345678\n");
    for list in ["no_header.csv", "quote.csv", "header.csv"] {
        for command in ["check", "clean", "map"] {
            let ran = place.tiuv(&[command, list, "-vv"]);
            assert_ne!(ran.exit, Some(0), "{command} {list}");
            assert!(!ran.stderr.contains("2345678") && !ran.stderr.contains("dana.levi"), "{command}: {}", ran.stderr);
        }
    }
}

/// Were nothing found with values shown, the tests above would prove nothing.
#[test]
fn the_search_finds_contacts_where_they_are_shown() {
    let contacts = Contacts::of("club.csv");
    let place = Place::new();
    clean(&place, "club.csv", &["--show-values"]);
    let report = String::from_utf8(place.files()["out/report.html"].clone()).expect("outputs are UTF-8");
    assert!(!contacts.found_in(&report).is_empty());
    assert!(contacts.emails.len() > 1000 && contacts.phones.len() > 1000);
}

fn clean(place: &Place, list: &str, more: &[&str]) -> Ran {
    let path = fixture(list);
    let args = ["clean", &path, "--out", "out", "--no-state", "--accept-mapping"];
    let ran = place.tiuv(&[&args[..], &AS_OF[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{list}: {}", ran.stderr);
    ran
}

/// What must not be seen: addresses as written, telephone numbers by their last seven digits or more.
struct Contacts {
    emails: BTreeSet<String>,
    phones: BTreeSet<String>,
}

impl Contacts {
    /// The contacts of a list, as its cleaned rows hold them.
    fn of(list: &str) -> Self {
        let place = Place::new();
        clean(&place, list, &[]);
        let files = place.files();
        let rows = String::from_utf8_lossy(&files["out/rows.csv"]).into_owned();
        let set_apart = String::from_utf8_lossy(&files["out/quarantine.csv"]).into_owned();
        let text = format!("{rows}\n{set_apart}").to_lowercase();
        let email = Regex::new(r"[\w.+-]+@[\w-]+(\.[\w-]+)+").expect("a pattern");
        let phone = Regex::new(r"(?:\+|\b)(?:972|0)[-\d() ]{7,14}\d\b").expect("a pattern");
        let phones = phone.find_iter(&text).map(|found| digits(found.as_str()));
        Contacts {
            emails: email.find_iter(&text).map(|found| found.as_str().to_owned()).collect(),
            phones: phones.filter(|digits| digits.len() >= 9).map(|digits| national(&digits)).collect(),
        }
    }

    fn found_in(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let runs = Regex::new(r"\d[-\d.() ]{5,}\d").expect("a pattern");
        let email = Regex::new(r"[\w.+-]+@[\w-]+(\.[\w-]+)+").expect("a pattern");
        let addresses = email.find_iter(&text).map(|found| found.as_str().to_owned());
        let numbers = runs.find_iter(&text).map(|found| national(&digits(found.as_str())));
        let seen = addresses.filter(|address| self.emails.contains(address));
        seen.chain(numbers.filter(|number| self.phones.contains(number))).collect()
    }

    fn assert_absent(&self, text: &str, place: &str) {
        let found = self.found_in(text);
        assert!(found.is_empty(), "{place}: {} contacts, for example {:?}", found.len(), found.first());
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The number without country code and leading zeros, so that one number has one form.
fn national(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    let digits = if digits.len() > 9 { digits.strip_prefix("972").unwrap_or(digits) } else { digits };
    digits.trim_start_matches('0').to_owned()
}
