//! What is known when something is said of a planned contact, and what can follow from it.

use jiff::Timestamp;

use crate::record::{
    ContactKind, CustomerId, EventChannel, EventKind, Field, KeptText, NewValue, OutboxState, Suppressed, Suppression,
    SuppressionReason, ToSuppress, moment,
};

/// A planned contact as what is said of it finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedAbout {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was used.
    pub kind: ContactKind,
    /// E.164 or an address.
    pub recipient: String,
    /// Its key.
    pub key: String,
    /// Fields that were to be verified.
    pub to_verify: Vec<Field>,
    /// Drawn at random, so that learning is not blind.
    pub is_audit: bool,
    /// Where it stands.
    pub state: OutboxState,
}

/// What is known when something is said.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// The planned contact that it is about.
    pub asked: Option<AskedAbout>,
    /// The same was said before, and kept.
    pub is_repeated: bool,
}

/// What follows, to be written in this order and all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequences {
    /// Of whom and from where; it is written with each of the others.
    pub origin: Origin,
    /// Where the planned contact moves to, and why; none where it stands there or further on.
    pub state: Option<(OutboxState, String)>,
    /// The day on which the customer wants to be called again.
    pub again_on: Option<jiff::civil::Date>,
    /// Evidence for later runs.
    pub events: Vec<LearntEvent>,
    /// Values that wait for acceptance.
    pub updates: Vec<NewValue>,
    /// A text for a person to read.
    pub note: Option<KeptText>,
    /// Entries of the suppression list.
    pub entries: Vec<ToSuppress>,
    /// Whose pending messages are taken back, and why.
    pub take_back: Option<TakeBack>,
}

/// Of whom something was said, and who brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// When it was said.
    pub at: Timestamp,
    /// Who brought it: `call_list`, `gateway:NAME`.
    pub source: String,
    /// A gateway's code.
    pub code: String,
    /// Of whom, where that is known.
    pub customer: Option<CustomerId>,
    /// The planned contact that it is about.
    pub outbox: Option<i64>,
    /// That one was drawn at random.
    pub is_audit: bool,
}

/// An event of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntEvent {
    /// By what channel.
    pub channel: EventChannel,
    /// What happened.
    pub event: EventKind,
    /// An address or a number.
    pub kind: ContactKind,
    /// Its key.
    pub key: String,
    /// When it is the same as one that is known.
    pub once: Once,
}

/// When two events of a contact with one source are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// For one planned contact, whenever they are said to have happened; without one, in one moment.
    APlannedContact,
    /// In one moment.
    AMoment,
}

/// Messages that are not to be sent any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    /// To whom.
    pub customers: Vec<CustomerId>,
    /// Why, as a code.
    pub reason: &'static str,
}

impl AskedAbout {
    /// The next state with its reason, where it can move there.
    pub(super) fn moved(&self, next: OutboxState, reason: &str) -> Option<(OutboxState, String)> {
        self.state.may_become(next).then(|| (next, reason.to_owned()))
    }
}

impl Consequences {
    /// Nothing.
    pub(super) fn none(origin: Origin) -> Self {
        Consequences {
            origin,
            state: None,
            again_on: None,
            events: Vec::new(),
            updates: Vec::new(),
            note: None,
            entries: Vec::new(),
            take_back: None,
        }
    }
}

impl Origin {
    /// An entry of the suppression list that closes every channel.
    pub(super) fn entry(&self, what: Suppressed, reason: SuppressionReason, note: &str) -> Suppression {
        let entry = Suppression::new(what, reason, &self.source, moment(self.at));
        Suppression { note: note.to_owned(), ..entry }
    }
}

/// What a gateway is called as the source of something.
pub(super) fn source_of(gateway: &str) -> String {
    format!("gateway:{gateway}")
}
