//! Baselines and suppressions: what is lived with is neither told nor counted, and nothing else is.

use std::process::Command;

use crate::support::generator::{Language, Options, Row, column, csv, headers, list};
use crate::support::program::{AS_OF, Place, Ran};

const KEY: &str = "a secret of these tests";
const ROWS: u64 = 600;

/// Runs a check whose marks are made with the tests' key.
fn check(place: &Place, args: &[&str]) -> Ran {
    let args = [&["check"][..], args, &AS_OF].concat();
    let mut command: Command = place.command(&args);
    Ran::of(command.env("TIUV_CHECK_KEY", KEY).output().expect("tiuv starts"))
}

/// Every finding of a check, as `code column key-or-row`.
fn findings(place: &Place, args: &[&str]) -> Vec<serde_json::Value> {
    let ran = check(place, &[args, &["--format", "jsonl", "--show-values"]].concat());
    assert!(matches!(ran.exit, Some(0 | 1)), "{ran:?}");
    let lines = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("is JSON"));
    lines.filter(|line| line["type"] == "finding").collect()
}

fn old_rows() -> Vec<Vec<String>> {
    let rows = list(Options { rows: ROWS, language: Language::English, ..Options::default() });
    rows.map(|Row { cells, .. }| cells.to_vec()).collect()
}

fn text(header: &[&str], rows: &[Vec<String>], delimiter: char, end: &str) -> String {
    let mut text = String::new();
    csv::push_record(&mut text, header, delimiter, end);
    for row in rows {
        csv::push_record(&mut text, row, delimiter, end);
    }
    text
}

/// A row in which nothing is wrong.
fn sound(index: u64) -> Vec<String> {
    const LETTERS: [&str; 10] = ["al", "be", "ga", "de", "ep", "ze", "et", "th", "io", "ka"];
    let name: String = index.to_string().bytes().map(|digit| LETTERS[usize::from(digit - b'0')]).collect();
    let mut row = vec![String::new(); headers(Language::English).len()];
    row[column::ID] = (900_000 + index).to_string();
    row[column::FIRST_NAME] = "Dana".to_owned();
    row[column::LAST_NAME] = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    row[column::EMAIL] = format!("dana.{name}@acme.co.il");
    row
}

