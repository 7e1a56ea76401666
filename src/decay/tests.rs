//! What the model promises, whatever the history.

use std::sync::OnceLock;

use proptest::prelude::*;

use crate::record::{ContactClass, ContactKind, Day, Signal};
use crate::rule::{DecayRules, RuleFiles};

use super::model::{LEAST_ODDS, MOST_ODDS};
use super::profile::{Profile, month_of};
use super::steps::Mark;
use super::survival::cumulated;
use super::{Coefficients, Expectation, Model, Score, Tenures};
use crate::evidence::{DatedSignal, History};

const TODAY: Day = Day::new(20_783);

fn rules() -> DecayRules {
    DecayRules::load(&RuleFiles::embedded()).expect("the shipped rules load")
}

fn model() -> Model {
    let rules = rules();
    Model::new(&rules, Coefficients::prior(&rules))
}

/// The same, made once.
fn shipped() -> &'static Model {
    static SHIPPED: OnceLock<Model> = OnceLock::new();
    SHIPPED.get_or_init(model)
}

/// A contact with owned signals.
#[derive(Debug, Clone)]
struct Contact {
    class: ContactClass,
    age: Option<u8>,
    changes: u8,
    captured: Day,
    signals: Vec<DatedSignal>,
    dead_domain: bool,
    deceased: bool,
}

impl Contact {
    fn history(&self) -> History<'_> {
        History {
            kind: self.class.kind(),
            class: self.class,
            age: self.age,
            changes: self.changes,
            captured: Some(self.captured),
            signals: &self.signals,
            dead_domain: self.dead_domain,
            deceased: self.deceased,
        }
    }

    fn with(&self, day: Day, signal: Signal) -> Self {
        let mut more = self.clone();
        more.signals.push(DatedSignal { day, signal });
        more.signals.sort_unstable();
        more
    }

    fn score(&self) -> Score {
        shipped().score(&self.history(), TODAY)
    }
}

fn plain(class: ContactClass, years: f64) -> Contact {
    let captured = TODAY - (years * 365.25) as i32;
    Contact { class, age: None, changes: 0, captured, signals: Vec::new(), dead_domain: false, deceased: false }
}

/// Any contact, with signals of both sides of the day that is asked for.
fn contacts() -> impl Strategy<Value = Contact> {
    let signal = (0..Signal::ALL.len(), -200i32..6000)
        .prop_map(|(signal, ago)| DatedSignal { day: TODAY - ago, signal: Signal::ALL[signal] });
    let classes = prop::sample::select(ContactClass::ALL);
    let head = (classes, prop::option::of(0u8..100), 0u8..6, 0i32..8000, any::<bool>(), any::<bool>());
    (head, prop::collection::vec(signal, 0..60)).prop_map(|((class, age, changes, tenure, dead, died), mut signals)| {
        signals.sort_unstable();
        let captured = TODAY - tenure;
        Contact { class, age, changes, captured, signals, dead_domain: dead, deceased: died && tenure % 7 == 0 }
    })
}

