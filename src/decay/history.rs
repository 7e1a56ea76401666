//! What is known of one contact of one row, in time order: all that the model sees.

use serde::{Deserialize, Serialize};

use crate::record::ContactKind;

/// Groups of contacts whose hazards differ (`rules/decay.toml`, `[email.class]` and `[phone.class]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ContactClass {
    FreeMail,
    Isp,
    Work,
    Education,
    Disposable,
    Mobile,
    Landline,
    Foreign,
}

/// A sign of life or of decay that bears on one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// E-mail came back for good.
    HardBounce,
    /// E-mail came back for now.
    SoftBounce,
    /// E-mail was delivered; whether it was opened is told by an `Open` of the same day or later.
    MailDelivered,
    /// E-mail was opened.
    Open,
    /// A link was followed, or a code entered.
    Click,
    /// Signed in with this address.
    Login,
    /// Bought something.
    Purchase,
    /// A text message could not be delivered.
    SmsUndelivered,
    /// A text message was delivered.
    SmsDelivered,
    /// The owner answered, confirmed, or opted out by a reply.
    Answered,
    /// Somebody else answered.
    NotMe,
    /// A question was delivered and stayed without an answer.
    SilentOnAsk,
    /// The row was changed, or another row of the customer made, and holds the same value.
    Recaptured,
    /// Another row of the customer captured a different value later.
    Superseded,
}

/// A signal on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatedSignal {
    /// Days since 1970.
    pub day: i32,
    /// What it was.
    pub signal: Signal,
}

/// What is known of one contact of one row.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// An address or a number.
    pub kind: ContactKind,
    /// Its class.
    pub class: ContactClass,
    /// The owner's age in whole years on the day that is asked for.
    pub age: Option<u8>,
    /// How often this field of the row changed before it held this value.
    pub changes: u8,
    /// The day on which the value was first captured; none where nothing says it.
    pub captured: Option<i32>,
    /// Signals later than the capture and before the day that is asked for, by day; one of a kind a day.
    pub signals: &'a [DatedSignal],
    /// Its domain is dead: NXDOMAIN or null MX, confirmed.
    pub dead_domain: bool,
    /// A note or a status says that the owner died.
    pub deceased: bool,
}
