//! Why a customer is not asked.

use crate::advice::{Bar, Closed};

/// Why a customer is not asked; each has one reason, the first that holds in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// It may not be contacted.
    Barred(Bar),
    /// Asked within the window, by whatever campaign.
    AskedRecently,
    /// No number or address by which a message would arrive.
    AskAtTill,
    /// The text takes more parts than allowed.
    MessageTooLong,
    /// Costs more than is to be gained.
    NoGain,
    /// Somebody else is asked at the same number or address.
    SameContactAsked,
    /// Somebody of the household is asked by text message.
    HouseholdAsked,
    /// Others gain more for the money, or as many as were allowed are asked.
    OverLimit,
    /// There is no room within the days of the plan.
    OverCapacity,
    /// Planning on: not asked in this campaign.
    NotAsked,
    /// Planning on: the last message is too young, not yet sent, or nobody knows whether it was.
    Waiting,
    /// Planning on: answered, failed for good, or seen alive.
    Ended,
    /// Planning on: asked in every way, without an answer.
    Unconfirmed,
}

impl Hold {
    /// The word in outputs.
    pub const fn code(self) -> &'static str {
        match self {
            Hold::Barred(bar) => bar.as_str(),
            Hold::AskedRecently => "asked_recently",
            Hold::AskAtTill => "ask_at_till",
            Hold::MessageTooLong => "message_too_long",
            Hold::NoGain => "no_gain",
            Hold::SameContactAsked => "same_contact_asked",
            Hold::HouseholdAsked => "household_asked",
            Hold::OverLimit => "over_limit",
            Hold::OverCapacity => "over_capacity",
            Hold::NotAsked => "not_asked",
            Hold::Waiting => "waiting",
            Hold::Ended => "ended",
            Hold::Unconfirmed => "unconfirmed",
        }
    }

    /// The key of what it means, in plain words.
    pub fn key(self) -> String {
        match self {
            Hold::Barred(bar) => bar.key(),
            hold => format!("hold.{}", hold.code()),
        }
    }

    /// Of two closed gates the one that stands later: it is what would have to change.
    pub(super) fn or_later(self, other: Self) -> Self {
        let step = |hold: Hold| match hold {
            Hold::AskAtTill => 0,
            Hold::Barred(_) => 1,
            _ => 2,
        };
        match (self, other) {
            (Hold::Barred(one), Hold::Barred(other)) => Hold::Barred(one.or_nearer(other)),
            _ if step(other) > step(self) => other,
            _ => self,
        }
    }
}

impl From<Closed> for Hold {
    fn from(closed: Closed) -> Self {
        match closed.bar {
            Bar::NoContact => Hold::AskAtTill,
            bar => Hold::Barred(bar),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{RuleFiles, Words};

    #[test]
    fn every_hold_has_words_in_every_language() {
        let own = [
            Hold::AskedRecently,
            Hold::AskAtTill,
            Hold::MessageTooLong,
            Hold::NoGain,
            Hold::SameContactAsked,
            Hold::HouseholdAsked,
            Hold::OverLimit,
            Hold::OverCapacity,
            Hold::NotAsked,
            Hold::Waiting,
            Hold::Ended,
            Hold::Unconfirmed,
        ];
        for language in ["en", "he"] {
            let words = Words::load(&RuleFiles::embedded(), language).expect("the shipped words are of their form");
            assert!(own.iter().all(|hold| words.has(&hold.key())), "{language}");
        }
    }
}