/// The definition of `survival.rs`, month by month, as it stands there.
fn by_the_month(contact: &Contact) -> f64 {
    let (model, history) = (shipped(), contact.history());
    let coefficients = model.coefficients().of(history.kind);
    let log_hazard = coefficients.level + Profile::of(&history).offset(coefficients);
    let (captured, steps) = model.steps(&history, TODAY);
    assert_eq!(captured, contact.captured);
    let fall = 1.0 - (-coefficients.handed_on / 12.0).exp();
    let (mut telling, mut silent, mut before) = (0.0f64, 0.0f64, 0.0);
    for month in 1..=month_of(contact.captured, TODAY) {
        let now = cumulated(log_hazard, coefficients.shape.exp(), month as f64 / 12.0);
        let odds = (now - before).exp_m1();
        before = now;
        let moved = telling * fall;
        telling -= moved;
        silent += moved;
        telling = telling * (1.0 + odds) + odds * coefficients.share_telling;
        silent = silent * (1.0 + odds) + odds * (1.0 - coefficients.share_telling);
        if steps.iter().any(|step| step.month == month) {
            telling = telling.clamp(LEAST_ODDS, MOST_ODDS);
            silent = silent.clamp(LEAST_ODDS, MOST_ODDS);
        }
        for step in steps.iter().filter(|step| step.month == month) {
            let weights = match step.mark {
                Mark::Signal(signal) => coefficients.weights(signal).map(f64::exp),
                Mark::Unopened(factor) => [factor; 2],
            };
            telling = (telling * weights[0]).clamp(LEAST_ODDS, MOST_ODDS);
            silent = (silent * weights[1]).clamp(LEAST_ODDS, MOST_ODDS);
        }
    }
    let log_odds = (telling.clamp(LEAST_ODDS, MOST_ODDS) + silent.clamp(LEAST_ODDS, MOST_ODDS)).ln();
    let dead = if history.dead_domain { coefficients.dead_domain } else { 0.0 };
    if history.deceased { (log_odds + dead).max((0.95f64 / 0.05).ln()) } else { log_odds + dead }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn stretches_give_what_the_months_give_one_by_one(contact in contacts()) {
        let (fast, slow) = (contact.score().log_odds, by_the_month(&contact));
        prop_assert!((fast - slow).abs() < 1e-9, "{fast} is not {slow}");
    }

    #[test]
    fn lines_sum_to_the_score(contact in contacts()) {
        let sum: f64 = shipped().explain(&contact.history(), TODAY).iter().map(|line| line.log_odds).sum();
        prop_assert!((sum - contact.score().log_odds).abs() < 1e-9);
    }

    #[test]
    fn what_happens_later_is_not_looked_at(contact in contacts(), ahead in 0i32..400, signal in 0..Signal::ALL.len()) {
        let later = contact.with(TODAY + ahead, Signal::ALL[signal]);
        prop_assert_eq!(later.score(), contact.score());
        prop_assert_eq!(shipped().explain(&later.history(), TODAY), shipped().explain(&contact.history(), TODAY));
    }

    #[test]
    fn a_bounce_more_never_lowers_the_probability(contact in contacts(), ago in 1i32..6000, soft in any::<bool>()) {
        let bounce = if soft { Signal::SoftBounce } else { Signal::HardBounce };
        let bounced = contact.with(TODAY - ago, bounce);
        prop_assert!(bounced.score().log_odds >= contact.score().log_odds - 1e-12);
    }

    #[test]
    fn a_click_after_a_bounce_lowers_it(contact in contacts(), ago in 2i32..6000) {
        let class = if contact.class.kind() == ContactKind::Email { contact.class } else { ContactClass::Work };
        let alive = Contact { class, deceased: false, captured: contact.captured.min(TODAY - ago), ..contact };
        let bounced = alive.with(TODAY - ago, Signal::HardBounce);
        let clicked = bounced.with(TODAY - ago + 1, Signal::Click);
        // Equal where there was a click on that day, and where the odds come to stand at a bound.
        prop_assert!(clicked.score().log_odds <= bounced.score().log_odds);
        let click = DatedSignal { day: TODAY - ago + 1, signal: Signal::Click };
        if bounced.signals.len() < 3 && bounced.score().log_odds < 10.0 && !bounced.signals.contains(&click) {
            prop_assert!(clicked.score().log_odds < bounced.score().log_odds);
        }
    }

    #[test]
    fn tenure_without_events_never_lowers_it(contact in contacts(), more in 0i32..4000) {
        let quiet = Contact { signals: Vec::new(), ..contact };
        let older = Contact { captured: quiet.captured - more, ..quiet.clone() };
        prop_assert!(older.score().log_odds >= quiet.score().log_odds - 1e-12);
    }

    #[test]
    fn a_copy_of_a_signal_changes_nothing(contact in contacts()) {
        let mut doubled = contact.clone();
        doubled.signals.extend_from_slice(&contact.signals);
        doubled.signals.sort_unstable();
        prop_assert_eq!(doubled.score(), contact.score());
    }

    #[test]
    fn a_probability_is_always_between_none_and_all(contact in contacts()) {
        let score = contact.score();
        prop_assert!(score.p > 0.0 && score.p < 1.0 && score.log_odds.is_finite());
    }
}

#[test]
fn endless_repetition_stays_within_bounds_and_can_be_answered() {
    let mut bounced = plain(ContactClass::Work, 20.0);
    bounced.signals = (1..7000).map(|ago| DatedSignal { day: TODAY - ago, signal: Signal::HardBounce }).collect();
    bounced.signals.sort_unstable();
    let score = bounced.score();
    assert!(score.p > 0.999 && score.log_odds.is_finite());
    let mut answered = bounced.clone();
    answered.signals.retain(|signal| signal.day < TODAY - 60);
    answered.signals.extend((1..10).map(|ago| DatedSignal { day: TODAY - ago, signal: Signal::Click }));
    answered.signals.sort_unstable();
    assert!(answered.score().p < 0.5);
}

#[test]
fn a_proof_of_life_restarts_the_clock() {
    let old = plain(ContactClass::FreeMail, 9.0);
    let proven = old.with(TODAY - 200, Signal::Click);
    let fresh = plain(ContactClass::FreeMail, 200.0 / 365.25);
    assert!(old.score().p > 0.6);
    assert!(proven.score().p < fresh.score().p * 2.0);
}

#[test]
fn the_silence_of_a_former_reader_says_more_than_that_of_one_who_never_read() {
    let mail = |contact: &Contact, months: std::ops::Range<i32>, opened: bool| {
        let mut contact = contact.clone();
        for month in months {
            let day = TODAY - month * 30;
            contact.signals.push(DatedSignal { day, signal: Signal::MailDelivered });
            if opened {
                contact.signals.push(DatedSignal { day, signal: Signal::Open });
            }
        }
        contact.signals.sort_unstable();
        contact
    };
    let contact = plain(ContactClass::FreeMail, 5.0);
    let (reader, stranger) = (mail(&contact, 20..40, true), mail(&contact, 20..40, false));
    let silence = |before: &Contact| mail(before, 1..13, false).score().log_odds - before.score().log_odds;
    assert!(silence(&reader) > silence(&stranger) + 2.0);
    let unopened = shipped().explain(&mail(&reader, 1..13, false).history(), TODAY);
    assert!(unopened.iter().any(|line| line.cause.as_str() == "unopened" && line.count == 12));
}

