//! What a person decided of two rows.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{RowId, mix};

/// What two rows are to each other, by a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// One customer.
    Same,
    /// Two customers who have nothing to do with each other, or may.
    Different,
    /// Two customers of one household.
    Household,
}

impl Relation {
    /// All of them.
    pub const ALL: [Relation; 3] = [Relation::Same, Relation::Different, Relation::Household];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Relation::Same => "same",
            Relation::Different => "different",
            Relation::Household => "household",
        }
    }

    /// The relation of this word.
    pub fn parse(word: &str) -> Option<Relation> {
        Relation::ALL.into_iter().find(|relation| relation.as_str() == word)
    }
}

/// What a person answered about two rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairAnswer {
    /// One customer.
    Same,
    /// Two.
    Different,
    /// Two of one household.
    Household,
    /// It can't be told; the question stays open.
    Unsure,
}

impl PairAnswer {
    /// All of them, as a list offers them.
    pub const ALL: [PairAnswer; 4] =
        [PairAnswer::Same, PairAnswer::Different, PairAnswer::Household, PairAnswer::Unsure];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self.relation() {
            Some(relation) => relation.as_str(),
            None => "unsure",
        }
    }

    /// What it decides; nothing where it leaves the question open.
    pub const fn relation(self) -> Option<Relation> {
        match self {
            PairAnswer::Same => Some(Relation::Same),
            PairAnswer::Different => Some(Relation::Different),
            PairAnswer::Household => Some(Relation::Household),
            PairAnswer::Unsure => None,
        }
    }
}

/// What a pair of rows is known by outside a run: both rows, and what they held when somebody was asked about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairIdentity {
    /// The rows.
    pub rows: [RowId; 2],
    /// A fixed hash of what is compared of both.
    pub compared: u64,
}

impl PairIdentity {
    /// Of two rows and the hashes of their compared values.
    pub const fn new(rows: [RowId; 2], compared: [u64; 2]) -> Self {
        PairIdentity { rows, compared: mix(compared[0]) ^ mix(compared[1]) }
    }

    /// Reads what is written of one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(|part| u64::from_str_radix(part, 16).ok().filter(|_| part.len() == 16));
        let (left, right, compared) = (parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(PairIdentity { rows: [RowId(left), RowId(right)], compared })
    }
}

impl fmt::Display for PairIdentity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [left, right] = self.rows;
        write!(out, "{:016x}-{:016x}-{:016x}", left.0, right.0, self.compared)
    }
}

/// One of the two rows of a decision, as it was when it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedRow {
    /// The row.
    pub row: RowId,
    /// As the person named it.
    pub name: String,
    /// Fixed hash of its compared values.
    pub compared: u64,
}

/// A decision that holds until a compared value of its rows changes, or it is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number; later ones are larger. 0 for one that is not written yet.
    pub number: u64,
    /// What was decided.
    pub relation: Relation,
    /// Its two rows.
    pub rows: [DecidedRow; 2],
    /// Why.
    pub why: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Fingerprint of the rules by which the values were compared.
    pub rules: String,
    /// When it was undone; RFC 3339, UTC.
    pub undone_at: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_of_a_pair_reads_back_and_does_not_change_with_the_order_of_what_was_compared() {
        let identity = PairIdentity::new([RowId(7), RowId(u64::MAX)], [1, 2]);
        assert_eq!(PairIdentity::parse(&identity.to_string()), Some(identity));
        assert_eq!(identity.compared, PairIdentity::new([RowId(7), RowId(9)], [2, 1]).compared);
        for broken in ["", "7", "7-8-9", "0000000000000007-ffffffffffffffff", "x000000000000007-ffffffffffffffff-0"] {
            assert_eq!(PairIdentity::parse(broken), None, "{broken}");
        }
    }
}
