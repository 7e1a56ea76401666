//! Who is held back, and by which channel the others are asked.

use jiff::civil::date;

use super::{Workspace, reason};
use crate::advice::Bar;
use crate::outreach::Hold;
use crate::outreach::fixture::{email, phone, profile, settings};
use crate::record::{
    Channel, Consent, ContactKind, ContactPoint, CustomerId, CustomerProfile, Day, Death, Money, PhoneKind, Reach,
    Restrictions, Signal, SuppressionReason, Verdict,
};

/// What becomes of one customer.
fn alone(profile: CustomerProfile) -> Result<Channel, &'static str> {
    let workspace = Workspace::of(&[profile]);
    let mut settings = settings();
    // So that nobody is left out for what a call costs.
    settings.policy.worth = Money::parse("10000").expect("an amount");
    let plan = workspace.plan(&settings);
    match plan.contacts.first() {
        Some(contact) => Ok(contact.channel),
        None => Err(reason(&plan).expect("held for a reason")),
    }
}

/// The customer with these answers, given with each of its contacts.
fn agreeing(profile: CustomerProfile, consent: [Option<Consent>; 4]) -> CustomerProfile {
    let contacts = profile.contacts.into_iter().map(|contact| ContactPoint { consent: consent.into(), ..contact });
    CustomerProfile { consent: consent.into(), contacts: contacts.collect(), ..profile }
}

fn day(year: i16, month: i8, day: i8) -> Day {
    Day::of(date(year, month, day))
}

#[test]
fn each_gate_holds_for_its_own_reason() {
    let holds = |restrictions: Restrictions| CustomerProfile { restrictions, ..profile(1) };
    let consent = |consent: [Option<Consent>; 4]| agreeing(profile(1), consent);
    let (yes, no) = (Some(Consent::Yes), Some(Consent::No));
    for (profile, expected) in [
        (profile(1), Ok(Channel::Sms)),
        (holds(Restrictions { do_not_contact: true, ..Restrictions::default() }), Err("opt_out")),
        (holds(Restrictions { deceased: true, ..Restrictions::default() }), Err("deceased")),
        (holds(Restrictions { legal: true, ..Restrictions::default() }), Err("legal")),
        (holds(Restrictions { sms_refused: Some(Day::new(1)), ..Restrictions::default() }), Err("opt_out")),
        (holds(Restrictions { call_refused: Some(Day::new(1)), ..Restrictions::default() }), Err("opt_out")),
        // Who left the newsletter may still be asked by text message.
        (holds(Restrictions { email_refused: Some(Day::new(1)), ..Restrictions::default() }), Ok(Channel::Sms)),
        (holds(Restrictions { last_asked: Some(day(2026, 6, 1)), ..Restrictions::default() }), Err("asked_recently")),
        (holds(Restrictions { last_asked: Some(day(2026, 5, 1)), ..Restrictions::default() }), Ok(Channel::Sms)),
        (consent([no, yes, yes, yes]), Err("opt_out")),
        (consent([None; 4]), Err("no_consent")),
        (consent([None, no, yes, yes]), Ok(Channel::Call)),
        (consent([None, no, yes, None]), Ok(Channel::Email)),
        (CustomerProfile { birth_date: Some(day(2008, 11, 23)), ..profile(1) }, Err("minor")),
        (CustomerProfile { birth_date: Some(day(2008, 11, 22)), ..profile(1) }, Ok(Channel::Sms)),
        (CustomerProfile { contacts: Vec::new(), ..profile(1) }, Err("ask_at_till")),
        (
            CustomerProfile { country: "JP".to_owned(), contacts: vec![email("c@example.org", 0.1)], ..profile(1) },
            Err("no_etiquette"),
        ),
        (CustomerProfile { contacts: vec![phone("+81312345678", 0.1)], ..profile(1) }, Err("no_etiquette")),
    ] {
        let what = format!("{:?} {:?} {:?}", profile.restrictions, profile.consent, profile.birth_date);
        let dead = CustomerProfile {
            contacts: profile
                .contacts
                .iter()
                .cloned()
                .map(|mut contact| {
                    // An address that is likely alive, so that mail is a way, too.
                    contact.stale = Some(if contact.kind == ContactKind::Email { 0.3 } else { 0.1 });
                    contact
                })
                .collect(),
            ..profile
        };
        assert_eq!(alone(dead), expected, "{what}");
    }
}

