//! Who must not be contacted: the words of the suppression list.

use super::words::words;
use super::{Channel, ContactKind, CustomerId};

words! {
    /// The channels that an entry closes.
    SuppressionScope {
        /// Every channel.
        All = "all",
        /// Text messages.
        Sms = "sms",
        /// E-mail.
        Email = "email",
        /// Calls.
        Call = "call",
    }
}

words! {
    /// Why somebody must not be contacted.
    SuppressionReason {
        /// The person asked for it.
        OptOut = "opt_out",
        /// The number stands in a do-not-call register.
        DoNotCall = "do_not_call",
        /// The person complained.
        Complaint = "complaint",
        /// The person died.
        Deceased = "deceased",
        /// A lawyer or a court is concerned.
        Legal = "legal",
        /// Somebody else answers there.
        WrongPerson = "wrong_person",
        /// Nobody can be reached there any more.
        Disconnected = "disconnected",
        /// Somebody of the club decided it.
        Manual = "manual",
    }
}

impl SuppressionScope {
    /// One channel alone.
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Sms => SuppressionScope::Sms,
            Channel::Email => SuppressionScope::Email,
            Channel::Call => SuppressionScope::Call,
        }
    }

    /// Whether it closes a channel.
    pub const fn covers(self, channel: Channel) -> bool {
        matches!(
            (self, channel),
            (SuppressionScope::All, _)
                | (SuppressionScope::Sms, Channel::Sms)
                | (SuppressionScope::Email, Channel::Email)
                | (SuppressionScope::Call, Channel::Call)
        )
    }
}

impl SuppressionReason {
    /// Whether it is about the person rather than about one number or address: it then holds for whatever else the
    /// person can be reached by.
    pub const fn concerns_person(self) -> bool {
        matches!(
            self,
            SuppressionReason::OptOut
                | SuppressionReason::Complaint
                | SuppressionReason::Deceased
                | SuppressionReason::Legal
        )
    }
}

/// What an entry names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Suppressed {
    /// A contact, by its key.
    Contact(ContactKind, String),
    /// A customer.
    Customer(CustomerId),
}

impl Suppressed {
    /// The word for what it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Suppressed::Contact(kind, _) => kind.as_str(),
            Suppressed::Customer(_) => "customer",
        }
    }

    /// The key of the contact, or the customer's name.
    pub fn key(&self) -> String {
        match self {
            Suppressed::Contact(_, key) => key.clone(),
            Suppressed::Customer(id) => id.to_string(),
        }
    }

    /// Reads what [`Suppressed::kind`] and [`Suppressed::key`] wrote.
    pub fn parse(kind: &str, key: &str) -> Option<Self> {
        match ContactKind::parse(kind) {
            Some(kind) => Some(Suppressed::Contact(kind, key.to_owned())),
            None if kind == "customer" => CustomerId::parse(key).map(Suppressed::Customer),
            None => None,
        }
    }
}

/// An entry of the suppression list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Its number in the list; 0 before it stands there.
    pub number: i64,
    /// What it names.
    pub what: Suppressed,
    /// Which channels it closes.
    pub scope: SuppressionScope,
    /// Why.
    pub reason: SuppressionReason,
    /// Who or what said so: a file, a gateway, `manual`.
    pub source: String,
    /// Free text of whoever added it.
    pub note: String,
    /// Day of the check of a do-not-call file, `YYYY-MM-DD`.
    pub checked_on: Option<String>,
    /// RFC 3339, UTC.
    pub added_at: String,
    /// RFC 3339, UTC; where it no longer holds.
    pub lifted_at: Option<String>,
    /// Who or what lifted it: `manual`, a list.
    pub lifted_by: String,
    /// The entry of the customer whose contact this is, where it was added with that one.
    pub of: Option<i64>,
}

impl Suppression {
    /// An entry that closes every channel and does not stand in the list yet.
    pub fn new(what: Suppressed, reason: SuppressionReason, source: &str, added_at: String) -> Self {
        Suppression {
            number: 0,
            what,
            scope: SuppressionScope::All,
            reason,
            source: source.to_owned(),
            note: String::new(),
            checked_on: None,
            added_at,
            lifted_at: None,
            lifted_by: String::new(),
            of: None,
        }
    }
}

/// An entry to add, with the contacts of the customer that it names: those hold on their own where the customer is known by
/// another name one day, because it was merged with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSuppress {
    /// The entry; its number and when it was lifted are not read.
    pub entry: Suppression,
    /// Contacts of the customer, by their keys.
    pub contacts: Vec<(ContactKind, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_read_back() {
        for what in [
            Suppressed::Contact(ContactKind::Phone, "+972502345678".to_owned()),
            Suppressed::Contact(ContactKind::Email, "dana@example.org".to_owned()),
            Suppressed::Customer(CustomerId(7)),
        ] {
            assert_eq!(Suppressed::parse(what.kind(), &what.key()), Some(what));
        }
        assert_eq!(Suppressed::parse("customer", "7"), None);
        assert_eq!(Suppressed::parse("post", "x"), None);
    }

    #[test]
    fn a_scope_closes_its_own_channel_and_all_closes_every_one() {
        for channel in [Channel::Sms, Channel::Email, Channel::Call] {
            assert!(SuppressionScope::All.covers(channel));
            let closing = SuppressionScope::ALL.iter().filter(|scope| scope.covers(channel));
            assert_eq!(closing.count(), 2);
        }
    }
}
