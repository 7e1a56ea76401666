//! The thread that writes what gateways report; it alone has the workspace.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::message::Message;
use crate::clock;
use crate::outreach::persons_of;
use crate::pipeline::{ContactReader, RunError, Setup};
use crate::record::{ContactKind, CustomerId, GatewayReport, Inbound, InboundMeaning};
use crate::rule::{OptOutWords, Wish};
use crate::store::{Reported, Store};

/// Something to write, and who waits for it.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) done: oneshot::Sender<Done>,
}

/// What to write.
pub(super) enum Work {
    Report(GatewayReport),
    Message { gateway: String, message: Message },
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// It is written down, or was.
    Written,
    /// The sender of a message is no number or address.
    NoSender,
    /// The workspace can't be written.
    Failed,
}

/// How long reports that overtook the gateway's answer wait before they are looked at again.
const AGAIN: Duration = Duration::from_secs(2);

/// Writes until nobody can send anything more.
pub(super) fn work(
    jobs: &Receiver<Job>,
    setup: &Setup,
    store: &mut Store,
    most_letters: usize,
) -> Result<(), RunError> {
    let writer = Writer { contacts: ContactReader::new(setup)?, words: OptOutWords::load(&setup.files)?, most_letters };
    let mut waits = true;
    loop {
        match jobs.recv_timeout(AGAIN) {
            Ok(job) => {
                let done = writer.write(job.work, store, &mut waits).unwrap_or_else(|error| {
                    tracing::error!(%error, "a report could not be written; the gateway is asked to send it again");
                    Done::Failed
                });
                // Whoever waited may have gone; it is written all the same.
                let _ = job.done.send(done);
            }
            Err(RecvTimeoutError::Timeout) if waits => {
                waits = false;
                match store.apply_waiting_reports() {
                    Ok(0) => {}
                    Ok(found) => tracing::info!(found, "reports found the messages that they are about"),
                    Err(error) => {
                        waits = true;
                        tracing::error!(%error, "waiting reports could not be looked at; it is tried again");
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

struct Writer<'a> {
    contacts: ContactReader<'a>,
    words: OptOutWords,
    /// Letters of a message that are kept; all of them are read.
    most_letters: usize,
}

impl Writer<'_> {
    fn write(&self, work: Work, store: &mut Store, waits: &mut bool) -> Result<Done, RunError> {
        match work {
            Work::Report(report) => {
                let reported = store.record_report(&report)?;
                *waits |= reported == Reported::Waits;
                tracing::info!(gateway = report.gateway, meaning = report.meaning.as_str(), ?reported, "a report");
                Ok(Done::Written)
            }
            Work::Message { gateway, message } => self.take_in(gateway, message, store),
        }
    }

    fn take_in(&self, gateway: String, mut message: Message, store: &mut Store) -> Result<Done, RunError> {
        let meaning = match self.words.wish(&message.text) {
            Wish::Stop => InboundMeaning::OptOut,
            Wish::StopInDoubt => InboundMeaning::OptOutInDoubt,
            Wish::Else => InboundMeaning::Reply,
        };
        let Some(sender) = self.sender(&message.from) else {
            tracing::warn!(gateway, meaning = meaning.as_str(), "a message from what is no number or address");
            return Ok(Done::NoSender);
        };
        if let Some((cut, _)) = message.text.char_indices().nth(self.most_letters) {
            message.text.truncate(cut);
        }
        let at = clock::timestamp();
        let gateway_id = match message.gateway_id.as_str() {
            // The same text of the same sender on the same day is the same message.
            "" => format!("{} {} {}", &at.to_string()[..10], sender.1, message.text),
            id => id.to_owned(),
        };
        let (contacts, also) = match meaning {
            InboundMeaning::Reply => (Vec::new(), Vec::new()),
            InboundMeaning::OptOut | InboundMeaning::OptOutInDoubt => persons(store, &sender)?,
        };
        let inbound = Inbound { gateway, gateway_id, sender, body: message.text, meaning, at, contacts, also };
        let taken = store.take_in(&inbound)?;
        tracing::info!(
            gateway = inbound.gateway,
            meaning = meaning.as_str(),
            is_new = taken.is_new,
            is_known = taken.customer.is_some(),
            "a message"
        );
        Ok(Done::Written)
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
    let (Some((_, customer)), Some(cards)) = (store.asked_last(*kind, key)?, store.latest_cards()?) else {
        return Ok(Persons::default());
    };
    let Some(card) = cards.by_id(customer)? else { return Ok(Persons::default()) };
    let contacts = card.contacts.iter().map(|contact| (contact.kind, contact.key.clone())).collect();
    Ok((contacts, persons_of(&card, &cards)?.into_iter().map(|person| person.id).collect()))
}
