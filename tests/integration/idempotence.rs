//! What was put in order once is in order: a second time changes nothing.

use std::collections::BTreeSet;

use tiuv::clock::Clock;
use tiuv::ingest::{IngestOptions, List};
use tiuv::pipeline::{RunError, check_cell};
use tiuv::record::Field;
use tiuv::rule::RuleFiles;
use tiuv::standardize::Standardizers;

use crate::program::{AS_OF, LISTS, Place, fixture};

#[test]
fn a_list_repaired_twice_is_the_list_repaired_once() {
    // Only text can be repaired in place.
    for list in LISTS.into_iter().filter(|list| list.ends_with(".csv")) {
        let place = Place::new();
        place.write(list, std::fs::read(fixture(list)).expect("the fixture is there"));
        let fix = || {
            let ran = place.tiuv(&[&["check", list, "--fix", "--accept-mapping"], &AS_OF[..]].concat());
            assert!(matches!(ran.exit, Some(0 | 1)), "{list}: {}", ran.stderr);
            (std::fs::read(place.path(list)).expect("the list is there"), ran)
        };
        let before = std::fs::read(fixture(list)).expect("the fixture is there");
        let (once, first) = fix();
        assert!(once != before, "{list}: something was repaired; {}", first.stderr);
        let (twice, second) = fix();
        assert!(once == twice, "{list}: changed again: {}", second.stderr);
        assert!(second.stderr.contains("Nothing to repair"), "{list}: {}", second.stderr);
    }
}

#[test]
fn repairing_keeps_every_record_that_has_nothing_to_repair() {
    let place = Place::new();
    let list = "newsletter_en.csv";
    let before = std::fs::read_to_string(fixture(list)).expect("the fixture is there");
    place.write(list, &before);
    place.tiuv(&[&["check", list, "--fix", "--accept-mapping"], &AS_OF[..]].concat());
    let after = std::fs::read_to_string(place.path(list)).expect("the list is there");
    let kept = before.lines().zip(after.lines()).filter(|(before, after)| before == after).count();
    assert_eq!(before.lines().count(), after.lines().count());
    assert!(kept * 10 > before.lines().count() * 8, "{kept} lines kept");
}

#[test]
fn standardizing_a_standardized_value_changes_nothing() {
    let files = RuleFiles::embedded();
    let clock = Clock::at(jiff::civil::date(2026, 11, 21));
    let mut wrong = BTreeSet::new();
    let mut tried = 0;
    for list in LISTS {
        let list = List::open(fixture(list).as_ref(), &IngestOptions::default(), &files).expect("the list opens");
        let standardizers = Standardizers::new(&files, list.mapping(), list.samples(), "IL", clock, |_| true)
            .expect("the shipped rules load");
        let mut displays: BTreeSet<(&'static str, Field, String)> = BTreeSet::new();
        list.read(|wave| -> Result<(), RunError> {
            for raw in &wave.batches {
                let batch = standardizers.standardize(raw);
                for column in batch.columns() {
                    let displays_of = (0..batch.len()).map(|row| column.display.cell(row)).filter(|cell| !cell.is_empty());
                    displays.extend(displays_of.map(|cell| (column.field.as_str(), column.field, cell.to_owned())));
                }
            }
            Ok(())
        })
        .expect("the list can be read");
        for (_, field, value) in sample(displays) {
            let again = check_cell(&files, field, &value, "IL", clock).expect("the shipped rules load");
            let batch = again.standard();
            let repairs: Vec<_> = batch.findings().iter().filter(|found| found.code.is_repair()).map(|found| found.code).collect();
            tried += 1;
            // A whole name or address comes apart into fields of its own.
            let display = batch.columns().iter().find(|column| column.field == field).map_or("", |column| column.display.cell(0));
            if !repairs.is_empty() || (display != value && !batch.columns().is_empty() && display != "") {
                wrong.insert(format!("{field}: {value:?} became {display:?} by {repairs:?}"));
            }
        }
    }
    assert!(tried > 1000, "{tried} values");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.into_iter().take(60).collect::<Vec<_>>().join("\n"));
}

/// Loading the rules for one cell costs more than reading it, so of many values of a field some stand for all.
fn sample(values: BTreeSet<(&'static str, Field, String)>) -> Vec<(&'static str, Field, String)> {
    const EACH: usize = 60;
    let mut taken = Vec::new();
    let fields: BTreeSet<&'static str> = values.iter().map(|(name, ..)| *name).collect();
    for field in fields {
        let of_field: Vec<_> = values.iter().filter(|(name, ..)| *name == field).collect();
        let step = of_field.len().div_ceil(EACH);
        taken.extend(of_field.into_iter().step_by(step).cloned());
    }
    taken
}
