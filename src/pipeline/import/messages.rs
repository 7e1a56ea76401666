//! Messages that customers write, as a gateway hands them over: what each says, whose it is, and taking it in.

use jiff::Timestamp;

use crate::outreach::persons_of;
use crate::pipeline::{ContactReader, RunError, Setup};
use crate::record::{ContactKind, CustomerId, Inbound, InboundMeaning};
use crate::rule::{OptOutWords, Wish};
use crate::store::{Store, TakenIn};

/// A message as it came. What is formatted for a log says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    /// The gateway's name of it; empty where the gateway gives messages no names.
    pub gateway_id: String,
    /// Who sent it, as the gateway writes it.
    pub from: String,
    /// What it says.
    pub text: String,
}

impl std::fmt::Debug for IncomingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IncomingMessage")
    }
}

/// What a message was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMessage {
    /// What it says.
    pub meaning: InboundMeaning,
    /// What taking it in came to; none where its sender is no number or address, and it was not taken in.
    pub taken: Option<TakenIn>,
}

/// Reads messages.
pub struct MessageReader<'a> {
    contacts: ContactReader<'a>,
    words: OptOutWords,
    most_letters: usize,
}

impl<'a> MessageReader<'a> {
    /// Loads the rules. So many letters of a message are kept; all of them are read.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup, most_letters: usize) -> Result<Self, RunError> {
        Ok(MessageReader {
            contacts: ContactReader::new(setup)?,
            words: OptOutWords::load(&setup.context.files)?,
            most_letters,
        })
    }

    /// Takes a message of a gateway in, with all that follows from what it says.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn take_in(
        &self,
        gateway: &str,
        message: IncomingMessage,
        at: Timestamp,
        store: &mut Store,
    ) -> Result<ReadMessage, RunError> {
        let meaning = match self.words.wish(&message.text) {
            Wish::Stop => InboundMeaning::OptOut,
            Wish::StopInDoubt => InboundMeaning::OptOutInDoubt,
            Wish::Else => InboundMeaning::Reply,
        };
        let Some(sender) = self.sender(&message.from) else { return Ok(ReadMessage { meaning, taken: None }) };
        let mut body = message.text;
        if let Some((cut, _)) = body.char_indices().nth(self.most_letters) {
            body.truncate(cut);
        }
        let gateway_id = match message.gateway_id.as_str() {
            // The same text of the same sender on the same day is the same message.
            "" => format!("{} {} {body}", &at.to_string()[..10], sender.1),
            _ => message.gateway_id,
        };
        let (contacts, also) = match meaning {
            InboundMeaning::Reply | InboundMeaning::Confirms => Persons::default(),
            _ => persons(store, &sender)?,
        };
        let gateway = gateway.to_owned();
        let inbound = Inbound { gateway, gateway_id, sender, body, meaning, at, contacts, also };
        Ok(ReadMessage { meaning, taken: Some(store.take_in(&inbound)?) })
    }

    /// Gateways write numbers in E.164, often without the plus.
    fn sender(&self, from: &str) -> Option<(ContactKind, String)> {
        let is_bare = from.len() > 9 && !from.starts_with('0') && from.bytes().all(|byte| byte.is_ascii_digit());
        let with_plus = if is_bare { format!("+{from}") } else { from.to_owned() };
        let read = self.contacts.read(&with_plus).or_else(|_| self.contacts.read(from)).ok()?;
        read.into_iter().next().map(|contact| (contact.kind, contact.key))
    }
}

/// The contacts of whoever was asked at this number or address, and who may be the same person; both empty where nobody was,
/// or no run left its customers.
type Persons = (Vec<(ContactKind, String)>, Vec<CustomerId>);

fn persons(store: &Store, (kind, key): &(ContactKind, String)) -> Result<Persons, RunError> {
    let (Some((_, customer)), Some(profiles)) = (store.asked_last(*kind, key)?, store.latest_profiles()?) else {
        return Ok(Persons::default());
    };
    let Some(profile) = profiles.by_id(customer)? else { return Ok(Persons::default()) };
    let contacts = profile.contacts.iter().map(|contact| (contact.kind, contact.key.clone())).collect();
    Ok((contacts, persons_of(&profile, &profiles)?.into_iter().map(|person| person.id).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Context;

    #[test]
    fn what_is_said_and_by_whom_is_read_and_a_message_without_a_name_is_taken_in_once_a_day() {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 26));
        let setup = Setup::new(context).expect("the shipped rules load");
        let reader = MessageReader::new(&setup, 5).expect("the shipped rules load");
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let mut read = |from: &str, text: &str| {
            let message = IncomingMessage { gateway_id: String::new(), from: from.to_owned(), text: text.to_owned() };
            let at = "2026-11-26T12:00:00Z".parse().expect("a moment");
            let read = reader.take_in("texts", message, at, &mut store).expect("is written");
            (read.meaning, read.taken.map(|taken| taken.is_new))
        };
        assert_eq!(read("972502345678", "thanks!"), (InboundMeaning::Reply, Some(true)));
        assert_eq!(read("+972502345678", "thanks!"), (InboundMeaning::Reply, Some(false)));
        assert_eq!(read("0502345678", "STOP"), (InboundMeaning::OptOut, Some(true)));
        assert_eq!(read("05", "STOP"), (InboundMeaning::OptOut, None), "it is no sender");
    }
}
