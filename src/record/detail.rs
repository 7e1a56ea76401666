//! What standardizing learnt of a value beyond its text, small enough to keep for every row.

use serde::{Deserialize, Serialize};

use super::Day;
use super::consent::Consent;
use super::standing::{SaidDay, Standing};
use super::words::words;
use crate::finding::Code;

/// What the reading of one value yielded beside its standardized text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Nothing: an empty cell, or a field whose text says it all.
    #[default]
    None,
    /// A number, or a phone cell in which none could be read.
    Phone(PhoneDetail),
    /// An address, or an e-mail cell in which none could be read.
    Email(EmailDetail),
    /// A calendar date.
    Date(Day),
    /// A place known to the shipped lists: its official code (for Israel: the CBS locality code).
    Place(u32),
    /// What is said of contacting the customer, and the day on which it was said or came true.
    Standing(Standing, SaidDay),
}

/// What the number engine says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhoneDetail {
    /// Whether the number can exist and does.
    pub validity: PhoneValidity,
    /// What kind of line it is.
    pub kind: PhoneKind,
    /// May it get a text message.
    pub sms: Reach,
    /// May it be called.
    pub call: Reach,
    /// The code of the range that says so; none where it follows from the kind of line.
    pub by: Option<Code>,
}

impl PhoneDetail {
    /// Takes a number that may be either for the kind of line that somebody says it is, with the ways to reach such a one.
    pub fn take_for(&mut self, kind: PhoneKind, sms: Reach, call: Reach) {
        if self.kind == PhoneKind::FixedOrMobile {
            *self = PhoneDetail { kind, sms, call, ..*self };
        }
    }
}

/// How far a number got in the numbering plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneValidity {
    /// No number could be read.
    Unreadable,
    /// Shorter than any number of its country.
    TooShort,
    /// Longer than any number of its country.
    TooLong,
    /// Of a length that its country does not use, between the shortest and the longest.
    BadLength,
    /// Of a possible length in a range that the plan does not know.
    UnknownRange,
    /// In the plan.
    Valid,
}

impl PhoneValidity {
    /// The word in rules and outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            PhoneValidity::Unreadable => "unreadable",
            PhoneValidity::TooShort => "too_short",
            PhoneValidity::TooLong => "too_long",
            PhoneValidity::BadLength => "bad_length",
            PhoneValidity::UnknownRange => "unknown_range",
            PhoneValidity::Valid => "valid",
        }
    }
}

/// Kinds of line that numbering plans tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the plan's own")]
pub enum PhoneKind {
    Unknown,
    Mobile,
    Fixed,
    FixedOrMobile,
    Voip,
    TollFree,
    Premium,
    SharedCost,
    Personal,
    Pager,
    Uan,
    Voicemail,
    ShortCode,
}

impl PhoneKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [PhoneKind; 13] = [
        PhoneKind::Unknown,
        PhoneKind::Mobile,
        PhoneKind::Fixed,
        PhoneKind::FixedOrMobile,
        PhoneKind::Voip,
        PhoneKind::TollFree,
        PhoneKind::Premium,
        PhoneKind::SharedCost,
        PhoneKind::Personal,
        PhoneKind::Pager,
        PhoneKind::Uan,
        PhoneKind::Voicemail,
        PhoneKind::ShortCode,
    ];

    /// The kind with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word in `tiuv_phone_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            PhoneKind::Unknown => "unknown",
            PhoneKind::Mobile => "mobile",
            PhoneKind::Fixed => "fixed",
            PhoneKind::FixedOrMobile => "fixed_or_mobile",
            PhoneKind::Voip => "voip",
            PhoneKind::TollFree => "toll_free",
            PhoneKind::Premium => "premium",
            PhoneKind::SharedCost => "shared_cost",
            PhoneKind::Personal => "personal",
            PhoneKind::Pager => "pager",
            PhoneKind::Uan => "uan",
            PhoneKind::Voicemail => "voicemail",
            PhoneKind::ShortCode => "short_code",
        }
    }
}

words! {
    /// Whether a channel can reach a contact at all.
    Reach {
        /// Surely.
        Yes = "yes",
        /// Surely not.
        No = "no",
        /// Nobody can say.
        Unknown = "unknown",
    }
}

/// What the parser says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmailDetail {
    /// The first rule of syntax that it breaks; none where it is an address.
    pub broken: Option<Code>,
    /// Its class, one of the `email.class.*` codes; none for an ordinary private or company address.
    pub class: Option<Code>,
}

impl From<Standing> for Detail {
    fn from(standing: Standing) -> Self {
        Detail::Standing(standing, SaidDay::NONE)
    }
}

impl Detail {
    /// The phone detail, where this is one.
    pub const fn phone(self) -> Option<PhoneDetail> {
        if let Detail::Phone(detail) = self { Some(detail) } else { None }
    }

    /// The e-mail detail, where this is one.
    pub const fn email(self) -> Option<EmailDetail> {
        if let Detail::Email(detail) = self { Some(detail) } else { None }
    }

    /// The day, where this is a date.
    pub const fn date(self) -> Option<Day> {
        if let Detail::Date(day) = self { Some(day) } else { None }
    }

    /// What is said of contacting the customer; nothing where this is something else.
    pub const fn standing(self) -> Standing {
        if let Detail::Standing(standing, _) = self { standing } else { Standing::NOTHING }
    }

    /// The day on which that was said or came true.
    pub const fn said_on(self) -> Option<Day> {
        if let Detail::Standing(_, day) = self { day.get() } else { None }
    }

    /// The strictest answer about being contacted, whatever it is about.
    pub fn consent(self) -> Option<Consent> {
        self.standing().strictest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_stays_small_because_every_row_keeps_several() {
        assert!(size_of::<Detail>() <= 8, "{}", size_of::<Detail>());
    }
}
