//! The slopes are those of the model, and a fit finds what labels were drawn from.

use crate::record::{ContactClass, ContactKind, Day, Signal};
use crate::rule::{DecayRules, RuleFiles};

use super::super::{Coefficients, Model, Outcome, Quality};
use super::layout::Layout;
use super::objective::{Case, Objective};
use super::{Label, Verdict};
use crate::evidence::{DatedSignal, History};

const TODAY: Day = Day::new(20_783);

fn model() -> Model {
    let rules = DecayRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    Model::new(&rules, Coefficients::prior(&rules))
}

/// A fixed stream of numbers (splitmix64).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 32
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn share(&mut self) -> f64 {
        self.next() as f64 / 4_294_967_296.0
    }
}

struct Owned {
    class: ContactClass,
    age: Option<u8>,
    changes: u8,
    captured: Day,
    signals: Vec<DatedSignal>,
    dead_domain: bool,
}

impl Owned {
    fn draw(kind: ContactKind, draws: &mut Draws) -> Self {
        let classes: Vec<_> = ContactClass::ALL.iter().copied().filter(|class| class.kind() == kind).collect();
        let tenure = 100 + draws.below(4000) as i32;
        let captured = TODAY - tenure;
        let count = draws.below(12);
        let signal = |draws: &mut Draws| DatedSignal {
            day: captured + draws.below(tenure as u64) as i32,
            signal: Signal::ALL[draws.below(Signal::ALL.len() as u64) as usize],
        };
        let mut signals: Vec<DatedSignal> = (0..count).map(|_| signal(draws)).collect();
        signals.sort_unstable();
        Owned {
            class: classes[draws.below(classes.len() as u64) as usize],
            age: (draws.below(4) > 0).then(|| 18 + draws.below(60) as u8),
            changes: draws.below(4) as u8,
            captured,
            signals,
            dead_domain: draws.below(20) == 0,
        }
    }

    fn label(&self, stale: bool, customer: u64) -> Label<'_> {
        let history = History {
            kind: self.class.kind(),
            class: self.class,
            age: self.age,
            changes: self.changes,
            captured: Some(self.captured),
            signals: &self.signals,
            dead_domain: self.dead_domain,
            deceased: false,
        };
        Label { history, asked: TODAY, stale, customer }
    }
}

#[test]
fn slopes_are_those_of_the_value_and_the_value_that_of_the_model() {
    let model = model();
    for kind in [ContactKind::Email, ContactKind::Phone] {
        let mut draws = Draws(7);
        let contacts: Vec<Owned> = (0..300).map(|_| Owned::draw(kind, &mut draws)).collect();
        let labels: Vec<Label<'_>> = contacts.iter().map(|one| one.label(draws.below(2) == 0, 0)).collect();
        let cases: Vec<Case> = labels.iter().map(|label| Case::new(&model, label)).collect();
        let layout = Layout::new(model.coefficients().of(kind), &model.rules().learn.sd);
        let objective = Objective::new(&layout, cases.iter().collect());
        let prior = layout.prior();
        for (label, log_odds) in labels.iter().zip(objective.log_odds(&prior)) {
            assert!((model.score(&label.history, TODAY).log_odds - log_odds).abs() < 1e-9);
        }
        let theta: Vec<f64> = prior.iter().enumerate().map(|(at, value)| value + 0.03 * (at % 5) as f64).collect();
        let point = objective.at(&theta);
        assert!((point.value - objective.value(&theta)).abs() < 1e-9);
        for at in 0..layout.len() {
            let moved = |by: f64| {
                let mut moved = theta.clone();
                moved[at] += by;
                objective.value(&moved)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (slope - point.slope[at]).abs() < 1e-5 * slope.abs().max(1.0),
                "{kind:?} {at}: {slope} {}",
                point.slope[at]
            );
        }
    }
}

/// Labels drawn from another model than the one that learns.
fn drawn(truth: &Model, contacts: &[Owned], draws: &mut Draws) -> Vec<bool> {
    contacts.iter().map(|one| draws.share() < truth.score(&one.label(true, 0).history, TODAY).p).collect()
}

#[test]
fn a_fit_moves_towards_the_truth_and_foretells_labels_it_has_not_seen() {
    let model = model();
    let mut coefficients = model.coefficients().clone();
    coefficients.email.level += 0.4;
    coefficients.email.signal.insert(Signal::HardBounce, [2.2, 0.0]);
    let truth = Model::new(model.rules(), coefficients);
    let mut draws = Draws(11);
    let contacts: Vec<Owned> = (0..1000).map(|_| Owned::draw(ContactKind::Email, &mut draws)).collect();
    let stale = drawn(&truth, &contacts, &mut draws);
    let labels: Vec<Label<'_>> =
        contacts.iter().zip(stale).enumerate().map(|(n, (one, stale))| one.label(stale, n as u64)).collect();
    let fit = model.fit(ContactKind::Email, &labels).expect("there are labels");
    assert_eq!(fit.verdict, Verdict::Take);
    assert!(fit.after.log_loss < fit.before.log_loss && fit.after.ece < fit.before.ece);
    assert!(fit.coefficients.level > 0.2);
    assert!(fit.coefficients.signal[&Signal::HardBounce][0] < 3.2);
    assert_eq!(fit.coefficients.signal[&Signal::HardBounce][1], 0.0);
    for (signal, weights) in &fit.coefficients.signal {
        let in_force = model.coefficients().email.weights(*signal);
        assert!(weights.iter().zip(in_force).all(|(new, old)| new * old >= 0.0), "{signal} has changed its sign");
    }
    assert_eq!(model.fit(ContactKind::Email, &labels[..200]), model.fit(ContactKind::Email, &labels[..200]));
    assert_eq!(model.fit(ContactKind::Phone, &labels), None);
}