#[test]
fn a_baseline_outlives_sorting_insertion_other_columns_and_another_encoding() {
    for without_key in [false, true] {
        let place = Place::new();
        let mut header = headers(Language::English).to_vec();
        let mut rows = old_rows();
        let mut added: Vec<Vec<String>> = (0..ROWS / 10).map(sound).collect();
        if without_key {
            header.remove(column::ID);
            rows.iter_mut().chain(&mut added).for_each(|row| {
                row.remove(column::ID);
            });
        }
        let email = if without_key { column::EMAIL - 1 } else { column::EMAIL };
        std::fs::create_dir(place.path("lists")).expect("made");
        place.write("lists/members January 2025.csv", text(&header, &rows, ',', "\n"));
        let written = check(&place, &["lists/members January 2025.csv", "--write-baseline", "members.baseline"]);
        assert_eq!(written.exit, Some(0), "{written:?}");
        let known = findings(&place, &["./lists/members January 2025.csv", "--baseline", "members.baseline"]);
        assert!(known.is_empty(), "{known:?}");

        // Sorted the other way round, with new rows, a new column, another delimiter and encoding, and faults put in.
        rows.reverse();
        rows.extend(added);
        let broken: Vec<usize> = (0..rows.len()).step_by(7).collect();
        header.push("Locker");
        for (at, row) in rows.iter_mut().enumerate() {
            row.push(format!("L{at}"));
            if broken.contains(&at) {
                row[email] = format!("someone {at} at nowhere");
            }
        }
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(text(&header, &rows, '\t', "\r\n").encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        place.write("Members-2026-03.csv", utf16);
        let new = findings(&place, &["Members-2026-03.csv", "--baseline", "members.baseline"]);
        let of_old = |finding: &&serde_json::Value| {
            let value = finding["value"].as_str().unwrap_or_default();
            let row = finding["row"].as_u64().and_then(|row| usize::try_from(row).ok());
            // Whose only address was broken has no contact now, and a row without a key is another one then.
            let is_put_in =
                value.starts_with("someone ") || value.is_empty() && row.is_some_and(|row| broken.contains(&(row - 1)));
            !is_put_in && finding["column"] != "Locker" && row.is_some()
        };
        let old: Vec<_> = new.iter().filter(of_old).collect();
        assert!(old.is_empty(), "without key {without_key}: {old:?}");
        for at in &broken {
            let value = format!("someone {at} at nowhere");
            assert!(new.iter().any(|finding| finding["value"] == value.as_str()), "{value}, without key {without_key}");
        }
    }
}

#[test]
fn only_what_is_new_counts_at_the_gates_and_what_is_gone_can_be_taken_out() {
    let place = Place::new();
    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana\n2,Yossi Levi,yossi@acme.co.il\n");
    assert_eq!(check(&place, &["l.csv"]).exit, Some(1));
    assert_eq!(check(&place, &["l.csv", "--write-baseline", "b"]).exit, Some(0));
    let baseline = std::fs::read_to_string(place.path("b")).expect("is there");
    assert!(!baseline.contains("dana") && !baseline.contains("Cohen"), "{baseline}");
    let ran = check(&place, &["l.csv", "--baseline", "b"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("0 new findings"), "{}", ran.stdout);

    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana@acme.co.il\n2,Yossi Levi,yossi\n");
    let ran = check(&place, &["l.csv", "--baseline", "b", "--prune-baseline"]);
    assert_eq!(ran.exit, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("are gone and were taken out"), "{}", ran.stderr);
    // What was taken out is new when it comes back.
    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana\n2,Yossi Levi,yossi@acme.co.il\n");
    assert_eq!(check(&place, &["l.csv", "--baseline", "b"]).exit, Some(1));
}

#[test]
fn a_share_is_held_against_that_of_the_baseline() {
    let place = Place::new();
    let list = |broken: usize| {
        let rows =
            (0..100).map(|at| format!("{at},Dana Cohen,dana{at}{}\n", if at < broken { "" } else { "@acme.co.il" }));
        format!("id,full_name,email\n{}", rows.collect::<String>())
    };
    place.write("l.csv", list(3));
    assert_eq!(check(&place, &["l.csv", "--write-baseline", "b"]).exit, Some(0));
    place.write("l.csv", list(5));
    assert_eq!(check(&place, &["l.csv", "--baseline", "b", "--max", "email=+2%"]).exit, Some(0));
    assert_eq!(check(&place, &["l.csv", "--baseline", "b", "--max", "email=+1%"]).exit, Some(1));
    let ran = check(&place, &["l.csv", "--max", "email=+1%"]);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
}

#[test]
fn a_baseline_that_is_of_no_use_is_refused() {
    let place = Place::new();
    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana\n");
    place.write("leads.csv", "id,full_name,email\n1,Dana Cohen,dana\n");
    assert_eq!(check(&place, &["l.csv", "--write-baseline", "b"]).exit, Some(0));
    let old = std::fs::read_to_string(place.path("b")).expect("is there");
    place.write("newer", old.replace("\"tiuv_baseline\": 1", "\"tiuv_baseline\": 9"));
    place.write("cut", &old[..old.len() / 2]);
    for (args, said) in [
        (&["leads.csv", "--baseline", "b"][..], "the baseline of"),
        (&["l.csv", "--baseline", "newer"], "version 9"),
        (&["l.csv", "--baseline", "cut"], "no baseline"),
        (&["l.csv", "--baseline", "l.csv"], "no baseline"),
        (&["l.csv", "--baseline", "missing"], "missing"),
        (&["l.csv", "--write-baseline", "l.csv"], "would replace"),
    ] {
        let ran = check(&place, args);
        assert!(matches!(ran.exit, Some(2 | 3)), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
    }
    let other = |args: &[&str], key: Option<&str>| {
        let mut command = place.command(&[&["check"][..], args, &AS_OF].concat());
        command.env_remove("TIUV_CHECK_KEY");
        key.map(|key| command.env("TIUV_CHECK_KEY", key));
        Ran::of(command.output().expect("tiuv starts"))
    };
    let ran = other(&["l.csv", "--baseline", "b"], Some("another secret of these"));
    assert!(ran.exit == Some(2) && ran.stderr.contains("another key"), "{ran:?}");
    let ran = other(&["l.csv", "--baseline", "b"], None);
    assert!(ran.exit == Some(2) && ran.stderr.contains("needs a secret"), "{ran:?}");
    let ran = other(&["l.csv", "--write-baseline", "c"], Some("short"));
    assert!(ran.exit == Some(2) && ran.stderr.contains("fewer than 16"), "{ran:?}");
}

#[test]
fn a_suppression_covers_what_it_names_until_its_day() {
    let place = Place::new();
    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana\n2,Yossi Levi,yossi\n");
    place.write("tiuv.toml", "# ours\nregion = \"IL\"\n");
    let add = |what: &str, until: &str| {
        check(&place, &["--add-suppression", what, "--reason", "asked for", "--until", until])
    };
    assert_eq!(add("email.syntax,column=email,key=1", "2027-01-31").exit, Some(0));
    let ran = check(&place, &["l.csv", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    assert_eq!(report["suppressed"], 1, "{report:#}");
    assert_eq!(ran.exit, Some(1), "the other row has none");
    assert_eq!(add("email.syntax,column=email,value=yossi", "2027-01-31").exit, Some(0));
    let settings = std::fs::read_to_string(place.path("tiuv.toml")).expect("is there");
    assert!(settings.starts_with("# ours\nregion = \"IL\"\n"), "{settings}");
    assert!(!settings.contains("yossi"), "{settings}");
    assert_eq!(check(&place, &["l.csv"]).exit, Some(0));

    assert_eq!(add("phone.dummy", "2027-01-31").exit, Some(0));
    assert_eq!(add("email.syntax,key=2", "2026-01-31").exit, Some(0));
    let said = check(&place, &["l.csv"]).stdout;
    assert!(said.contains("[check.suppression_unused]") && said.contains("phone.dummy"), "{said}");
    assert!(said.contains("[check.suppression_expired]"), "{said}");

    for (args, said) in [
        (&["--add-suppression", "email.sintax", "--reason", "r"][..], "unknown rule"),
        (&["--add-suppression", "email.syntax", "--reason", " "], "--reason is empty"),
        (&["--add-suppression", "email.syntax,colunm=x", "--reason", "r"], "none of its parts"),
    ] {
        let ran = check(&place, args);
        assert!(ran.exit == Some(2) && ran.stderr.contains(said), "{args:?}: {ran:?}");
    }
    assert_eq!(check(&place, &["--add-suppression", "email.syntax"]).exit, Some(2), "no reason");
}
