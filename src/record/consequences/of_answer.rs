//! What follows from an answer, and from a message as the answer that it holds.

use jiff::SignedDuration;

use super::types::{AskedAbout, Consequences, LearntEvent, Once, Origin, TakeBack, source_of};
use crate::record::{
    Answer, ContactKind, EventChannel, EventKind, Inbound, InboundMeaning, KeptText, OutboxState, Outcome, Repeated,
    Suppressed, Suppression, SuppressionReason, SuppressionScope, ToSuppress,
};

pub(super) fn of_answer(answer: &Answer, asked: Option<&AskedAbout>) -> Consequences {
    let origin = Origin {
        at: answer.at,
        source: answer.source.clone(),
        code: answer.code.clone(),
        customer: answer.customer.or(asked.map(|asked| asked.customer)),
        outbox: asked.map(|asked| asked.id),
        is_audit: asked.is_some_and(|asked| asked.is_audit),
    };
    let contact = answer.contact.clone().or(asked.map(|asked| (asked.kind, asked.key.clone())));
    let event = |event, kind: ContactKind, key: &str| LearntEvent {
        channel: answer.channel,
        event,
        kind,
        key: key.to_owned(),
        // A call list comes in again with other times; a message is kept once already.
        once: if answer.channel == EventChannel::Call { Once::APlannedContact } else { Once::AMoment },
    };
    let mut events = Vec::new();
    // Whoever refuses one channel and leaves another open is there, and is asked by that one.
    let is_of_one_channel = answer.outcome == Outcome::Refused && answer.closes != SuppressionScope::All;
    let outcome = if is_of_one_channel { Outcome::Replied } else { answer.outcome };
    if let (Some(said), Some((kind, key))) = (outcome.event(), &contact) {
        events.push(event(said, *kind, key));
    }
    events.extend(answer.confirmed.iter().map(|(kind, key)| event(EventKind::Confirmed, *kind, key)));
    let stale = answer.updates.iter().filter_map(|update| update.contact.as_ref());
    events.extend(stale.map(|(kind, key)| event(EventKind::Replaced, *kind, key)));
    Consequences {
        state: asked.and_then(|asked| {
            let state = if is_of_one_channel { OutboxState::Answered } else { state_of(answer.holds_by()) };
            asked.moved(state, answer.holds_by().as_str())
        }),
        again_on: answer.again_on.filter(|_| answer.holds_by() == Outcome::Callback),
        events,
        // Nobody accepts a value of nobody.
        updates: if origin.customer.is_some() { answer.updates.clone() } else { Vec::new() },
        note: note(answer, asked),
        entries: entries(answer, &origin, contact),
        take_back: answer.holds_by().ends_asking().then(|| {
            // Where it refused, also from whoever may be the same person.
            let also = match answer.holds_by() {
                Outcome::Refused | Outcome::Deceased => answer.also.as_slice(),
                _ => &[],
            };
            let customers = origin.customer.iter().chain(also).copied().collect();
            TakeBack { customers, reason: answer.holds_by().as_str() }
        }),
        origin,
    }
}

/// The state that an outcome comes to.
const fn state_of(outcome: Outcome) -> OutboxState {
    match outcome {
        Outcome::Refused => OutboxState::OptedOut,
        Outcome::NoAnswer | Outcome::Disconnected => OutboxState::Failed,
        _ => OutboxState::Answered,
    }
}

/// What a caller wrote beside the outcome is for a person to read, as a message of the customer would be.
fn note(answer: &Answer, asked: Option<&AskedAbout>) -> Option<KeptText> {
    let asked = asked.filter(|_| answer.channel == EventChannel::Call && !answer.note.is_empty())?;
    Some(KeptText {
        source: answer.source.clone(),
        name: format!("{}:{}", asked.id, answer.outcome),
        at: answer.at,
        sender: asked.key.clone(),
        body: answer.note.clone(),
        outbox: Some(asked.id),
        customer: Some(asked.customer),
        meaning: match answer.in_note {
            Some(Outcome::Deceased) => InboundMeaning::Deceased,
            Some(_) => InboundMeaning::OptOutInDoubt,
            None => InboundMeaning::Reply,
        },
        // A call list comes in again whenever more of it is filled in.
        repeated: Repeated { same_name: SignedDuration::MAX, same_words: SignedDuration::ZERO },
    })
}

