//! Every fault put into a list is found at its row and column, and sound rows are left in peace.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use tiuv::finding::Severity;
use tiuv::ingest::{IngestOptions, List};
use tiuv::pipeline::{CheckEvent, CheckPlan, CheckReport, CheckSink, Gates, MailStage, Selector, Setup, check};
use tiuv::rule::{Context, Level};

use crate::support::generator::{Language, Options, Row, csv, damages, headers, list};
use crate::support::program::{AS_OF, LISTS, Place, fixture};

/// Damage that is rightly told in other words: the codes that serve as well.
const AS_GOOD: &[(&str, &[&str])] = &[
    // A lone question mark stands for nothing in any field.
    ("consent_unknown", &["text.placeholder"]),
    // `walla.co.i` misspells the ending more than the name.
    ("email_domain_typo", &["email.suggest.tld_typo"]),
    // Hebrew letters before the `@` may be a name that was meant so: a person looks.
    ("email_wrong_keyboard", &["email.suggest.hebrew_layout"]),
    // Where the halves can't be told apart for certain, the last name is missing.
    ("name_merged", &["name.missing_last"]),
    // A note that stands against contacting is a fact of its own, and stays in the cell.
    ("name_note", &["name.do_not_contact"]),
    ("name_wrong_keyboard", &["name.suggest.keyboard_layout"]),
    // The time in `(אחרי 17:00)` may be a second number, so nothing is split off.
    ("phone_note", &["phone.text_around"]),
    // Six digits behind the zero are as long as some old numbers were.
    ("phone_too_short", &["phone.range_unallocated"]),
    // Some misspellings are so common that they are listed as names of the place.
    ("place_typo", &["address.repair.city_alias"]),
];

/// Damage that the rules leave alone, and why.
const LEFT_ALONE: &[(&str, &str)] = &[
    ("date_bought_before_joined", "tills are older than the lists they feed; see rules/row.toml"),
    ("date_with_time", "midnight is no information, so taking it off is formatting"),
    ("place_no_house", "a street column may stand beside one of house numbers, and villages have none"),
];

/// Of these kinds only so much of a hundred can be told from the cells alone: many names are first and last names, a
/// place misspelt twice is none, and a shifted row may hold little.
const LEAST: &[(&str, usize)] =
    &[("name_swapped", 70), ("name_wrong_keyboard", 85), ("place_typo", 80), ("row_shifted", 90)];

/// Of a thousand rows in which nothing was broken, so many may get a warning or an error.
const FALSE_ALARMS: f64 = 5.0;

#[test]
fn every_injected_fault_is_found_where_it_is() {
    for (language, seed) in [(Language::Hebrew, 71), (Language::English, 72)] {
        let options = Options { rows: 8000, seed, language, damaged: 600, ..Options::default() };
        let (rows, found, _) = checked(options);
        let mut owed: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            for fault in &row.faults {
                let (count, missed) = owed.entry(fault.kind).or_default();
                *count += 1;
                let served = AS_GOOD.iter().find(|(kind, _)| *kind == fault.kind).map_or(&[][..], |(_, codes)| codes);
                let is_found = found.of(index).any(|(column, code, _)| {
                    // What is said of a whole row, or of a pair of cells, may stand at another of its columns.
                    let is_wide = fault.kind.starts_with("row_") || fault.kind == "name_merged";
                    let is_there = *column == Some(fault.column) || column.is_none() || is_wide;
                    is_there && (*code == fault.code || served.contains(code))
                });
                if !is_found {
                    let said: Vec<_> = found.of(index).map(|(column, code, _)| (column, code)).collect();
                    missed.push(format!("row {}, {:?}: {:?} said {said:?}", index + 1, fault, row.cells[fault.column]));
                }
            }
        }
        let never: Vec<&str> = damages().map(|damage| damage.name).filter(|name| !owed.contains_key(name)).collect();
        assert!(never.len() <= 1, "{language:?}: the list is too short for {never:?}");
        let misses: Vec<String> = owed
            .iter()
            .filter(|(kind, _)| !LEFT_ALONE.iter().any(|(left, _)| left == *kind))
            .filter(|(kind, (count, missed))| {
                let least = LEAST.iter().find(|(name, _)| name == *kind).map_or(100, |(_, least)| *least);
                (count - missed.len()) * 100 < least * count
            })
            .map(|(kind, (count, missed))| {
                format!(
                    "{kind}: {} of {count} missed\n    {}",
                    missed.len(),
                    missed[..missed.len().min(3)].join("\n    ")
                )
            })
            .collect();
        assert!(misses.is_empty(), "{language:?}:\n{}", misses.join("\n"));
    }
}

#[test]
fn sound_rows_are_left_in_peace() {
    for (language, seed) in [(Language::Hebrew, 81), (Language::English, 82)] {
        let (rows, found, report) = checked(Options { rows: 8000, seed, language, damaged: 0, ..Options::default() });
        assert_eq!((report.records, report.quarantined), (rows.len() as u64, 0));
        let mut alarms: BTreeMap<(&str, Option<usize>), Vec<String>> = BTreeMap::new();
        let mut alarmed = BTreeSet::new();
        for (index, row) in rows.iter().enumerate() {
            for (column, code, severity) in found.of(index).filter(|(.., severity)| *severity > Severity::Info) {
                alarmed.insert(index);
                let cell = column.map_or("", |column| row.cells[column].as_str());
                alarms.entry((code, *column)).or_default().push(format!("row {} {cell:?} {severity:?}", index + 1));
            }
        }
        let permille = alarmed.len() as f64 * 1000.0 / rows.len() as f64;
        let kinds: Vec<String> = alarms
            .iter()
            .map(|((code, column), cells)| {
                format!("{code} in {column:?}: {} {:?}", cells.len(), &cells[..cells.len().min(4)])
            })
            .collect();
        assert!(permille <= FALSE_ALARMS, "{language:?}: {permille:.1} of a thousand rows:\n{}", kinds.join("\n"));
    }
}

