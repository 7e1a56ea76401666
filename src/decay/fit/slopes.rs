//! The filter with its slopes: how the log-odds of one contact move with hazard, shape and weights.

use crate::record::Signal;

use super::super::model::{LEAST_ODDS, MOST_ODDS};
use super::super::steps::{Mark, Step};
use super::super::survival::{Falling, Stretch, Survival, cumulated};

/// Place of the slope by the logarithm of the hazard.
pub(super) const HAZARD: usize = 0;
/// By the logarithm of the shape.
pub(super) const SHAPE: usize = 1;
const PLACES: usize = 2 + 2 * Signal::ALL.len();

/// Slopes of one number.
pub(super) type Local = [f64; PLACES];

/// Slopes by hazard and shape, which tables know.
type Two = [f64; 2];

/// Place of the slope by a weight.
pub(super) const fn place_of_weight(signal: Signal, side: usize) -> usize {
    2 + 2 * signal as usize + side
}

/// Survival of one profile, with slopes.
pub(super) struct SlopedSurvival {
    survival: Survival,
    /// Slopes of the cumulated hazard, and of the sum `C`, after so many months.
    slopes: Vec<(Two, Two)>,
}

impl SlopedSurvival {
    pub(super) fn new(log_hazard: f64, shape: f64, falling: &Falling, count: usize) -> Self {
        let survival = Survival::new(log_hazard, shape, falling, count);
        let mut slopes: Vec<(Two, Two)> = vec![([0.0; 2], [0.0; 2])];
        for month in 1..=count {
            let years = month as f64 / 12.0;
            let hazard = cumulated(log_hazard, shape, years);
            let by = [hazard, hazard * shape * years.ln()];
            let (before, sum) = slopes[month - 1];
            // The slope of e^-L is -L' e^-L.
            let lost = |at: usize| survival.alive(month) * by[at] - survival.alive(month - 1) * before[at];
            let power = falling.power(month - 1);
            slopes.push((by, [sum[0] + lost(0) / power, sum[1] + lost(1) / power]));
        }
        SlopedSurvival { survival, slopes }
    }

    /// A stretch, with the slopes of its growth and of what it adds to those that tell.
    fn stretch(&self, from: usize, to: usize, falling: &Falling) -> (Stretch, Two, Two) {
        let stretch = self.survival.stretch(from, to, falling);
        let ((before, sum_before), (now, sum_now)) = (self.slopes[from], self.slopes[to]);
        let alive = self.survival.alive(to);
        let growth = [0, 1].map(|at| stretch.growth * (now[at] - before[at]));
        let telling = [0, 1].map(|at| {
            let told = falling.share * falling.power(to - 1) * (sum_now[at] - sum_before[at]) / alive;
            told + stretch.telling * now[at]
        });
        (stretch, growth, telling)
    }
}

/// Odds with their slopes.
struct Odds {
    value: f64,
    slopes: Local,
}

impl Odds {
    fn new() -> Self {
        Odds { value: 0.0, slopes: [0.0; PLACES] }
    }

    fn scale(&mut self, factor: f64) {
        self.value *= factor;
        self.slopes.iter_mut().for_each(|slope| *slope *= factor);
    }

    /// At a bound nothing moves them.
    fn bound(&mut self) {
        if !(LEAST_ODDS..=MOST_ODDS).contains(&self.value) {
            *self = Odds { value: self.value.clamp(LEAST_ODDS, MOST_ODDS), ..Odds::new() };
        }
    }
}

/// The log-odds after all steps and all months up to the last, with slopes. `factors` are the signals' weights, raised.
pub(super) fn run(
    survival: &SlopedSurvival,
    falling: &Falling,
    factors: &[[f64; 2]; Signal::ALL.len()],
    steps: &[Step],
    last_month: usize,
) -> (f64, Local) {
    let mut odds = [Odds::new(), Odds::new()];
    let mut month = 0;
    for step in steps {
        advance(&mut odds, survival, falling, &mut month, step.month);
        for (side, odds) in odds.iter_mut().enumerate() {
            match step.mark {
                Mark::Signal(signal) => {
                    odds.scale(factors[signal as usize][side]);
                    odds.slopes[place_of_weight(signal, side)] += odds.value;
                }
                Mark::Unopened(factor) => odds.scale(factor),
            }
            odds.bound();
        }
    }
    advance(&mut odds, survival, falling, &mut month, last_month);
    let [telling, silent] = odds;
    let sum = telling.value + silent.value;
    let mut slopes = telling.slopes;
    slopes.iter_mut().zip(silent.slopes).for_each(|(slope, other)| *slope = (*slope + other) / sum);
    (sum.ln(), slopes)
}

fn advance(odds: &mut [Odds; 2], survival: &SlopedSurvival, falling: &Falling, month: &mut usize, to: usize) {
    if to <= *month {
        return;
    }
    let (stretch, growth_by, telling_by) = survival.stretch(*month, to, falling);
    let [telling, silent] = odds;
    let before = [telling.value, silent.value];
    silent.scale(stretch.growth);
    telling.scale(stretch.growth);
    let fell = 1.0 - stretch.kept;
    silent.value += telling.value * fell + stretch.silent;
    silent.slopes.iter_mut().zip(&telling.slopes).for_each(|(slope, other)| *slope += other * fell);
    telling.scale(stretch.kept);
    telling.value += stretch.telling;
    for at in [HAZARD, SHAPE] {
        telling.slopes[at] += before[0] * growth_by[at] * stretch.kept + telling_by[at];
        // What is added to both together is the growth less 1.
        silent.slopes[at] += (before[1] + before[0] * fell + 1.0) * growth_by[at] - telling_by[at];
    }
    telling.bound();
    silent.bound();
    *month = to;
}
