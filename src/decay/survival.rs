//! The hazard as tables by month, and what a stretch without signals does to the filter's odds.
//!
//! The filter is defined month by month, with `A = 1` alive and the odds `T` of gone and telling, `S` of gone and silent:
//!
//! ```text
//! h = exp(L(t_now) - L(t_before)) - 1             odds of having gone in this month
//! m = T * (1 - exp(-rate/12)); T -= m; S += m     those that tell fall silent (dead numbers are handed on)
//! T = T * (1+h) + h * share;  S = S * (1+h) + h * (1-share)
//! ```
//!
//! Written for shares of all contacts, `T a` with `a = e^-L` the share alive, a month is linear:
//! `T' a' = T a q + share (a - a')` with `q = exp(-rate/12)`. So the months from `m` to `n` together give
//!
//! ```text
//! T_n a_n = T_m a_m q^(n-m) + share q^(n-1) (C_n - C_m),      C_n = sum over j < n of q^-j (a_j - a_{j+1})
//! ```
//!
//! and `T + S` grows as if nobody fell silent. With `a` and `C` in tables, any stretch costs a few multiplications. Where
//! nobody falls silent, `T` needs no `C`; where hardly anybody is alive, differences of `C` lose their digits, and the sum
//! is taken month by month.

use super::profile::MONTHS;

/// A larger cumulated hazard leaves nobody alive that a probability could tell from 0.
const MOST_HAZARD: f64 = 300.0;

/// Cumulated hazard of tenure `years` at a logarithm of the yearly hazard.
pub(super) fn cumulated(log_hazard: f64, shape: f64, years: f64) -> f64 {
    (log_hazard.exp() * years.powf(shape)).min(MOST_HAZARD)
}

/// Below this share alive, differences of sums are not exact enough.
const FEW: f64 = 1e-5;

/// Survival of the contacts of one profile, by month of tenure.
#[derive(Debug, Clone)]
pub(super) struct Survival {
    /// `(a, C)` after so many months.
    months: Vec<(f64, f64)>,
}

/// A stretch of months without signals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// Factor of `T + S`.
    pub(super) growth: f64,
    /// Share of `T` that still tells.
    pub(super) kept: f64,
    /// Added to `T`.
    pub(super) telling: f64,
    /// Added to `S`.
    pub(super) silent: f64,
}

/// How those who tell fall silent: powers of `q`, shared by all profiles of a kind.
#[derive(Debug, Clone)]
pub(super) struct Falling {
    pub(super) share: f64,
    is_none: bool,
    powers: Vec<f64>,
}

impl Falling {
    pub(super) fn new(share: f64, yearly_rate: f64) -> Self {
        let powers = (0..=MONTHS).map(|month| (-yearly_rate * month as f64 / 12.0).exp()).collect();
        Falling { share, is_none: yearly_rate == 0.0, powers }
    }

    /// `q` to a power.
    pub(super) fn power(&self, months: usize) -> f64 {
        self.powers[months]
    }
}

impl Survival {
    /// The first so many months.
    pub(super) fn new(log_hazard: f64, shape: f64, falling: &Falling, count: usize) -> Self {
        let alive = |month: usize| (-cumulated(log_hazard, shape, month as f64 / 12.0)).exp();
        let mut months = Vec::with_capacity(count + 1);
        let (mut before, mut sum) = (1.0, 0.0);
        months.push((before, sum));
        for month in 1..=count {
            let now = alive(month);
            sum += (before - now) / falling.power(month - 1);
            months.push((now, sum));
            before = now;
        }
        Survival { months }
    }

    /// Share alive after so many months.
    pub(super) fn alive(&self, month: usize) -> f64 {
        self.months[month].0
    }

    /// From the end of month `from` to the end of month `to`, which is later.
    pub(super) fn stretch(&self, from: usize, to: usize, falling: &Falling) -> Stretch {
        let ((alive_from, sum_from), (alive_to, sum_to)) = (self.months[from], self.months[to]);
        let growth = alive_from / alive_to;
        let told = if falling.is_none {
            growth - 1.0
        } else if alive_to > FEW {
            falling.power(to - 1) * (sum_to - sum_from) / alive_to
        } else {
            let lost = |month: usize| falling.power(to - 1 - month) * (self.alive(month) - self.alive(month + 1));
            (from..to).map(lost).sum::<f64>() / alive_to
        };
        let telling = falling.share * told;
        Stretch { growth, kept: falling.power(to - from), telling, silent: growth - 1.0 - telling }
    }
}
