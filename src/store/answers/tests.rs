//! What answers and reports change in the workspace.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::*;
use crate::record::{
    ContactKind, EventChannel, Field, GivenState, InboundMeaning, NewValue, Outcome, ReportMeaning, Suppressed,
    SuppressionScope,
};
use crate::rule::{CodeLimits, ConfirmPolicy, RuleFiles};
use crate::store::{Call, CodeBegun, CodeEntered, CodeFor, HandedOut, LINK_SOURCE, LinkAnswer};

const PHONE: &str = "+972502345678";

fn at(minute: u32) -> Timestamp {
    format!("2026-11-21T10:{minute:02}:00Z").parse().expect("a moment")
}

impl Store {
    /// A text message that was sent, for tests elsewhere.
    pub(crate) fn plan_for_tests(
        &self,
        customer: CustomerId,
        phone: &str,
        gateway: &str,
        gateway_id: &str,
    ) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                 to_verify, due_at, state, gateway, gateway_id, planned_at, changed_at)
             VALUES ('c', 'r', ?1, ?1, '2026-11-01',
                 (SELECT coalesce(max(rung), 0) + 1 FROM outbox WHERE customer = ?1), 'sms', ?2, ?2, 'l', '7', 7, 'דנה', 'he', 'IL', 'x {link}', 1, 1, 1,
                 0, '', 'phone', '2026-11-21T08:00:00Z', 'sent', ?3, ?4, '', '')",
            params![customer.0 as i64, phone, gateway, gateway_id],
        )?;
        Ok(())
    }
}

/// A workspace in which customer 7 is asked by text message (row 1, sent), and by call if that fails (row 2).
fn workspace(directory: &std::path::Path) -> Store {
    let store = Store::open(directory).expect("opens");
    for (rung, channel, state) in [(1, "sms", "sent"), (2, "call", "pending")] {
        store
            .connection
            .execute(
                "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key,
                     list, row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit,
                     why, to_verify, due_at, state, gateway, gateway_id, planned_at, changed_at)
                 VALUES ('c', 'r', 7, 7, '2026-11-01', ?1, ?2, ?3, ?3, 'l', '7', 7, 'דנה', 'he', 'IL', 'x {link}', 1, 1, 1,
                     1, '', 'phone;email', '2026-11-21T08:00:00Z', ?4, 'texts', iif(?1 = 1, 'SM1', ''), '', '')",
                params![rung, channel, PHONE, state],
            )
            .expect("planned");
    }
    store
}

fn states(store: &Store) -> Vec<(String, String)> {
    let mut statement = store.connection.prepare("SELECT state, reason FROM outbox ORDER BY id").expect("reads");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("reads");
    rows.collect::<Result<_, _>>().expect("reads")
}

fn events(store: &Store) -> Vec<String> {
    let mut statement = store
        .connection
        .prepare("SELECT channel || ' ' || event || ' ' || key || ' ' || is_audit FROM contact_event ORDER BY id")
        .expect("reads");
    let rows = statement.query_map([], |row| row.get(0)).expect("reads");
    rows.collect::<Result<_, _>>().expect("reads")
}

/// Whether customer 7 or a number is on the suppression list, for every channel.
fn held(store: &Store, key: &str) -> bool {
    [Suppressed::Customer(CustomerId(7)), Suppressed::Contact(ContactKind::Phone, key.to_owned())].iter().any(|what| {
        let entries = store.suppressions_of(what).expect("read");
        entries.iter().any(|entry| entry.scope == SuppressionScope::All)
    })
}

fn report(status: &str, meaning: ReportMeaning, minute: u32) -> GatewayReport {
    GatewayReport {
        gateway: "texts".to_owned(),
        gateway_id: "SM1".to_owned(),
        reference: None,
        status: status.to_owned(),
        code: String::new(),
        meaning,
        at: at(minute),
    }
}

fn answer(outcome: Outcome) -> Answer {
    Answer { outbox: Some(1), ..Answer::new(outcome, EventChannel::Call, at(1), "call_list") }
}

#[test]
fn a_confirmation_is_evidence_for_what_was_asked_and_ends_the_asking() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let confirmed =
        Answer { confirmed: vec![(ContactKind::Email, "dana@example.org".to_owned())], ..answer(Outcome::Confirmed) };
    assert_eq!(store.record_answer(&confirmed).expect("written"), Recorded::New);
    let later = Answer { at: at(30), ..confirmed };
    assert_eq!(store.record_answer(&later).expect("read"), Recorded::Known);
    assert_eq!(states(&store)[0], ("answered".to_owned(), "confirmed".to_owned()));
    assert_eq!(states(&store)[1], ("cancelled".to_owned(), "confirmed".to_owned()));
    let expected = [format!("call confirmed {PHONE} 1"), "call confirmed dana@example.org 1".to_owned()];
    assert_eq!(events(&store), expected);
    assert!(!held(&store, PHONE));
}

