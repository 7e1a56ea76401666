//! What waits for a person: questions of all kinds, what is shown of each, and what may be decided.

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{ContactKind, CustomerId, DecidedRow, Decision, Field, GivenState, Relation, RowId, ToSuppress};

words! {
    /// What a person is asked.
    ItemKind {
        /// Two customers who may be one.
        Duplicate = "duplicate",
        /// A value that could be repaired, by a guess that needs a person.
        Suggestion = "suggestion",
        /// A contact that can't be used, and what it may have been.
        Invalid = "invalid",
        /// A valuable customer whose contact is likely stale.
        Decayed = "decayed",
        /// A contact that many people share.
        SharedValue = "shared_value",
        /// Sources that say different things of one customer.
        Conflict = "conflict",
        /// Rows of one customer that permit and refuse.
        Consent = "consent",
        /// A column that was not understood.
        Column = "column",
        /// A value that a customer gave.
        Change = "change",
        /// A text that somebody wrote.
        Message = "message",
    }
}

impl ItemKind {
    /// Whether runs ask it; the others come from answers and messages.
    pub const fn is_of_runs(self) -> bool {
        !matches!(self, ItemKind::Change | ItemKind::Message)
    }

    /// What may be decided of it.
    pub const fn verbs(self) -> &'static [Verb] {
        use Verb::{Accept, Call, Different, Done, Edit, Household, Reject, Same, Suppress};
        match self {
            ItemKind::Duplicate => &[Same, Different, Household],
            ItemKind::Suggestion | ItemKind::Invalid => &[Accept, Reject, Edit, Suppress, Call],
            ItemKind::Change => &[Accept, Reject, Suppress, Call],
            ItemKind::Decayed => &[Call, Edit, Suppress, Done],
            ItemKind::SharedValue => &[Suppress, Done],
            ItemKind::Conflict => &[Edit, Call, Done],
            ItemKind::Consent => &[Suppress, Done],
            ItemKind::Column => &[Done],
            ItemKind::Message => &[Done, Suppress, Call],
        }
    }
}

words! {
    /// Where an item stands.
    ItemState {
        /// It waits; while somebody has a lease on it, for that one.
        Open = "open",
        /// It is decided, and waits for a second person.
        Held = "held",
        /// It is decided.
        Done = "done",
        /// It no longer holds.
        Closed = "closed",
    }
}

words! {
    /// What a person may do with an item.
    Verb {
        /// Both are one customer.
        Same = "same",
        /// They are two.
        Different = "different",
        /// They are two of one household.
        Household = "household",
        /// Take the value over.
        Accept = "accept",
        /// Leave the value as it is.
        Reject = "reject",
        /// Give another value.
        Edit = "edit",
        /// Never contact it, or the customer, again.
        Suppress = "suppress",
        /// Have the customer called.
        Call = "call",
        /// It needs nothing more.
        Done = "done",
    }
}

impl Verb {
    /// Whether it may be said of many items at once: what each item holds says all that is to be done.
    pub const fn is_for_many(self) -> bool {
        !matches!(self, Verb::Edit | Verb::Suppress | Verb::Call)
    }

    /// What it says two rows are to each other.
    pub const fn relation(self) -> Option<Relation> {
        match self {
            Verb::Same => Some(Relation::Same),
            Verb::Different => Some(Relation::Different),
            Verb::Household => Some(Relation::Household),
            _ => None,
        }
    }
}

words! {
    /// What somebody may do here.
    Role {
        /// Look.
        Viewer = "viewer",
        /// Decide.
        Steward = "steward",
        /// Confirm what others decided, and undo it.
        Approver = "approver",
        /// All of it, and look after accounts.
        Admin = "admin",
    }
}

impl Role {
    /// Whether it may decide.
    pub fn decides(self) -> bool {
        self >= Role::Steward
    }

    /// Whether it may confirm and undo what others decided.
    pub fn approves(self) -> bool {
        self >= Role::Approver
    }
}

/// One side of a doubtful pair, as its golden record has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSide {
    /// The row's name from run to run.
    pub row: u64,
    /// As people name it.
    pub name: String,
    /// Fixed hash of its compared values.
    pub compared: u64,
    /// Its customer.
    pub customer: String,
    /// The list's own key.
    pub key: String,
    /// Values by field.
    pub values: Vec<(Field, Vec<String>)>,
}

impl PairSide {
    fn decided(&self) -> DecidedRow {
        DecidedRow { row: RowId(self.row), name: self.name.clone(), compared: self.compared }
    }
}

/// What one field says for or against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSign {
    /// The field.
    pub field: Field,
    /// How alike it is, as the rules call it.
    pub level: String,
    /// Thousandths of a bit.
    pub milli: i32,
}

