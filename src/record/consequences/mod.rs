//! What follows from an answer, a gateway's report or a customer's message: one function, which knows no workspace.

mod of_answer;
mod of_report;
mod types;

use self::of_answer::{answer_in, of_answer};
use self::of_report::of_report;
use crate::record::{Answer, GatewayReport, Inbound};

pub use types::{AskedAbout, Before, Consequences, LearntEvent, Once, Origin, TakeBack};

/// Something that was said of a planned contact, or to us.
#[derive(Debug, Clone, Copy)]
pub enum Said<'a> {
    /// What came of asking.
    Answer(&'a Answer),
    /// What a gateway says of a message.
    Report(&'a GatewayReport),
    /// What a customer wrote.
    Message(&'a Inbound),
}

/// What follows from something that was said, given what is known.
///
/// All of it may be said twice, and what that changes differs on purpose:
///
/// - An **answer** is taken consequence by consequence, each once for the planned contact: a call list is imported again after
///   more of it was filled in, with another time of the call perhaps, and what is new in it counts.
/// - A **report** that is repeated (the same word of the gateway for the same message) comes to nothing. Another word of the
///   same meaning is another report: it leaves another event where it names another moment.
/// - A **message** that is repeated comes to nothing; the first time it is as the answer that it holds.
///
/// None of them undoes what is stronger: [`OutboxState::may_become`](crate::record::OutboxState::may_become) says which state may follow.
pub fn consequences(said: Said<'_>, before: &Before) -> Consequences {
    let asked = before.asked.as_ref();
    let follows = match said {
        Said::Answer(answer) => return of_answer(answer, asked),
        Said::Report(report) => of_report(report, asked),
        Said::Message(message) => of_answer(&answer_in(message, asked), asked),
    };
    if before.is_repeated { Consequences::none(follows.origin) } else { follows }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::record::{
        ContactKind, CustomerId, EventChannel, Field, InboundMeaning, OutboxState, Outcome, ReportMeaning, Suppressed,
        SuppressionReason, SuppressionScope,
    };

    const PHONE: &str = "+972502345678";

    fn at() -> Timestamp {
        "2026-11-21T10:01:00Z".parse().expect("a moment")
    }

    fn before(state: OutboxState) -> Before {
        let asked = AskedAbout {
            id: 1,
            customer: CustomerId(7),
            kind: ContactKind::Phone,
            recipient: PHONE.to_owned(),
            key: PHONE.to_owned(),
            to_verify: vec![Field::Phone],
            is_audit: false,
            state,
        };
        Before { asked: Some(asked), is_repeated: false }
    }

    fn report(meaning: ReportMeaning) -> GatewayReport {
        GatewayReport {
            gateway: "texts".to_owned(),
            gateway_id: "SM1".to_owned(),
            reference: None,
            status: "x".to_owned(),
            code: String::new(),
            meaning,
            at: at(),
        }
    }

    fn message(meaning: InboundMeaning) -> Inbound {
        Inbound {
            gateway: "texts".to_owned(),
            gateway_id: "IN1".to_owned(),
            sender: (ContactKind::Phone, PHONE.to_owned()),
            body: "הסר".to_owned(),
            meaning,
            closes: SuppressionScope::All,
            at: at(),
            customer: None,
            contacts: Vec::new(),
            also: vec![CustomerId(8)],
            others: Vec::new(),
            repeated: crate::record::Repeated {
                same_name: jiff::SignedDuration::from_hours(24),
                same_words: jiff::SignedDuration::from_hours(1),
            },
        }
    }

    #[test]
    fn what_is_said_twice_comes_to_nothing_but_for_answers_whose_parts_stand_once_each() {
        let sent = before(OutboxState::Sent);
        let repeated = Before { is_repeated: true, ..sent.clone() };
        let (report, message) = (report(ReportMeaning::OptedOut), message(InboundMeaning::OptOut));
        for said in [Said::Report(&report), Said::Message(&message)] {
            let follows = consequences(said, &sent);
            assert_eq!(follows.state.as_ref().map(|(state, _)| *state), Some(OutboxState::OptedOut));
            assert_eq!((follows.events.len(), follows.entries.len()), (1, 1));
            let again = consequences(said, &repeated);
            assert_eq!(again, Consequences::none(follows.origin));
        }
        let answer =
            Answer { outbox: Some(1), ..Answer::new(Outcome::Confirmed, EventChannel::Call, at(), "call_list") };
        assert_eq!(consequences(Said::Answer(&answer), &repeated), consequences(Said::Answer(&answer), &sent));
    }

    #[test]
    fn nothing_undoes_what_is_stronger_but_a_refusal_holds_in_any_state() {
        for &state in OutboxState::ALL {
            let follows = consequences(Said::Report(&report(ReportMeaning::Undelivered)), &before(state));
            let fails = state.may_become(OutboxState::Failed);
            assert_eq!((follows.state.is_some(), follows.take_back.is_some()), (fails, fails), "{state}");
            let follows = consequences(Said::Message(&message(InboundMeaning::OptOutInDoubt)), &before(state));
            assert_eq!(follows.entries[0].entry.what, Suppressed::Customer(CustomerId(7)));
            assert_eq!(follows.entries[0].entry.note, "in doubt: read the message");
            let back = follows.take_back.expect("is taken back");
            assert_eq!(back.customers, [CustomerId(7), CustomerId(8)]);
        }
    }

    #[test]
    fn a_refusal_of_one_channel_closes_that_one_and_is_a_sign_of_life() {
        let said = Inbound { closes: SuppressionScope::Sms, ..message(InboundMeaning::OptOut) };
        let follows = consequences(Said::Message(&said), &before(OutboxState::Sent));
        assert_eq!(follows.entries[0].entry.scope, SuppressionScope::Sms);
        assert_eq!(follows.state.map(|(state, _)| state), Some(OutboxState::Answered));
        assert_eq!(follows.events[0].event, crate::record::EventKind::Replied);
        assert!(follows.take_back.is_some(), "what is under way is planned anew");
    }

    #[test]
    fn a_refusal_by_a_number_that_several_have_holds_each_of_them() {
        let contacts = vec![(ContactKind::Email, "noa@example.org".to_owned())];
        let others = vec![(CustomerId(9), contacts)];
        let said = Inbound { customer: Some(CustomerId(8)), others, ..message(InboundMeaning::OptOut) };
        let follows = consequences(Said::Message(&said), &Before::default());
        let held: Vec<_> = follows.entries.iter().map(|one| (one.entry.what.clone(), one.contacts.len())).collect();
        let person = |id| Suppressed::Customer(CustomerId(id));
        assert_eq!(held, [(person(8), 1), (person(9), 2)]);
        assert!(follows.take_back.expect("is taken back").customers.contains(&CustomerId(9)));
    }

    #[test]
    fn a_message_holds_the_dead_for_good_closes_the_number_of_another_person_and_confirms_what_was_asked() {
        let sent = before(OutboxState::Sent);
        let follows = |meaning| consequences(Said::Message(&message(meaning)), &sent);
        let dead = follows(InboundMeaning::Deceased);
        assert_eq!(dead.entries[0].entry.what, Suppressed::Customer(CustomerId(7)));
        assert_eq!(dead.entries[0].entry.reason, SuppressionReason::Deceased);
        assert_eq!(dead.take_back.expect("is taken back").customers, [CustomerId(7), CustomerId(8)]);
        let wrong = follows(InboundMeaning::WrongPerson);
        assert_eq!(wrong.entries[0].entry.what, Suppressed::Contact(ContactKind::Phone, PHONE.to_owned()));
        assert_eq!(wrong.take_back.expect("is taken back").customers, [CustomerId(7)]);
        let right = follows(InboundMeaning::Confirms);
        assert_eq!((right.events[0].event, right.entries.len()), (crate::record::EventKind::Confirmed, 0));
    }

    #[test]
    fn a_message_of_a_stranger_closes_the_number_alone_and_its_report_is_of_nothing() {
        let follows = consequences(Said::Message(&message(InboundMeaning::OptOut)), &Before::default());
        assert_eq!(follows.entries[0].entry.what, Suppressed::Contact(ContactKind::Phone, PHONE.to_owned()));
        assert_eq!(follows.state, None);
        let follows = consequences(Said::Report(&report(ReportMeaning::Delivered)), &Before::default());
        assert_eq!(follows, Consequences::none(follows.origin.clone()));
    }
}
