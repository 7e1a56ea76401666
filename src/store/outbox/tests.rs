//! Tests of what dispatch does with the outbox.

use jiff::{Timestamp, ToSpan};
use rusqlite::params;

use super::super::Store;
use super::*;
use crate::record::{Answer, Channel, CustomerId, EventChannel, Field, Funnel, Money, NewValue, OutboxState, Outcome};

const NOON: &str = "2026-11-22T12:00:00Z";

fn noon() -> Timestamp {
    NOON.parse().expect("a moment")
}

/// A workspace with so many text messages that were due an hour ago.
fn workspace(messages: u64) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    for customer in 1..=messages {
        plan(&store, customer, "sms");
    }
    (directory, store)
}

fn plan(store: &Store, customer: u64, channel: &str) {
    let phone = format!("+9725000{customer:05}");
    store
        .connection
        .execute(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                 to_verify, due_at, planned_at, changed_at)
             VALUES ('yearly', 'r', ?1, ?1, '2026-11-22', 1, ?2, ?3, ?3, 'club', '', 1, 'דנה', 'he', 'IL', '{link}', 1,
                 50000, 1, 0, '', 'phone', '2026-11-22T11:00:00Z', '2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z')",
            params![customer as i64, channel, phone],
        )
        .expect("inserts");
}

fn due(store: &Store) -> Vec<OutboxRow> {
    let filter = DueFilter { channel: Channel::Sms, campaign: None, now: noon(), behind: None, most: 100 };
    store.due_outbox(&filter).expect("reads")
}

fn begin(store: &mut Store, rows: &[OutboxRow]) -> Option<Vec<Begun>> {
    let hash = |row: &OutboxRow| Some([row.id as u8; 32]);
    let sends: Vec<BeginSend<'_>> = rows
        .iter()
        .map(|row| BeginSend { row, gateway: "fake", token_hash: hash(row), expires_at: noon() + 24.hours() })
        .collect();
    store.begin_sending(&sends, noon()).expect("writes")
}

fn count(store: &Store, query: &str) -> i64 {
    store.connection.query_row(query, [], |row| row.get(0)).expect("counts")
}

#[test]
fn a_row_is_taken_once_however_many_ask_for_it() {
    let (directory, mut store) = workspace(2);
    let mut other = Store::open(directory.path()).expect("opens");
    let rows = due(&store);
    assert_eq!(begin(&mut store, &rows), Some(vec![Begun::Send, Begun::Send]));
    assert_eq!(begin(&mut other, &rows), Some(vec![Begun::Gone, Begun::Gone]));
    assert_eq!(count(&store, "SELECT max(attempts) FROM outbox"), 1);
    assert_eq!(count(&store, "SELECT count(*) FROM confirm_token"), 2);
    assert_eq!(count(&store, "SELECT count(*) FROM outbox_change WHERE state = 'sending'"), 2);
}

#[test]
fn nothing_is_begun_once_outreach_is_stopped() {
    let (directory, mut store) = workspace(1);
    let rows = due(&store);
    Store::open(directory.path()).expect("opens").stop_outreach("wrong text", NOON).expect("stops");
    assert_eq!(begin(&mut store, &rows), None);
    assert_eq!(count(&store, "SELECT count(*) FROM outbox WHERE state = 'pending'"), 1);
    store.resume_outreach().expect("resumes");
    assert_eq!(begin(&mut store, &rows), Some(vec![Begun::Send]));
}

#[test]
fn a_suppressed_number_is_never_dispatched_nor_a_suppressed_customer() {
    let (_directory, mut store) = workspace(4);
    let customer = CustomerId(3).to_string();
    store
        .connection
        .execute_batch(&format!(
            "INSERT INTO suppression (kind, key, scope, reason, source, added_at, lifted_at) VALUES
                 ('phone', '+972500000001', 'all', 'opt_out', 'x', '{NOON}', NULL),
                 ('phone', '+972500000002', 'email', 'opt_out', 'x', '{NOON}', NULL),
                 ('customer', '{customer}', 'sms', 'legal', 'x', '{NOON}', NULL),
                 ('phone', '+972500000004', 'all', 'opt_out', 'x', '{NOON}', '{NOON}')"
        ))
        .expect("inserts");
    let rows = due(&store);
    let suppressed = |reason: &str| Begun::Suppressed(reason.to_owned());
    let begun = begin(&mut store, &rows).expect("is not stopped");
    assert_eq!(begun, [suppressed("opt_out"), Begun::Send, suppressed("legal"), Begun::Send]);
    assert_eq!(
        count(&store, "SELECT count(*) FROM outbox WHERE state = 'cancelled' AND reason LIKE 'suppressed:%'"),
        2
    );
}

