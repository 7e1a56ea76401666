//! Classes of words, and sets of them.

use serde::Deserialize;

use super::super::class_words::ClassSet;
use crate::record::Channel;

/// What a word says; the names are those in `rules/standing.toml`, which explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    No,
    Yes,
    Permit,
    Subscribe,
    Accept,
    Want,
    Unsubscribe,
    Refuse,
    Removal,
    Cancel,
    Close,
    Spam,
    Lift,
    Complain,
    Forget,
    Block,
    Death,
    Alive,
    Minor,
    Adult,
    Age,
    BirthYear,
    Bounce,
    Bad,
    Works,
    Verified,
    Contact,
    Channel,
    Newsletter,
    Sms,
    Email,
    Call,
    Post,
    Whatsapp,
    All,
    Only,
    Unsure,
    Unconfirmed,
    Status,
    /// Of a country, or of a customer.
    State,
    Reason,
    Date,
    Kind,
    Legal,
    By,
    Source,
    List,
    Request,
    /// Keeping data about somebody.
    Data,
    Tags,
    Reach,
    Month,
    Filler,
    /// Being told of something.
    Notice,
    /// To which day something holds.
    Until,
    /// Which of several it is.
    Rank,
    /// Somebody of the family, or an animal.
    Relative,
    Other,
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes(ClassSet);

impl Classes {
    pub(super) const NONE: Classes = Classes(0);

    pub(super) const fn of(classes: &[Class]) -> Self {
        let mut set = 0;
        let mut at = 0;
        while at < classes.len() {
            set |= 1 << classes[at] as u8;
            at += 1;
        }
        Classes(set)
    }

    /// From one bit a class, in the order of [`Class`].
    pub(super) const fn from_bits(bits: ClassSet) -> Self {
        Classes(bits)
    }

    #[must_use]
    pub(super) const fn with(self, class: Class) -> Self {
        Classes(self.0 | 1 << class as u8)
    }

    #[must_use]
    pub(super) const fn and(self, other: Classes) -> Self {
        Classes(self.0 | other.0)
    }

    pub(super) const fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u8 != 0
    }

    pub(super) const fn meets(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }
}

/// Channels that words name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Channels {
    pub(super) sms: bool,
    pub(super) email: bool,
    pub(super) call: bool,
    /// Ways by which tiuv asks nobody.
    pub(super) post: bool,
    pub(super) whatsapp: bool,
}

impl Channels {
    pub(super) fn of(classes: Classes) -> Self {
        Channels {
            sms: classes.has(Class::Sms),
            email: classes.has(Class::Email) || classes.has(Class::Newsletter),
            call: classes.has(Class::Call),
            post: classes.has(Class::Post),
            whatsapp: classes.has(Class::Whatsapp),
        }
    }

    /// One channel alone.
    pub(super) const fn one(channel: Channel) -> Self {
        Channels {
            sms: matches!(channel, Channel::Sms),
            email: matches!(channel, Channel::Email),
            call: matches!(channel, Channel::Call),
            post: false,
            whatsapp: false,
        }
    }

    /// The channels by which tiuv asks.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        let all = [(self.sms, Channel::Sms), (self.email, Channel::Email), (self.call, Channel::Call)];
        all.into_iter().filter(|(is_named, _)| *is_named).map(|(_, channel)| channel)
    }

    /// The only channel named, of those by which tiuv asks.
    pub fn single(self) -> Option<Channel> {
        let mut all = self.iter();
        all.next().filter(|_| all.next().is_none())
    }

    /// Whether no way at all is named.
    pub fn is_none(self) -> bool {
        !self.post && !self.whatsapp && self.iter().next().is_none()
    }

    /// Whether only ways are named by which tiuv asks nobody.
    pub fn is_elsewhere(self) -> bool {
        (self.post || self.whatsapp) && self.iter().next().is_none()
    }
}
