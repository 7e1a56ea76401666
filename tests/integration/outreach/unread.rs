//! A list that may say who refused, in words that nobody understood: no plan is made until somebody says what they mean.

use crate::support::program::{Place, Ran, tiuv};

const CONFIG: &str = "[outreach]\nsender = \"Kalanit Club\"\nlink_base = \"https://kalanit.example/c/\"\n";

/// A list of twelve with a last column of this header and these cells in turn.
fn list(header: &str, cells: &[&str]) -> String {
    const LAST: [&str; 4] = ["Levi", "Cohen", "Mizrahi", "Peretz"];
    let rows = cells.iter().cycle().zip(LAST.iter().cycle()).take(12).enumerate();
    let row = |(index, (cell, last)): (usize, (&&str, &&str))| {
        format!("{index},Dana,{last},050-23456{index:02},dana{index}@walla.co.il,{cell}\n")
    };
    format!("id,first name,last name,mobile,email,{header}\n") + &rows.map(row).collect::<String>()
}

fn place(name: &str, header: &str, cells: &[&str]) -> Place {
    let place = Place::new();
    place.write(name, list(header, cells));
    place.write("tiuv.toml", CONFIG);
    place
}

fn clean(place: &Place, name: &str, more: &[&str]) -> Ran {
    let ran = tiuv(place, &[&["clean", name, "--out", "out", "--mx", "off"], more].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    ran
}

fn plan(place: &Place) -> Ran {
    tiuv(place, &["outreach", "plan", "--max-sms", "100", "--consent-basis", "club rules of 2019", "--dry-run"])
}

#[test]
fn a_column_that_may_refuse_and_is_not_understood_stops_the_plan_until_somebody_says_what_it_means() {
    for (header, cells) in [("newsletter status", &["1", "2", "3"][..]), ("consent zorba", &["north", "south"])] {
        let place = place("club.csv", header, cells);
        let said = clean(&place, "club.csv", &[]);
        let way_out = format!("--map 'none={header}'");
        assert!(said.stderr.contains(&way_out), "{header}: {said:?}");
        let stopped = plan(&place);
        assert_eq!(stopped.exit, Some(2), "{header}: {stopped:?}");
        assert!(stopped.stderr.contains(&way_out), "{header}: {stopped:?}");
        let checked = tiuv(&place, &["check", "club.csv", "--mx", "off", "--format", "json"]);
        assert!(checked.stdout.contains("consent.unread_column"), "{header}: {checked:?}");

        clean(&place, "club.csv", &["--map", &format!("none={header}")]);
        let planned = plan(&place);
        assert!(planned.stdout.starts_with("12 of 12 customers to ask"), "{header}: {planned:?}");
    }
}

#[test]
fn a_list_whose_name_says_that_its_people_left_refuses_for_all_of_them_once_somebody_says_so() {
    let place = place("unsubscribed_2026.csv", "city", &["Haifa"]);
    let said = clean(&place, "unsubscribed_2026.csv", &[]);
    assert!(said.stderr.contains("--as unsubscribed") && said.stderr.contains("--as customers"), "{said:?}");
    assert_eq!(plan(&place).exit, Some(2));

    clean(&place, "unsubscribed_2026.csv", &["--as", "customers"]);
    assert!(plan(&place).stdout.starts_with("12 of 12 customers to ask"));

    clean(&place, "unsubscribed_2026.csv", &["--as", "unsubscribed"]);
    assert!(plan(&place).stdout.starts_with("0 of 12 customers to ask"));
    // The same people in next year's list, which says nothing of it.
    place.write("club.csv", list("city", &["Haifa"]));
    clean(&place, "club.csv", &[]);
    assert!(plan(&place).stdout.starts_with("0 of 12 customers to ask"));
}
