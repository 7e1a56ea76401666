//! For random lists, answers and renumberings no sequence of runs ever plans a person after its refusal, and whoever never
//! refused is asked.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::people::local;
use super::year::{CONFIG, message, plan, suppress, table, tiuv};
use crate::support::program::Place;

/// What a year does to somebody.
#[derive(Debug, Clone, Copy)]
struct Turn {
    has_new_number: bool,
    has_new_email: bool,
    has_new_surname: bool,
    /// Left out of the year's list.
    is_absent: bool,
    /// How it refuses when the plan of the year was made, if it does.
    refusal: Option<Refusal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Stop,
    Unsubscribe,
    Number,
    Key,
    /// In a column of the list of the year, before the plan.
    Column,
}

/// A person of the model, with all that it was ever known by.
struct Member {
    first: &'static str,
    last: usize,
    key: usize,
    number: usize,
    email: usize,
    has_refused: bool,
    /// It was in the list of the year before: what changes is told apart from who that was.
    was_there: bool,
}

const YEARS: usize = 4;
const PEOPLE: usize = 48;
const FIRST_KEY: usize = 41_000;
const FIRST: [&str; 12] =
    ["Dana", "Yossi", "Michael", "Rachel", "Igor", "Tamar", "Samir", "Olga", "Quentin", "Fatima", "Walter", "Zohar"];
const LAST: [&str; 8] = ["Levi", "Mizrahi", "Peretz", "Biton", "Abramov", "Friedman", "Haddad", "Kuznetsov"];

fn turn() -> impl Strategy<Value = Turn> {
    let refusal = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Refusal::Stop)),
        1 => Just(Some(Refusal::Unsubscribe)),
        1 => Just(Some(Refusal::Number)),
        1 => Just(Some(Refusal::Key)),
        1 => Just(Some(Refusal::Column)),
    ];
    let rarely = || prop::bool::weighted(0.2);
    (prop::bool::weighted(0.4), prop::bool::weighted(0.4), rarely(), rarely(), refusal).prop_map(
        |(has_new_number, has_new_email, has_new_surname, is_absent, refusal)| Turn {
            has_new_number,
            has_new_email,
            has_new_surname,
            is_absent,
            refusal,
        },
    )
}

/// Years: whether the club's program numbers all members anew, and what happens to each.
fn years() -> impl Strategy<Value = Vec<(bool, Vec<Turn>)>> {
    let year = (prop::bool::weighted(0.3), prop::collection::vec(turn(), PEOPLE));
    prop::collection::vec(year, YEARS)
}

impl Member {
    fn new(index: usize) -> Self {
        Member {
            first: FIRST[index % FIRST.len()],
            last: index / FIRST.len(),
            key: FIRST_KEY + index,
            number: 100 * index,
            email: 100 * index,
            has_refused: false,
            was_there: false,
        }
    }

    /// Numbers and addresses of two members have nothing in common by which matching could take them for one.
    fn phone(&self) -> String {
        format!("+97252{:07}", 2_310_000 + self.number * 7_919 % 6_000_000)
    }

    fn email(&self) -> String {
        let word = ["sea", "moon", "tree", "river", "stone", "cloud", "bird"][self.email / 100 % 7];
        format!("{word}{}@gmail.com", self.email * 613 % 99_991)
    }

    fn row(&self, asked: &str) -> String {
        let last = LAST[self.last % LAST.len()];
        format!("{},{},{last},{},{},{asked}\n", self.key, self.first, local(&self.phone()), self.email())
    }

    /// What changes, but never all at once: a list that is numbered anew has the numbers and addresses of before. The keys are then
    /// those of others.
    fn change(&mut self, turn: Turn, is_numbered_anew: bool) {
        if is_numbered_anew {
            self.key = FIRST_KEY + (self.key - FIRST_KEY + 13) % PEOPLE;
            return;
        }
        if !self.was_there {
            return;
        }
        self.number += usize::from(turn.has_new_number);
        self.email += usize::from(turn.has_new_email);
        self.last += usize::from(turn.has_new_surname) * 4;
    }
}

fn case(years: &[(bool, Vec<Turn>)]) {
    let place = Place::new();
    place.write("tiuv.toml", CONFIG);
    let mut members: Vec<Member> = (0..PEOPLE).map(Member::new).collect();
    for (year, (is_numbered_anew, turns)) in years.iter().enumerate() {
        let day = format!("{}-02-01", 2027 + year);
        let name = format!("members_{}.csv", 2027 + year);
        let head = if year % 2 == 0 {
            "Member No,First name,Last name,Mobile,Email,Do not contact\n"
        } else {
            "Membership number,Given name,Surname,Cell phone,E-mail,Do not contact\n"
        };
        let mut list = head.to_owned();
        for (member, turn) in members.iter_mut().zip(turns) {
            if year > 0 {
                member.change(*turn, *is_numbered_anew);
            }
            let is_told = turn.refusal == Some(Refusal::Column) && !turn.is_absent;
            member.has_refused |= is_told;
            member.was_there = !turn.is_absent;
            if !turn.is_absent {
                list.push_str(&member.row(if is_told { "yes" } else { "" }));
            }
        }
        std::fs::write(place.path(&name), list).expect("is written");
        tiuv(&place, &day, &["clean", &name, "--out", "out"]);
        plan(&place, &day, "plan");
        let asked: BTreeSet<String> = table(&place, "plan/outbox.csv").iter().map(|row| row["to"].clone()).collect();
        for (member, turn) in members.iter().zip(turns).filter(|(_, turn)| !turn.is_absent) {
            let is_asked = asked.contains(&member.phone()) || asked.contains(&member.email());
            assert_eq!(is_asked, !member.has_refused, "year {year}: {} {}, {turn:?}", member.first, member.key);
        }
        answers(&place, &mut members, turns);
    }
}

fn answers(place: &Place, members: &mut [Member], turns: &[Turn]) {
    let (mut numbers, mut keys) = (Vec::new(), Vec::new());
    for (member, turn) in members.iter_mut().zip(turns).filter(|(_, turn)| !turn.is_absent) {
        match turn.refusal {
            Some(Refusal::Stop) => message(place, &member.phone(), "STOP"),
            Some(Refusal::Unsubscribe) => message(place, &member.email(), "unsubscribe"),
            Some(Refusal::Number) => numbers.push(member.phone()),
            Some(Refusal::Key) => keys.push(member.key.to_string()),
            Some(Refusal::Column) | None => continue,
        }
        member.has_refused = true;
    }
    for who in [numbers, keys].into_iter().filter(|who| !who.is_empty()) {
        suppress(place, &who);
    }
}

#[test]
fn no_sequence_of_runs_plans_a_person_after_its_refusal() {
    let config = Config { cases: 3, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[13; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&years(), |years| {
        case(&years);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
