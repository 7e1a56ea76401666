//! What earlier runs knew of when values were first written down, and what later ones will know.

use std::collections::HashMap;

use super::super::{Customers, RunError};
use super::Decay;
use super::evidence::Earlier;
use super::facts::{Facts, NO_DAY};
use crate::clock::days_of;
use crate::record::{Captured, ContactIndex, ContactKind, RowCaptures, RowId, RowIndex};
use crate::store::Store;

/// What the newest earlier run that read a row knew of it.
#[derive(Debug, Default)]
pub struct EarlierCaptures {
    /// With the run's day.
    rows: HashMap<RowId, (i32, RowCaptures)>,
}

impl EarlierCaptures {
    /// From runs of days before `today`, `YYYY-MM-DD`: what a later run knew has not happened yet.
    ///
    /// # Errors
    /// When what they left can't be read.
    pub fn load(store: &Store, today: &str) -> Result<Self, RunError> {
        let mut rows = HashMap::new();
        store.earlier_captures(today, &mut |as_of, row, captures| {
            if let Ok(day) = as_of.parse() {
                rows.entry(row).or_insert((days_of(day), captures));
            }
        })?;
        Ok(EarlierCaptures { rows })
    }
}

/// What is known of contacts from earlier runs, by their places.
pub(super) fn known(
    facts: &Facts,
    customers: Option<&Customers>,
    captures: Option<&EarlierCaptures>,
) -> HashMap<ContactIndex, Earlier> {
    let mut earlier = HashMap::new();
    let (Some(customers), Some(captures)) = (customers, captures.filter(|captures| !captures.rows.is_empty())) else {
        return earlier;
    };
    for (row, id) in RowIndex::first(customers.row_ids().len()).zip(customers.row_ids()) {
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

impl Decay {
    /// What later runs will know, row by row; nothing where rows have no names that last.
    pub fn captures<'d>(&'d self, customers: &'d Customers) -> impl Iterator<Item = (RowId, RowCaptures)> + 'd {
        RowIndex::first(customers.row_ids().len()).zip(customers.row_ids()).map(|(row, id)| {
            let captured = |kind: ContactKind| match self.facts.primary(row, kind) {
                None => Captured { tag: 0, first: NO_DAY, changes: 0 },
                Some(place) => Captured {
                    tag: self.facts.contact(place).tag(),
                    first: self.scores.captured[place.get()],
                    changes: self.earlier.get(&place).map_or(0, |earlier| earlier.changes),
                },
            };
            (*id, [captured(ContactKind::Email), captured(ContactKind::Phone)])
        })
    }
}