#[test]
fn the_channel_is_one_that_arrives_and_the_one_asked_for_where_it_does() {
    let kosher = |mut contact: ContactPoint| {
        contact.sms = Reach::No;
        contact
    };
    let fixed = || ContactPoint { line: PhoneKind::Fixed, ..kosher(phone("+97235234567", 0.1)) };
    let mail = |stale| email("c@example.org", stale);
    let of = |contacts: Vec<ContactPoint>| CustomerProfile { contacts, ..profile(1) };
    let preferring = |channel, contacts| CustomerProfile { preferred: Some(channel), ..of(contacts) };
    let dead = |contact: ContactPoint| ContactPoint {
        dead: Some(Death::seen(Day::new(20_000), Signal::HardBounce)),
        ..contact
    };
    let mobile = || phone("+972502345678", 0.1);
    for (profile, expected) in [
        (of(vec![kosher(mobile()), mail(0.9)]), Ok(Channel::Call)),
        (of(vec![fixed()]), Ok(Channel::Call)),
        (of(vec![fixed(), mobile()]), Ok(Channel::Sms)),
        (of(vec![mail(0.2)]), Ok(Channel::Email)),
        // Merely old is not dead, and a mail costs next to nothing; an address that is dead is not asked.
        (of(vec![mail(0.7)]), Ok(Channel::Email)),
        (of(vec![dead(mail(0.7))]), Err("only_dead")),
        (of(vec![dead(mail(0.2)), mobile()]), Ok(Channel::Sms)),
        // A number that is likely dead, and an address that is not.
        (of(vec![phone("+972502345678", 0.8), mail(0.2)]), Ok(Channel::Email)),
        (preferring(Channel::Call, vec![mobile()]), Ok(Channel::Call)),
        (preferring(Channel::Email, vec![mobile(), mail(0.2)]), Ok(Channel::Email)),
        (preferring(Channel::Email, vec![mobile()]), Ok(Channel::Sms)),
        (of(vec![ContactPoint { verdict: Verdict::Review, ..mobile() }]), Err("ask_at_till")),
        (of(vec![ContactPoint { shared_by: 9, ..mobile() }]), Err("shared_value")),
    ] {
        assert_eq!(alone(profile.clone()), expected, "{:?}", profile.contacts);
    }
}

#[test]
fn a_refusal_reaches_missed_duplicates_and_the_number_that_is_shared() {
    let shared = |number: &str| ContactPoint { shared_by: 3, ..phone(number, 0.1) };
    let refuser = CustomerProfile {
        restrictions: Restrictions { do_not_contact: true, ..Restrictions::default() },
        contacts: vec![shared("+972502345678")],
        ..profile(1)
    };
    // The same name and number: the same person, most likely. Another name: somebody of the household.
    let duplicate =
        CustomerProfile { contacts: vec![shared("+972502345678"), phone("+972502345679", 0.1)], ..profile(2) };
    let relative = CustomerProfile {
        first_name: "אברהם".to_owned(),
        contacts: vec![shared("+972502345678"), phone("+972502345670", 0.4)],
        ..profile(3)
    };
    let plan = Workspace::of(&[relative, duplicate, refuser]).plan(&settings());
    assert_eq!(plan.held[1..], [Some(Hold::Barred(Bar::Held(SuppressionReason::OptOut))); 2]);
    assert_eq!(plan.contacts.len(), 1);
    assert_eq!(plan.contacts[0].recipient, "+972502345670", "the relative, but not at the shared number");
}

#[test]
fn one_message_a_number_and_one_text_message_a_household() {
    let home = |id: u64, number: &str| CustomerProfile {
        household: CustomerId(7),
        contacts: vec![ContactPoint { shared_by: 2, ..phone(number, 0.1) }],
        ..profile(id)
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
    let workspace = Workspace::of(&[agreeing(profile(1), [None; 4])]);
    let mut settings = settings();
    let plan = workspace.plan(&settings);
    assert_eq!((reason(&plan), plan.states_consent), (Some("no_consent"), false));
    settings.consent_basis = Some("club rules; section 4".to_owned());
    let plan = workspace.plan(&settings);
    assert!(plan.contacts[0].why.contains("consent=owner;basis=club rules  section 4"), "{}", plan.contacts[0].why);
}