#[test]
fn what_was_not_sent_is_pending_again_and_not_before_its_time() {
    let (_directory, mut store) = workspace(1);
    let rows = due(&store);
    begin(&mut store, &rows);
    let later = noon() + 90.seconds();
    let result = SendResult::NotSent { reason: "429".to_owned(), due_at: later };
    store.record_sends(&[(rows[0].id, result)], noon(), || ()).expect("writes");
    assert!(due(&store).is_empty());
    assert_eq!(store.next_due(Channel::Sms, None).expect("reads"), Some(later));
}

#[test]
fn an_answer_that_overtook_the_gateway_stays_and_the_message_keeps_its_name() {
    let (_directory, mut store) = workspace(1);
    let rows = due(&store);
    begin(&mut store, &rows);
    let id = rows[0].id;
    let changed = state::change(&store.connection, id, OutboxState::Answered, "", NOON).expect("writes");
    assert_eq!(changed, Changed::Done);
    store.record_sends(&[(id, SendResult::Sent { gateway_id: "SM1".to_owned() })], noon(), || ()).expect("writes");
    assert_eq!(count(&store, "SELECT count(*) FROM outbox WHERE state = 'answered' AND gateway_id = 'SM1'"), 1);
}

#[test]
fn who_opted_out_at_the_gateway_is_suppressed_here_and_known_to_later_runs() {
    let (_directory, mut store) = workspace(1);
    let rows = due(&store);
    begin(&mut store, &rows);
    for _ in 0..2 {
        let result = SendResult::OptedOut { code: "21610".to_owned() };
        store.record_sends(&[(rows[0].id, result)], noon(), || ()).expect("writes");
    }
    assert_eq!(count(&store, "SELECT count(*) FROM suppression WHERE scope = 'all' AND reason = 'opt_out'"), 2);
    assert_eq!(count(&store, "SELECT count(*) FROM contact_event WHERE event = 'opt_out' AND code = '21610'"), 1);
}

#[test]
fn what_a_dead_process_left_is_unknown_and_stays_so_until_it_is_settled() {
    let (_directory, mut store) = workspace(3);
    let rows = due(&store);
    begin(&mut store, &rows[..2]);
    let lock = store.lock_dispatch().expect("locks").expect("is free");
    assert_eq!(store.sweep_sending(&lock, noon()).expect("sweeps"), 2);
    assert_eq!(store.sweep_sending(&lock, noon()).expect("sweeps"), 0);
    let unknown = store.unknown_outbox(0, 10).expect("reads");
    assert_eq!(unknown.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[0].id, rows[1].id]);
    assert_eq!((unknown[0].begun_at.as_str(), unknown[0].reason.as_str()), (NOON, "process_ended"));
    assert_eq!(due(&store).len(), 1, "it is not taken again");
    assert_eq!(begin(&mut store, &rows[..1]), Some(vec![Begun::Gone]));
    let sent = SendResult::Sent { gateway_id: "SM1".to_owned() };
    assert!(store.settle_unknown(rows[0].id, &sent, noon()).expect("settles"));
    assert!(!store.settle_unknown(rows[0].id, &sent, noon()).expect("is settled"));
    assert!(!store.settle_unknown(rows[2].id, &sent, noon()).expect("was never unknown"));
}

#[test]
fn every_contact_stands_in_exactly_one_state_and_a_wrong_account_is_noticed() {
    let (_directory, mut store) = workspace(5);
    plan(&store, 6, "call");
    let rows = due(&store);
    begin(&mut store, &rows[..3]);
    let id = |at: usize| rows[at].id;
    let failed = SendResult::Failed { reason: "twilio:21211".to_owned(), is_invalid: true };
    let sent = SendResult::Sent { gateway_id: "SM1".to_owned() };
    store.record_sends(&[(id(0), sent), (id(1), failed)], noon(), || ()).expect("writes");
    store.cancel_outbox(&[(id(3), "refused"), (id(0), "refused")], noon()).expect("cancels");
    store.put_off(&[(id(4), noon() + 8.hours())]).expect("puts off");
    let stats = store.outbox_stats(None, noon(), None).expect("adds up");
    let rows_in = |state: &OutboxState| stats.in_state(*state).rows;
    assert_eq!(OutboxState::ALL.iter().map(rows_in).collect::<Vec<_>>(), [2, 1, 0, 1, 0, 0, 0, 1, 1]);
    assert_eq!((stats.planned, stats.due), (6, 0));
    assert_eq!(stats.next_due.as_deref(), Some("2026-11-22T20:00:00Z"));
    assert_eq!(stats.of(Channel::Sms, OutboxState::Sent).cost, 50_000);
    assert_eq!(store.outbox_stats(Some("other"), noon(), None).expect("adds up").planned, 0);
    store.connection.execute("UPDATE outbox SET state = 'sent' WHERE state = 'failed'", []).expect("damages");
    assert!(store.outbox_stats(None, noon(), None).is_err());
}

