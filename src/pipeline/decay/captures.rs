//! What earlier runs knew of when values were first written down, out of the workspace; and what later ones will know.

use super::super::{Customers, RunError};
use super::Decay;
use crate::evidence::EarlierCaptures;
use crate::record::{Captured, ContactKind, Day, RowCaptures, RowId, RowIndex};
use crate::store::Store;

/// What runs of days before `today`, `YYYY-MM-DD`, knew: what a later run knew has not happened yet.
///
/// # Errors
/// When what they left can't be read.
pub fn earlier_captures(store: &Store, today: &str) -> Result<EarlierCaptures, RunError> {
    let mut earlier = EarlierCaptures::default();
    store.earlier_captures(today, &mut |as_of, row, captures| {
        if let Ok(day) = as_of.parse() {
            earlier.add(row, Day::of(day), captures);
        }
    })?;
    Ok(earlier)
}

impl Decay {
    /// What later runs will know, row by row; nothing where rows have no names that last.
    pub fn captures<'d>(&'d self, customers: &'d Customers) -> impl Iterator<Item = (RowId, RowCaptures)> + 'd {
        let ids = customers.row_ids();
        RowIndex::first(ids.len()).zip(ids).map(|(row, id)| {
            let captured = |kind: ContactKind| match self.evidence.facts.primary(row, kind) {
                None => Captured { tag: 0, first: None, changes: 0 },
                Some(place) => Captured {
                    tag: self.evidence.facts.contact(place).tag(),
                    first: self.scores.captured[place.get()],
                    changes: self.evidence.earlier.get(&place).map_or(0, |earlier| earlier.changes),
                },
            };
            (*id, [captured(ContactKind::Email), captured(ContactKind::Phone)])
        })
    }
}
