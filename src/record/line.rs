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

/// Who remembers from run to run what services said of numbers: the workspace, or nobody.
pub trait LookupMemory {
    /// What can go wrong with it.
    type Error;

    /// What a service last said of an E.164 number, where it was asked in the same way (`version`).
    ///
    /// # Errors
    /// When it can't be read.
    fn recall(&self, service: &str, version: &str, number: &str) -> Result<Option<LineEvidence>, Self::Error>;

    /// Keeps what a service said of some numbers, in place of what it said before; all or none.
    ///
    /// # Errors
    /// When it can't be written.
    fn keep(&mut self, service: &str, version: &str, answers: &[(String, LineEvidence)]) -> Result<(), Self::Error>;
}

/// Where there may be no memory: nothing is remembered then.
impl<M: LookupMemory> LookupMemory for Option<&mut M> {
    type Error = M::Error;

    fn recall(&self, service: &str, version: &str, number: &str) -> Result<Option<LineEvidence>, M::Error> {
        self.as_ref().map_or(Ok(None), |memory| memory.recall(service, version, number))
    }

    fn keep(&mut self, service: &str, version: &str, answers: &[(String, LineEvidence)]) -> Result<(), M::Error> {
        self.as_mut().map_or(Ok(()), |memory| memory.keep(service, version, answers))
    }
}