#[test]
fn coefficients_are_kept_where_labels_are_few_one_sided_or_far_off() {
    let model = model();
    let mut draws = Draws(13);
    let contacts: Vec<Owned> = (0..800).map(|_| Owned::draw(ContactKind::Email, &mut draws)).collect();
    let fit = |count: usize, stale: &dyn Fn(usize) -> bool| {
        let labels: Vec<Label<'_>> =
            contacts.iter().take(count).enumerate().map(|(n, one)| one.label(stale(n), n as u64)).collect();
        model.fit(ContactKind::Email, &labels).expect("there are labels").verdict
    };
    assert_eq!(fit(59, &|n| n % 2 == 0), Verdict::TooFew { labels: 59, needed: 60 });
    assert_eq!(fit(400, &|n| n % 100 == 0), Verdict::OneSided { labels: 4, needed: 6 });
    assert!(matches!(fit(800, &|n| n % 12 == 0), Verdict::LevelMoved { .. }));
}

/// Log-loss on contacts that no fit has seen, of the model in force and of the one that a campaign of so many answers left in force; and how
/// far the learnt one moved the mean probability.
fn campaign(truth: &Model, seed: u64, answers: usize) -> (f64, f64, f64) {
    let model = model();
    let mut draws = Draws(seed);
    let contacts: Vec<Owned> = (0..answers + HELD_OUT).map(|_| Owned::draw(ContactKind::Email, &mut draws)).collect();
    let stale = drawn(truth, &contacts, &mut draws);
    let (asked, held_out) = contacts.split_at(answers);
    let labels: Vec<Label<'_>> =
        asked.iter().zip(&stale).enumerate().map(|(n, (one, stale))| one.label(*stale, n as u64)).collect();
    let fit = model.fit(ContactKind::Email, &labels).expect("there are labels");
    let mut learnt = model.coefficients().clone();
    if fit.verdict == Verdict::Take {
        learnt.email = fit.coefficients;
    }
    let measured = |model: &Model| {
        let outcomes: Vec<Outcome> = held_out
            .iter()
            .zip(&stale[answers..])
            .map(|(one, stale)| Outcome { p: model.score(&one.label(true, 0).history, TODAY).p, stale: *stale })
            .collect();
        Quality::of(&outcomes)
    };
    let (before, after) = (measured(&model), measured(&Model::new(model.rules(), learnt)));
    (before.log_loss, after.log_loss, (after.mean - before.mean).abs())
}

const HELD_OUT: usize = 600;

#[test]
fn a_campaign_of_any_size_leaves_probabilities_no_worse_and_never_wild() {
    let shipped = model();
    // Customers as the rules expect them, and customers whose addresses last longer and whose bounces say less.
    let mut coefficients = shipped.coefficients().clone();
    coefficients.email.level -= 0.6;
    coefficients.email.signal.insert(Signal::HardBounce, [2.0, 0.0]);
    let others = Model::new(shipped.rules(), coefficients);
    for (truth, answers, seeds) in [
        (&shipped, 60, 4),
        (&shipped, 200, 4),
        (&shipped, 2000, 1),
        (&others, 60, 4),
        (&others, 200, 3),
        (&others, 2000, 1),
    ] {
        let runs: Vec<_> = (0..seeds).map(|seed| campaign(truth, 100 + seed, answers)).collect();
        for (before, after, shift) in &runs {
            assert!(after - before < 0.01, "{answers}: {before:.4} became {after:.4}");
            assert!(*shift <= shipped.rules().learn.guard.level_shift, "{answers}: moved by {shift:.3}");
        }
    }
}

#[test]
fn few_answers_move_little_and_it_is_said_how_many_more_would_move_all() {
    let model = model();
    let mut draws = Draws(17);
    let contacts: Vec<Owned> = (0..400).map(|_| Owned::draw(ContactKind::Email, &mut draws)).collect();
    let fit = |count: usize| {
        let labels: Vec<Label<'_>> =
            contacts.iter().take(count).enumerate().map(|(n, one)| one.label(n % 5 == 0, n as u64)).collect();
        model.fit(ContactKind::Email, &labels).expect("there are labels")
    };
    let (few, many) = (fit(60), fit(400));
    assert!((few.trust - (60.0f64 / 300.0).sqrt()).abs() < 1e-9 && few.more_in_full == Some(240), "{few:?}");
    assert!((many.trust - 1.0).abs() < 1e-9 && many.more_in_full == Some(0));
}