/// Entries of the suppression list that follow from an answer about a contact.
fn entries(answer: &Answer, origin: &Origin, contact: Option<(ContactKind, String)>) -> Vec<ToSuppress> {
    let entry = |what, reason| Suppression { scope: answer.closes, ..origin.entry(what, reason, &answer.note) };
    let alone =
        |(kind, key), reason| ToSuppress { entry: entry(Suppressed::Contact(kind, key), reason), contacts: Vec::new() };
    let reason = match answer.holds_by() {
        Outcome::Refused => SuppressionReason::OptOut,
        Outcome::Deceased => SuppressionReason::Deceased,
        Outcome::WrongPerson => {
            return contact.into_iter().map(|contact| alone(contact, SuppressionReason::WrongPerson)).collect();
        }
        Outcome::Disconnected => {
            return contact.into_iter().map(|contact| alone(contact, SuppressionReason::Disconnected)).collect();
        }
        _ => return Vec::new(),
    };
    let with_contact = |contacts: &[(ContactKind, String)]| {
        let mut contacts = contacts.to_vec();
        contacts.extend(contact.clone());
        contacts.sort();
        contacts.dedup();
        contacts
    };
    let person = |id, contacts: &[_]| ToSuppress {
        entry: entry(Suppressed::Customer(id), reason),
        contacts: with_contact(contacts),
    };
    let contacts = with_contact(&answer.contacts);
    match origin.customer {
        Some(id) => {
            let others = answer.others.iter().filter(|(other, _)| *other != id);
            let others = others.map(|(other, contacts)| person(*other, contacts));
            std::iter::once(person(id, &answer.contacts)).chain(others).collect()
        }
        None => contacts.into_iter().map(|contact| alone(contact, reason)).collect(),
    }
}

/// The answer that a message holds.
pub(super) fn answer_in(message: &Inbound, asked: Option<&AskedAbout>) -> Answer {
    let (kind, key) = &message.sender;
    let channel = match kind {
        ContactKind::Email => EventChannel::Email,
        ContactKind::Phone => EventChannel::Sms,
    };
    let outcome = match message.meaning {
        // What nobody asked nobody confirms.
        InboundMeaning::Confirms if asked.is_some() => Outcome::Confirmed,
        InboundMeaning::Reply | InboundMeaning::Confirms => Outcome::Replied,
        InboundMeaning::OptOut | InboundMeaning::OptOutInDoubt => Outcome::Refused,
        InboundMeaning::WrongPerson => Outcome::WrongPerson,
        InboundMeaning::Deceased => Outcome::Deceased,
    };
    let note = match message.meaning {
        InboundMeaning::OptOutInDoubt => "in doubt: read the message",
        InboundMeaning::WrongPerson | InboundMeaning::Deceased => "said in a message: read it",
        InboundMeaning::OptOut | InboundMeaning::Confirms | InboundMeaning::Reply => "",
    };
    Answer {
        outbox: asked.map(|asked| asked.id),
        contact: Some((*kind, key.clone())),
        // Whoever was asked is whose answer it is.
        customer: message.customer.filter(|_| asked.is_none()),
        contacts: message.contacts.clone(),
        also: message.also.iter().chain(message.others.iter().map(|(other, _)| other)).copied().collect(),
        others: message.others.clone(),
        note: note.to_owned(),
        closes: message.closes,
        ..Answer::new(outcome, channel, message.at, &source_of(&message.gateway))
    }
}
