//! Pairs of records whose right answer is known, each among the ordinary rows of a list (`fixtures/resolve`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::Deserialize;

use super::Setup;
use super::dedupe::read_people;
use crate::ingest::{IngestOptions, List};
use crate::record::{Field, RowNumber};
use crate::resolve::{Constraints, Resolver};
use crate::rule::Context;

/// Two records, the list that they stand in, and who they are to each other.
#[derive(Debug, Clone, Deserialize)]
struct Pair {
    id: String,
    list: Around,
    a: BTreeMap<String, String>,
    b: BTreeMap<String, String>,
    answer: Answer,
    #[serde(default)]
    also: Vec<Answer>,
    #[expect(dead_code, reason = "for people")]
    why: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Around {
    make: String,
    rows: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Same,
    Different,
    PersonDecides,
}

/// What became of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Merged,
    Asked,
    Apart,
}

impl Answer {
    /// A careful answer to "same" and to "different" may be a question.
    fn allows(self, outcome: Outcome) -> bool {
        match self {
            Answer::Same => outcome != Outcome::Apart,
            Answer::Different => outcome != Outcome::Merged,
            Answer::PersonDecides => outcome == Outcome::Asked,
        }
    }
}

/// Pairs whose given answer we do not share: with Google `ido.katz@gmail.com` and `idokatz@gmail.com` are one mailbox, so that
/// two rows with one name and one mailbox are one customer, not a question.
const DISPUTED: [&str; 1] = ["namesake-mailbox-27"];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/resolve").join(name)
}

/// The list of a pair: its ordinary rows with the two among them, and what else of columns they have.
fn list_of(pair: &Pair) -> String {
    let path = fixture(&format!("around/{}.csv", pair.list.make));
    let ordinary = std::fs::read_to_string(&path).expect("the ordinary rows stand there");
    let mut lines = ordinary.lines();
    let mut columns: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let known = columns.len();
    let more: BTreeSet<&str> = [&pair.a, &pair.b].into_iter().flat_map(|row| row.keys().map(String::as_str)).collect();
    columns.extend(more.iter().filter(|name| !columns.contains(name)).copied().collect::<Vec<_>>());
    let empty = ",".repeat(columns.len() - known);
    let mut csv = columns.join(",");
    csv.push('\n');
    for (index, line) in lines.take(pair.list.rows).enumerate() {
        for (key, row, at) in [("a", &pair.a, pair.list.rows / 3), ("b", &pair.b, pair.list.rows * 2 / 3)] {
            if index == at {
                push_row(&mut csv, key, row, &columns);
            }
        }
        let _ = writeln!(csv, "{line}{empty}");
    }
    csv
}

fn push_row(csv: &mut String, key: &str, row: &BTreeMap<String, String>, columns: &[&str]) {
    let cells = columns.iter().map(|column| match *column {
        "id" => key.to_owned(),
        name => format!("\"{}\"", row.get(name).map_or("", String::as_str).replace('"', "\"\"")),
    });
    csv.push_str(&cells.collect::<Vec<_>>().join(","));
    csv.push('\n');
}

fn outcome(pair: &Pair, setup: &Setup, resolver: &Resolver) -> Outcome {
    let files = &setup.context.files;
    let list = List::from_bytes(&pair.id, list_of(pair).into_bytes(), &IngestOptions::default(), files);
    let list = list.expect("the list can be read");
    let key = list.mapping().column_of(Field::Id);
    let people = read_people(&list, key, None, resolver, setup, &|_| {}).expect("the list can be read");
    let number = |key: &str| {
        let place = people.keys.iter().position(|own| own == key).expect("the row is there");
        RowNumber::from_index(place as u32)
    };
    let (a, b) = (number("a"), number("b"));
    let found = resolver.resolve(people.table, &Constraints::default()).expect("the rules are of their form");
    let weights = found.weights.as_ref().expect("there is more than one field");
    for evidence in found.links.iter().chain(&found.possible).map(|link| link.evidence(weights)) {
        let fields: i32 = evidence.fields.iter().map(|(_, _, bits)| bits).sum();
        assert_eq!(evidence.weight, evidence.start + fields + evidence.rest + evidence.doubt, "{}", pair.id);
    }
    let is_pair = |left, right| (left, right) == (a, b) || (left, right) == (b, a);
    if found.clusters.iter().any(|rows| rows.contains(&a) && rows.contains(&b)) {
        Outcome::Merged
    } else if found.possible.iter().any(|link| is_pair(link.left, link.right)) {
        Outcome::Asked
    } else {
        Outcome::Apart
    }
}

/// Judges the pairs of a file; one line a wrong one.
fn judged(path: &std::path::Path) -> (Vec<String>, String) {
    let setup = Setup::new(Context::shipped("IL", jiff::civil::date(2026, 11, 21))).expect("the shipped rules load");
    let resolver = Resolver::new(&setup.context).expect("the shipped rules load");
    let text = std::fs::read_to_string(path).expect("the pairs stand there");
    let pairs: Vec<Pair> = text.lines().map(|line| serde_json::from_str(line).expect("a pair a line")).collect();
    let outcomes: Vec<Outcome> = pairs.par_iter().map(|pair| outcome(pair, &setup, &resolver)).collect();
    let (mut wrong, mut merged, mut plain, mut asked) = (Vec::new(), 0, 0, 0);
    for (pair, outcome) in pairs.iter().zip(&outcomes) {
        let is_right = DISPUTED.contains(&pair.id.as_str())
            || std::iter::once(&pair.answer).chain(&pair.also).any(|answer| answer.allows(*outcome));
        if !is_right {
            merged += u32::from(*outcome == Outcome::Merged);
            wrong.push(format!(
                "{} ({}, {}): {:?} came {outcome:?}",
                pair.id, pair.list.make, pair.list.rows, pair.answer
            ));
        }
        if pair.answer != Answer::PersonDecides {
            plain += 1;
            asked += u32::from(*outcome == Outcome::Asked);
        }
    }
    let all = pairs.len();
    let summary = format!(
        "{all} pairs: {} right, {merged} merged wrongly, {asked} of {plain} plain ones left to a person",
        all - wrong.len()
    );
    (wrong, summary)
}

#[test]
fn pairs_are_merged_kept_apart_or_asked_about_as_a_careful_steward_would() {
    let (wrong, summary) = judged(&fixture("pairs.jsonl"));
    assert!(wrong.is_empty(), "{summary}\n{}", wrong.join("\n"));
}

#[test]
#[ignore = "needs a table of pairs: TIUV_PAIRS=FILE"]
fn score() {
    let path = std::env::var_os("TIUV_PAIRS").expect("TIUV_PAIRS names a file of pairs");
    let (wrong, summary) = judged(std::path::Path::new(&path));
    assert!(wrong.is_empty(), "{summary}\n{}", wrong.join("\n"));
}
