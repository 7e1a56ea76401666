//! A run that looks for no customers: each row is a person, and whoever refuses in it is held in every other list.

use crate::support::program::{Place, tiuv};

const CONFIG: &str = "[outreach]\nsender = \"Kalanit Club\"\nlink_base = \"https://kalanit.example/c/\"\n";
const LEFT: &str = "\
Member No,First name,Last name,Mobile,Do not contact
7001,Dana,Levi,050-2345678,yes
7002,Noam,Peretz,052-7654321,
";
/// The same two, and one more, with other numbers of the list and, for one, another telephone.
const CLUB: &str = "\
id,first name,last name,mobile,email,consent
1,Dana,Levi,050-2345678,dana@walla.co.il,yes
2,Noam,Peretz,052-7654321,noam@walla.co.il,yes
3,Rina,Mizrahi,054-3112223,rina@walla.co.il,yes
";

fn clean(place: &Place, list: &str, more: &[&str]) {
    let ran = tiuv(place, &[&["clean", list, "--out", "out", "--mx", "off"], more].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
}

fn planned(place: &Place) -> String {
    let ran = tiuv(place, &["outreach", "plan", "--max-sms", "100", "--dry-run"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    ran.stdout
}

fn place() -> Place {
    let place = Place::new();
    place.write("tiuv.toml", CONFIG);
    place.write("left.csv", LEFT);
    place.write("club.csv", CLUB);
    place
}

#[test]
fn whoever_refuses_in_a_list_cleaned_without_customers_is_in_no_plan() {
    let before = place();
    clean(&before, "left.csv", &["--no-resolve"]);
    clean(&before, "club.csv", &[]);
    let text = planned(&before);
    assert!(text.contains("1  opt_out ") && !text.starts_with("3 of 3"), "{text}");

    let after = place();
    clean(&after, "club.csv", &[]);
    assert!(!planned(&after).contains("opt_out"));
    clean(&after, "left.csv", &["--no-resolve"]);
    let text = planned(&after);
    assert!(text.contains("1  opt_out ") && !text.starts_with("3 of 3"), "{text}");
    clean(&after, "left.csv", &["--no-resolve"]);
    let listed = tiuv(&after, &["suppress", "list"]).stdout;
    assert_eq!(listed.matches("opt_out").count(), 1, "the same list again says nothing new: {listed}");
}

#[test]
fn few_fields_hold_nobody_for_what_another_row_says() {
    let place = Place::new();
    place.write("list.csv", "id,first name,do not contact\n1,Dana,yes\n2,Noa,\n3,Rina,\n");
    clean(&place, "list.csv", &["--no-state"]);
    let rows = std::fs::read(place.path("out/rows.csv")).expect("is written");
    let mut reader = csv::Reader::from_reader(&rows[..]);
    let header = reader.headers().expect("a header").clone();
    let why = header.iter().position(|name| name == "tiuv_contact_why").expect("is there");
    let held: Vec<bool> = reader.records().map(|row| row.expect("a record")[why].contains("opt_out")).collect();
    assert_eq!(held, [true, false, false]);
}
