//! What may come of asking about a number, and the sums of it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::config::Money;
use crate::record::{LineEvidence, PhoneKind};

/// What came of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The service said something of the line.
    Answered(LineEvidence),
    /// The service does not know the number, or nothing of what was wanted; this says nothing of the line.
    Unknown {
        /// When it was asked.
        asked_at: Timestamp,
    },
    /// Asking failed in a way that may pass; this says nothing of the line.
    Temporary(Temporary),
    /// The service refused; this says nothing of the line.
    Refused(Refusal),
    /// The next request would have cost more than was left.
    BudgetSpent,
    /// No request was sent.
    NotAsked(NotAsked),
}

/// What one request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The service knows the number.
    Answered {
        /// The kind of line.
        line_type: Option<PhoneKind>,
        /// Whether it can be reached.
        reachable: Option<bool>,
        /// Whether a word stood where one was looked for that nothing translates.
        has_strange_word: bool,
    },
    /// It doesn't.
    Unknown,
    /// It can't tell now.
    Temporary {
        /// Why.
        why: Temporary,
        /// The pause that it asks for.
        wait: Option<Duration>,
    },
    /// It won't.
    Refused(Refusal),
}

/// Failures that may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temporary {
    /// No connection could be made: nothing was sent.
    Connect,
    /// The connection broke.
    Broken,
    /// No answer in time.
    Timeout,
    /// 429: too many requests.
    Busy,
    /// 5xx, 408 or 425.
    Server(u16),
    /// The answer is no JSON, too long, or not of the form that `tiuv.toml` tells.
    Unreadable,
    /// The service says that it can't tell today.
    SaidSo,
}

impl Outcome {
    /// The word in the column `outcome`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Outcome::Answered(_) => "answered",
            Outcome::Unknown { .. } => "unknown",
            Outcome::Temporary(_) => "temporary",
            Outcome::Refused(_) => "refused",
            Outcome::BudgetSpent => "budget_spent",
            Outcome::NotAsked(_) => "not_asked",
        }
    }

    /// The service would not answer, or was left alone because it failed again and again.
    pub const fn is_closed_door(&self) -> bool {
        matches!(self, Outcome::Refused(_) | Outcome::NotAsked(NotAsked::ServiceRefused | NotAsked::ServiceDown))
    }
}

impl Temporary {
    /// Whether to try again soon. What was answered, or may have been, was perhaps paid for.
    pub(super) const fn is_worth_another_try(self) -> bool {
        match self {
            Temporary::Connect | Temporary::Busy => true,
            Temporary::Server(status) => status >= 500,
            Temporary::Broken | Temporary::Timeout | Temporary::Unreadable | Temporary::SaidSo => false,
        }
    }

    /// Whether the service works, though it could not tell.
    pub(super) const fn is_an_answer(self) -> bool {
        matches!(self, Temporary::SaidSo)
    }
}

impl fmt::Display for Temporary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Temporary::Connect => f.write_str("no connection"),
            Temporary::Broken => f.write_str("the connection broke"),
            Temporary::Timeout => f.write_str("no answer in time"),
            Temporary::Busy => f.write_str("too many requests (429)"),
            Temporary::Server(status) => write!(f, "the service failed ({status})"),
            Temporary::Unreadable => f.write_str("an answer of another form"),
            Temporary::SaidSo => f.write_str("the service can't tell now"),
        }
    }
}

/// Refusals, by their HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Of whatever is asked: 401, 402, 403, 407, or a redirect, which is not followed. Nothing more is asked.
    Everything(u16),
    /// Of this request.
    Request(u16),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Everything(status @ 300..=399) => write!(f, "the service redirects elsewhere ({status})"),
            Refusal::Everything(status) => write!(f, "the service refuses ({status})"),
            Refusal::Request(status) => write!(f, "the service refuses the request ({status})"),
        }
    }
}

/// Why a number was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// It is not E.164.
    NoNumber,
    /// The run was stopped.
    Stopped,
    /// The service had refused everything before.
    ServiceRefused,
    /// The service had failed many times in a row, or asked for a long pause.
    ServiceDown,
}

/// What asking came to, in distinct numbers. The six outcomes add up to `numbers`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LookupStats {
    /// Distinct numbers.
    pub numbers: u64,
    /// Of these, with an answer.
    pub answered: u64,
    /// Not known to the service.
    pub unknown: u64,
    /// Failed in a way that may pass.
    pub temporary: u64,
    /// Refused.
    pub refused: u64,
    /// Left out for want of money.
    pub budget_spent: u64,
    /// Not asked for another reason.
    pub not_asked: u64,
    /// Of those answered or unknown, from an earlier question.
    pub cached: u64,
    /// Answers with a word that `tiuv.toml` does not translate.
    pub strange_words: u64,
    /// Requests that reached the service, further tries counted.
    pub requests: u64,
    /// What they cost.
    pub cost: Money,
}

impl LookupStats {
    /// Counts a number's outcome.
    pub(super) fn count(&mut self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Answered(_) => &mut self.answered,
            Outcome::Unknown { .. } => &mut self.unknown,
            Outcome::Temporary(_) => &mut self.temporary,
            Outcome::Refused(_) => &mut self.refused,
            Outcome::BudgetSpent => &mut self.budget_spent,
            Outcome::NotAsked(_) => &mut self.not_asked,
        };
        *counter += 1;
    }

    /// Adds what asking once more came to.
    pub fn add(&mut self, next: &LookupStats) {
        self.numbers += next.numbers;
        self.answered += next.answered;
        self.unknown += next.unknown;
        self.temporary += next.temporary;
        self.refused += next.refused;
        self.budget_spent += next.budget_spent;
        self.not_asked += next.not_asked;
        self.cached += next.cached;
        self.strange_words += next.strange_words;
        self.requests += next.requests;
        self.cost = self.cost.plus(next.cost).unwrap_or(self.cost);
    }

    /// Numbers whose outcome is settled.
    pub const fn settled(&self) -> u64 {
        self.answered + self.unknown + self.temporary + self.refused + self.budget_spent + self.not_asked
    }
}
