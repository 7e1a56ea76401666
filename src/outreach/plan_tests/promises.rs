//! What holds of every plan, whatever the customers are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;

use super::Workspace;
use crate::law::Law;
use crate::outreach::fixture::{email, phone, profile, settings};
use crate::outreach::{Plan, is_open};
use crate::record::{
    Channel, Consent, ContactKind, ContactPoint, CustomerId, CustomerProfile, Day, Death, GivenConsents, Money,
    Restrictions, Signal,
};

#[test]
fn the_sample_is_drawn_from_all_and_those_worth_most_are_called() {
    let profiles: Vec<CustomerProfile> = (1..=400)
        .map(|id| {
            let mut profile = profile(id);
            profile.value = if id <= 4 { 50.0 } else { 1.0 };
            profile.contacts[1].stale = Some(if id.is_multiple_of(2) { 0.9 } else { 0.0 });
            profile
        })
        .collect();
    let workspace = Workspace::of(&profiles);
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
fn any_profile(id: u64) -> impl Strategy<Value = CustomerProfile> {
    let consent = || prop_oneof![2 => Just(None), 5 => Just(Some(Consent::Yes)), 1 => Just(Some(Consent::No))];
    let contact = prop::collection::vec((0_u64..30, 0.0_f32..1.0, 1_u32..11), 0..3);
    let basics =
        (contact, [consent(), consent(), consent(), consent()], 0_u64..20, prop::option::weighted(0.7, 0.0_f32..1.0));
    let of_contacts = prop::collection::vec((prop::bool::weighted(0.8), prop::bool::weighted(0.2)), 3);
    (basics, prop::bool::weighted(0.1), 0.0_f32..4.0, 0_usize..4, of_contacts).prop_map(
        move |((phones, consent, household, mail), refuses, value, country, of_contacts)| {
            let countries = [("", "+97250"), ("US", "+1202604"), ("DE", "+491511"), ("", "+1303604")];
            let (country, prefix) = countries[country];
            let width = if prefix.starts_with("+1") { 4 } else { 7 };
            let mut contacts: Vec<ContactPoint> = phones
                .into_iter()
                .map(|(number, stale, shared_by)| ContactPoint {
                    shared_by,
                    ..phone(&format!("{prefix}{number:0width$}"), stale)
                })
                .collect();
            // Of a customer's contacts no two have one key.
            let mut seen = BTreeSet::new();
            contacts.retain(|contact| seen.insert(contact.key.clone()));
            contacts.extend(mail.map(|stale| email(&format!("c{}@example.org", id % 25), stale)));
            // Some stand in another row than the permission, some are dead.
            for (contact, (is_given, is_dead)) in contacts.iter_mut().zip(of_contacts) {
                contact.consent = if is_given { consent.into() } else { GivenConsents::default() };
                contact.dead = is_dead.then_some(Death::seen(Day::new(20_000), Signal::HardBounce));
            }
            CustomerProfile {
                household: CustomerId(household),
                country: country.to_owned(),
                consent: consent.into(),
                restrictions: Restrictions { do_not_contact: refuses, ..Restrictions::default() },
                contacts,
                value,
                ..profile(id)
            }
        },
    )
}

fn any_profiles() -> impl Strategy<Value = Vec<CustomerProfile>> {
    (5_u64..40).prop_flat_map(|count| (1..=count).map(any_profile).collect::<Vec<_>>())
}

/// Everything that is written of a plan.
fn written(plan: &Plan) -> Vec<String> {
    plan.contacts.iter().map(|contact| format!("{contact:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_keeps_all_of_its_promises(
        profiles in any_profiles(),
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
        let mut workspace = Workspace::of(&profiles);
        let plan = workspace.plan(&settings);

        // Everyone is either asked or held, and nobody twice, by whatever number.
        prop_assert_eq!(plan.contacts.len() + plan.held.iter().flatten().count(), profiles.len());
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
        let refused: BTreeSet<&str> = profiles
            .iter()
            .filter(|profile| profile.restrictions.do_not_contact || profile.consent.any == Some(Consent::No))
            .flat_map(|profile| profile.contacts.iter().map(|contact| contact.key.as_str()))
            .collect();
        let by_id: BTreeMap<u64, &CustomerProfile> = profiles.iter().map(|profile| (profile.id.0, profile)).collect();
        let mut a_day: BTreeMap<(String, &str), u32> = BTreeMap::new();
        for contact in &plan.contacts {
            let profile = by_id[&contact.customer.0];
            prop_assert!(!profile.restrictions.do_not_contact && profile.consent.any != Some(Consent::No));
            prop_assert!(!refused.contains(contact.recipient_key.as_str()));
            prop_assert!(profile.consent.of(contact.channel) != Some(Consent::No));
            let kind = if contact.channel == Channel::Email { ContactKind::Email } else { ContactKind::Phone };
            let law = Law::of_row(&workspace.rules, &contact.country, kind, &contact.recipient).expect("has one");
            let etiquette = law.etiquette;
            let point = profile.contacts.iter().find(|point| point.key == contact.recipient_key && point.dead.is_none());
            let given = point.expect("an own contact that is alive").consent;
            prop_assert!(*etiquette.consent.of(contact.channel) == crate::rule::Basis::NotRefused
                || given.of(contact.channel) == Some(Consent::Yes) || given.any == Some(Consent::Yes));
            prop_assert!(is_open(&law, contact.channel, contact.due_at), "{}", contact.due_at);
            let day = contact.due_at.strftime("%Y-%m-%d").to_string();
            *a_day.entry((day, contact.channel.as_str())).or_default() += 1;
        }
        prop_assert!(a_day.iter().all(|((_, channel), count)| *channel != "sms" || *count <= capacity));

        // The order of customers changes nothing; planning twice is planning once.
        let mut turned = profiles.clone();
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
