//! Learning coefficients from what was found out about contacts that were asked.
//!
//! The most probable coefficients, given the labels, normal priors round those in force and the filter as it is: the minimum
//! of the labels' log-loss plus half the squared distances from the prior in standard deviations ([`Objective`]), by
//! Newton's method with the expected curvature. Whether they are taken is for the [`guard`](Verdict) to say, by labels that
//! had no part in the fit.

mod guard;
mod label;
mod layout;
mod objective;
mod slopes;
mod solve;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::record::ContactKind;

use super::coefficients::KindCoefficients;
use super::measure::{Outcome, Quality};
use super::model::{Model, Score};
use guard::Gain;
pub use guard::Verdict;
pub use label::Label;
use layout::Layout;
use objective::{Case, Objective};

/// Labels are told apart into so many parts; each is left out of one fit.
const PARTS: u64 = 5;

/// What a fit found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The kind of contact that was fitted.
    pub kind: ContactKind,
    /// Learnt from all labels.
    pub coefficients: KindCoefficients,
    /// The coefficients in force, on the labels.
    pub before: Quality,
    /// Learnt ones, each label judged by a fit that it had no part in.
    pub after: Quality,
    /// How far the labels could move coefficients, as a part of what many of them could: 1 where there are enough.
    pub trust: f64,
    /// How many more labels would let them move all the way, at this share of the rarer outcome; none where that can't be told.
    pub more_in_full: Option<u64>,
    /// How far the coefficients learnt from all labels move the mean probability of the labels.
    pub level_shift: f64,
    /// Whether to take them.
    pub verdict: Verdict,
}

impl Model {
    /// Fits the coefficients of a kind of contact to labels; those of the other kind, and of people who died, are passed
    /// over. The model itself stays as it is. None where no label is left.
    pub fn fit(&self, kind: ContactKind, labels: &[Label<'_>]) -> Option<Fit> {
        let used: Vec<&Label<'_>> =
            labels.iter().filter(|label| label.history.kind == kind && !label.history.deceased).collect();
        if used.is_empty() {
            return None;
        }
        let cases: Vec<Case> = used.iter().map(|label| Case::new(self, label)).collect();
        let guard = &self.rules().learn.guard;
        let (count, stale) = (used.len() as u64, used.iter().filter(|label| label.stale).count() as u64);
        let rarer = stale.min(count - stale);
        let trust = guard.trust(count, rarer);
        let more_in_full = guard.labels_in_full(count, rarer).map(|full| full.saturating_sub(count));
        let layout = Layout::new(self.coefficients().of(kind), &self.rules().learn.sd.narrowed(trust));
        let learn = |cases: Vec<&Case>| solve::minimum(&Objective::new(&layout, cases));
        let judge = |theta: &[f64], cases: Vec<&Case>| -> Vec<Outcome> {
            let log_odds = Objective::new(&layout, cases.clone()).log_odds(theta);
            cases.iter().zip(log_odds).map(|(case, one)| Outcome { p: Score::of(one).p, stale: case.stale }).collect()
        };

        let before = judge(&layout.prior(), cases.iter().collect());
        let mut after = before.clone();
        for part in 0..PARTS {
            let is_left_out = |at: &usize| used[*at].customer % PARTS == part;
            let (left_out, kept): (Vec<usize>, Vec<usize>) = (0..cases.len()).partition(is_left_out);
            let of = |places: &[usize]| places.iter().map(|at| &cases[*at]).collect();
            let judged = judge(&learn(of(&kept)), of(&left_out));
            left_out.into_iter().zip(judged).for_each(|(at, outcome)| after[at] = outcome);
        }
        let gain = Gain::of(&before, &after);
        let theta = learn(cases.iter().collect());
        let mean = |of: &[Outcome]| of.iter().map(|one| one.p).sum::<f64>() / of.len() as f64;
        let level_shift = mean(&judge(&theta, cases.iter().collect())) - mean(&before);
        let coefficients = layout.coefficients(&theta);
        let (before, after) = (Quality::of(&before), Quality::of(&after));
        let verdict = guard::judge(guard, count, rarer, gain, level_shift);
        Some(Fit { kind, coefficients, before, after, trust, more_in_full, level_shift, verdict })
    }
}