#[test]
fn a_new_value_waits_for_acceptance_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let old = (ContactKind::Email, "old@example.org".to_owned());
    let update = NewValue {
        field: "email".to_owned(),
        old: "old@example.org".to_owned(),
        new: "new@example.org".to_owned(),
        contact: Some(old),
    };
    let updated = Answer { updates: vec![update], ..answer(Outcome::Updated) };
    assert_eq!(store.record_answer(&updated).expect("written"), Recorded::New);
    assert_eq!(store.record_answer(&updated).expect("read"), Recorded::Known);
    let waiting = store.pending_values(CustomerId(7)).expect("read");
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].old.as_str(), waiting[0].new.as_str()), ("old@example.org", "new@example.org"));
    assert_eq!(events(&store)[1], "call replaced old@example.org 1");
}

#[test]
fn a_refusal_closes_every_contact_and_whoever_may_be_the_same_person_is_not_asked_any_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    store.connection.execute("UPDATE outbox SET customer = 8 WHERE id = 2", []).expect("another customer");
    let other = "+97235234567".to_owned();
    let refused = Answer {
        contacts: vec![(ContactKind::Phone, other.clone())],
        also: vec![CustomerId(8)],
        ..answer(Outcome::Refused)
    };
    assert_eq!(store.record_answer(&refused).expect("written"), Recorded::New);
    assert_eq!(store.record_answer(&refused).expect("read"), Recorded::Known);
    assert_eq!(states(&store)[0].0, "opted_out");
    assert_eq!(states(&store)[1].0, "cancelled");
    assert!(held(&store, PHONE) && held(&store, &other));
    let number = Suppressed::Contact(ContactKind::Phone, other);
    assert_eq!(store.suppressions_of(&number).expect("read").len(), 1);
}

#[test]
fn a_wrong_person_closes_the_number_and_not_the_customer() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    store.record_answer(&answer(Outcome::WrongPerson)).expect("written");
    assert!(held(&store, PHONE));
    assert!(!held(&store, "+97235234567"));
    assert_eq!(events(&store), [format!("call wrong_person {PHONE} 1")]);
}

#[test]
fn what_nobody_can_learn_from_is_no_evidence_and_the_note_is_kept_for_a_person() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let other = Answer { note: "speaks French only".to_owned(), ..answer(Outcome::Other) };
    assert_eq!(store.record_answer(&other).expect("written"), Recorded::New);
    assert_eq!(store.record_answer(&other).expect("read"), Recorded::Known);
    assert!(events(&store).is_empty());
    assert_eq!(states(&store)[1].0, "pending");
    let notes: i64 = store
        .connection
        .query_row("SELECT count(*) FROM inbound_message WHERE state = 'pending'", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(notes, 1);
    let unknown = Answer { outbox: Some(99), ..other };
    assert_eq!(store.record_answer(&unknown).expect("read"), Recorded::NoRow);
}

#[test]
fn reports_come_to_the_same_in_any_order_and_however_often() {
    use ReportMeaning::{Delivered, Failed, Sent, Underway};
    let all = [
        report("sent", Sent, 1),
        report("failed", Failed, 2),
        report("delivered", Delivered, 3),
        report("queued", Underway, 0),
    ];
    for start in 0..all.len() {
        for reversed in [false, true] {
            let directory = tempfile::tempdir().expect("a directory");
            let mut store = workspace(directory.path());
            let mut order: Vec<_> = (0..all.len()).map(|step| &all[(start + step) % all.len()]).collect();
            if reversed {
                order.reverse();
            }
            for report in order.iter().chain(&order) {
                store.record_report(report).expect("written");
            }
            assert_eq!(states(&store)[0].0, "delivered");
            assert_eq!(events(&store), [format!("sms delivered {PHONE} 1")]);
        }
    }
}

#[test]
fn a_report_that_bears_our_own_number_finds_its_message_by_that_if_it_went_by_this_gateway() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let ours = |gateway: &str| GatewayReport {
        gateway: gateway.to_owned(),
        gateway_id: String::new(),
        reference: Some(1),
        ..report("1", ReportMeaning::Delivered, 1)
    };
    assert_eq!(store.record_report(&ours("other")).expect("written"), Reported::Waits);
    assert_eq!(states(&store)[0].0, "sent");
    assert_eq!(store.record_report(&ours("texts")).expect("written"), Reported::Moved);
    assert_eq!(store.record_report(&ours("texts")).expect("written"), Reported::Known);
    assert_eq!(states(&store)[0].0, "delivered");
}