/// Two customers who may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairShown {
    /// Both.
    pub sides: [PairSide; 2],
    /// What would become of them.
    pub golden: Vec<(Field, Vec<String>)>,
    /// How likely they are one, in thousandths.
    pub chance: u32,
    /// Log-odds in thousandths of a bit; the parts below add up to it.
    pub weight: i32,
    /// What is known before anything is compared.
    pub start: i32,
    /// What each field says.
    pub signs: Vec<PairSign>,
    /// What other explanations take away.
    pub rest: i32,
    /// What likely namesakes take away.
    pub doubt: i32,
    /// They are of one household already, or look like it.
    pub is_household: bool,
    /// Lists against which a refusal of one of them stands: a merge makes it hold both.
    pub refused: bool,
    /// Fingerprint of the rules by which the values were compared.
    pub rules: String,
}

impl PairShown {
    /// The decision that they are this to each other.
    pub fn decision(&self, relation: Relation, why: &str, at: &str) -> Decision {
        let [left, right] = &self.sides;
        Decision {
            number: 0,
            relation,
            rows: [left.decided(), right.decided()],
            why: why.to_owned(),
            made_at: at.to_owned(),
            rules: self.rules.clone(),
            undone_at: None,
        }
    }
}

/// A cell, or a contact of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellShown {
    /// Of which field.
    pub field: Field,
    /// What its column is called.
    pub header: String,
    /// Where it stands.
    pub row: String,
    /// The list's own key of the row.
    pub key: String,
    /// The customer's name.
    pub name: String,
    /// What it holds.
    pub value: String,
    /// What it could hold instead.
    pub suggestion: String,
    /// What was found.
    pub codes: Vec<String>,
    /// The probability that it is stale, in thousandths; none where nobody judged it.
    pub stale: Option<u32>,
    /// How many people have it; 0 where that is not the question.
    pub people: u64,
    /// Key of the contact that it is.
    pub contact: Option<(ContactKind, String)>,
}

/// What is shown of an item, by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Two customers.
    Pair(Box<PairShown>),
    /// A cell, a contact, or a column.
    Cell(Box<CellShown>),
    /// What the sources of a customer say.
    Sources {
        /// The list's own key.
        key: String,
        /// The customer's name.
        name: String,
        /// Of each field all values, each with its row.
        values: Vec<(Field, Vec<(String, String)>)>,
    },
    /// A column.
    Column {
        /// What it is called.
        header: String,
        /// What it looks like.
        hint: String,
    },
    /// What a customer gave.
    Change {
        /// Its number among the values that were given.
        id: i64,
        /// Of which field.
        field: String,
        /// What was known before.
        old: String,
        /// What it is now.
        new: String,
        /// Who brought it.
        source: String,
        /// When.
        at: String,
    },
    /// What somebody wrote.
    Message {
        /// Its number in the inbox.
        id: i64,
        /// What it says.
        body: String,
        /// Key of the contact.
        sender: String,
        /// What the rules made of it.
        meaning: String,
        /// When.
        at: String,
    },
}

/// An item that is to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    /// What is asked.
    pub kind: ItemKind,
    /// What makes it the same question in a later run: it holds what the answer depends on.
    pub identity: String,
    /// Whom it is about.
    pub customer: Option<CustomerId>,
    /// The other one of a pair.
    pub other: Option<CustomerId>,
    /// What is shown.
    pub shown: Shown,
    /// Why it is asked: a code or a word.
    pub reason: String,
    /// The list that it is of.
    pub list: String,
    /// The list of the other side.
    pub other_list: String,
    /// The customer's segment by value.
    pub segment: String,
    /// The customer's language, ISO 639; empty where nobody knows.
    pub language: String,
    /// What the customer is worth, 1 for an average one.
    pub value: f64,
    /// How much a right answer is worth beside others, by its kind and chance.
    pub risk: f64,
}

/// An item of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number.
    pub id: i64,
    /// Grows whenever what is shown changes.
    pub version: i64,
    /// What is asked, and of whom.
    pub new: NewItem,
    /// Value × risk × age.
    pub score: f64,
    /// Where it stands.
    pub state: ItemState,
    /// Since when it is asked, `YYYY-MM-DD`.
    pub opened_on: String,
    /// Until when it should be answered.
    pub due_on: String,
    /// When it was closed, and why; empty while it is open.
    pub closed_on: String,
    /// Why it was closed.
    pub closed_why: String,
    /// Whoever has it, while the lease lasts.
    pub owner: Option<i64>,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// What two rows are to each other.
    Relation(Box<Decision>),
    /// What becomes of a value that a customer gave.
    Given(i64, GivenState),
    /// A value that a steward gives, accepted at once.
    Value {
        /// Whose.
        customer: CustomerId,
        /// Of which field.
        field: Field,
        /// What was known before.
        old: String,
        /// What it is now.
        new: String,
    },
    /// An entry of the suppression list.
    Suppress(Box<ToSuppress>),
    /// Somebody is done with a message.
    MessageDone(i64),
    /// A customer is to be called.
    Call(CustomerId),
}
