//! What is minimized: the labels' log-loss plus the distance from the priors.

use rayon::prelude::*;

use crate::record::Signal;

use super::super::model::Model;
use super::super::profile::{Profile, month_of};
use super::super::steps::Step;
use super::super::survival::Falling;
use super::Label;
use super::layout::Layout;
use super::slopes::{self, SlopedSurvival};

/// Cases worked on by one task; sums are added in their order.
const CHUNK: usize = 256;

/// A label, with all of its history that does not depend on coefficients.
#[derive(Debug, Clone)]
pub(super) struct Case {
    profile: Profile,
    steps: Vec<Step>,
    last_month: usize,
    dead_domain: bool,
    pub(super) stale: bool,
}

impl Case {
    pub(super) fn new(model: &Model, label: &Label<'_>) -> Self {
        let (captured, steps) = model.steps(&label.history, label.asked);
        Case {
            profile: Profile::of(&label.history),
            steps,
            last_month: month_of(captured, label.asked),
            dead_domain: label.history.dead_domain,
            stale: label.stale,
        }
    }
}

/// The objective at a point.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) value: f64,
    pub(super) slope: Vec<f64>,
    /// Expected curvature, row by row: `p (1 - p)` times the outer product of each case's slopes, and the priors'.
    pub(super) curvature: Vec<f64>,
}

/// Cases and priors.
pub(super) struct Objective<'a> {
    layout: &'a Layout,
    cases: Vec<&'a Case>,
}

impl<'a> Objective<'a> {
    pub(super) fn new(layout: &'a Layout, cases: Vec<&'a Case>) -> Self {
        Objective { layout, cases }
    }

    /// What is learnt.
    pub(super) fn layout(&self) -> &Layout {
        self.layout
    }

    /// Log-odds of the cases.
    pub(super) fn log_odds(&self, theta: &[f64]) -> Vec<f64> {
        self.each(theta, |log_odds, _, _| log_odds)
    }

    /// Value, slope and curvature.
    pub(super) fn at(&self, theta: &[f64]) -> Point {
        let count = self.layout.len();
        let mut point = self.prior_at(theta);
        let parts = self.each(theta, |log_odds, slopes, stale| (log_odds, slopes, stale));
        for (log_odds, slopes, stale) in parts {
            let p = 1.0 / (1.0 + (-log_odds).exp());
            point.value += loss(log_odds, stale);
            let error = p - if stale { 1.0 } else { 0.0 };
            let weight = p * (1.0 - p);
            for (row, one) in slopes.iter().enumerate().filter(|(_, one)| **one != 0.0) {
                point.slope[row] += error * one;
                let line = &mut point.curvature[row * count..(row + 1) * count];
                line.iter_mut().zip(&slopes).for_each(|(sum, other)| *sum += weight * one * other);
            }
        }
        point
    }

    /// The value alone.
    pub(super) fn value(&self, theta: &[f64]) -> f64 {
        let losses = self.each(theta, |log_odds, _, stale| loss(log_odds, stale));
        self.prior_at(theta).value + losses.iter().sum::<f64>()
    }

    fn prior_at(&self, theta: &[f64]) -> Point {
        let count = self.layout.len();
        let mut point = Point { value: 0.0, slope: vec![0.0; count], curvature: vec![0.0; count * count] };
        for (at, (sd, mean)) in self.layout.sds().zip(self.layout.prior()).enumerate() {
            let away = (theta[at] - mean) / sd;
            point.value += away * away / 2.0;
            point.slope[at] = away / sd;
            point.curvature[at * count + at] = 1.0 / (sd * sd);
        }
        point
    }

    /// Runs every case, in parallel, with the results in order.
    fn each<T: Send>(&self, theta: &[f64], of: impl Fn(f64, Vec<f64>, bool) -> T + Sync) -> Vec<T> {
        let coefficients = self.layout.coefficients(theta);
        let falling = Falling::new(coefficients.share_telling, coefficients.handed_on);
        let mut factors = [[1.0; 2]; Signal::ALL.len()];
        coefficients.signal.iter().for_each(|(signal, weights)| factors[*signal as usize] = weights.map(f64::exp));
        let mut tables: Vec<Option<SlopedSurvival>> = (0..Profile::COUNT).map(|_| None).collect();
        let longest = self.cases.iter().map(|case| case.last_month).max().unwrap_or_default();
        for case in &self.cases {
            tables[case.profile.index()].get_or_insert_with(|| {
                let log_hazard = coefficients.level + case.profile.offset(&coefficients);
                SlopedSurvival::new(log_hazard, coefficients.shape.exp(), &falling, longest)
            });
        }
        let one = |case: &&Case| {
            let survival = tables[case.profile.index()].as_ref().expect("made above for every case");
            let (log_odds, local) = slopes::run(survival, &falling, &factors, &case.steps, case.last_month);
            let slopes = self.layout.spread(&local, case.profile, case.dead_domain);
            let dead = if case.dead_domain { coefficients.dead_domain } else { 0.0 };
            of(log_odds + dead, slopes, case.stale)
        };
        self.cases.par_chunks(CHUNK).flat_map_iter(|cases| cases.iter().map(one)).collect()
    }
}

/// `-ln` of the probability of what was found.
fn loss(log_odds: f64, stale: bool) -> f64 {
    let away = if stale { -log_odds } else { log_odds };
    // ln(1 + e^x) without overflow.
    away.max(0.0) + (-away.abs()).exp().ln_1p()
}