#[test]
fn a_report_never_undoes_an_answer() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    store.record_answer(&answer(Outcome::Refused)).expect("written");
    let kept = store.record_report(&report("undelivered", ReportMeaning::Undelivered, 5)).expect("written");
    assert_eq!(kept, Reported::Kept);
    assert_eq!(states(&store)[0].0, "opted_out");
}

#[test]
fn a_report_that_overtakes_the_gateways_answer_waits_for_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    store.connection.execute("UPDATE outbox SET gateway_id = ''", []).expect("not known yet");
    let delivered = report("delivered", ReportMeaning::Delivered, 1);
    assert_eq!(store.record_report(&delivered).expect("written"), Reported::Waits);
    assert_eq!(store.apply_waiting_reports().expect("written"), 0);
    store.connection.execute("UPDATE outbox SET gateway_id = 'SM1' WHERE id = 1", []).expect("known");
    assert_eq!(store.apply_waiting_reports().expect("written"), 1);
    assert_eq!(store.apply_waiting_reports().expect("written"), 0);
    assert_eq!(states(&store)[0].0, "delivered");
    assert_eq!(events(&store).len(), 1);
}

#[test]
fn a_message_is_taken_in_once_and_belongs_to_whoever_was_asked_last() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let message = |id: &str, meaning| Inbound {
        gateway: "texts".to_owned(),
        gateway_id: id.to_owned(),
        sender: (ContactKind::Phone, PHONE.to_owned()),
        body: "שלום".to_owned(),
        meaning,
        closes: crate::record::SuppressionScope::All,
        at: at(1),
        customer: None,
        contacts: Vec::new(),
        also: Vec::new(),
        others: Vec::new(),
        repeated: crate::record::Repeated {
            same_name: jiff::SignedDuration::from_hours(24),
            same_words: jiff::SignedDuration::from_hours(1),
        },
    };
    let taken = store.take_in(&message("IN1", InboundMeaning::Reply)).expect("written");
    assert_eq!(taken, TakenIn { is_new: true, customer: Some(CustomerId(7)) });
    assert!(!store.take_in(&message("IN1", InboundMeaning::OptOut)).expect("read").is_new);
    assert!(!held(&store, PHONE));
    assert_eq!(events(&store), [format!("sms replied {PHONE} 1")]);
    store.take_in(&message("IN2", InboundMeaning::OptOutInDoubt)).expect("written");
    assert!(held(&store, PHONE));
    assert_eq!(states(&store)[0].0, "opted_out");
    let stranger =
        Inbound { sender: (ContactKind::Phone, "+972503333333".to_owned()), ..message("IN3", InboundMeaning::OptOut) };
    assert_eq!(store.take_in(&stranger).expect("written").customer, None);
    assert!(held(&store, "+972503333333"));
}

#[test]
fn calls_are_handed_out_once_and_never_to_whoever_is_held() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let before: Timestamp = "2026-11-22T00:00:00Z".parse().expect("a moment");
    let nobody = |_: &Call| Ok(None);
    let names = |calls: &[Call]| vec!["calls-1".to_owned(); calls.len()];
    let failed = store.hand_out(store.due_calls(before, None).expect("read"), nobody, names, at(1), |_| {
        Err(StoreError::Snapshot("disk full".to_owned()))
    });
    assert!(failed.is_err());
    let calls = store.due_calls(before, None).expect("read");
    assert_eq!(calls.len(), 1, "nothing was handed out");
    assert_eq!(calls[0].script, "x");
    let handed_out = calls.clone();
    let out = store.hand_out(calls, nobody, names, at(1), |calls| {
        assert_eq!(calls.len(), 1);
        Ok::<_, StoreError>(None)
    });
    assert_eq!(out.expect("handed out"), HandedOut { calls: 1, taken_back: 0 });
    assert!(store.due_calls(before, None).expect("read").is_empty());
    assert_eq!(states(&store)[1], ("sent".to_owned(), "call_list".to_owned()));

    // What stands on a list is known, and as it was, until something comes back.
    let [list] = &store.call_lists().expect("read")[..] else { panic!("one list") };
    assert_eq!((list.name.as_str(), list.calls, list.open), ("calls-1", 1, 1));
    assert_eq!(store.open_calls("calls-1").expect("read"), handed_out);
    let answer = Answer::new(Outcome::NoAnswer, EventChannel::Call, at(2), "call_list");
    store.record_answer(&Answer { outbox: Some(handed_out[0].id), ..answer }).expect("written");
    assert!(store.open_calls("calls-1").expect("read").is_empty());
    assert_eq!(store.call_lists().expect("read")[0].open, 0);
}

