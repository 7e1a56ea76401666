//! What a customer's rows say of consent: to any message, and to each channel.

use serde::Serialize;

use super::words::words;

words! {
    /// Ways to reach a customer.
    Channel {
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// A call.
        Call = "call",
    }
}

/// An answer to "may we contact you".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// A refusal.
    No,
    /// Something is written that no list of answers knows.
    Unknown,
    /// A permission.
    Yes,
}

/// The consents that a customer gave or refused; none where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GivenConsents {
    /// To any message.
    pub any: Option<Consent>,
    /// To text messages.
    pub sms: Option<Consent>,
    /// To e-mail.
    pub email: Option<Consent>,
    /// To calls.
    pub call: Option<Consent>,
}

impl GivenConsents {
    /// To a channel.
    pub const fn of(&self, channel: Channel) -> Option<Consent> {
        match channel {
            Channel::Sms => self.sms,
            Channel::Email => self.email,
            Channel::Call => self.call,
        }
    }

    /// To any message, to text messages, to e-mail and to calls.
    pub const fn all(&self) -> [Option<Consent>; 4] {
        [self.any, self.sms, self.email, self.call]
    }

    /// The place of a channel among [`GivenConsents::all`].
    pub const fn place(channel: Channel) -> usize {
        match channel {
            Channel::Sms => 1,
            Channel::Email => 2,
            Channel::Call => 3,
        }
    }
}

impl From<[Option<Consent>; 4]> for GivenConsents {
    fn from([any, sms, email, call]: [Option<Consent>; 4]) -> Self {
        GivenConsents { any, sms, email, call }
    }
}
