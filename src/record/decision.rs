//! What a person decided of two rows.

use serde::Serialize;

use super::RowId;

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
