//! What a plan promises, over a workspace.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::fixture::{card, email, fill, phone, rules, settings};
use super::*;
use crate::record::{
    Channel, Consent, ContactKind, CustomerCard, CustomerId, Holds, Money, OutboxState, PhoneKind, Reach, Suppressed,
    Suppression, SuppressionReason, SuppressionScope, ToSuppress, Verdict,
};
use crate::store::{CardsFile, KnownContact, Store};

const NOW: &str = "2026-11-21T10:00:00Z";

struct Workspace {
    _directory: tempfile::TempDir,
    store: Store,
    cards: CardsFile,
    rules: crate::rule::OutreachRules,
}

impl Workspace {
    fn of(cards: &[CustomerCard]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let cards = fill(&mut store, "r1", cards);
        Workspace { _directory: directory, store, cards, rules: rules() }
    }

    fn plan(&self, settings: &Settings) -> Plan {
        plan(&self.store, &self.cards, &self.rules, settings).expect("planned")
    }

    /// Plans and writes.
    fn carry_out(&mut self, settings: &Settings) -> Plan {
        let plan = self.plan(settings);
        let now: Timestamp = NOW.parse().expect("a moment");
        assert!(plan.write(&mut self.store, &settings.campaign, "r1", now).expect("written"));
        plan
    }

    fn rows(&self) -> Vec<KnownContact> {
        self.store.known_contacts("").expect("read")
    }

    /// Moves every row of a state to another one, at a moment.
    fn all_become(&mut self, from: OutboxState, to: OutboxState, at: &str) {
        let path = self.store.directory().join("state.db");
        let other = rusqlite::Connection::open(path).expect("opens");
        let words = rusqlite::params![from.as_str(), to.as_str(), at];
        other
            .execute(
                "INSERT INTO outbox_change (outbox, at, state) SELECT id, ?3, ?2 FROM outbox WHERE state = ?1",
                words,
            )
            .expect("written");
        other.execute("UPDATE outbox SET state = ?2, changed_at = ?3 WHERE state = ?1", words).expect("written");
    }
}

fn reason(plan: &Plan) -> Option<&'static str> {
    plan.held[0].map(Hold::code)
}

/// What becomes of one customer.
fn alone(card: CustomerCard) -> Result<Channel, &'static str> {
    let workspace = Workspace::of(&[card]);
    let mut settings = settings();
    // So that nobody is left out for what a call costs.
    settings.policy.worth = Money::parse("10000").expect("an amount");
    let plan = workspace.plan(&settings);
    match plan.contacts.first() {
        Some(contact) => Ok(contact.channel),
        None => Err(reason(&plan).expect("held for a reason")),
    }
}

fn days(year: i16, month: i8, day: i8) -> i32 {
    crate::clock::days_of(date(year, month, day))
}

