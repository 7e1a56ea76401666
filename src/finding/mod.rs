//! What a rule says about a cell, a row or the list: code, confidence, where.

mod code;
mod place;

pub use code::Code;
pub use place::{ColumnIndex, LineNumber, RecordPlace, RowNumber};
use serde::{Deserialize, Serialize};

/// How much a finding matters to whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Info,
    /// A person should look when there is time.
    Warning,
    /// The value can't be used as it stands.
    Error,
}

impl Severity {
    /// The lower-case word used in rules, on the command line and in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// How sure a rule is, or how sure one repair is, in whole percent (0–100).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidence(u8);

impl Confidence {
    /// Certain.
    pub const CERTAIN: Confidence = Confidence(100);

    /// From whole percent; more than 100 counts as 100.
    pub const fn percent(percent: u8) -> Self {
        Confidence(if percent > 100 { 100 } else { percent })
    }

    /// In whole percent.
    pub const fn as_percent(self) -> u8 {
        self.0
    }

    /// A repair this sure is made without asking; a less sure one is a suggestion.
    pub const fn is_automatic(self) -> bool {
        self.0 >= 95
    }
}

/// One thing that one rule says about one place. Values stay out of it: whoever prints a finding looks the cell up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The record it is about; none where it is about a column or the whole list.
    pub row: Option<RowNumber>,
    /// The source column it is about; none where it is about the row or the list.
    pub column: Option<ColumnIndex>,
    /// What is said.
    pub code: Code,
    /// How sure.
    pub confidence: Confidence,
}

/// What is said of one cell while it is being read: a finding whose place is not written down yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// What is said.
    pub code: Code,
    /// How sure.
    pub confidence: Confidence,
}
