//! What a gateway is: whatever takes a message and can say what became of it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

use crate::record::Channel;

/// A gateway.
pub trait Gateway: Send + Sync {
    /// Its name in `tiuv.toml` and in the workspace.
    fn name(&self) -> &str;

    /// How it wants to be spoken to.
    fn terms(&self) -> &Terms;

    /// Whether it can be spoken to at all, as far as can be told without a message; asked before the first one is begun.
    ///
    /// # Errors
    /// Why it can't, for whoever has to mend it.
    fn prepare(&self) -> Result<(), String> {
        Ok(())
    }

    /// Hands it one message, once. Pace, time limit and further tries are dispatch's business.
    fn send<'a>(&'a self, message: &'a Message) -> Asking<'a, Answer>;

    /// Asks whether it has a message.
    fn find<'a>(&'a self, message: &'a Message) -> Asking<'a, Found>;
}

/// A question under way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a gateway wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Messages a second; none: as fast as it goes.
    pub per_second: Option<f64>,
    /// Messages that may wait for its answer at a time; at least one.
    pub max_in_flight: usize,
    /// For a request and its answer.
    pub timeout: Duration,
}

/// A message, ready to be sent. What is formatted for a log says its number alone.
#[derive(Clone)]
pub struct Message {
    /// Its number in the outbox.
    pub id: i64,
    /// By text message or e-mail.
    pub channel: Channel,
    /// E.164 or an address.
    pub to: String,
    /// With its link; the first line of a mail is its subject, and a blank one follows.
    pub body: String,
    /// The token of its link; empty where it has none.
    pub token: String,
    /// Given name.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// Of which campaign.
    pub campaign: String,
    /// The list's own key of the customer.
    pub key: String,
    /// When it was begun.
    pub begun_at: Timestamp,
}

impl Message {
    /// The subject, and the text without it; a text message has none.
    pub fn subject_and_text(&self) -> (&str, &str) {
        let is_mail = self.channel == Channel::Email;
        self.body.split_once("\n\n").filter(|_| is_mail).unwrap_or(("", &self.body))
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({})", self.id)
    }
}

/// What a gateway said of a message that it was handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took it, and calls it so.
    Accepted(String),
    /// The recipient wants no more messages: its code.
    OptedOut(String),
    /// Nothing can ever reach the recipient: its code.
    Invalid(String),
    /// It will not take this message: its code.
    Failed(String),
    /// It certainly did not take it; it may be tried again, after a pause that it asked for.
    NotTaken {
        /// Its code.
        why: String,
        /// The pause it asked for.
        wait: Option<Duration>,
    },
    /// It takes nothing from us: its code.
    Closed(String),
    /// It may have taken it: why that is not known.
    Unclear(String),
}

/// What a gateway said of a message that it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It has it, and calls it so.
    Sent(String),
    /// It has delivered it.
    Delivered(String),
    /// It has it, and it will not arrive: its name and code.
    Failed(String, String),
    /// The recipient wants no more messages: its code.
    OptedOut(String),
    /// It never got it.
    Absent,
    /// It can't tell, or did not answer.
    Unclear,
}