#[test]
fn each_gate_holds_for_its_own_reason() {
    let holds = |holds: Holds| CustomerCard { holds, ..card(1) };
    let consent = |consent: [Option<Consent>; 4]| CustomerCard { consent, ..card(1) };
    let (yes, no) = (Some(Consent::Yes), Some(Consent::No));
    for (card, expected) in [
        (card(1), Ok(Channel::Sms)),
        (holds(Holds { do_not_contact: true, ..Holds::default() }), Err("opt_out")),
        (holds(Holds { deceased: true, ..Holds::default() }), Err("deceased")),
        (holds(Holds { legal: true, ..Holds::default() }), Err("legal")),
        (holds(Holds { sms_refused: Some(1), ..Holds::default() }), Err("opt_out")),
        (holds(Holds { call_refused: Some(1), ..Holds::default() }), Err("opt_out")),
        // Who left the newsletter may still be asked by text message.
        (holds(Holds { email_refused: Some(1), ..Holds::default() }), Ok(Channel::Sms)),
        (holds(Holds { last_asked: Some(days(2026, 6, 1)), ..Holds::default() }), Err("asked_recently")),
        (holds(Holds { last_asked: Some(days(2026, 5, 1)), ..Holds::default() }), Ok(Channel::Sms)),
        (consent([no, yes, yes, yes]), Err("opt_out")),
        (consent([None; 4]), Err("no_consent")),
        (consent([None, no, yes, yes]), Ok(Channel::Call)),
        (consent([None, no, yes, None]), Ok(Channel::Email)),
        (CustomerCard { birth_date: Some(days(2008, 11, 23)), ..card(1) }, Err("minor")),
        (CustomerCard { birth_date: Some(days(2008, 11, 22)), ..card(1) }, Ok(Channel::Sms)),
        (CustomerCard { contacts: Vec::new(), ..card(1) }, Err("ask_at_till")),
        (
            CustomerCard { country: "JP".to_owned(), contacts: vec![email("c@example.org", 0.1)], ..card(1) },
            Err("no_etiquette"),
        ),
        (CustomerCard { contacts: vec![phone("+81312345678", 0.1)], ..card(1) }, Err("no_etiquette")),
    ] {
        let what = format!("{:?} {:?} {:?}", card.holds, card.consent, card.birth_date);
        let dead = CustomerCard {
            contacts: card
                .contacts
                .iter()
                .cloned()
                .map(|mut contact| {
                    // An address that is likely alive, so that mail is a way, too.
                    contact.stale = Some(if contact.kind == ContactKind::Email { 0.3 } else { 0.1 });
                    contact
                })
                .collect(),
            ..card
        };
        assert_eq!(alone(dead), expected, "{what}");
    }
}

#[test]
fn the_channel_is_one_that_arrives_and_the_one_asked_for_where_it_does() {
    let kosher = |mut contact: crate::record::ContactPoint| {
        contact.sms = Reach::No;
        contact
    };
    let fixed = || crate::record::ContactPoint { line: PhoneKind::Fixed, ..kosher(phone("+97235234567", 0.1)) };
    let mail = |stale| email("c@example.org", stale);
    let of = |contacts: Vec<crate::record::ContactPoint>| CustomerCard { contacts, ..card(1) };
    let preferring = |channel, contacts| CustomerCard { preferred: Some(channel), ..of(contacts) };
    let mobile = || phone("+972502345678", 0.1);
    for (card, expected) in [
        (of(vec![kosher(mobile()), mail(0.9)]), Ok(Channel::Call)),
        (of(vec![fixed()]), Ok(Channel::Call)),
        (of(vec![fixed(), mobile()]), Ok(Channel::Sms)),
        (of(vec![mail(0.2)]), Ok(Channel::Email)),
        (of(vec![mail(0.7)]), Err("ask_at_till")),
        // A number that is likely dead, and an address that is not.
        (of(vec![phone("+972502345678", 0.8), mail(0.2)]), Ok(Channel::Email)),
        (preferring(Channel::Call, vec![mobile()]), Ok(Channel::Call)),
        (preferring(Channel::Email, vec![mobile(), mail(0.2)]), Ok(Channel::Email)),
        (preferring(Channel::Email, vec![mobile()]), Ok(Channel::Sms)),
        (of(vec![crate::record::ContactPoint { verdict: Verdict::Review, ..mobile() }]), Err("ask_at_till")),
        (of(vec![crate::record::ContactPoint { shared_by: 9, ..mobile() }]), Err("shared_value")),
    ] {
        assert_eq!(alone(card.clone()), expected, "{:?}", card.contacts);
    }
}

