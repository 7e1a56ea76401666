//! The queue under many hands: what is asked, who has it, and that what was undone is as if it never was.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::types::Value;

use super::*;
use crate::record::{
    CellShown, ContactKind, CustomerId, DecidedRow, Decision, Effect, Field, GivenState, Item, ItemKind, ItemState,
    NewItem, Relation, Role, RowId, Shown, Suppressed, Suppression, SuppressionReason, ToSuppress, Verb,
};
use crate::rule::{RuleFiles, StewardPolicy};
use crate::store::Store;

const NOW: &str = "2026-11-21T10:00:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a moment")
}

fn policy() -> StewardPolicy {
    StewardPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form")
}

fn item(number: u64, list: &str) -> NewItem {
    let shown = CellShown {
        field: Field::Email,
        header: "email".to_owned(),
        row: format!("{list}:#{number}"),
        key: number.to_string(),
        name: "דנה לוי".to_owned(),
        value: format!("dana{number}@gmial.com"),
        suggestion: format!("dana{number}@gmail.com"),
        codes: vec!["email.suggest.domain".to_owned()],
        stale: None,
        people: 0,
        contact: None,
    };
    NewItem {
        kind: ItemKind::Suggestion,
        identity: format!("{list}-{number}"),
        customer: Some(CustomerId(number)),
        other: None,
        shown: Shown::Cell(Box::new(shown)),
        reason: "email.suggest.domain".to_owned(),
        list: list.to_owned(),
        other_list: String::new(),
        segment: "high".to_owned(),
        language: "he".to_owned(),
        value: 1.0 + (number % 7) as f64,
        risk: 1.0,
    }
}

fn fill(store: &mut Store, run: &str, lists: &[&str], items: Vec<NewItem>, day: i8) -> Filled {
    let lists: Vec<String> = lists.iter().map(|list| (*list).to_owned()).collect();
    let policy = policy();
    let fill = ItemFill { run, lists: &lists, items, today: date(2026, 11, day), policy: &policy };
    store.fill_items(fill).expect("is filled")
}

fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    (directory, store)
}

fn user(store: &mut Store, name: &str, role: Role) -> User {
    store.add_user(&NewUser { name, folded: name, hash: "-", role }, now(), "test").expect("is made");
    store.users().expect("are read").into_iter().find(|user| user.name == name).expect("is there")
}

fn claimer(user: &User) -> Claimer {
    Claimer { user: user.id, now: now(), lease: SignedDuration::from_mins(10) }
}

/// All that a workspace holds, but for the log and for what SQLite counts itself.
fn dump(store: &Store) -> BTreeMap<String, Vec<Vec<Value>>> {
    let mut tables =
        store.connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("SQL");
    let names: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("SQL").map(|name| name.expect("text")).collect();
    let is_content = |name: &String| !name.starts_with("audit") && !name.starts_with("sqlite_");
    let rows = |name: &String| {
        let mut statement = store.connection.prepare(&format!("SELECT * FROM {name}")).expect("SQL");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()).expect("SQL");
        rows.map(|row| row.expect("a row")).collect()
    };
    names.into_iter().filter(is_content).map(|name| (name.clone(), rows(&name))).collect()
}

fn decided(store: &mut Store, user: &User, verb: Verb, item: &Item, effects: Vec<Effect>) -> Result<MadeAct, Conflict> {
    let items = [Marked { id: item.id, version: item.version, effects }];
    let act = Act { user: user.id, who: &user.name, verb, said: "{}", at: now(), today: "2026-11-21", items: &items };
    store.act(&act).expect("is written")
}

#[test]
fn a_later_run_closes_what_no_longer_holds_and_asks_nothing_that_was_decided() {
    let (_directory, mut store) = store();
    let noa = user(&mut store, "noa", Role::Steward);
    let asked = fill(&mut store, "a", &["club", "web"], vec![item(1, "club"), item(2, "club"), item(3, "web")], 1);
    assert_eq!(asked, Filled { new: 3, kept: 0, closed: 0 });
    let first =
        store.claim_next(&claimer(&noa), &ItemFilter { list: Some("club".to_owned()), ..ItemFilter::default() });
    let first = first.expect("is read").expect("one is free");
    assert_eq!(first.new.identity, "club-2", "it is worth most");
    decided(&mut store, &noa, Verb::Reject, &first, Vec::new()).expect("is decided");
    // The other list was not read: what was asked of it still holds.
    let again = fill(&mut store, "b", &["club"], vec![item(2, "club"), item(4, "club")], 11);
    assert_eq!(again, Filled { new: 1, kept: 0, closed: 1 });
    let state = |store: &Store, id: i64| store.item(id).expect("is read").expect("is there");
    assert_eq!(state(&store, 1).state, ItemState::Closed);
    assert_eq!(
        (state(&store, 1).closed_on.as_str(), state(&store, 1).closed_why.as_str()),
        ("2026-11-11", "no_longer")
    );
    assert_eq!((state(&store, 2).state, state(&store, 3).state), (ItemState::Done, ItemState::Open));
    // A third of the days in which it comes to count once more.
    assert!((state(&store, 3).score / state(&store, 3).new.value - 4.0 / 3.0).abs() < 1e-9);
    let back = fill(&mut store, "c", &["club"], vec![item(1, "club")], 12);
    assert_eq!(back, Filled { new: 0, kept: 1, closed: 1 });
    assert_eq!((state(&store, 1).state, state(&store, 1).opened_on.as_str()), (ItemState::Open, "2026-11-12"));
}

