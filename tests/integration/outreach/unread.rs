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
    let death = ("Deceased notification source", &["Hospital", "press"][..]);
    let legend = ("Mailing (1=no)", &["1", "0"][..]);
    for (header, cells) in
        [("newsletter status", &["1", "2", "3"][..]), ("consent zorba", &["north", "south"]), death, legend]
    {
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

/// What `check` says of a code, by column: how many, and what beside.
#[test]
fn rows_of_a_list_that_is_not_understood_may_not_be_asked_either() {
    let place = place("club.csv", "marketing consent,consent zorba", &["yes,north", "yes,south"]);
    let unclear = || {
        let rows = std::fs::read_to_string(place.path("out/rows.csv")).expect("it was written");
        rows.lines().filter(|line| line.contains("unclear_consent")).count()
    };
    clean(&place, "club.csv", &[]);
    assert_eq!(unclear(), 12);
    clean(&place, "club.csv", &["--map", "none=consent zorba"]);
    assert_eq!(unclear(), 0);
}

fn found(place: &Place, code: &str) -> Vec<(String, u64, String)> {
    let checked = tiuv(place, &["check", "club.csv", "--mx", "off", "--format", "json", "--accept-mapping"]);
    let report: serde_json::Value = serde_json::from_str(&checked.stdout).expect("is JSON");
    let groups = report["groups"].as_array().expect("groups").iter().filter(|group| group["code"] == code);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    groups.map(|group| (text(&group["header"]), group["count"].as_u64().unwrap_or(0), text(&group["detail"]))).collect()
}

#[test]
fn words_that_nobody_understood_are_named_with_how_often_they_stand_there_and_what_they_were_taken_for() {
    for (header, cells, code, detail) in [
        (
            "contact status",
            &["active", "maybe", "zorba", "maybe"][..],
            "consent.unread_statuses",
            "maybe ×6 · zorba ×3",
        ),
        ("contact status", &["active", "unknown"], "consent.unread_statuses", "unknown ×6"),
        ("marketing consent", &["yes", "zorba kalnit"], "consent.unread_answers", "zo••• ••••it ×6"),
        ("do not contact", &["", "zorba kalnit"], "consent.unread_refusals", "zo••• ••••it ×6"),
    ] {
        let place = place("club.csv", header, cells);
        assert_eq!(found(&place, code), [(header.to_owned(), 1, detail.to_owned())], "{header}");
        clean(&place, "club.csv", &[]);
        let run = std::fs::read_to_string(place.path("out/run.json")).expect("is written");
        let run: serde_json::Value = serde_json::from_str(&run).expect("is JSON");
        let told = run["list_findings"].as_array().expect("findings").iter().find(|one| one["code"] == code);
        assert_eq!(told.map(|one| &one["value"]), Some(&detail.into()), "{header}");
    }
    let place = place("club.csv", "contact status", &["active", "unsubscribed", ""]);
    assert_eq!(found(&place, "consent.unread_statuses"), []);
}

#[test]
fn what_came_of_a_call_closes_the_number_that_is_dead_or_of_somebody_else() {
    let outcomes = ["answered", "number disconnected", "no such number", "wrong person"];
    let cells = outcomes.map(|outcome| format!("yes,{outcome}"));
    let place = place("club.csv", "consent,call outcome", &cells.each_ref().map(String::as_str));
    clean(&place, "club.csv", &[]);
    let rows = std::fs::read(place.path("out/rows.csv")).expect("is written");
    let mut reader = csv::Reader::from_reader(&rows[..]);
    let header = reader.headers().expect("a header").clone();
    let column = header.iter().position(|name| name == "tiuv_contact_why").expect("is there");
    for (row, outcome) in reader.records().zip(outcomes) {
        let row = row.expect("a record");
        assert_eq!(row[column].contains("call.only_dead"), outcome != "answered", "{outcome}: {}", &row[column]);
    }
}

#[test]
fn the_names_and_days_of_others_and_what_is_no_contact_hold_nobody() {
    for (header, cells) in [
        ("date of suture removal", &["2026-01-02", ""][..]),
        ("child's birth date", &["2020-01-02", ""]),
        ("שם המונצח", &["משה כהן ז\"ל", ""]),
        ("name of the deceased", &["Moshe Cohen", ""]),
        ("overdraft opt-out", &["yes", "no"]),
    ] {
        let place = place("club.csv", header, cells);
        clean(&place, "club.csv", &[]);
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

#[test]
fn a_title_among_the_rows_that_speaks_of_refusals_stops_the_plan_until_somebody_says_who_may_be_asked() {
    let titles = ["Withdrew from our mailing list", "לא לפנות אליהם", "Умершие", "الغاء الاشتراك"];
    for (index, title) in titles.into_iter().enumerate() {
        let place = place("club.csv", "town", &["Haifa"]);
        let whole = list("town", &["Haifa"]);
        let (upper, lower) = whole.split_at(whole.match_indices('\n').nth(8).expect("rows").0 + 1);
        let (text, stands) = if index % 2 == 0 {
            (format!("{upper}{title},,,,,\n{lower}"), "line 10")
        } else {
            (format!("{title},,,,,\n\n{whole}"), "the title")
        };
        place.write("club.csv", text);
        let said = clean(&place, "club.csv", &[]);
        assert!(said.stderr.contains(&format!("{stands} (\"{title}\")")), "{title}: {}", said.stderr);
        let stopped = plan(&place);
        assert_eq!(stopped.exit, Some(2), "{title}: {stopped:?}");
        assert!(stopped.stderr.contains("--as customers"), "{title}: {stopped:?}");
        clean(&place, "club.csv", &["--as", "customers"]);
        let planned = plan(&place);
        assert!(planned.stdout.starts_with("12 of 12 customers to ask"), "{title}: {planned:?}");
    }
}

#[test]
fn a_list_of_keys_refuses_for_whoever_has_them_and_one_that_meets_nobody_says_so() {
    let place = place("club.csv", "town", &["Haifa"]);
    clean(&place, "club.csv", &[]);
    place.write("left.csv", "id\n3\n7\n4000\n");
    let said = clean(&place, "left.csv", &["--as", "unsubscribed"]);
    assert!(said.stderr.contains("2 of 3 refusals are of customers"), "{}", said.stderr);
    place.write("left_by_name.csv", "first name,last name\nSamir,Haddad\n");
    let said = clean(&place, "left_by_name.csv", &["--as", "unsubscribed"]);
    assert!(said.stderr.contains("warning: 0 of 1 refusals"), "{}", said.stderr);
    clean(&place, "club.csv", &[]);
    let planned = plan(&place);
    assert!(planned.stdout.starts_with("10 of 12 customers to ask"), "{planned:?}");
}