#[test]
fn a_refusal_reaches_missed_duplicates_and_the_number_that_is_shared() {
    let shared = |number: &str| crate::record::ContactPoint { shared_by: 3, ..phone(number, 0.1) };
    let refuser = CustomerCard {
        holds: Holds { do_not_contact: true, ..Holds::default() },
        contacts: vec![shared("+972502345678")],
        ..card(1)
    };
    // The same name and number: the same person, most likely. Another name: somebody of the household.
    let duplicate = CustomerCard { contacts: vec![shared("+972502345678"), phone("+972502345679", 0.1)], ..card(2) };
    let relative = CustomerCard {
        first_name: "אברהם".to_owned(),
        contacts: vec![shared("+972502345678"), phone("+972502345670", 0.4)],
        ..card(3)
    };
    let plan = Workspace::of(&[relative, duplicate, refuser]).plan(&settings());
    assert_eq!(plan.held[1..], [Some(Hold::Suppressed(SuppressionReason::OptOut)); 2]);
    assert_eq!(plan.contacts.len(), 1);
    assert_eq!(plan.contacts[0].recipient, "+972502345670", "the relative, but not at the shared number");
}

#[test]
fn one_message_a_number_and_one_text_message_a_household() {
    let home = |id: u64, number: &str| CustomerCard {
        household: CustomerId(7),
        contacts: vec![crate::record::ContactPoint { shared_by: 2, ..phone(number, 0.1) }],
        ..card(id)
    };
    let mut settings = settings();
    let same = Workspace::of(&[home(1, "+972502345678"), home(2, "+972502345678")]).plan(&settings);
    assert_eq!((same.contacts.len(), same.reasons().contains_key(&Hold::SameContactAsked)), (1, true));
    let different = Workspace::of(&[home(1, "+972502345678"), home(2, "+972502345679")]);
    let plan = different.plan(&settings);
    assert_eq!((plan.contacts.len(), plan.reasons().contains_key(&Hold::HouseholdAsked)), (1, true));
    settings.policy.one_sms_per_household = false;
    assert_eq!(different.plan(&settings).contacts.len(), 2);
}

#[test]
fn a_list_without_consent_needs_a_basis_that_is_kept_with_each_message() {
    let workspace = Workspace::of(&[CustomerCard { consent: [None; 4], ..card(1) }]);
    let mut settings = settings();
    let plan = workspace.plan(&settings);
    assert_eq!((reason(&plan), plan.states_consent), (Some("no_consent"), false));
    settings.consent_basis = Some("club rules; section 4".to_owned());
    let plan = workspace.plan(&settings);
    assert!(plan.contacts[0].why.contains("consent=owner;basis=club rules  section 4"), "{}", plan.contacts[0].why);
}

#[test]
fn planning_again_takes_back_what_no_longer_holds() {
    let mut workspace = Workspace::of(&[card(1), card(2), card(3)]);
    let settings = settings();
    assert_eq!(workspace.carry_out(&settings).change.insert.len(), 3);
    let entry = Suppression {
        number: 0,
        what: Suppressed::Contact(ContactKind::Phone, "+972500000002".to_owned()),
        scope: SuppressionScope::All,
        reason: SuppressionReason::OptOut,
        source: "manual".to_owned(),
        note: String::new(),
        checked_on: None,
        added_at: NOW.to_owned(),
        lifted_at: None,
        of: None,
    };
    workspace.store.suppress(&[ToSuppress { entry, contacts: Vec::new() }]).expect("added");
    // The third customer has a new number; the first is as before.
    let changed = CustomerCard { contacts: vec![phone("+972509999999", 0.1), email("c3@example.org", 0.6)], ..card(3) };
    workspace.cards = fill(&mut workspace.store, "r2", &[card(1), card(2), changed]);
    let plan = workspace.carry_out(&settings);
    let reasons: Vec<&str> = plan.change.cancel.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons.into_iter().collect::<BTreeSet<_>>(), ["plan.changed", "plan.opt_out"].into());
    assert_eq!((plan.change.keep.len(), plan.change.insert.len()), (1, 1));
    assert_eq!(workspace.rows().len(), 2);
    // A run in which everybody but one is gone.
    workspace.cards = fill(&mut workspace.store, "r3", &[card(1)]);
    let plan = workspace.carry_out(&settings);
    assert_eq!(plan.change.cancel[0].1, "plan.customer_gone");
    assert_eq!(workspace.rows().len(), 1);
}

