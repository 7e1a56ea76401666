//! What is decided of customers.

use jiff::civil::date;

use super::*;
use crate::record::{Consent, ContactPoint, CustomerId, Day, Death, GivenConsents, Restrictions, Signal};
use crate::rule::{OutreachRules, RuleFiles};

fn phone(number: &str, stale: f32) -> ContactPoint {
    let consent = [None, Some(Consent::Yes), Some(Consent::Yes), Some(Consent::Yes)].into();
    ContactPoint { stale: Some(stale), consent, ..ContactPoint::plain(number) }
}

fn email(stale: f32) -> ContactPoint {
    phone("dana@example.org", stale)
}

fn dead(contact: ContactPoint) -> ContactPoint {
    ContactPoint { dead: Some(Death::seen(Day::new(1), Signal::NotMe)), ..contact }
}

const MOBILE: &str = "+972502345678";

/// The decision about a customer of a list that asks for consent by channel.
fn advice(contacts: &[ContactPoint], change: impl FnOnce(&mut Subject<'_>)) -> Advice {
    let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
    let consents = Consents {
        stated: [("club.csv".to_owned(), [false, true, true, true])].into(),
        has_basis: true,
        ..Consents::default()
    };
    let adviser =
        Adviser { rules: &rules, policy: &rules.policy, region: "IL", day: date(2026, 11, 21), consents: &consents };
    let mut subject = Subject {
        id: CustomerId(1),
        list: "club.csv",
        country: "",
        born: None,
        preferred: None,
        consent: contacts.first().map_or_else(GivenConsents::default, |contact| contact.consent),
        restrictions: Restrictions::default(),
        contacts,
    };
    change(&mut subject);
    adviser.case(subject, &NotHeld).advice()
}

fn told(advice: Advice) -> (String, NextStep) {
    let mut why = String::new();
    advice.push_why(&mut why);
    (why, advice.next)
}

#[test]
fn what_likely_reaches_comes_first_and_what_is_merely_old_last() {
    let next = |contacts: &[ContactPoint]| advice(contacts, |_| {}).next;
    assert_eq!(next(&[email(0.1), phone(MOBILE, 0.1)]), NextStep::Sms);
    assert_eq!(next(&[email(0.1), phone(MOBILE, 0.6)]), NextStep::Email);
    assert_eq!(next(&[email(0.9)]), NextStep::Email, "a mail costs nothing");
    assert_eq!(next(&[email(0.9), dead(phone(MOBILE, 0.1))]), NextStep::Email);
    assert_eq!(next(&[dead(email(0.9)), dead(phone(MOBILE, 0.1))]), NextStep::Till);
    let preferred = advice(&[email(0.1), phone(MOBILE, 0.1)], |subject| subject.preferred = Some(Channel::Call));
    assert_eq!(preferred.next, NextStep::Call);
}

#[test]
fn each_channel_says_what_closes_it() {
    let both = [email(0.1), dead(phone(MOBILE, 0.1))];
    assert_eq!(told(advice(&both, |_| {})), ("sms.only_dead;call.only_dead".to_owned(), NextStep::Email));
    let died = advice(&both, |subject| subject.restrictions.deceased = true);
    assert_eq!(told(died), ("deceased".to_owned(), NextStep::Nothing));
    let left = advice(&both, |subject| subject.restrictions.email_refused = Some(Day::new(3)));
    let expected = "sms.only_dead;call.only_dead;email.channel_refused";
    assert_eq!(told(left), (expected.to_owned(), NextStep::Till));
    let child = advice(&both, |subject| subject.born = Some(Day::of(date(2013, 1, 1))));
    assert_eq!(told(child), ("minor".to_owned(), NextStep::Till));
    let each_refused = advice(&both, |subject| {
        let no = Some(Consent::No);
        subject.consent = [None, no, no, no].into();
    });
    assert_eq!(told(each_refused), ("opt_out".to_owned(), NextStep::Till));
    let open = advice(&[email(0.1), phone(MOBILE, 0.1)], |_| {});
    assert_eq!(told(open), (String::new(), NextStep::Sms));
    assert!(CHANNELS.iter().all(|channel| open.may(*channel)));
}

#[test]
fn a_permission_of_another_row_opens_no_contact() {
    let foreign = ContactPoint { consent: GivenConsents::default(), ..phone(MOBILE, 0.1) };
    let advice = advice(&[email(0.1), foreign], |_| {});
    let expected = "sms.doubtful_consent;call.doubtful_consent";
    assert_eq!(told(advice), (expected.to_owned(), NextStep::Email));
}

#[test]
fn every_bar_has_words_in_every_language() {
    let files = RuleFiles::embedded();
    for language in ["en", "he"] {
        let words = crate::rule::Words::load(&files, language).expect("the shipped words are of their form");
        for bar in Bar::all() {
            assert!(words.has(&bar.key()), "{language}: {}", bar.key());
        }
    }
}
