//! The table of small situations: what `flagged.csv` and the other outputs advise, and what a plan does, is one decision.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::support::program::{AS_OF, Place};

const TODAY: Date = date(2026, 11, 21);
/// Calls and messages must not be left out for what they cost.
const CONFIG: &str =
    "[outreach]\nsender = \"Kalanit Club\"\nlink_base = \"https://kalanit.example/c/\"\nworth = \"10000\"\n";

type Row = BTreeMap<String, String>;

/// Rows of a table by their headers.
fn rows(text: &str, delimiter: u8) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.expect("a record"))).collect()
}

/// The situations of `fixtures/refusals/advice.tsv`.
fn cases() -> Vec<Row> {
    let path = format!("{}/fixtures/refusals/advice.tsv", env!("CARGO_MANIFEST_DIR"));
    rows(&std::fs::read_to_string(path).expect("a fixture"), b'\t')
}

/// The contacts of the customer of a case: numbers, then addresses.
fn contacts(number: usize, case: &Row) -> [String; 4] {
    let phone = |kind: &str, line: usize| match kind {
        "mobile" => format!("05023{number:03}{line}{line}"),
        "landline" => format!("0352{number:03}{line}{line}"),
        "bad" => "12".to_owned(),
        _ => String::new(),
    };
    let email = |kind: &str, which: &str| match kind {
        "own" => format!("person{number}{which}@gmail.com"),
        "bad" => "none".to_owned(),
        _ => String::new(),
    };
    [
        phone(&case["phone"], 1),
        phone(&case["other_phone"], 2),
        email(&case["email"], ""),
        email(&case["other_email"], "b"),
    ]
}

/// The list, one customer a case, and what happened to them. Names are as different as they can be, so that nobody is merged.
fn list_and_events(cases: &[(usize, Row)]) -> (String, String) {
    const NAMES: [&str; 7] = ["Dana", "Yossi", "Noa", "Michael", "Rachel", "Igor", "Tamar"];
    const FAMILIES: [&str; 6] = ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Friedman"];
    let mut list = "customer number,first name,last name,phone,phone 2,email,email 2,birth date,joined,\
                    sms consent,email consent,call consent,notes\n"
        .to_owned();
    let mut events = "record,at,channel,event,value\n".to_owned();
    for (number, case) in cases {
        let [phone, other_phone, email, other_email] = contacts(*number, case);
        let (first, last) = (NAMES[number % 7], FAMILIES[number / 7]);
        let _ = writeln!(
            list,
            "{number},{first},{last},{phone},{other_phone},{email},{other_email},{}-06-15,{}-03-01,{},{},{},{}",
            case["born"],
            case["joined"],
            case["consent_sms"],
            case["consent_email"],
            case["consent_call"],
            case["note"]
        );
        for event in case["events"].split_whitespace() {
            let (event, named) = event.split_once('=').unwrap_or((event, ""));
            let (what, ago) = event.split_once('@').expect("a day");
            let (channel, what) = what.split_once(':').expect("a channel");
            let day = TODAY.saturating_sub(ago.parse::<i32>().expect("days").days());
            let value = match named {
                "phone" => &phone,
                "email" => &email,
                _ => "",
            };
            let _ = writeln!(events, "{number},{day},{channel},{what},{value}");
        }
    }
    (list, events)
}

/// What became of one customer.
#[derive(Debug, Default)]
struct Told {
    flagged: Vec<String>,
    row: Row,
    customer: Row,
    /// Channel and contact.
    planned: Option<(String, String)>,
    held: String,
}