/// A workspace in which nine text messages came to nine ends, one of them to an update that was accepted.
fn campaign() -> (tempfile::TempDir, Store) {
    let (directory, mut store) = workspace(9);
    let rows = due(&store);
    begin(&mut store, &rows[..8]);
    let sent = |name: &str| SendResult::Sent { gateway_id: name.to_owned() };
    let opted_out = SendResult::OptedOut { code: "twilio:21610".to_owned() };
    let failed = SendResult::Failed { reason: "twilio:30003".to_owned(), is_invalid: false };
    let unknown = SendResult::Unknown { reason: "timeout".to_owned() };
    let delivered = SendResult::Delivered { gateway_id: "D".to_owned() };
    let results = [sent("A"), delivered, sent("B"), sent("C"), sent("E"), opted_out, failed, unknown];
    let results: Vec<(i64, SendResult)> = rows.iter().map(|row| row.id).zip(results).collect();
    store.record_sends(&results, noon(), || ()).expect("writes");
    let answers = [(2, Outcome::Confirmed), (3, Outcome::Updated), (4, Outcome::Refused)];
    for (at, outcome) in answers {
        let given = |field: Field, new: &str| NewValue {
            field: field.as_str().to_owned(),
            old: String::new(),
            new: new.to_owned(),
            contact: None,
        };
        let updates = match outcome {
            Outcome::Updated => {
                vec![given(Field::City, "Haifa"), given(Field::Street, "Herzl"), given(Field::Language, "he")]
            }
            Outcome::Confirmed => vec![given(Field::Language, "en")],
            _ => Vec::new(),
        };
        let answer = Answer {
            outbox: Some(rows[at].id),
            updates,
            ..Answer::new(outcome, EventChannel::Sms, noon() + 1.hours(), "confirm")
        };
        store.record_answer(&answer).expect("is written");
    }
    store.connection.execute("UPDATE pending_change SET state = 'accepted'", []).expect("accepts");
    (directory, store)
}

#[test]
fn the_funnel_counts_each_contact_once_and_each_repaired_customer_once() {
    let (_directory, mut store) = campaign();
    let repaired_by = [Field::City, Field::Street];
    let funnel =
        store.campaign_funnel(None, &repaired_by, "ILS", Money::ZERO, None).expect("reads").expect("was planned");
    let all = funnel.all;
    let expected = Funnel {
        planned: 9,
        waiting: 1,
        unknown: 1,
        taken_back: 0,
        failed: 2,
        sent: 5,
        delivered: 4,
        answered: 3,
        confirmed: 1,
        updated: 1,
        removed: 1,
        wrong: 0,
        other: 0,
        silent: 2,
        repaired: 1,
        cost_millionths: 6 * 50_000,
    };
    assert_eq!(all, expected, "a wish alone repairs nobody; a gateway that refused sent nothing");
    assert_eq!(all.planned, all.waiting + all.unknown + all.taken_back + all.failed + all.answered + all.silent);
    assert_eq!(all.answered, all.confirmed + all.updated + all.removed + all.wrong + all.other);
    assert_eq!(funnel.cost_a_repaired_millionths, Some(300_000));
    assert_eq!(store.outbox_stats(None, noon(), None).expect("adds up").spent, all.cost_millionths);
    let line = &funnel.lines[..];
    assert_eq!((line.len(), line[0].channel.as_str(), line[0].rung, line[0].language.as_str()), (1, "sms", 1, "he"));
    assert_eq!(funnel.by_channel(), [("sms".to_owned(), all)]);
}

#[test]
fn the_funnel_of_an_earlier_time_knows_nothing_of_what_came_later() {
    let (_directory, mut store) = campaign();
    let fields = [Field::City];
    let at = |hours: i64| Some(noon() + hours.hours());
    let early =
        store.campaign_funnel(None, &fields, "ILS", Money::ZERO, at(0)).expect("reads").expect("was planned").all;
    assert_eq!((early.sent, early.answered, early.silent, early.repaired), (5, 0, 5, 0));
    assert_eq!(
        store.campaign_funnel(None, &fields, "ILS", Money::ZERO, at(-48)).expect("reads"),
        None,
        "nothing was planned yet"
    );
    assert_eq!(store.campaign_funnel(Some("other"), &fields, "ILS", Money::ZERO, None).expect("reads"), None);
}
