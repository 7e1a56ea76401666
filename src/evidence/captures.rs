//! What earlier runs knew of when values were first written down, and what later ones will know.

use std::collections::HashMap;

use super::facts::{Facts, NO_DAY};
use crate::record::{ContactIndex, ContactKind, RowCaptures, RowId, RowIndex};

/// What the newest earlier run that read a row knew of it.
#[derive(Debug, Default)]
pub struct EarlierCaptures {
    /// With the run's day.
    rows: HashMap<RowId, (i32, RowCaptures)>,
}

impl EarlierCaptures {
    /// Takes in what a run of this day knew of a row, unless a later one is known already: the newest comes first.
    pub(crate) fn add(&mut self, row: RowId, day: i32, captures: RowCaptures) {
        self.rows.entry(row).or_insert((day, captures));
    }
}

/// What earlier runs of the same list knew of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// The day on which the same value was first written down; [`NO_DAY`] where they had another one, or did not know.
    pub(crate) first: i32,
    /// The day of the last run that had another value: this one is newer.
    pub(crate) other: i32,
    /// How often the field changed before.
    pub(crate) changes: u8,
}

impl Earlier {
    /// Days of capture, given the one that the row tells.
    pub(super) fn captures(self, told: i32) -> impl Iterator<Item = i32> {
        // A row that does not say that it was changed says that its first value is still there.
        let told = if told == NO_DAY { self.other } else { told.max(self.other) };
        [self.first, told].into_iter().filter(|day| *day != NO_DAY)
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
                first: if is_same { known.first } else { NO_DAY },
                other: if is_same { NO_DAY } else { *day },
                changes: known.changes.saturating_add(u8::from(!is_same)),
            };
            earlier.insert(place, own);
        }
    }
    earlier
}
