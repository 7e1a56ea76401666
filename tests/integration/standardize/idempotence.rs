//! What was put in order once is in order: a second time changes nothing.

use std::path::Path;

use tiuv::finding::Code;
use tiuv::ingest::{Given, IngestOptions, List};
use tiuv::pipeline::RunError;
use tiuv::record::{Field, StandardColumn};
use tiuv::rule::Context;
use tiuv::standardize::Standardizers;

use crate::support::generator::csv;
use crate::support::program::{AS_OF, LISTS, Place, fixture};

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
fn a_cell_that_a_person_should_look_at_first_is_not_repaired() {
    let place = Place::new();
    let row = |key: u8, name: &str, born: &str| format!("{key},{name},Levi,{born},052-73182{key:02}\n");
    let list = |names: [&str; 2], days: [&str; 3]| {
        let rows = [row(11, names[0], days[0]), row(12, names[1], days[1]), row(13, "Noa", days[2])].concat();
        format!("id,first_name,last_name,birth_date,mobile\n{rows}")
    };
    // The first of January of 1970 is what programs write for no day, and an address is no name.
    place.write("club.csv", list(["Tal", "tal@example.com "], ["25569", "31118", "29221"]));
    let ran = place.tiuv(&[&["check", "club.csv", "--fix", "--accept-mapping"], &AS_OF[..]].concat());
    let after = std::fs::read_to_string(place.path("club.csv")).expect("the list is there");
    let plain = after.replace("+97252731", "052-731");
    assert_eq!(plain, list(["Tal", "tal@example.com "], ["25569", "1985-03-12", "1980-01-01"]), "{}", ran.stderr);
    assert!(ran.stderr.contains("to be looked at first"), "{}", ran.stderr);
}

#[test]
fn standardizing_a_standardized_list_changes_nothing() {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    for list in LISTS {
        let place = Place::new();
        let list_of = |path: &Path, columns: Vec<Given>| {
            let options = IngestOptions { columns, ..IngestOptions::default() };
            List::open(path, &options, &context.files).expect("the list opens")
        };
        let (headers, once, _) = standardized(&list_of(fixture(list).as_ref(), Vec::new()), &context);
        let mut text = String::new();
        csv::push_record(&mut text, &headers.iter().map(|(header, _)| header).collect::<Vec<_>>(), ',', "\n");
        once.iter().for_each(|cells| csv::push_record(&mut text, cells, ',', "\n"));
        place.write("once.csv", &text);
        let given = headers.iter().map(|(header, field)| Given::parse(&format!("{field}={header}")));
        let given = given.collect::<Result<Vec<_>, _>>().expect("headers are named once");
        let (again, twice, repairs) = standardized(&list_of(&place.path("once.csv"), given), &context);
        assert_eq!(headers, again, "{list}");
        assert_eq!(once.len(), twice.len(), "{list}");
        let mut wrong: Vec<String> = repairs.iter().map(|(row, code)| format!("row {row}: {code}")).collect();
        for (row, (once, twice)) in once.iter().zip(&twice).enumerate() {
            for ((header, _), (once, twice)) in headers.iter().zip(once.iter().zip(twice)).filter(|(_, (a, b))| a != b)
            {
                wrong.push(format!("row {}, {header}: {once:?} became {twice:?}", row + 1));
            }
        }
        assert!(wrong.is_empty(), "{list}: {}:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
    }
}

type Headers = Vec<(String, Field)>;

/// The standardized columns of a list, its rows, and the repairs that were made.
fn standardized(list: &List, context: &Context) -> (Headers, Vec<Vec<String>>, Vec<(u32, Code)>) {
    let standardizers =
        Standardizers::new(context, list.mapping(), list.samples(), |_| true).expect("the shipped rules load");
    let (mut headers, mut rows, mut repairs) = (Headers::new(), Vec::new(), Vec::new());
    list.read(|wave| -> Result<(), RunError> {
        for raw in &wave.batches {
            let batch = standardizers.standardize(raw);
            // A whole name or address comes apart into parts, which stand behind the whole and in the same column.
            let mut columns: Vec<&StandardColumn> = Vec::new();
            for column in batch.columns() {
                if !columns.iter().any(|earlier| earlier.column == column.column) {
                    columns.push(column);
                }
            }
            headers = columns.iter().map(|column| (column.field.to_string(), column.field)).collect();
            for (index, (header, _)) in headers.iter_mut().enumerate() {
                *header = format!("{header} {index}");
            }
            rows.extend(
                (0..batch.len()).map(|row| columns.iter().map(|column| column.written(row).into_owned()).collect()),
            );
            let made = batch.findings().iter().filter(|found| found.code.is_repair());
            repairs.extend(made.filter_map(|found| Some((found.row?.number(), found.code))));
        }
        Ok(())
    })
    .expect("the list can be read");
    (headers, rows, repairs)
}
