//! Decisions about pairs that agree with each other: what contradicts those taken before is not taken.

use std::collections::BTreeMap;

use crate::record::Relation;

/// Decisions taken so far, those that win first.
#[derive(Debug)]
pub(super) struct Settled<R> {
    /// Union of rows that are one customer.
    leader: BTreeMap<R, R>,
    /// Rows that are not.
    apart: Vec<(R, R)>,
}

impl<R: Copy + Ord> Settled<R> {
    /// None yet.
    pub(super) const fn nothing() -> Self {
        Settled { leader: BTreeMap::new(), apart: Vec::new() }
    }

    fn find(&self, row: R) -> R {
        let mut row = row;
        while let Some(&next) = self.leader.get(&row).filter(|next| **next != row) {
            row = next;
        }
        row
    }

    /// Takes a decision unless it contradicts those taken.
    pub(super) fn accepts(&mut self, a: R, b: R, relation: Relation) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        match relation {
            Relation::Same => {
                let is_apart = |(left, right): &(R, R)| {
                    let ends = (self.find(*left), self.find(*right));
                    ends == (a, b) || ends == (b, a)
                };
                if self.apart.iter().any(is_apart) {
                    return false;
                }
                self.leader.insert(a.max(b), a.min(b));
                true
            }
            Relation::Different | Relation::Household => {
                if a == b {
                    return false;
                }
                self.apart.push((a, b));
                true
            }
        }
    }
}
