//! The filter: from a history to the probability that the contact no longer reaches its owner.

use crate::record::{ContactKind, Day, Signal};
use crate::rule::DecayRules;

use super::coefficients::{Coefficients, KindCoefficients};
use super::profile::{MONTHS, Profile, month_of};
use super::steps::{Counting, Mark, Step, Steps};
use super::survival::{Falling, Survival};
use crate::evidence::History;

/// At each signal and at the end the odds are within a million to one: signals repeat each other more than the model knows, and a surer judgement would
/// need as many signs of the contrary to be undone.
pub(super) const MOST_ODDS: f64 = 1e6;
pub(super) const LEAST_ODDS: f64 = 1e-6;

/// How likely it is that a contact no longer reaches its owner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The probability.
    pub p: f64,
    /// Its log-odds, which contributions sum to.
    pub log_odds: f64,
}

impl Score {
    /// From log-odds.
    pub fn of(log_odds: f64) -> Self {
        Score { p: 1.0 / (1.0 + (-log_odds).exp()), log_odds }
    }
}

/// The model, with its tables ready.
#[derive(Debug, Clone)]
pub struct Model {
    rules: DecayRules,
    coefficients: Coefficients,
    counting: Counting,
    kinds: [KindModel; 2],
}

/// What is worked out once for a kind of contact.
#[derive(Debug, Clone)]
struct KindModel {
    falling: Falling,
    /// By profile; none of those of the other kind.
    survival: Vec<Option<Survival>>,
    /// Factors of the odds by signal.
    factors: [[f64; 2]; Signal::ALL.len()],
    dead_domain: f64,
    /// Months of tenure of a contact whose capture nobody dated.
    typical_month: usize,
}

impl KindModel {
    fn new(kind: ContactKind, coefficients: &KindCoefficients, typical_month: usize) -> Self {
        let falling = Falling::new(coefficients.share_telling, coefficients.handed_on);
        let mut survival = vec![None; Profile::COUNT];
        for profile in Profile::of_kind(kind) {
            let log_hazard = coefficients.level + profile.offset(coefficients);
            survival[profile.index()] = Some(Survival::new(log_hazard, coefficients.shape.exp(), &falling, MONTHS));
        }
        let mut factors = [[1.0; 2]; Signal::ALL.len()];
        for (signal, weights) in &coefficients.signal {
            factors[*signal as usize] = weights.map(f64::exp);
        }
        KindModel { falling, survival, factors, dead_domain: coefficients.dead_domain, typical_month }
    }
}

impl Model {
    /// A model on these coefficients. Those of the rules need [`Model::anchor`] for their level.
    pub fn new(rules: &DecayRules, coefficients: Coefficients) -> Self {
        let typical = ((rules.limits.tenure_years * 12.0).round() as usize).clamp(1, MONTHS);
        let kinds =
            [ContactKind::Email, ContactKind::Phone].map(|kind| KindModel::new(kind, coefficients.of(kind), typical));
        let counting = Counting::new(&rules.caps, rules.opens);
        Model { rules: rules.clone(), coefficients, counting, kinds }
    }

    /// The coefficients in force.
    pub const fn coefficients(&self) -> &Coefficients {
        &self.coefficients
    }

    /// The rules it was made with.
    pub const fn rules(&self) -> &DecayRules {
        &self.rules
    }

    /// How likely the contact is stale on a day. What is dated on that day or later is not looked at.
    pub fn score(&self, history: &History<'_>, as_of: Day) -> Score {
        let captured = self.captured(history, as_of);
        let steps = Steps::new(history, captured, as_of, &self.counting);
        let [.., log_odds] = self.finish(history, self.run(history, captured, as_of, steps));
        Score::of(log_odds)
    }

    /// The day that tenure runs from; a contact that nobody dated has the typical tenure of its kind.
    pub(super) fn captured(&self, history: &History<'_>, as_of: Day) -> Day {
        history.captured.unwrap_or_else(|| {
            let months = self.kinds[history.kind as usize].typical_month as i32;
            // The first day of that month of tenure, which is its last month.
            as_of - ((months - 1) * 487 / 16 + 1)
        })
    }

    /// The day that tenure runs from, and what happened since.
    pub(super) fn steps(&self, history: &History<'_>, as_of: Day) -> (Day, Vec<Step>) {
        let captured = self.captured(history, as_of);
        (captured, Steps::new(history, captured, as_of, &self.counting).collect())
    }

    /// The log-odds after the given steps and all months up to the day.
    pub(super) fn run(
        &self,
        history: &History<'_>,
        captured: Day,
        as_of: Day,
        steps: impl Iterator<Item = Step>,
    ) -> f64 {
        let kind = &self.kinds[history.kind as usize];
        let survival = kind.survival[Profile::of(history).index()].as_ref();
        let Some(survival) = survival else { return LEAST_ODDS.ln() };
        let (mut telling, mut silent) = (0.0, 0.0);
        let mut month = 0;
        let mut advance = |telling: &mut f64, silent: &mut f64, to: usize| {
            if to > month {
                let stretch = survival.stretch(month, to, &kind.falling);
                let grown = *telling * stretch.growth;
                *silent = *silent * stretch.growth + grown * (1.0 - stretch.kept) + stretch.silent;
                *telling = (grown * stretch.kept + stretch.telling).clamp(LEAST_ODDS, MOST_ODDS);
                *silent = silent.clamp(LEAST_ODDS, MOST_ODDS);
                month = to;
            }
        };
        for step in steps {
            advance(&mut telling, &mut silent, step.month);
            let [on_telling, on_silent] = match step.mark {
                Mark::Signal(signal) => kind.factors[signal as usize],
                Mark::Unopened(factor) => [factor; 2],
            };
            telling = (telling * on_telling).clamp(LEAST_ODDS, MOST_ODDS);
            silent = (silent * on_silent).clamp(LEAST_ODDS, MOST_ODDS);
        }
        advance(&mut telling, &mut silent, month_of(captured, as_of));
        (telling + silent).ln()
    }

    /// The log-odds with the dead domain, and then with a death, too.
    pub(super) fn finish(&self, history: &History<'_>, log_odds: f64) -> [f64; 2] {
        let dead = if history.dead_domain { self.kinds[history.kind as usize].dead_domain } else { 0.0 };
        let floor = self.rules.limits.deceased;
        let least = if history.deceased { (floor / (1.0 - floor)).ln() } else { f64::NEG_INFINITY };
        [log_odds + dead, (log_odds + dead).max(least)]
    }

    pub(super) fn set_level(&mut self, kind: ContactKind, level: f64, typical_month: usize) {
        self.coefficients.of_mut(kind).level = level;
        self.kinds[kind as usize] = KindModel::new(kind, self.coefficients.of(kind), typical_month);
    }

    pub(super) fn typical_month(&self, kind: ContactKind) -> usize {
        self.kinds[kind as usize].typical_month
    }
}
