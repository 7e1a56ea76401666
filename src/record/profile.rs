//! A customer as outreach sees one: who it is, how to reach it, what stands against it, and how stale what is known is.

use serde::{Deserialize, Serialize};

use super::{
    Channel, ContactKind, CustomerId, Day, Death, Field, FlagReasons, GivenConsents, PhoneKind, Reach, RefusalSource,
    SuppressionReason, SuppressionScope, Verdict,
};

/// Where a customer stands with the club, from recency, frequency and value of purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it; rules/decay.toml says where each begins")]
pub enum CustomerStatus {
    #[default]
    Unknown,
    New,
    Loyal,
    Passive,
    Churning,
}

impl CustomerStatus {
    /// All of them.
    pub const ALL: [CustomerStatus; 5] = [
        CustomerStatus::Unknown,
        CustomerStatus::New,
        CustomerStatus::Loyal,
        CustomerStatus::Passive,
        CustomerStatus::Churning,
    ];

    /// The word in outputs and the workspace.
    pub const fn as_str(self) -> &'static str {
        match self {
            CustomerStatus::Unknown => "unknown",
            CustomerStatus::New => "new",
            CustomerStatus::Loyal => "loyal",
            CustomerStatus::Passive => "passive",
            CustomerStatus::Churning => "churning",
        }
    }

    /// The one with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// An address or a number of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactPoint {
    /// What it is.
    pub kind: ContactKind,
    /// What messages go to: an address, or E.164.
    pub value: String,
    /// What equal contacts share (`contact::ContactKeys`).
    pub key: String,
    /// What validation says of it.
    pub verdict: Verdict,
    /// Kind of line; `Unknown` for an address.
    pub line: PhoneKind,
    /// May it get a text message; of a profile lines sold as kosher are `No`, whether or not that is exported.
    pub sms: Reach,
    /// May it be called.
    pub call: Reach,
    /// The probability that it no longer reaches its owner; none where there is nothing to judge.
    pub stale: Option<f32>,
    /// Different customers who have it, this one counted; more than the rules allow make it shared.
    pub shared_by: u32,
    /// That it reaches nobody any more, by what was seen of it.
    pub dead: Option<Death>,
    /// What was given or refused in rows that hold it, or are surely of the same person.
    pub consent: GivenConsents,
    /// The row in which it stands, where that is not the one that stands for the customer.
    pub row: Option<NamedRow>,
}

/// A row by the names that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRow {
    /// Name of its list.
    pub list: String,
    /// Its own key, as the list writes it; empty where it has none.
    pub key: String,
    /// Its number.
    pub number: u32,
}

impl ContactPoint {
    /// An address or a mobile number of which nothing but good is known.
    #[cfg(test)]
    pub(crate) fn plain(value: &str) -> Self {
        let kind = ContactKind::of_text(value);
        let (line, reach) = match kind {
            ContactKind::Email => (PhoneKind::Unknown, Reach::No),
            ContactKind::Phone => (PhoneKind::Mobile, Reach::Yes),
        };
        ContactPoint {
            kind,
            value: value.to_owned(),
            key: value.to_owned(),
            verdict: Verdict::Ok,
            line,
            sms: reach,
            call: reach,
            stale: None,
            shared_by: 1,
            dead: None,
            consent: GivenConsents::default(),
            row: None,
        }
    }

    /// Whether a message by a channel can arrive at it at all: surely, perhaps, or not. Whether it is alive is another question.
    pub fn takes(&self, channel: Channel) -> Reach {
        let way = match (channel, self.kind) {
            (Channel::Sms, ContactKind::Phone) => match self.sms {
                Reach::Unknown if !matches!(self.line, PhoneKind::Mobile | PhoneKind::FixedOrMobile) => Reach::No,
                way => way,
            },
            (Channel::Call, ContactKind::Phone) => self.call,
            (Channel::Email, ContactKind::Email) => Reach::Yes,
            _ => Reach::No,
        };
        match self.verdict {
            Verdict::Ok | Verdict::Repaired | Verdict::Risky => way,
            // Unknown is not bad: an address whose domain was not asked about, for example.
            Verdict::Unknown if way != Reach::No => Reach::Unknown,
            _ => Reach::No,
        }
    }
}