fn run(cases: &[(usize, Row)]) -> BTreeMap<String, Told> {
    let place = Place::new();
    let (list, events) = list_and_events(cases);
    place.write("club.csv", list);
    place.write("events.csv", events);
    place.write("tiuv.toml", CONFIG);
    let ran = place.tiuv(
        &[&["clean", "club.csv", "--events", "events.csv", "--flag", "100%", "--out", "out"], &AS_OF[..]].concat(),
    );
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let limits = ["--max-sms", "99", "--max-email", "99", "--max-calls", "99"];
    let ran = place.tiuv(&[&["outreach", "plan", "--out", "plan"], &limits[..], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let table = |name: &str| rows(&std::fs::read_to_string(place.path(name)).expect("written"), b',');
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for row in table("out/rows.csv") {
        told.insert(row["customer number"].clone(), Told { row, ..Told::default() });
    }
    for customer in table("out/customers.csv") {
        let id = customer["id"].clone();
        told.get_mut(&id).expect("in the list").customer = customer;
    }
    for line in table("out/flagged.csv") {
        told.get_mut(&line["customer number"]).expect("in the list").flagged.push(line["next"].clone());
    }
    for line in table("plan/outbox.csv") {
        let planned = (line["channel"].clone(), line["to"].clone());
        told.get_mut(&line["customer number"]).expect("in the list").planned = Some(planned);
    }
    for line in table("plan/held_back.csv") {
        told.get_mut(&line["customer number"]).expect("in the list").held = line["reason"].clone();
    }
    told
}

/// What is wrong with what was said of a case.
fn faults(number: usize, case: &Row, told: &Told) -> Vec<String> {
    let mut faults = Vec::new();
    let next = told.row["tiuv_next"].as_str();
    let allowed: Vec<&str> = case["advice"].split(',').collect();
    if !allowed.contains(&next) {
        faults.push(format!("advises {next}"));
    }
    if told.customer["tiuv_next"] != next || told.flagged.iter().any(|other| other != next) {
        faults.push(format!("{next}, {:?} and {} are not one decision", told.flagged, told.customer["tiuv_next"]));
    }
    let planned = told.planned.as_ref().map_or("none", |(channel, _)| channel.as_str());
    if !case["plan"].split(',').any(|allowed| allowed == planned) {
        faults.push(format!("plans {planned}"));
    }
    let may = |channel: &str| told.row[&format!("tiuv_may_{channel}")] == "yes";
    for channel in ["sms", "call", "email"] {
        if planned == channel && !may(channel) || next == channel && !may(channel) {
            faults.push(format!("{channel} is planned or advised, and may not be"));
        }
    }
    if (planned == "none") == told.held.is_empty() {
        faults.push("neither asked nor held, or both".to_owned());
    }
    let [phone, _, email, _] = contacts(number, case);
    let national = phone.trim_start_matches('0');
    for never in case["never"].split(',').filter(|never| !never.is_empty()) {
        let is_named = told.planned.as_ref().is_some_and(|(channel, to)| match never {
            "person" => true,
            "phone" => !national.is_empty() && to.ends_with(national),
            "email" => channel == "email" && (*to == email || email.is_empty()),
            channel_word => channel == channel_word,
        });
        if is_named || never == "person" && ["sms", "call", "email"].into_iter().any(may) {
            faults.push(format!("{never} is used"));
        }
    }
    faults
}

#[test]
fn what_is_advised_of_each_situation_is_allowed_and_a_plan_agrees() {
    let cases: Vec<(usize, Row)> = cases().into_iter().enumerate().collect();
    assert_eq!(cases.len(), 39);
    let told = run(&cases);
    let mut wrong = Vec::new();
    for (number, case) in &cases {
        let told = &told[&number.to_string()];
        let why = (&told.row["tiuv_contact_why"], &told.held);
        wrong.extend(
            faults(*number, case, told).into_iter().map(|fault| format!("{number}: {fault} {why:?}: {}", case["why"])),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Sixty customers by whom the weights are learnt, and two who stand in two rows each: the permission and a landline in one, a
/// mobile in the other. Of one pair the birth date and the address agree as well, of the other little but the name.
fn list_with_permissions_elsewhere() -> String {
    const FIRST: [&str; 16] = [
        "Dana", "Yossi", "Noa", "Michael", "Rachel", "Igor", "Tamar", "Avi", "Ruth", "Gal", "Omer", "Lior", "Shir",
        "Eyal", "Maya", "Nir",
    ];
    const LAST: [&str; 10] =
        ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Friedman", "Azulay", "Gabay", "Katz", "Shapira"];
    let mut list =
        "id,first name,last name,mobile,email,birth date,city,sms consent,email consent,call consent\n".to_owned();
    for index in 0..60_usize {
        let (first, last) = (FIRST[index % 16], LAST[index % 10]);
        let born = format!("{}-0{}-{}", 1950 + index % 50, 1 + index % 9, 10 + index % 18);
        let _ = writeln!(
            list,
            "{},{first},{last},050-23{index:05},u{index}@gmail.com,{born},Haifa,yes,yes,yes",
            100 + index
        );
    }
    list + "910,Penina,Harush,08-6300001,p1@gmail.com,1965-02-03,Eilat,yes,,\n\
            911,Penina,Harush,052-3000002,p1@gmail.com,1965-02-03,Eilat,,,\n\
            930,Zohara,Vanunashvili,,s1@gmail.com,1970-03-04,Akko,yes,,\n\
            931,Zohara,Vanunashvili,052-5000002,,1970-08-04,Akko,,,\n"
}

#[test]
fn a_permission_counts_where_it_was_given_or_the_person_is_surely_the_same_and_the_row_is_named() {
    let place = Place::new();
    place.write("club.csv", list_with_permissions_elsewhere());
    place.write("tiuv.toml", CONFIG);
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let ran = place.tiuv(&[&["outreach", "plan", "--out", "plan"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let table = |name: &str| rows(&std::fs::read_to_string(place.path(name)).expect("written"), b',');
    let customer: BTreeMap<String, String> =
        table("out/rows.csv").into_iter().map(|row| (row["id"].clone(), row["tiuv_customer"].clone())).collect();
    assert_eq!((&customer["910"], &customer["930"]), (&customer["911"], &customer["931"]), "each pair is one customer");
    let outbox = table("plan/outbox.csv");
    let asked = |row: &str| outbox.iter().find(|line| line["customer"] == customer[row]);
    let penina = asked("910").expect("asked");
    assert_eq!(
        (penina["to"].as_str(), penina["id"].as_str(), penina["source"].as_str(), penina["row"].as_str()),
        ("+972523000002", "911", "club.csv", "62"),
        "the row in which `to` stands"
    );
    assert!(penina["at"].ends_with("+02:00"), "{}", penina["at"]);
    assert!(asked("930").is_none());
    let held = table("plan/held_back.csv");
    let zohara = held.iter().find(|line| line["customer"] == customer["930"]).expect("held");
    assert_eq!(zohara["reason"], "doubtful_consent");
}
