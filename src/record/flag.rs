//! Why a customer is flagged: what speaks against its address and its number.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words::{joined, listed};
use super::{ContactKind, Signal};

/// What moved the log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Class, age, earlier changes and tenure alone.
    Hazard,
    /// A signal.
    Signal(Signal),
    /// Mails were delivered and not opened.
    Unopened,
    /// The domain is dead.
    DeadDomain,
    /// The owner is said to have died.
    Deceased,
}

impl Cause {
    /// The word in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::Hazard => "hazard",
            Cause::Signal(signal) => signal.as_str(),
            Cause::Unopened => "unopened",
            Cause::DeadDomain => "dead_domain",
            Cause::Deceased => "deceased",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let plain = [Cause::Hazard, Cause::Unopened, Cause::DeadDomain, Cause::Deceased];
        plain.into_iter().find(|own| own.as_str() == word).or_else(|| Signal::parse(word).map(Cause::Signal))
    }
}

/// Why a contact counts as stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlagReason {
    /// Something that speaks for it.
    Cause(Cause),
    /// Nothing is known beside its age.
    NoEvidence,
    /// Not even its age: it counts as old as the middle one of the list.
    TenureUnknown,
    /// It is no person's own: a mailbox of a function, a throw-away, a placeholder, or a value that many share.
    Nobodys,
}

impl FlagReason {
    /// The word in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            FlagReason::Cause(Cause::Hazard) => "tenure",
            FlagReason::Cause(cause) => cause.as_str(),
            FlagReason::NoEvidence => "no_evidence",
            FlagReason::TenureUnknown => "tenure_unknown",
            FlagReason::Nobodys => "nobodys",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        let plain =
            [FlagReason::Cause(Cause::Hazard), FlagReason::NoEvidence, FlagReason::TenureUnknown, FlagReason::Nobodys];
        let plain = plain.into_iter().find(|own| own.as_str() == word);
        plain.or_else(|| Cause::parse(word).map(FlagReason::Cause))
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("decay.{}", self.as_str())
    }
}

/// The reasons of a customer's contacts, what weighs most first; in outputs `email.hard_bounce;phone.tenure`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlagReasons(pub Vec<(ContactKind, FlagReason)>);

impl FlagReasons {
    /// Reads what [`fmt::Display`] writes; words that are none are passed over.
    pub fn parse(text: &str) -> Self {
        let one = |reason: &str| {
            let (kind, word) = reason.split_once('.')?;
            Some((ContactKind::parse(kind)?, FlagReason::parse(word)?))
        };
        FlagReasons(listed(text, one))
    }

    /// Each as a word: `email.hard_bounce`.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|(kind, reason)| format!("{}.{}", kind.as_str(), reason.as_str()))
    }
}

impl fmt::Display for FlagReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(self.words()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_back() {
        let causes = [Cause::Hazard, Cause::Unopened, Cause::DeadDomain, Cause::Deceased];
        let signals = Signal::ALL.iter().copied().map(Cause::Signal);
        let causes = causes.into_iter().chain(signals).map(FlagReason::Cause);
        let all = causes.chain([FlagReason::NoEvidence, FlagReason::TenureUnknown, FlagReason::Nobodys]);
        let reasons = FlagReasons(all.flat_map(|one| [(ContactKind::Email, one), (ContactKind::Phone, one)]).collect());
        assert_eq!(FlagReasons::parse(&reasons.to_string()), reasons);
        assert!(reasons.to_string().starts_with("email.tenure;phone.tenure;"));
        assert_eq!(FlagReasons::parse(""), FlagReasons::default());
    }
}
