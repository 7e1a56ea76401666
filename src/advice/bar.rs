//! Why a customer may not be contacted by a channel: one closed list of reasons, each with its word.

use crate::record::{Day, SuppressionReason};

/// Declares every bar that has a word of its own, in the order of how near the channel is to being open.
macro_rules! bars {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal,)+) => {
        /// What stands between a customer and a channel; each channel has one, the last of the gates that it came to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Bar {
            $($(#[doc = $doc])* $variant,)+
            /// The customer, its list, an event or the suppression list says so, of every channel or of this contact.
            Held(SuppressionReason),
        }

        impl Bar {
            /// All of them.
            pub fn all() -> impl Iterator<Item = Bar> {
                [$(Bar::$variant,)+].into_iter().chain(SuppressionReason::ALL.iter().copied().map(Bar::Held))
            }

            /// The word in outputs. `rules/words` says each in a sentence, `contact.WORD`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Bar::$variant => $word,)+
                    Bar::Held(reason) => reason.as_str(),
                }
            }
        }
    };
}

bars! {
    /// No number or address that takes it.
    NoContact = "no_contact",
    /// Too many different customers have the number or address.
    SharedValue = "shared_value",
    /// No rule says how to ask in that country.
    NoEtiquette = "no_etiquette",
    /// No permission is on record where the country asks for one.
    NoConsent = "no_consent",
    /// The answer about permission can't be read.
    UnclearConsent = "unclear_consent",
    /// The permission on record is for another channel.
    OtherConsent = "other_consent",
    /// The permission stands in a record that is perhaps another person's, with another number or address.
    DoubtfulConsent = "doubtful_consent",
    /// The customer refused this channel.
    ChannelRefused = "channel_refused",
    /// The only numbers or addresses reach nobody any more.
    OnlyDead = "only_dead",
    /// Not of age.
    Minor = "minor",
    /// Barred, or asked to be forgotten.
    Blocked = "blocked",
}

impl Bar {
    /// The key of its sentence.
    pub fn key(self) -> String {
        format!("contact.{}", self.as_str())
    }

    /// Of two bars the one that is told: what is about the person before what is about the contact, and of gates the last.
    #[must_use]
    pub fn or_nearer(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    /// How much it says.
    const fn rank(self) -> u8 {
        match self {
            Bar::NoContact => 0,
            Bar::SharedValue => 1,
            Bar::NoEtiquette => 2,
            Bar::NoConsent => 3,
            Bar::UnclearConsent => 4,
            Bar::OtherConsent => 5,
            Bar::DoubtfulConsent => 6,
            Bar::ChannelRefused => 7,
            Bar::OnlyDead => 8,
            Bar::Minor => 9,
            Bar::Blocked => 10,
            Bar::Held(reason) => match reason {
                SuppressionReason::Manual | SuppressionReason::DoNotCall => 7,
                SuppressionReason::WrongPerson | SuppressionReason::Disconnected => 8,
                SuppressionReason::OptOut => 11,
                SuppressionReason::Complaint => 12,
                SuppressionReason::Legal => 13,
                SuppressionReason::Deceased => 14,
            },
        }
    }

    /// Whether nobody asks at the till, either.
    pub const fn is_for_good(self) -> bool {
        matches!(self, Bar::Held(SuppressionReason::Deceased | SuppressionReason::Legal))
    }
}

/// That a channel is closed: why, and since when, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Why.
    pub bar: Bar,
    /// Since which day.
    pub since: Option<Day>,
}

impl Closed {
    /// Closed, and nobody knows since when.
    pub const fn by(bar: Bar) -> Self {
        Closed { bar, since: None }
    }

    /// Of two the one that is told.
    #[must_use]
    pub fn or_nearer(self, other: Self) -> Self {
        if other.bar.rank() > self.bar.rank() { other } else { self }
    }
}