#[test]
fn no_row_is_lost() {
    for list in LISTS {
        let place = Place::new();
        let path = fixture(list);
        let ran =
            place.tiuv(&[&["clean", &path, "--out", "out", "--no-state", "--accept-mapping"], &AS_OF[..]].concat());
        assert_eq!(ran.exit, Some(0), "{list}: {}", ran.stderr);
        let run: serde_json::Value = serde_json::from_slice(&place.files()["out/run.json"]).expect("run.json is JSON");
        let rows = records(&place.path("out/rows.csv"));
        let set_apart = records(&place.path("out/quarantine.csv"));
        assert_eq!(run["rows_in"], rows.len() + set_apart.len(), "{list}");
        assert_eq!(run["rows_out"], rows.len(), "{list}");
        assert_eq!(run["quarantined"], set_apart.len(), "{list}");
        let column = |name: &str, rows: &[BTreeMap<String, String>]| -> Vec<u64> {
            rows.iter().map(|row| row[name].parse().expect("a row has its number")).collect()
        };
        let mut numbers = column("tiuv_row", &rows);
        assert!(numbers.is_sorted(), "{list}: rows stand in input order");
        numbers.extend(column("row", &set_apart));
        numbers.sort_unstable();
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "{list}: every record once");
    }
}

#[test]
fn the_broken_list_owes_what_its_maker_wrote_down() {
    let place = Place::new();
    let path = fixture("broken.csv");
    let ran = place.tiuv(&[&["clean", &path, "--out", "out", "--no-state"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let set_apart: BTreeSet<(String, String)> = records(&place.path("out/quarantine.csv"))
        .into_iter()
        .map(|row| (row["row"].clone(), row["code"].clone()))
        .collect();
    let ran = place.tiuv(&[&["check", &path, "--format", "jsonl"], &AS_OF[..]].concat());
    let said: BTreeSet<(String, String)> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"))
        .filter(|line| line["type"] == "finding")
        .map(|line| (line["row"].to_string(), line["code"].as_str().unwrap_or_default().to_owned()))
        .collect();
    let expected = std::fs::read_to_string(fixture("broken.expected.tsv")).expect("the fixture is there");
    let expected: BTreeSet<(String, String)> = expected
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .map(|(record, code)| (record.to_owned(), code.to_owned()))
        .collect();
    let missing: Vec<_> = expected.difference(&said).collect();
    assert!(missing.is_empty(), "not said: {missing:?}");
    let extra: Vec<_> = set_apart.difference(&expected).collect();
    assert!(extra.is_empty(), "set apart without reason: {extra:?}");
    // These rows can be read; their faults are findings.
    let readable = ["row.ragged_short", "row.shifted", "row.no_contact", "row.repeated_header"];
    let unread: BTreeSet<_> = expected.into_iter().filter(|(_, code)| !readable.contains(&code.as_str())).collect();
    assert!(unread.is_subset(&set_apart), "not set apart: {:?}", unread.difference(&set_apart));
}

fn records(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = ::csv::Reader::from_path(path).expect("the table is there");
    reader.deserialize().map(|row| row.expect("the table is regular")).collect()
}

/// What was said of each row: column, code, severity.
#[derive(Default)]
struct Found(BTreeMap<usize, Vec<Said>>);

type Said = (Option<usize>, &'static str, Severity);

impl Found {
    fn of(&self, index: usize) -> impl Iterator<Item = &Said> {
        self.0.get(&index).into_iter().flatten()
    }
}

impl CheckSink for Found {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        if let Some(row) = event.row {
            let column = event.column.map(|column| usize::from(column.0));
            let said = (column, event.code.as_str(), event.severity);
            self.0.entry(row.number() as usize - 1).or_default().push(said);
        }
        Ok(())
    }
}

/// A generated list and everything that is said of it; facts too, which a check leaves out by default.
fn checked(options: Options) -> (Vec<Row>, Found, CheckReport) {
    let place = Place::new();
    let mut text = String::new();
    csv::push_record(&mut text, &headers(options.language), ',', "\r\n");
    let rows: Vec<Row> = list(options).collect();
    for row in &rows {
        csv::push_record(&mut text, &row.cells, ',', "\r\n");
    }
    place.write("list.csv", &text);
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    let setup = Setup::new(context).expect("the shipped rules load");
    let list =
        List::open(&place.path("list.csv"), &IngestOptions::default(), &setup.context.files).expect("the list opens");
    let classes = ["email.class", "email.unusual"];
    let levels = classes.map(|prefix| (Selector::parse(prefix).expect("a prefix of codes"), Level::Info)).to_vec();
    let plan = CheckPlan {
        rules: true,
        levels,
        expectations: Vec::new(),
        gates: Gates::new(Vec::new(), None),
        known: None,
        suppressions: Vec::new(),
        marks: None,
        today: setup.context.today,
    };
    let mut found = Found::default();
    let report =
        check(&list, &setup, &plan, MailStage::off(&mut |_| {}), &mut found, &|_| {}).expect("the list can be checked");
    (rows, found, report)
}