#[test]
fn whoever_was_asked_is_not_asked_again_by_another_campaign_until_the_window_is_over() {
    let mut workspace = Workspace::of(&[card(1)]);
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
    let mut workspace = Workspace::of(&[card(1), card(2)]);
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
    let mut workspace = Workspace::of(&[card(1), card(2)]);
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
    assert!(plan.contacts[0].body.contains("תזכורת"));
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
    let mut workspace = Workspace::of(&[card(1)]);
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

#[test]
fn the_sample_is_drawn_from_all_and_those_worth_most_are_called() {
    let cards: Vec<CustomerCard> = (1..=400)
        .map(|id| {
            let mut card = card(id);
            card.value = if id <= 4 { 50.0 } else { 1.0 };
            card.contacts[1].stale = Some(if id.is_multiple_of(2) { 0.9 } else { 0.0 });
            card
        })
        .collect();
    let workspace = Workspace::of(&cards);
    let mut settings = settings();
    settings.most.sms = Some(100);
    let plan = workspace.plan(&settings);
    let sms: Vec<_> = plan.contacts.iter().filter(|contact| contact.channel == Channel::Sms).collect();
    let audits: Vec<_> = sms.iter().filter(|contact| contact.is_audit).collect();
    assert_eq!((sms.len(), audits.len()), (100, 10));
    assert!(audits.iter().any(|contact| contact.customer.0 % 2 == 1), "not only those who seem stale");
    assert!(sms.iter().filter(|contact| !contact.is_audit).all(|contact| contact.customer.0.is_multiple_of(2)));
    let calls: BTreeSet<u64> =
        plan.contacts.iter().filter(|one| one.channel == Channel::Call).map(|one| one.customer.0).collect();
    assert!(!calls.is_empty() && calls.iter().all(|id| *id <= 4), "{calls:?}");
    settings.seed = 1;
    let other = workspace.plan(&settings);
    let drawn = |plan: &Plan| -> BTreeSet<u64> {
        plan.contacts.iter().filter(|contact| contact.is_audit).map(|contact| contact.customer.0).collect()
    };
    assert_ne!(drawn(&plan), drawn(&other));
}

/// A customer of a list as it comes.
fn any_card(id: u64) -> impl Strategy<Value = CustomerCard> {
    let consent = || prop_oneof![2 => Just(None), 5 => Just(Some(Consent::Yes)), 1 => Just(Some(Consent::No))];
    let contact = prop::collection::vec((0_u64..30, 0.0_f32..1.0, 1_u32..11), 0..3);
    let basics =
        (contact, [consent(), consent(), consent(), consent()], 0_u64..20, prop::option::weighted(0.7, 0.0_f32..1.0));
    (basics, prop::bool::weighted(0.1), 0.0_f32..4.0, 0_usize..4).prop_map(
        move |((phones, consent, household, mail), refuses, value, country)| {
            let countries = [("", "+97250"), ("US", "+1202"), ("DE", "+4917"), ("", "+1303")];
            let (country, prefix) = countries[country];
            let mut contacts: Vec<_> = phones
                .into_iter()
                .map(|(number, stale, shared_by)| crate::record::ContactPoint {
                    shared_by,
                    ..phone(&format!("{prefix}{number:07}"), stale)
                })
                .collect();
            contacts.extend(mail.map(|stale| email(&format!("c{}@example.org", id % 25), stale)));
            CustomerCard {
                household: CustomerId(household),
                country: country.to_owned(),
                consent,
                holds: Holds { do_not_contact: refuses, ..Holds::default() },
                contacts,
                value,
                ..card(id)
            }
        },
    )
}

fn any_cards() -> impl Strategy<Value = Vec<CustomerCard>> {
    (5_u64..40).prop_flat_map(|count| (1..=count).map(any_card).collect::<Vec<_>>())
}

/// Everything that is written of a plan.
fn written(plan: &Plan) -> Vec<String> {
    plan.contacts.iter().map(|contact| format!("{contact:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_keeps_all_of_its_promises(
        cards in any_cards(),
        budget in prop::option::of(0_u64..60_000),
        sms in prop::option::of(0_u32..20),
        start in 0_i32..800,
        capacity in 1_u32..9,
    ) {
        let mut settings = settings();
        settings.budget = budget.map(Money::from_ten_thousandths);
        settings.most.sms = sms;
        settings.policy.capacity.sms = capacity;
        settings.start = date(2026, 11, 22).saturating_add(jiff::Span::new().days(start));
        let mut workspace = Workspace::of(&cards);
        let plan = workspace.plan(&settings);

        // Everyone is either asked or held, and nobody twice, by whatever number.
        prop_assert_eq!(plan.contacts.len() + plan.held.iter().flatten().count(), cards.len());
        let distinct = |of: fn(&crate::store::PlannedContact) -> String| {
            plan.contacts.iter().map(of).collect::<BTreeSet<_>>().len()
        };
        prop_assert_eq!(distinct(|contact| contact.customer.to_string()), plan.contacts.len());
        prop_assert_eq!(distinct(|contact| contact.recipient_key.clone()), plan.contacts.len());

        // Limits.
        let cost: i64 = plan.contacts.iter().map(|contact| contact.cost).sum();
        prop_assert!(budget.is_none_or(|budget| cost as u64 <= budget * 100), "{cost} of {budget:?}");
        let of = |channel| plan.contacts.iter().filter(|contact| contact.channel == channel).count();
        prop_assert!(sms.is_none_or(|most| of(Channel::Sms) <= most as usize));

        // No refusal, of the customer or of whoever has the same number; no missing permission; no quiet hours.
        let refused: BTreeSet<&str> = cards
            .iter()
            .filter(|card| card.holds.do_not_contact || card.consent[CustomerCard::ANY] == Some(Consent::No))
            .flat_map(|card| card.contacts.iter().map(|contact| contact.key.as_str()))
            .collect();
        let by_id: BTreeMap<u64, &CustomerCard> = cards.iter().map(|card| (card.id.0, card)).collect();
        let mut a_day: BTreeMap<(String, &str), u32> = BTreeMap::new();
        for contact in &plan.contacts {
            let card = by_id[&contact.customer.0];
            let place = match contact.channel {
                Channel::Sms => CustomerCard::SMS,
                Channel::Email => CustomerCard::EMAIL,
                Channel::Call => CustomerCard::CALL,
            };
            prop_assert!(!card.holds.do_not_contact && card.consent[CustomerCard::ANY] != Some(Consent::No));
            prop_assert!(!refused.contains(contact.recipient_key.as_str()));
            prop_assert!(card.consent[place] != Some(Consent::No));
            let (etiquette, country) = workspace.rules.country(&contact.country).expect("has an etiquette");
            prop_assert!(*etiquette.consent.of(contact.channel) == crate::rule::Basis::NotRefused
                || card.consent[place] == Some(Consent::Yes) || card.consent[CustomerCard::ANY] == Some(Consent::Yes));
            prop_assert!(is_open(etiquette, country, contact.channel, contact.due_at), "{}", contact.due_at);
            let day = contact.due_at.strftime("%Y-%m-%d").to_string();
            *a_day.entry((day, contact.channel.as_str())).or_default() += 1;
        }
        prop_assert!(a_day.iter().all(|((_, channel), count)| *channel != "sms" || *count <= capacity));

        // The order of customers changes nothing; planning twice is planning once.
        let mut turned = cards.clone();
        turned.reverse();
        prop_assert_eq!(written(&Workspace::of(&turned).plan(&settings)), written(&plan));
        workspace.carry_out(&settings);
        let rows = workspace.rows();
        let again = workspace.carry_out(&settings);
        prop_assert_eq!((again.change.insert.len(), again.change.cancel.len()), (0, 0));
        prop_assert_eq!(written(&again), written(&plan));
        prop_assert_eq!(workspace.rows(), rows);
    }
}
