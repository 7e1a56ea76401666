//! This year against last, as `run.json` keeps it: the figures of a run beside those of an earlier run of the same lists.

use serde::{Deserialize, Serialize};

/// An earlier run of the same lists, beside this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearBefore {
    /// Its id.
    pub run: String,
    /// Its day, `YYYY-MM-DD`.
    pub as_of: String,
    /// What is compared; what one of both does not know is left out.
    pub figures: Vec<ComparedFigure>,
}

/// One figure of both runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedFigure {
    /// `reached` of customers, `stale` of contacts, `duplicates` of rows, `repaired` of values, `answered` of messages.
    pub what: String,
    /// Then.
    pub then: CountOf,
    /// Now.
    pub now: CountOf,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountOf {
    /// How many.
    pub count: u64,
    /// Of so many.
    pub of: u64,
}
