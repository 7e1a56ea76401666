//! What is left to a person: both records side by side, and the filled file taken back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::support::program::{AS_OF, Place, Ran};

type Table = Vec<BTreeMap<String, String>>;

/// Two brothers and their father among people of a club: rows that only a person can tell apart.
const ASKED: [&str; 4] = [
    "b1,רוני,אטדגי,,1988-04-18,,jasper1047@gmail.com,,,רח 6073,79,רחובות",
    "b2,רון,אטדגי,,1988-04-18,,jasper1047@gmail.com,,,רח 6073,79,רחובות",
    "f1,דוד,מלכה,,1950-02-11,,,050-8224480,,גרטרוד קראוס,10,אשקלון",
    "f2,דוד,מלכה,,1975-05-21,,,050-8224480,,גרטרוד קראוס,10,אשקלון",
];

fn cleaned(more: &[&str]) -> Place {
    let place = Place::new();
    let club = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/around/club_he.csv");
    let club = std::fs::read_to_string(club).expect("the fixture stands there");
    let mut list: String = club.lines().take(121).map(|line| format!("{line}\n")).collect();
    for line in ASKED {
        let _ = writeln!(list, "{line}");
    }
    place.write("club.csv", list);
    clean(&place, more);
    place
}

fn clean(place: &Place, more: &[&str]) {
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out"][..], more, &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
}

fn import(place: &Place, file: &str) -> Ran {
    place.tiuv(&[&["decide", "import", file][..], &AS_OF].concat())
}

fn possible(place: &Place) -> Table {
    let text = std::fs::read_to_string(place.path("out/possible_duplicates.csv")).expect("written");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("a table")
}

/// The pair of these keys.
fn pair<'t>(table: &'t [BTreeMap<String, String>], left: &str, right: &str) -> Option<&'t BTreeMap<String, String>> {
    let keys = |line: &&BTreeMap<String, String>| {
        let own = [line["left_key"].as_str(), line["right_key"].as_str()];
        own == [left, right] || own == [right, left]
    };
    table.iter().find(keys)
}

/// Writes the file back with these decisions, by the keys of the pairs; all else as it was.
fn fill(place: &Place, name: &str, decisions: &[(&str, &str, &str)]) {
    let table = possible(place);
    let text = std::fs::read_to_string(place.path("out/possible_duplicates.csv")).expect("written");
    let header = text.lines().next().expect("a header");
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names: Vec<&str> = header.split(',').collect();
    writer.write_record(&names).expect("memory");
    for line in &table {
        let of = |(left, right, _): &&(&str, &str, &str)| {
            let own = [line["left_key"].as_str(), line["right_key"].as_str()];
            own == [*left, *right] || own == [*right, *left]
        };
        let decision = decisions.iter().find(of).map_or("", |(_, _, decision)| *decision);
        let cells = names.iter().map(|name| if *name == "decision" { decision } else { line[*name].as_str() });
        writer.write_record(cells).expect("memory");
    }
    place.write(name, writer.into_inner().expect("memory"));
}

/// What customers the rows are of, by their keys.
fn customers(place: &Place) -> BTreeMap<String, [String; 2]> {
    let text = std::fs::read_to_string(place.path("out/rows.csv")).expect("written");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Table = reader.deserialize().collect::<Result<_, _>>().expect("a table");
    let one = |row: &BTreeMap<String, String>| [row["tiuv_customer"].clone(), row["tiuv_household"].clone()];
    rows.iter().map(|row| (row["id"].clone(), one(row))).collect()
}

#[test]
fn both_records_stand_side_by_side_masked_unless_values_are_asked_for() {
    let place = cleaned(&[]);
    let table = possible(&place);
    let brothers = pair(&table, "b1", "b2").expect("two given names in one family are a question");
    assert_eq!(brothers["decision"], "");
    assert_eq!((brothers["heading"].as_str(), brothers["why_asked"].as_str()), ("household", "relatives"));
    let [left, right] = ["left_email", "right_email"].map(|name| brothers[name].as_str());
    assert_eq!((left, left), (right, "ja••••••••@gmail.com"), "masked");
    assert!(!brothers["left_name"].contains("אטדגי") && !brothers["left_birth_date"].contains("1988-04"));
    let headings: Vec<&str> = table.iter().map(|line| line["heading"].as_str()).collect();
    assert!(
        headings.is_sorted_by(|left, right| left >= right),
        "households stand under their own heading: {headings:?}"
    );
    let is_likely = |line: &BTreeMap<String, String>| {
        line["why_asked"] == "conflict" || line["likely"].parse::<f64>().is_ok_and(|likely| likely >= 0.5)
    };
    assert!(table.iter().all(is_likely), "what is likelier two people than one is no question");

    clean(&place, &["--show-values"]);
    let table = possible(&place);
    let brothers = pair(&table, "b1", "b2").expect("asked again, as nobody answered");
    let names = [brothers["left_name"].as_str(), brothers["right_name"].as_str()];
    assert!(names.contains(&"רוני אטדגי") && names.contains(&"רון אטדגי"), "{names:?}");
    assert_eq!(brothers["left_birth_date"], "1988-04-18");
    assert!(brothers["left_address"].contains("רחובות"));
}

