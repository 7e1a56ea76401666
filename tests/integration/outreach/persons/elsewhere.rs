//! A new workspace that takes over the suppressions of the old one: the persons hold there, and nobody's value travels along.

use super::people::{Person, Way, second_list};
use super::year::{FIRST_NAME, SECOND_NAME, Year, first_year, tiuv};
use super::{Failures, told};
use crate::support::program::Place;

#[test]
fn persons_hold_in_a_new_workspace_that_imports_the_suppressions() {
    let people = Person::all();
    let first = first_year(&people);
    tiuv(&first, "2026-11-27", &["suppress", "export", "suppressed.csv"]);
    let exported = std::fs::read_to_string(first.path("suppressed.csv")).expect("is written");
    let column = people.iter().find(|person| person.way == Way::Column).expect("is there");
    for value in [column.first(), &column.phone(), &column.email(), &column.key()] {
        assert!(!exported.contains(value), "{value}: only what was suppressed by its value stands there");
    }
    let mut wrong = Failures::new();
    for is_cleaned_before in [false, true] {
        let place = Place::new();
        if is_cleaned_before {
            std::fs::write(place.path(FIRST_NAME), second_list(&people)).expect("is written");
            tiuv(&place, "2028-01-01", &["clean", FIRST_NAME, "--out", "before"]);
        }
        place.write("suppressed.csv", &exported);
        let ran = tiuv(&place, "2028-01-10", &["suppress", "import", "suppressed.csv"]);
        assert!(ran.stdout.contains("added"), "{ran:?}");
        let again = tiuv(&place, "2028-01-10", &["suppress", "import", "suppressed.csv"]);
        assert!(again.stdout.starts_with("0 added"), "{again:?}");
        let year = Year::cleaned(place, &people, SECOND_NAME);
        for person in &people {
            let faults = year.faults(person);
            wrong.entry((person.way, person.change)).or_default().extend(faults);
        }
    }
    wrong.retain(|_, faults| !faults.is_empty());
    assert!(wrong.is_empty(), "{}", told(&wrong));
}
