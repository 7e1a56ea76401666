//! A refusal is the person's: every way in which one comes, everything that changes afterwards, every place where it has to
//! hold. `fixtures/refusals/persons.md` says what is right.

mod after_plan;
mod any_order;
mod decided;
mod each_row;
mod elsewhere;
mod people;
mod year;

use std::collections::BTreeMap;

use people::{Change, Person, Way};
use year::{FIRST_NAME, SECOND_NAME, Year, first_year};

/// What is wrong, by way and change.
type Failures = BTreeMap<(Way, Change), Vec<String>>;

#[test]
fn a_refusal_holds_the_person_whatever_the_list_of_another_year_calls_it() {
    let people = Person::all();
    let first = first_year(&people);
    let mut wrong = Failures::new();
    for name in [FIRST_NAME, SECOND_NAME] {
        let year = Year::second(&first, &people, name);
        for person in &people {
            let found = year.faults(person);
            wrong
                .entry((person.way, person.change))
                .or_default()
                .extend(found.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    wrong.retain(|_, faults| !faults.is_empty());
    assert!(wrong.is_empty(), "{}", told(&wrong));
}

fn told(wrong: &Failures) -> String {
    let lines = wrong.iter().map(|((way, change), faults)| format!("{way:?} {change:?}: {}", faults.join("; ")));
    let faults: usize = wrong.values().map(Vec::len).sum();
    format!("{faults} faults in {} cells\n{}", wrong.len(), lines.collect::<Vec<_>>().join("\n"))
}