#[test]
fn a_filled_file_is_obeyed_and_what_was_decided_is_asked_no_more() {
    let place = cleaned(&[]);
    fill(&place, "filled.csv", &[("b1", "b2", "אותו אדם"), ("f1", "f2", "household")]);
    let ran = import(&place, "filled.csv");
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("2 taken over (1 same, 1 household)"), "{}", ran.stdout);
    let again = import(&place, "filled.csv");
    assert!(again.exit == Some(0) && again.stdout.contains("0 taken over, 2 known already"), "{again:?}");
    clean(&place, &[]);
    let of = customers(&place);
    assert_eq!(of["b1"][0], of["b2"][0]);
    assert_ne!(of["f1"][0], of["f2"][0]);
    assert_eq!(of["f1"][1], of["f2"][1]);
    let table = possible(&place);
    assert!(pair(&table, "b1", "b2").is_none() && pair(&table, "f1", "f2").is_none());

    let told = place.tiuv(&[&["explain", "club.csv", "--pair", "b1", "b2"][..], &AS_OF].concat());
    assert!(told.stdout.contains("one customer: a person decided it"), "{}", told.stdout);
    assert!(told.stdout.contains("2 decisions are obeyed"), "{}", told.stdout);
}

#[test]
fn a_workbook_is_written_where_workbooks_are_asked_for_and_taken_back() {
    let place = cleaned(&["--format", "xlsx"]);
    assert!(place.path("out/customers.xlsx").is_file() && place.path("out/possible_duplicates.csv").is_file());
    let open = import(&place, "out/customers.xlsx");
    assert!(open.exit == Some(0) && open.stdout.contains("0 taken over"), "{open:?}");
    assert!(open.stdout.contains("without a decision"), "{}", open.stdout);
    clean(&place, &[]);
    assert!(!place.path("out/customers.xlsx").exists(), "none of an earlier run stays");
}

#[test]
fn what_is_not_understood_refuses_the_whole_file_and_says_where_and_what_to_do() {
    let place = cleaned(&[]);
    let table = possible(&place);
    let at = |left, right| {
        let wanted = pair(&table, left, right).expect("asked");
        table.iter().position(|line| line == wanted).expect("there") + 2
    };
    fill(&place, "half.csv", &[("b1", "b2", "same"), ("f1", "f2", "perhaps not")]);
    let ran = import(&place, "half.csv");
    assert_eq!(ran.exit, Some(3), "{ran:?}");
    for said in ["nothing was taken over", "unknown_decision", "write same, different, household, unsure"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains(&format!("line {}", at("f1", "f2"))), "{}", ran.stderr);
    assert!(place.tiuv(&["decide", "list"]).stdout.contains("no decisions yet"), "nothing half-imported");

    let head = "left_key,right_key,decision,note";
    place.write("own.csv", format!("{head}\nb1,b2,same,\nb2,f1,same,\nb1,f1,different,\nf1,f2,לא בטוח,\n"));
    let ran = import(&place, "own.csv");
    assert!(ran.exit == Some(3) && ran.stderr.contains("contradiction"), "{ran:?}");
    place.write("own.csv", format!("{head}\nb1,b2,שונים,she said so\nf1,f2,unsure,\nb1,nobody,same,\n"));
    let ran = import(&place, "own.csv");
    assert!(ran.exit == Some(3) && ran.stderr.contains("unknown_row"), "{ran:?}");
    place.write("own.csv", format!("{head}\nb1,b2,שונים,she said so\nf1,f2,unsure,\n"));
    let ran = import(&place, "own.csv");
    assert!(ran.stdout.contains("1 taken over (1 different), 1 unsure"), "{ran:?}");
    assert!(place.tiuv(&["decide", "list"]).stdout.contains("“she said so”"));
    fill(&place, "later.csv", &[("b1", "b2", "same")]);
    let ran = import(&place, "later.csv");
    assert!(ran.stdout.contains("1 earlier decision contradicts"), "the later word counts: {ran:?}");

    place.write("other.csv", "name,phone\nDana,050-2345678\n");
    let ran = import(&place, "other.csv");
    assert!(ran.exit == Some(2) && ran.stderr.contains("holds no decided pairs"), "{ran:?}");
}

#[test]
fn a_pair_whose_values_changed_since_is_looked_at_again() {
    let place = cleaned(&[]);
    fill(&place, "filled.csv", &[("b1", "b2", "same")]);
    let list = std::fs::read_to_string(place.path("club.csv")).expect("written");
    place.write("club.csv", list.replacen("jasper1047", "opal2211", 1));
    clean(&place, &[]);
    let ran = import(&place, "filled.csv");
    assert!(ran.exit == Some(3) && ran.stderr.contains("changed since the file was written"), "{ran:?}");
}
