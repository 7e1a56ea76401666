//! What a service that was asked knows of a phone line.

use jiff::Timestamp;

use super::PhoneKind;

/// What a look-up service said of a number, and when. It never names a carrier: numbers move between carriers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineEvidence {
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The kind of line; none where the service does not say, or in words that `tiuv.toml` does not translate.
    pub line_type: Option<PhoneKind>,
    /// Whether the line can be reached; none where the service does not know or was not asked for it.
    pub reachable: Option<bool>,
}

impl LineEvidence {
    /// Whether the service knew the number at all.
    pub const fn says_something(&self) -> bool {
        self.line_type.is_some() || self.reachable.is_some()
    }
}