#[test]
fn no_item_is_given_to_two_and_none_is_lost() {
    let (directory, mut store) = store();
    let users: Vec<User> = (0..8).map(|number| user(&mut store, &format!("u{number}"), Role::Steward)).collect();
    fill(&mut store, "a", &["club"], (0..200).map(|number| item(number, "club")).collect(), 1);
    let given: Vec<i64> = std::thread::scope(|scope| {
        let work = |user: &User| {
            let mut store = Store::open(directory.path()).expect("opens");
            let mut given = Vec::new();
            while let Some(item) = store.claim_next(&claimer(user), &ItemFilter::default()).expect("is read") {
                given.push(item.id);
                decided(&mut store, user, Verb::Done, &item, Vec::new()).expect("nobody else has it");
            }
            given
        };
        let threads: Vec<_> = users.iter().map(|user| scope.spawn(move || work(user))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("ends")).collect()
    });
    assert_eq!((given.len(), given.iter().collect::<HashSet<_>>().len()), (200, 200));
}

#[test]
fn a_lease_keeps_others_out_until_it_ends_and_what_was_skipped_goes_to_somebody_else() {
    let (_directory, mut store) = store();
    let (noa, dan) = (user(&mut store, "noa", Role::Steward), user(&mut store, "dan", Role::Steward));
    fill(&mut store, "a", &["club"], vec![item(1, "club")], 1);
    let hers = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
    assert_eq!(store.claim_next(&claimer(&dan), &ItemFilter::default()).expect("is read"), None);
    let Claimed::Anothers(_, owner, until) = store.claim(&claimer(&dan), hers.id).expect("is read") else {
        panic!("it is hers")
    };
    assert_eq!((owner.as_str(), until), ("noa", now().as_millisecond() + 600_000));
    assert_eq!(decided(&mut store, &dan, Verb::Done, &hers, Vec::new()), Err(Conflict::Anothers(hers.id)));
    let later = Claimer { now: now() + SignedDuration::from_mins(11), ..claimer(&dan) };
    assert!(matches!(store.claim(&later, hers.id).expect("is read"), Claimed::Yours(_)), "her lease has ended");
    assert!(
        store.put_back(&later, hers.id, Some(("unsure", later.now + SignedDuration::from_hours(12)))).expect("back")
    );
    assert_eq!(store.claim_next(&later, &ItemFilter::default()).expect("is read"), None, "not to him again");
    assert!(store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").is_some());
}

#[test]
fn what_changed_since_it_was_looked_at_is_not_decided() {
    let (_directory, mut store) = store();
    let noa = user(&mut store, "noa", Role::Steward);
    fill(&mut store, "a", &["club"], vec![item(1, "club")], 1);
    let seen = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
    let mut changed = item(1, "club");
    changed.shown = Shown::Column { header: "other".to_owned(), hint: String::new() };
    fill(&mut store, "b", &["club"], vec![changed], 2);
    assert_eq!(decided(&mut store, &noa, Verb::Done, &seen, Vec::new()), Err(Conflict::Changed(seen.id)));
    fill(&mut store, "c", &["club"], Vec::new(), 3);
    assert_eq!(decided(&mut store, &noa, Verb::Done, &seen, Vec::new()), Err(Conflict::Over(seen.id)));
}

/// A decision of each sort.
fn sorts() -> Vec<(Verb, Vec<Effect>)> {
    let row = |number: u64| DecidedRow { row: RowId(number), name: format!("club:#{number}"), compared: number };
    let relation = |relation| {
        let decision = Decision {
            number: 0,
            relation,
            rows: [row(1), row(u64::MAX)],
            why: "it's 'hers'".to_owned(),
            made_at: NOW.to_owned(),
            rules: "0".to_owned(),
            undone_at: None,
        };
        vec![Effect::Relation(Box::new(decision))]
    };
    let entry = |reason| {
        let what = Suppressed::Customer(CustomerId(7));
        let entry = Suppression::new(what, reason, "steward", NOW.to_owned());
        let contacts = vec![(ContactKind::Phone, "+972502345678".to_owned())];
        vec![Effect::Suppress(Box::new(ToSuppress { entry, contacts }))]
    };
    let value = |new: &str| {
        let new = new.to_owned();
        vec![Effect::Value { customer: CustomerId(u64::MAX), field: Field::Email, old: "a@b".to_owned(), new }]
    };
    vec![
        (Verb::Same, relation(Relation::Same)),
        (Verb::Different, relation(Relation::Different)),
        (Verb::Household, relation(Relation::Household)),
        (Verb::Accept, vec![Effect::Given(2, GivenState::Accepted)]),
        (Verb::Reject, vec![Effect::Given(1, GivenState::Rejected)]),
        (Verb::Edit, value("dana@example.org")),
        // It waits already, as she gave it herself.
        (Verb::Edit, value("ד'נ\"ה; DROP TABLE decision")),
        (Verb::Suppress, entry(SuppressionReason::Manual)),
        (Verb::Suppress, entry(SuppressionReason::Deceased)),
        (Verb::Call, vec![Effect::Call(CustomerId(7))]),
        (Verb::Done, vec![Effect::MessageDone(1)]),
        (Verb::Done, Vec::new()),
    ]
}

/// Values and a message that wait.
fn waiting(store: &Store) {
    store
        .connection
        .execute_batch(
            "INSERT INTO pending_change (customer, field, old, new, source, at) VALUES
                 (7, 'email', 'old', 'first', 'confirm', '2026-11-01T10:00:00Z'),
                 (7, 'email', 'old', 'second', 'confirm', '2026-11-02T10:00:00Z'),
                 (-1, 'email', 'old', 'ד''נ\"ה; DROP TABLE decision', 'confirm', '2026-11-02T10:00:00Z');
             INSERT INTO inbound_message (gateway, gateway_id, received_at, sender_key, body, meaning)
                 VALUES ('sms', '1', '2026-11-02T10:00:00Z', '+972502345678', 'who are you?', 'reply');",
        )
        .expect("SQL");
}

#[test]
fn undoing_a_decision_of_any_sort_leaves_the_workspace_as_it_was() {
    for (verb, effects) in sorts() {
        let (_directory, mut store) = store();
        let noa = user(&mut store, "noa", Role::Steward);
        waiting(&store);
        fill(&mut store, "a", &["club"], vec![item(1, "club")], 1);
        let item = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
        let before = dump(&store);
        let made = decided(&mut store, &noa, verb, &item, effects.clone()).expect("is decided");
        assert_ne!(dump(&store), before, "{verb}: something follows");
        assert_eq!(store.undo_act(made.id, "noa", now()).expect("is undone"), Undone::Yes(1), "{verb} {effects:?}");
        assert_eq!(dump(&store), before, "{verb} {effects:?}");
        assert_eq!(store.undo_act(made.id, "noa", now()).expect("is told"), Undone::None, "{verb}: not twice");
    }
}

#[test]
fn what_was_changed_since_is_not_undone_and_nothing_half() {
    let (_directory, mut store) = store();
    let noa = user(&mut store, "noa", Role::Steward);
    waiting(&store);
    fill(&mut store, "a", &["club"], vec![item(1, "club")], 1);
    let item = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
    let effects = vec![Effect::Given(2, GivenState::Accepted), Effect::Call(CustomerId(7))];
    let made = decided(&mut store, &noa, Verb::Accept, &item, effects).expect("is decided");
    store.connection.execute("UPDATE pending_change SET handed_over_at = ?1 WHERE id = 2", [NOW]).expect("SQL");
    let before = dump(&store);
    assert_eq!(store.undo_act(made.id, "noa", now()).expect("is told"), Undone::ChangedSince);
    assert_eq!(dump(&store), before);
}

#[test]
fn many_decisions_are_one_act_and_one_undo() {
    let (_directory, mut store) = store();
    let noa = user(&mut store, "noa", Role::Steward);
    fill(&mut store, "a", &["club"], (0..2000).map(|number| item(number, "club")).collect(), 1);
    let before = dump(&store);
    let free = store.free_items(&ItemFilter::default(), noa.id, now().as_millisecond(), 5000).expect("are read");
    let value = |id: i64| Effect::Value {
        customer: CustomerId(id as u64),
        field: Field::Email,
        old: String::new(),
        new: format!("{id}@example.org"),
    };
    let items: Vec<Marked> =
        free.iter().map(|free| Marked { id: free.id, version: free.version, effects: vec![value(free.id)] }).collect();
    let act =
        Act { user: noa.id, who: "noa", verb: Verb::Accept, said: "{}", at: now(), today: "2026-11-21", items: &items };
    let made = store.act(&act).expect("is written").expect("nothing is in the way");
    assert_eq!((made.items, store.items_in(ItemState::Done).expect("is read")), (2000, 2000));
    assert_eq!(store.undo_act(made.id, "noa", now()).expect("is undone"), Undone::Yes(2000));
    assert_eq!(dump(&store), before);
}

#[test]
fn a_second_person_confirms_never_the_same_one_and_undoes_it_like_any_other() {
    let (_directory, mut store) = store();
    let (noa, dan) = (user(&mut store, "noa", Role::Approver), user(&mut store, "dan", Role::Approver));
    waiting(&store);
    fill(&mut store, "a", &["club"], vec![item(1, "club")], 1);
    let item = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
    let before = dump(&store);
    let items = [Marked { id: item.id, version: item.version, effects: vec![Effect::Given(2, GivenState::Accepted)] }];
    let of = |user: &User| Act {
        user: user.id,
        who: if user.id == noa.id { "noa" } else { "dan" },
        verb: Verb::Accept,
        said: "{}",
        at: now(),
        today: "2026-11-21",
        items: &items,
    };
    let held = store.hold(&of(&noa)).expect("is written").expect("nothing is in the way");
    assert_eq!(dump(&store)["pending_change"], before["pending_change"], "nothing follows yet");
    assert_eq!(store.approve(held.id, &of(&noa)).expect("is told"), Err(Conflict::Same));
    assert!(store.approve(held.id, &of(&dan)).expect("is written").is_ok());
    assert_eq!(store.given_value(2).expect("is read").map(|value| value.state), Some(GivenState::Accepted));
    assert_eq!(store.approve(held.id, &of(&dan)).expect("is told"), Err(Conflict::None), "not twice");
    assert_eq!(store.undo_act(held.id, "noa", now()).expect("is undone"), Undone::Yes(1));
    assert_eq!(dump(&store)["pending_change"], before["pending_change"]);
    assert_eq!(store.item(item.id).expect("is read").expect("is there").state, ItemState::Open);
    assert!(matches!(store.verify_audit().expect("is read"), AuditVerdict::Whole(..)));
}

#[test]
fn twenty_thousand_items_are_written_quickly_and_the_next_one_is_found_at_once() {
    let (_directory, mut store) = store();
    let noa = user(&mut store, "noa", Role::Steward);
    let started = crate::clock::timestamp();
    fill(&mut store, "a", &["club"], (0..20_000).map(|number| item(number, "club")).collect(), 1);
    let filled = crate::clock::timestamp().duration_since(started);
    let started = crate::clock::timestamp();
    for _ in 0..20 {
        let item = store.claim_next(&claimer(&noa), &ItemFilter::default()).expect("is read").expect("one is free");
        store.put_back(&claimer(&noa), item.id, None).expect("is back");
    }
    let next = crate::clock::timestamp().duration_since(started) / 20;
    // Generous bounds: they hold on a busy machine in a build without optimization.
    assert!(filled.as_secs() < 20 && next.as_millis() < 50, "{filled:?} {next:?}");
}

#[test]
fn sessions_end_by_time_and_when_their_account_is_disabled_and_tries_are_slowed_down() {
    let (_directory, mut store) = store();
    let policy = policy();
    let noa = user(&mut store, "noa", Role::Steward);
    let token = store.begin_session(&noa, &policy.session, now()).expect("is made");
    let signed_in = |store: &mut Store, minutes: i64| {
        let at = now() + SignedDuration::from_mins(minutes);
        store.session(&token, &policy.session, at).expect("is read").is_some()
    };
    assert!(signed_in(&mut store, 29) && signed_in(&mut store, 58), "use renews it");
    assert!(!signed_in(&mut store, 58 + 30));
    let mut minutes = 0;
    let token = store.begin_session(&noa, &policy.session, now()).expect("is made");
    while store.session(&token, &policy.session, now() + SignedDuration::from_mins(minutes)).expect("is read").is_some()
    {
        minutes += 20;
    }
    assert_eq!(minutes, 8 * 60, "no use makes it last longer than a day's work");
    let token = store.begin_session(&noa, &policy.session, now()).expect("is made");
    store.set_disabled("noa", true, now(), "test").expect("is written");
    assert_eq!(store.session(&token, &policy.session, now()).expect("is read"), None);
    assert!(store.begin_sign_in("noa", now(), &policy.tries).expect("is told") == SignInTry::Unknown);
    store.set_disabled("noa", false, now(), "test").expect("is written");
    for _ in 0..policy.tries.free {
        assert!(matches!(store.begin_sign_in("noa", now(), &policy.tries).expect("is told"), SignInTry::Check(..)));
    }
    let after = now() + SignedDuration::from_millis(1);
    assert!(matches!(store.begin_sign_in("noa", after, &policy.tries).expect("is told"), SignInTry::Check(..)));
    assert!(store.begin_sign_in("noa", after, &policy.tries).expect("is told") == SignInTry::Wait(30));
}
