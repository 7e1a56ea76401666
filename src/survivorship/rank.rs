//! Ranks of values by each step of `prefer`; lower is better.

use std::cell::OnceCell;

use super::member::{Cell, Found, INVALID, Member};
use crate::record::{Day, Field, Redaction};
use crate::rule::{Catalog, ConsentAnswer, Preference, Script, SurvivorshipRules};

/// What ranks are worked out from.
pub(super) struct Judge<'j, 'a> {
    rules: &'j SurvivorshipRules,
    catalog: &'j Catalog,
    redaction: &'j Redaction,
    script: Option<Script>,
    members: &'j [Member<'a>],
    /// What was found of each member.
    found: Vec<Found<'a>>,
    /// The date of each member, once it was asked for.
    dates: Vec<OnceCell<Option<Day>>>,
}

/// Behind everything that is known.
const LAST: i64 = i64::MAX;

impl<'j, 'a> Judge<'j, 'a> {
    /// Of these members.
    pub(super) fn of(
        members: &'j [Member<'a>],
        rules: &'j SurvivorshipRules,
        script: Option<Script>,
        (catalog, redaction): (&'j Catalog, &'j Redaction),
    ) -> Self {
        let found = members.iter().map(Member::found).collect();
        let dates = members.iter().map(|_| OnceCell::new()).collect();
        Judge { rules, catalog, redaction, script, members, found, dates }
    }

    /// The rank of values of one row by one step; `records` is in how many records they stand.
    pub(super) fn rank(&self, step: Preference, cells: &[Cell<'a>], records: usize) -> i64 {
        let Some(first) = cells.first() else { return LAST };
        let member = &self.members[first.member];
        let date = |cell: &Cell<'_>| cell.detail(self.members).date();
        match step {
            // Answers stand among the members in the order in which they came.
            Preference::Answered if member.is_answer => -(first.member as i64),
            Preference::Answered => LAST,
            Preference::Verified => cells.iter().map(|cell| self.quality(cell)).max().unwrap_or(LAST),
            Preference::Mx => member.mail(first.column),
            Preference::Sms => first.texts(self.members, self.redaction),
            Preference::Script => {
                let Some(script) = self.script else { return 0 };
                i64::from(!cells.iter().any(|cell| cell.value.chars().any(|letter| script.has(letter))))
            }
            Preference::SpelledOut => {
                let names = cells.iter().filter(|cell| cell.field != Field::MiddleName);
                names.filter(|cell| is_initials(cell.value)).count() as i64
            }
            Preference::MostComplete => -(cells.iter().filter(|cell| !cell.value.is_empty()).count() as i64),
            Preference::MostFrequent => -(records as i64),
            Preference::Newest => self.date_of(first.member).map_or(LAST, |day| -i64::from(day.get())),
            Preference::Longest => -(cells.iter().map(|cell| cell.value.chars().count() as i64).sum::<i64>()),
            Preference::Earliest => date(first).map_or(LAST, |day| i64::from(day.get())),
            Preference::Latest => date(first).map_or(LAST, |day| -i64::from(day.get())),
            Preference::Strictest => {
                let answer = first.answer(self.members);
                self.rules.consent.iter().position(|own| Some(*own) == answer).map_or(LAST, |place| place as i64)
            }
            Preference::SourceOrder => i64::from(member.list),
        }
    }

    /// Whether a member is what the customer said.
    pub(super) fn is_answer(&self, member: usize) -> bool {
        self.members[member].is_answer
    }

    /// Whether a value can be used, so that another one contradicts it.
    pub(super) fn is_usable(&self, cell: &Cell<'a>) -> bool {
        self.quality(cell) < INVALID && cell.answer(self.members) != Some(ConsentAnswer::Unclear)
    }

    fn quality(&self, cell: &Cell<'a>) -> i64 {
        self.members[cell.member].quality(&self.found[cell.member], cell.column, self.catalog)
    }

    /// The date of a record.
    fn date_of(&self, place: usize) -> Option<Day> {
        let member = &self.members[place];
        let read = || {
            self.rules.newest_by.iter().find_map(|field| {
                let column =
                    member.batch.standard().columns_of(*field).find(|column| !column.is_empty_at(member.row))?;
                let day = column.detail(member.row).date()?;
                (member.quality(&self.found[place], column, self.catalog) < INVALID).then_some(day)
            })
        };
        *self.dates[place].get_or_init(read)
    }
}

/// `J.`, `J.R.`, `י`: letters of which no two stand together.
fn is_initials(name: &str) -> bool {
    name.split(|letter: char| !letter.is_alphabetic()).all(|word| word.chars().nth(1).is_none())
}
