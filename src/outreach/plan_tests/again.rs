//! Planning again after something has happened: answers, silence, refusals, another run.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;

use super::{NOW, Workspace, reason};
use crate::outreach::fixture::{email, fill, phone, profile, settings};
use crate::outreach::{Hold, Plan};
use crate::record::{
    Channel, ContactKind, CustomerProfile, Money, OutboxState, Suppressed, Suppression, SuppressionReason, ToSuppress,
};

#[test]
fn planning_again_takes_back_what_no_longer_holds() {
    let mut workspace = Workspace::of(&[profile(1), profile(2), profile(3)]);
    let settings = settings();
    assert_eq!(workspace.carry_out(&settings).change.insert.len(), 3);
    let number = Suppressed::Contact(ContactKind::Phone, "+972500000002".to_owned());
    let entry = Suppression::new(number, SuppressionReason::OptOut, "manual", NOW.to_owned());
    workspace.store.suppress(&[ToSuppress { entry, contacts: Vec::new() }]).expect("added");
    // The third customer has a new number; the first is as before.
    let changed =
        CustomerProfile { contacts: vec![phone("+972509999999", 0.1), email("c3@example.org", 0.6)], ..profile(3) };
    workspace.profiles = fill(&mut workspace.store, "r2", &[profile(1), profile(2), changed]);
    let plan = workspace.carry_out(&settings);
    let reasons: Vec<&str> = plan.change.cancel.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons.into_iter().collect::<BTreeSet<_>>(), ["plan.changed", "plan.opt_out"].into());
    assert_eq!((plan.change.keep.len(), plan.change.insert.len()), (1, 1));
    assert_eq!(workspace.rows().len(), 2);
    // A run in which everybody but one is gone.
    workspace.profiles = fill(&mut workspace.store, "r3", &[profile(1)]);
    let plan = workspace.carry_out(&settings);
    assert_eq!(plan.change.cancel[0].1, "plan.customer_gone");
    assert_eq!(workspace.rows().len(), 1);
}

#[test]
fn whom_a_steward_wants_called_is_called_once_where_that_is_open() {
    let mut workspace = Workspace::of(&[profile(1), profile(2)]);
    let settings = settings();
    let path = workspace.store.directory().join("state.db");
    let other = rusqlite::Connection::open(path).expect("opens");
    other.execute("INSERT INTO call_wish (customer, at) VALUES (1, ?1)", [NOW]).expect("written");
    let plan = workspace.carry_out(&settings);
    let channel = |id: u64| plan.contacts.iter().find(|one| one.customer.0 == id).map(|one| one.channel);
    assert_eq!((channel(1), channel(2)), (Some(Channel::Call), Some(Channel::Sms)));
    assert!(workspace.store.call_wishes().expect("are read").is_empty(), "it is planned");
}

#[test]
fn whoever_was_asked_is_not_asked_again_by_another_campaign_until_the_window_is_over() {
    let mut workspace = Workspace::of(&[profile(1)]);
    let mut settings = settings();
    workspace.carry_out(&settings);
    settings.campaign = "spring".to_owned();
    assert_eq!(reason(&workspace.plan(&settings)), Some("asked_recently"));
    workspace.all_become(OutboxState::Pending, OutboxState::Sent, "2026-11-22T08:00:00Z");
    for (start, expected) in [(date(2027, 5, 20), Some("asked_recently")), (date(2027, 5, 23), None)] {
        settings.start = start;
        assert_eq!(reason(&workspace.plan(&settings)), expected, "{start}");
    }
}

#[test]
fn a_plan_made_from_what_has_changed_since_is_not_written() {
    let mut workspace = Workspace::of(&[profile(1), profile(2)]);
    let settings = settings();
    let (one, other) = (workspace.plan(&settings), workspace.plan(&settings));
    let now: Timestamp = NOW.parse().expect("a moment");
    assert!(one.write(&mut workspace.store, "verify", "r1", now).expect("written"));
    assert!(!other.write(&mut workspace.store, "verify", "r1", now).expect("refused"));
    assert_eq!(workspace.rows().len(), 2);
    assert_eq!(workspace.carry_out(&settings).change.keep.len(), 2);
}

#[test]
fn silence_is_followed_by_a_reminder_and_a_call_and_an_answer_by_nothing() {
    let mut workspace = Workspace::of(&[profile(1), profile(2)]);
    let mut settings = settings();
    settings.policy.worth = Money::parse("10000").expect("an amount");
    workspace.carry_out(&settings);
    settings.advance = true;
    assert_eq!(workspace.plan(&settings).held, [Some(Hold::Waiting); 2], "nothing has left");
    workspace.all_become(OutboxState::Pending, OutboxState::Delivered, "2026-11-22T09:00:00Z");
    settings.today = date(2026, 11, 22);
    settings.start = date(2026, 11, 23);
    let plan = workspace.carry_out(&settings);
    let day = |plan: &Plan| plan.contacts[0].due_at.strftime("%Y-%m-%d").to_string();
    assert_eq!((plan.contacts.len(), plan.contacts[0].rung, plan.late), (2, 2, 0));
    assert_eq!(day(&plan), "2026-11-25", "three days after");
    assert!(plan.contacts[0].body.contains("לאישור הפרטים"), "a text of its own: {}", plan.contacts[0].body);
    assert_eq!(workspace.carry_out(&settings).change.keep.len(), 2, "planning again doubles nothing");

    // One answers the first message before the reminder has left.
    let path = workspace.store.directory().join("state.db");
    let other = rusqlite::Connection::open(path).expect("opens");
    other.execute("UPDATE outbox SET state = 'answered' WHERE rung = 1 AND customer = 1", []).expect("written");
    let plan = workspace.carry_out(&settings);
    assert_eq!(plan.change.cancel.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>(), ["plan.ended"]);
    workspace.all_become(OutboxState::Pending, OutboxState::Sent, "2026-11-25T09:00:00Z");
    settings.start = date(2026, 11, 26);
    let plan = workspace.carry_out(&settings);
    assert_eq!((plan.contacts.len(), plan.contacts[0].channel, plan.contacts[0].rung), (1, Channel::Call, 3));
    assert_eq!(day(&plan), "2026-11-29", "not on Friday after three days, nor on the Sabbath");
    workspace.all_become(OutboxState::Pending, OutboxState::Sent, "2026-11-29T09:00:00Z");
    settings.start = date(2026, 12, 20);
    assert_eq!(workspace.plan(&settings).held, [Some(Hold::Ended), Some(Hold::Unconfirmed)]);
}

#[test]
fn a_sign_of_life_ends_the_ladder_and_a_reminder_that_was_planned_goes() {
    let mut workspace = Workspace::of(&[profile(1)]);
    let mut settings = settings();
    workspace.carry_out(&settings);
    workspace.all_become(OutboxState::Pending, OutboxState::Sent, "2026-11-22T09:00:00Z");
    settings.advance = true;
    workspace.carry_out(&settings);
    let other = rusqlite::Connection::open(workspace.store.directory().join("state.db")).expect("opens");
    other
        .execute(
            "INSERT INTO contact_event (at, channel, event, kind, key, source)
             VALUES ('2026-11-23T09:00:00Z', 'web', 'login', 'email', 'c1@example.org', 'shop')",
            [],
        )
        .expect("written");
    // Whoever plans first questions sees it as well as whoever plans on.
    settings.advance = false;
    assert_eq!(workspace.plan(&settings).change.cancel[0].1, "plan.ended");
    settings.advance = true;
    assert_eq!(workspace.plan(&settings).change.cancel[0].1, "plan.ended");
}