/// What a list says that stands against a contact, beside consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restrictions {
    /// The customer asked not to be contacted at all, in a column, a note or by an event.
    pub do_not_contact: bool,
    /// A note or a status says that the customer died.
    pub deceased: bool,
    /// A note or a status says that a lawyer or a court is concerned.
    pub legal: bool,
    /// The list bars the customer, or says that it asked to be forgotten.
    pub blocked: bool,
    /// The list says that the customer is not of age, or how old it is.
    pub minor: bool,
    /// The last day that a list names for a refusal.
    pub refused_on: Option<Day>,
    /// The day of death, where a list names it.
    pub died_on: Option<Day>,
    /// The day of the last event by which the customer refused a channel: text messages.
    pub sms_refused: Option<Day>,
    /// Likewise e-mail.
    pub email_refused: Option<Day>,
    /// Likewise calls.
    pub call_refused: Option<Day>,
    /// Text messages are refused, and nothing else by that: what is known of the person says so.
    pub sms_closed: bool,
    /// Likewise e-mail.
    pub email_closed: bool,
    /// Likewise calls.
    pub call_closed: bool,
    /// The day on which the customer was asked last, by whatever channel.
    pub last_asked: Option<Day>,
}

impl Restrictions {
    /// Whether the person is not to be contacted by any way.
    pub const fn hold_all(&self) -> bool {
        self.do_not_contact || self.deceased || self.legal || self.blocked
    }

    /// Adds a refusal of the person, which came on a day.
    pub fn refuse(&mut self, reason: SuppressionReason, scope: SuppressionScope, day: Day) {
        let later = |known: &mut Option<Day>| *known = (*known).max(Some(day));
        match (reason, scope) {
            (SuppressionReason::Deceased, _) => self.deceased = true,
            (SuppressionReason::Legal, _) => self.legal = true,
            (SuppressionReason::Manual, SuppressionScope::All) => self.blocked = true,
            (_, SuppressionScope::All) => {
                self.do_not_contact = true;
                later(&mut self.refused_on);
            }
            (_, SuppressionScope::Sms) => self.sms_closed = true,
            (_, SuppressionScope::Email) => self.email_closed = true,
            (_, SuppressionScope::Call) => self.call_closed = true,
        }
    }
}

/// The own key of a row, as its list writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    /// Name of the list's file.
    pub list: String,
    /// The key; never empty.
    pub key: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerProfile {
    /// Its name from run to run.
    pub id: CustomerId,
    /// Its household's.
    pub household: CustomerId,
    /// Name of the list that the row which stands for it is of.
    pub list: String,
    /// That row's own key, as the list writes it; empty where it has none.
    pub key: String,
    /// That row's number.
    pub row: u32,
    /// The keys of all its rows, each once.
    pub keys: Vec<RowKey>,
    /// Given name of the golden record.
    pub first_name: String,
    /// The name by which it is greeted; empty where that is in doubt.
    pub greeting: String,
    /// Family name of the golden record.
    pub last_name: String,
    /// ISO 639, where the list says it or names and notes do not leave a doubt; else empty.
    pub language: String,
    /// ISO 3166, where the list says it; else empty.
    pub country: String,
    /// Its date of birth, where that is known.
    pub birth_date: Option<Day>,
    /// A channel that the customer asked for.
    pub preferred: Option<Channel>,
    /// What it gave or refused; the strictest answers of its rows.
    pub consent: GivenConsents,
    /// What stands against contacting it.
    pub restrictions: Restrictions,
    /// The first cell of its rows that does.
    pub refusal: Option<RefusalSource>,
    /// Addresses and numbers, the golden one of each kind first.
    pub contacts: Vec<ContactPoint>,
    /// What the customer is worth, 1 for an average one.
    pub value: f32,
    /// Where it stands with the club.
    pub status: CustomerStatus,
    /// Whether it is among those flagged as stale.
    pub flagged: bool,
    /// Why.
    pub flag_reasons: FlagReasons,
    /// What there is to verify.
    pub to_verify: Vec<Field>,
    /// Where it lives.
    pub place: KnownPlace,
}

/// The address of a golden record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownPlace {
    /// In one piece, where a list has it so.
    pub address: String,
    /// Street with house number.
    pub street: String,
    /// Locality.
    pub city: String,
    /// Postal code.
    pub postcode: String,
}

impl KnownPlace {
    /// The part that a field asks for.
    pub fn part(&self, field: Field) -> &str {
        match field {
            Field::Address => &self.address,
            Field::Street => &self.street,
            Field::City => &self.city,
            Field::Postcode => &self.postcode,
            _ => "",
        }
    }
}

impl CustomerProfile {
    /// The row in which a contact of it stands.
    pub fn row_of(&self, contact: &ContactPoint) -> NamedRow {
        let own = || NamedRow { list: self.list.clone(), key: self.key.clone(), number: self.row };
        contact.row.clone().unwrap_or_else(own)
    }

    /// The first contact of a kind: the golden one.
    pub fn first(&self, kind: ContactKind) -> Option<&ContactPoint> {
        self.contacts.iter().find(|contact| contact.kind == kind)
    }
}