fn new_email() -> NewValue {
    NewValue {
        field: "email".to_owned(),
        old: "old@example.org".to_owned(),
        new: "new@example.org".to_owned(),
        contact: Some((ContactKind::Email, "old@example.org".to_owned())),
    }
}

const CORRECT: SignedDuration = SignedDuration::from_hours(24);

/// A link that went out with row 1, by what is kept of its token.
fn link(store: &Store) -> [u8; 32] {
    store.link_for_tests(1, "token", at(59)).expect("written");
    store.secret().expect("is made").token_hash("token")
}

/// Says something by the link; `said` tells it from what was said before.
fn say(store: &mut Store, token: &[u8; 32], said: u8, outcome: Outcome, updates: Vec<NewValue>) {
    let made = Answer::new(outcome, EventChannel::Sms, at(said.into()), LINK_SOURCE);
    let answer = Answer { outbox: Some(1), updates, ..made };
    let said = &[said; 32];
    let said = LinkAnswer { token, answer: &answer, said, correct: CORRECT, accept: &[] };
    assert!(store.answer_link(&said).expect("written").is_some(), "the link is open");
}

fn code_for(token: &[u8; 32], value: i64) -> CodeFor<'_> {
    let (kind, key) = (ContactKind::Email, "new@example.org");
    CodeFor { token, correct: CORRECT, value, kind, key, hash: &[7; 32], is_whole: true }
}

fn code_limits() -> CodeLimits {
    ConfirmPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form").code
}

#[test]
fn a_correction_leaves_what_a_code_confirmed_and_that_the_old_contact_was_replaced() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let (token, limits) = (link(&store), code_limits());
    say(&mut store, &token, 1, Outcome::Updated, vec![new_email()]);
    let code = code_for(&token, 1);
    assert!(matches!(store.begin_code(&code, &limits, at(2)).expect("written"), CodeBegun::Send(_)));
    assert_eq!(store.enter_code(&code, &limits, &[Field::Email], at(3)).expect("written"), CodeEntered::Right);
    let of_the_address = ["sms replaced old@example.org 1", "sms confirmed new@example.org 0"];
    let kept = |store: &Store| events(store).into_iter().filter(|event| event.contains('@')).collect::<Vec<_>>();
    assert_eq!(kept(&store), of_the_address);
    // All else is right, the page says then, with the new address on it.
    say(&mut store, &token, 4, Outcome::Confirmed, Vec::new());
    say(
        &mut store,
        &token,
        5,
        Outcome::Updated,
        vec![NewValue { field: "city".to_owned(), contact: None, ..new_email() }],
    );
    assert_eq!(kept(&store), of_the_address);
    // Whoever is somebody else replaced nothing.
    say(&mut store, &token, 6, Outcome::WrongPerson, Vec::new());
    assert!(kept(&store).is_empty());
}

#[test]
fn a_code_that_did_not_leave_confirms_nothing_and_keeps_no_other_from_leaving() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let (token, limits) = (link(&store), code_limits());
    say(&mut store, &token, 1, Outcome::Updated, vec![new_email()]);
    let code = code_for(&token, 1);
    for _ in 0..=limits.most_a_link {
        let CodeBegun::Send(id) = store.begin_code(&code, &limits, at(2)).expect("written") else {
            panic!("what did not leave counts for a limit");
        };
        store.code_not_sent(id).expect("written");
        assert_eq!(store.enter_code(&code, &limits, &[Field::Email], at(2)).expect("read"), CodeEntered::Over);
    }
    assert!(matches!(store.begin_code(&code, &limits, at(2)).expect("written"), CodeBegun::Send(_)));
    assert_eq!(store.begin_code(&code, &limits, at(2)).expect("read"), CodeBegun::TooSoon);
}

#[test]
fn of_two_values_that_are_accepted_together_the_one_that_was_given_later_holds() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = workspace(directory.path());
    let given = |minute, new: &str| {
        let update = NewValue { new: new.to_owned(), ..new_email() };
        Answer { updates: vec![update], at: at(minute), ..answer(Outcome::Updated) }
    };
    // A call list comes back after the page was used.
    store.record_answer(&given(30, "later@example.org")).expect("written");
    store.record_answer(&given(10, "earlier@example.org")).expect("written");
    let changed = store.decide_values(&[1, 2, 99], GivenState::Accepted, "", at(40)).expect("written");
    assert_eq!(changed, [1]);
    let state = |id| store.given_value(id).expect("reads").expect("is there").state;
    assert_eq!((state(1), state(2)), (GivenState::Accepted, GivenState::Withdrawn));
}
