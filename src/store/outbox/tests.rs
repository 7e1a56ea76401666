//! Tests of what dispatch does with the outbox.

use jiff::{Timestamp, ToSpan};
use rusqlite::params;

use super::super::Store;
use super::*;
use crate::record::{Channel, CustomerId, OutboxState};

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
    let stats = store.outbox_stats(None, noon()).expect("adds up");
    let rows_in = |state: &OutboxState| stats.in_state(*state).rows;
    assert_eq!(OutboxState::ALL.iter().map(rows_in).collect::<Vec<_>>(), [2, 1, 0, 1, 0, 0, 0, 1, 1]);
    assert_eq!((stats.planned, stats.due), (6, 0));
    assert_eq!(stats.next_due.as_deref(), Some("2026-11-22T20:00:00Z"));
    assert_eq!(stats.of(Channel::Sms, OutboxState::Sent).cost, 50_000);
    assert_eq!(store.outbox_stats(Some("other"), noon()).expect("adds up").planned, 0);
    store.connection.execute("UPDATE outbox SET state = 'sent' WHERE state = 'failed'", []).expect("damages");
    assert!(store.outbox_stats(None, noon()).is_err());
}
