//! What happened between us and a customer's contact: sent and delivered messages, bounces, visits, answers.

use super::words::words;
use super::{ContactKind, Day};

words! {
    /// Where something happened: the column `channel` of an event file.
    EventChannel {
        /// An e-mail of ours, or the customer's.
        Email = "email",
        /// A text message.
        Sms = "sms",
        /// A telephone call.
        Call = "call",
        /// The website or the app.
        Web = "web",
        /// A till.
        Pos = "pos",
        /// A customer was asked whether the details are still right.
        Reverify = "reverify",
    }
}

words! {
    /// What happened: the column `event` of an event file.
    EventKind {
        /// The message reached a mailbox or a handset.
        Delivered = "delivered",
        /// It came back for good.
        HardBounce = "hard_bounce",
        /// It came back for now.
        SoftBounce = "soft_bounce",
        /// It was opened.
        Open = "open",
        /// A link in it was followed.
        Click = "click",
        /// The customer wants no more of them.
        Unsubscribe = "unsubscribe",
        /// A text message that could not be delivered.
        Undelivered = "undelivered",
        /// The customer answered a text message with a word that ends messages.
        ReplyStop = "reply_stop",
        /// The customer signed in.
        Login = "login",
        /// The customer bought something.
        Purchase = "purchase",
        /// The customer said that the value is right.
        Confirmed = "confirmed",
        /// The customer gave a new value of something, by this contact or in its place: which, the channel tells.
        Updated = "updated",
        /// The customer gave another contact in the place of this one.
        Replaced = "replaced",
        /// The customer wants no contact at all.
        OptOut = "opt_out",
        /// The customer called a message of ours unwanted, as the button of a mail program does.
        Complaint = "complaint",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// Somebody else answered: "not me".
        WrongPerson = "wrong_person",
        /// The customer wrote back, whatever it was.
        Replied = "replied",
    }
}

impl EventChannel {
    /// What it reaches people at; none where that is no address and no number.
    pub const fn contact(self) -> Option<ContactKind> {
        match self {
            EventChannel::Email => Some(ContactKind::Email),
            EventChannel::Sms | EventChannel::Call => Some(ContactKind::Phone),
            _ => None,
        }
    }
}

/// An event that names a contact by its key: an answer of a customer or of a gateway, as the workspace keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactEvent {
    /// When it happened.
    pub day: Day,
    /// An address or a number.
    pub kind: ContactKind,
    /// The key of the contact.
    pub key: String,
    /// By what channel.
    pub channel: EventChannel,
    /// What happened.
    pub event: EventKind,
    /// The provider's code; mostly empty.
    pub code: String,
    /// The customer was drawn at random, so that learning is not blind.
    pub is_audit: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_files_are_the_names_in_rules() {
        for &kind in EventKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("serializes"), kind.as_str());
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        for &channel in EventChannel::ALL {
            assert_eq!(serde_json::to_value(channel).expect("serializes"), channel.as_str());
        }
    }
}
