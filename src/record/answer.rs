//! Answers: what a customer, or whoever picked up instead, said when asked.

use super::words::words;
use super::{ContactKind, CustomerId, EventChannel, EventKind, SuppressionScope};

words! {
    /// What came of asking; the closed list of outcomes of call lists (`rules/outreach/outcomes.toml` has the words).
    Outcome {
        /// All that was asked is right.
        Confirmed = "confirmed",
        /// Something changed, and the new value is given.
        Updated = "updated",
        /// Somebody else has the number.
        WrongPerson = "wrong_person",
        /// Nobody picked up.
        NoAnswer = "no_answer",
        /// The number is out of use.
        Disconnected = "disconnected",
        /// The customer wants no contact.
        Refused = "refused",
        /// The customer died.
        Deceased = "deceased",
        /// The customer asked to be called another time.
        Callback = "callback",
        /// The customer answered, and what it said is for a person to read.
        Replied = "replied",
        /// None of these; the note says what.
        Other = "other",
    }
}

words! {
    /// What became of a value that a customer gave anew.
    GivenState {
        /// It waits for somebody to accept it.
        Pending = "pending",
        /// It stands in the next golden record.
        Accepted = "accepted",
        /// It does not.
        Rejected = "rejected",
        /// Whoever gave it gave another answer since.
        Withdrawn = "withdrawn",
    }
}

impl Outcome {
    /// What it says of the contact that was used, as an event.
    pub const fn event(self) -> Option<EventKind> {
        match self {
            Outcome::Confirmed => Some(EventKind::Confirmed),
            Outcome::Updated => Some(EventKind::Updated),
            Outcome::WrongPerson => Some(EventKind::WrongPerson),
            Outcome::NoAnswer => Some(EventKind::NoAnswer),
            Outcome::Disconnected => Some(EventKind::Undelivered),
            Outcome::Refused => Some(EventKind::OptOut),
            Outcome::Replied => Some(EventKind::Replied),
            // Whoever reports a death or asks for another call may be anybody; nothing is learnt from it.
            Outcome::Deceased | Outcome::Callback | Outcome::Other => None,
        }
    }

    /// Whether asking the customer further would be wrong or needless: an answer, a refusal and a hard failure end it. Whoever
    /// was not reached, or asked for another call, is called again.
    pub const fn ends_asking(self) -> bool {
        !matches!(self, Outcome::NoAnswer | Outcome::Callback | Outcome::Other)
    }
}

/// A value that the customer gave anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewValue {
    /// Of which field, as `Field` names it.
    pub field: String,
    /// What was known before; may be empty.
    pub old: String,
    /// What it is now.
    pub new: String,
    /// The contact that the old value is, by its key.
    pub contact: Option<(ContactKind, String)>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The planned contact that it answers.
    pub outbox: Option<i64>,
    /// Whose it is, where that is known without the planned contact.
    pub customer: Option<CustomerId>,
    /// The contact that was used, by its key; that of the planned contact where none is given.
    pub contact: Option<(ContactKind, String)>,
    /// By which channel it came.
    pub channel: EventChannel,
    /// What it says.
    pub outcome: Outcome,
    /// When.
    pub at: jiff::Timestamp,
    /// Who brought it: `call_list`, `gateway:NAME`.
    pub source: String,
    /// A gateway's code.
    pub code: String,
    /// Other contacts of the customer that were asked about and are right: a label belongs to the field that was asked.
    pub confirmed: Vec<(ContactKind, String)>,
    /// What the customer gave anew.
    pub updates: Vec<NewValue>,
    /// What a refusal closes: all channels, or the one that it names.
    pub closes: SuppressionScope,
    /// All contacts of the customer, to be closed where it refused.
    pub contacts: Vec<(ContactKind, String)>,
    /// Customers who may be the same person; what is still to be sent to them is taken back where it refused.
    pub also: Vec<CustomerId>,
    /// Other customers whom it may be, each with all contacts: a refusal holds each of them.
    pub others: Vec<(CustomerId, Vec<(ContactKind, String)>)>,
    /// The day on which the customer asked to be called again.
    pub again_on: Option<jiff::civil::Date>,
    /// For stewards, in the words of whoever wrote it.
    pub note: String,
    /// A refusal or a death that the note tells beside another outcome. It holds, and waits for a person: words may be misread.
    pub in_note: Option<Outcome>,
}

impl Answer {
    /// An answer with nothing but its outcome.
    pub fn new(outcome: Outcome, channel: EventChannel, at: jiff::Timestamp, source: &str) -> Self {
        Answer {
            outbox: None,
            customer: None,
            contact: None,
            channel,
            outcome,
            at,
            source: source.to_owned(),
            code: String::new(),
            confirmed: Vec::new(),
            updates: Vec::new(),
            closes: SuppressionScope::All,
            contacts: Vec::new(),
            also: Vec::new(),
            others: Vec::new(),
            again_on: None,
            note: String::new(),
            in_note: None,
        }
    }

    /// What holds the customer: what the note tells comes before the outcome.
    pub fn holds_by(&self) -> Outcome {
        self.in_note.unwrap_or(self.outcome)
    }
}
