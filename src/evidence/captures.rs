//! What earlier runs knew of when values were first written down, and what later ones will know.

use std::collections::HashMap;

use super::facts::Facts;
use crate::record::{ContactIndex, ContactKind, Day, RowCaptures, RowId, RowIndex};

/// What the newest earlier run that read a row knew of it.
#[derive(Debug, Default)]
pub struct EarlierCaptures {
    /// With the run's day.
    rows: HashMap<RowId, (Day, RowCaptures)>,
}

impl EarlierCaptures {
    /// Takes in what a run of this day knew of a row, unless a later one is known already: the newest comes first.
    pub(crate) fn add(&mut self, row: RowId, day: Day, captures: RowCaptures) {
        self.rows.entry(row).or_insert((day, captures));
    }
}

/// What earlier runs of the same list knew of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// The day on which the same value was first written down; none where they had another one, or did not know.
    pub(crate) first: Option<Day>,
    /// The day of the last run that had another value: this one is newer.
    pub(crate) other: Option<Day>,
    /// How often the field changed before.
    pub(crate) changes: u8,
}

impl Earlier {
    /// Days of capture, given the one that the row tells.
    pub(super) fn captures(self, told: Option<Day>) -> impl Iterator<Item = Day> {
        // A row that does not say that it was changed says that its first value is still there.
        [self.first, told.max(self.other)].into_iter().flatten()
    }
}

/// What is known of contacts from earlier runs, by their places.
pub(crate) fn known(
    facts: &Facts,
    ids: &[RowId],
    captures: Option<&EarlierCaptures>,
) -> HashMap<ContactIndex, Earlier> {
    let mut earlier = HashMap::new();
    let Some(captures) = captures.filter(|captures| !captures.rows.is_empty()) else { return earlier };
    for (row, id) in RowIndex::first(ids.len()).zip(ids) {
        let Some((day, known)) = captures.rows.get(id) else { continue };
        for kind in [ContactKind::Email, ContactKind::Phone] {
            let known = known[kind as usize];
            let Some(place) = facts.primary(row, kind).filter(|_| known.tag != 0) else { continue };
            let is_same = facts.contact(place).tag() == known.tag;
            let own = Earlier {
                first: if is_same { known.first } else { None },
                other: (!is_same).then_some(*day),
                changes: known.changes.saturating_add(u8::from(!is_same)),
            };
            earlier.insert(place, own);
        }
    }
    earlier
}
