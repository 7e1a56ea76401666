//! Messages that customers write: a refusal, or something for a person to read.

use jiff::{SignedDuration, Timestamp};

use super::words::words;
use super::{ContactKind, CustomerId, SuppressionScope};

words! {
    /// What a message says.
    InboundMeaning {
        /// No more messages are wanted.
        OptOut = "opt_out",
        /// Perhaps a refusal: taken for one, and shown to a person.
        OptOutInDoubt = "opt_out_in_doubt",
        /// The number or address is another person's.
        WrongPerson = "wrong_person",
        /// The customer died.
        Deceased = "deceased",
        /// What was asked is right.
        Confirms = "confirms",
        /// Anything else: the customer is there.
        Reply = "reply",
    }
}

/// A message that somebody wrote. What is formatted for a log says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Name of the gateway, as in `tiuv.toml`.
    pub gateway: String,
    /// Its own name of the message; empty where it gives none.
    pub gateway_id: String,
    /// Key of the sender's number or address.
    pub sender: (ContactKind, String),
    /// The text.
    pub body: String,
    /// What it says.
    pub meaning: InboundMeaning,
    /// What it closes where it is a refusal.
    pub closes: SuppressionScope,
    /// When it came.
    pub at: Timestamp,
    /// The customer who has the number or address, where nobody was asked there.
    pub customer: Option<CustomerId>,
    /// All contacts of the customer whose it seems to be, to be closed where it refused.
    pub contacts: Vec<(ContactKind, String)>,
    /// Customers who may be the same person.
    pub also: Vec<CustomerId>,
    /// Other customers who have the number or address, where nobody was asked there, each with all contacts.
    pub others: Vec<(CustomerId, Vec<(ContactKind, String)>)>,
    /// How far apart in time it and the same one may lie.
    pub repeated: Repeated,
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inbound({})", self.meaning)
    }
}

/// How far apart in time the same words of the same sender may lie and be one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// Under the same name of whoever brought them.
    pub same_name: SignedDuration,
    /// Where one of them has no name.
    pub same_words: SignedDuration,
}

/// A text as it is kept for a person to read: a customer's message, or what a caller wrote beside an outcome. What is
/// formatted for a log says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptText {
    /// Who brought it.
    pub source: String,
    /// What it is called there; empty where it has no name.
    pub name: String,
    /// When it came.
    pub at: Timestamp,
    /// Key of the contact that it came from.
    pub sender: String,
    /// The text.
    pub body: String,
    /// The planned contact that it seems to answer.
    pub outbox: Option<i64>,
    /// Whose it seems to be.
    pub customer: Option<CustomerId>,
    /// What it says.
    pub meaning: InboundMeaning,
    /// How far apart in time it and the same one may lie.
    pub repeated: Repeated,
}

impl std::fmt::Debug for KeptText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptText({})", self.meaning)
    }
}

impl Inbound {
    /// The message as it is kept, with whom it seems to be of: the planned contact that was asked last there.
    pub fn text(&self, asked_last: Option<(i64, CustomerId)>) -> KeptText {
        KeptText {
            source: self.gateway.clone(),
            name: self.gateway_id.clone(),
            at: self.at,
            sender: self.sender.1.clone(),
            body: self.body.clone(),
            outbox: asked_last.map(|(outbox, _)| outbox),
            customer: asked_last.map(|(_, customer)| customer).or(self.customer),
            meaning: self.meaning,
            repeated: self.repeated,
        }
    }
}