#[test]
fn a_mail_of_yesterday_is_not_unopened_yet() {
    let mailed = |ago| plain(ContactClass::Isp, 3.0).with(TODAY - ago, Signal::MailDelivered);
    let is_unopened = |contact: &Contact| {
        shipped().explain(&contact.history(), TODAY).iter().any(|line| line.cause.as_str() == "unopened")
    };
    assert!(!is_unopened(&mailed(1)));
    assert!(is_unopened(&mailed(10)));
}

#[test]
fn a_death_and_a_dead_domain_are_lines_of_their_own() {
    let contact = Contact { dead_domain: true, deceased: true, ..plain(ContactClass::FreeMail, 0.5) };
    assert!(contact.score().p > 0.95 - 1e-12);
    let causes: Vec<&str> =
        shipped().explain(&contact.history(), TODAY).iter().map(|line| line.cause.as_str()).collect();
    assert_eq!(causes, ["hazard", "dead_domain", "deceased"]);
}

fn tenures(kind: ContactKind, contacts: &[Contact]) -> Tenures {
    let mut tenures = Tenures::new(kind);
    contacts.iter().for_each(|contact| tenures.add(&contact.history(), TODAY));
    tenures
}

#[test]
fn the_anchor_is_what_the_survivors_lose_in_a_year() {
    let classes = [ContactClass::FreeMail, ContactClass::Work, ContactClass::Isp];
    let list: Vec<Contact> = (0..3000).map(|n| plain(classes[n % 3], 0.2 + (n % 97) as f64 / 8.0)).collect();
    let mut model = model();
    let report = model.anchor(&tenures(ContactKind::Email, &list)).expect("there are contacts");
    let alive = |contact: &Contact, months: usize| {
        let coefficients = model.coefficients().of(ContactKind::Email);
        let hazard = coefficients.level + Profile::of(&contact.history()).offset(coefficients);
        (-cumulated(hazard, 0.9, months as f64 / 12.0)).exp()
    };
    let (mut used, mut lost) = (0.0, 0.0);
    for contact in &list {
        let months = month_of(contact.captured, TODAY);
        let before = alive(contact, months.saturating_sub(12));
        used += before;
        lost += before - alive(contact, months);
    }
    assert!((lost / used - 0.20).abs() < 1e-9);
    assert!(report.lower.level < report.set.level && report.set.level < report.higher.level);
    assert!(report.lower.stale_now < report.set.stale_now && report.level_sd() > 0.1);
    let mean = list.iter().map(|contact| model.score(&contact.history(), TODAY).p).sum::<f64>() / 3000.0;
    assert!((mean - report.set.stale_now).abs() < 1e-9);
}

#[test]
fn a_contact_without_a_date_has_the_middle_tenure_of_its_list() {
    let list: Vec<Contact> = (1..100).map(|n| plain(ContactClass::FreeMail, f64::from(n) / 10.0)).collect();
    let mut model = model();
    model.anchor(&tenures(ContactKind::Email, &list)).expect("there are contacts");
    let undated = History { captured: None, ..list[0].history() };
    assert_eq!(model.score(&undated, TODAY), model.score(&list[49].history(), TODAY));
    assert_eq!(model.explain(&undated, TODAY)[0].last, None);
}

#[test]
fn an_empty_list_has_no_anchor() {
    let mut model = model();
    let before = model.coefficients().clone();
    assert_eq!(model.anchor(&Tenures::new(ContactKind::Phone)), None);
    assert_eq!(model.coefficients(), &before);
}

#[test]
fn coefficients_come_back_from_json_as_they_were() {
    let coefficients = Coefficients::prior(&rules());
    let text = serde_json::to_string(&coefficients).expect("serializes");
    let back: Coefficients = serde_json::from_str(&text).expect("reads");
    let close = |one: f64, other: f64| (one - other).abs() < 1e-15 * one.abs().max(1.0);
    assert!(close(back.email.shape, coefficients.email.shape));
    assert_eq!(back.phone.signal, coefficients.phone.signal);
}

#[test]
fn the_interval_widens_with_the_level_and_stays_within_the_list() {
    let mut expectation = Expectation::default();
    (0..1000).for_each(|n| expectation.add(Score::of(f64::from(n % 9) - 4.0)));
    let (sure, unsure) = (expectation.interval(0.0), expectation.interval(0.4));
    assert!(unsure.low < sure.low && sure.low < sure.stale && sure.high < unsure.high);
    assert!(expectation.interval(1e6).high <= 1000.0 && expectation.interval(1e6).low >= 0.0);
}
