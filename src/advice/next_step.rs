//! What to do next about a customer.

use crate::record::Channel;

/// What to do next: ask by a channel, at the till, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum NextStep {
    Sms,
    Call,
    Email,
    Till,
    Nothing,
}

impl NextStep {
    /// All of them.
    pub const ALL: [NextStep; 5] = [NextStep::Sms, NextStep::Call, NextStep::Email, NextStep::Till, NextStep::Nothing];

    /// The word in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            NextStep::Sms => "sms",
            NextStep::Call => "call",
            NextStep::Email => "email",
            NextStep::Till => "till",
            NextStep::Nothing => "nothing",
        }
    }

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            NextStep::Sms => "decay.next.sms",
            NextStep::Call => "decay.next.call",
            NextStep::Email => "decay.next.email",
            NextStep::Till => "decay.next.till",
            NextStep::Nothing => "decay.next.nothing",
        }
    }
}

impl From<Channel> for NextStep {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Sms => NextStep::Sms,
            Channel::Call => NextStep::Call,
            Channel::Email => NextStep::Email,
        }
    }
}
