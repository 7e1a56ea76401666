//! The level of the hazard, solved so that the contacts in use lose the yearly share that the rules say.
//!
//! "20 % a year" is measured on lists in use: on those who are still there, in a later year, not on a fresh cohort in its
//! first. So the survivors of the list itself are asked what share of them the last year took.

use serde::{Deserialize, Serialize};

use crate::record::ContactKind;

use super::coefficients::KindCoefficients;
use super::model::Model;
use super::profile::Tenures;
use super::survival::cumulated;

/// The level is looked for between a hazard of e^-8 times the rules' and e^8 times.
const WIDEST: f64 = 8.0;

/// Halvings: to 2^-50 of the width.
const HALVINGS: usize = 54;

/// What an anchor means for this list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnchorPoint {
    /// Share of those in use that a year takes.
    pub yearly_loss: f64,
    /// The level that gives it.
    pub level: f64,
    /// Share of the list that is stale now by the hazard alone, before any signal is looked at.
    pub stale_now: f64,
}

/// How the level was set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnchorReport {
    /// Addresses or numbers.
    pub kind: ContactKind,
    /// Contacts that were counted.
    pub contacts: u64,
    /// The middle tenure in months.
    pub median_tenure_months: u32,
    /// What was set.
    pub set: AnchorPoint,
    /// Had the anchor been one standard deviation lower.
    pub lower: AnchorPoint,
    /// Had it been one higher.
    pub higher: AnchorPoint,
}

impl Model {
    /// Sets the level of a kind of contact by the anchor of the rules. None, and the level stays, where there is no contact.
    pub fn anchor(&mut self, tenures: &Tenures) -> Option<AnchorReport> {
        let kind = tenures.kind();
        let contacts = tenures.len();
        if contacts == 0 {
            return None;
        }
        let typical = tenures.median_month().unwrap_or(self.typical_month(kind));
        let list = List::new(tenures, typical, self.coefficients().of(kind));
        let (anchor, sd) = (self.rules().of(kind).anchor, self.rules().of(kind).anchor_sd);
        let set = list.solve(anchor);
        let report = AnchorReport {
            kind,
            contacts,
            median_tenure_months: typical as u32,
            set,
            lower: list.solve((anchor - sd).max(anchor / 10.0)),
            higher: list.solve((anchor + sd).min(0.99)),
        };
        self.set_level(kind, set.level, typical);
        Some(report)
    }

    /// Tells the model the tenure of contacts that nobody dated without touching its level: for learnt coefficients.
    pub fn settle(&mut self, tenures: &Tenures) {
        let level = self.coefficients().of(tenures.kind()).level;
        if let Some(month) = tenures.median_month() {
            self.set_level(tenures.kind(), level, month);
        }
    }
}

/// Hazards at level 0 of a list's contacts: so many, up to a year ago and up to now.
struct List {
    cells: Vec<(f64, f64, f64)>,
}

impl List {
    fn new(tenures: &Tenures, typical: usize, coefficients: &KindCoefficients) -> Self {
        let shape = coefficients.shape.exp();
        let cells = tenures.cells(typical).map(|(profile, month, count)| {
            let hazard = |month: usize| cumulated(profile.offset(coefficients), shape, month as f64 / 12.0);
            (count, hazard(month.saturating_sub(12)), hazard(month))
        });
        List { cells: cells.collect() }
    }

    /// Share of those in use a year ago that are lost now. Whose tenure is shorter counts with the whole of it.
    fn yearly_loss(&self, level: f64) -> f64 {
        let factor = level.exp();
        let (mut used, mut lost) = (0.0, 0.0);
        for (count, before, now) in &self.cells {
            let alive = count * (-factor * before).exp();
            used += alive;
            lost -= alive * (-factor * (now - before)).exp_m1();
        }
        // Where nobody is left a year took all.
        if used > 0.0 { lost / used } else { 1.0 }
    }

    fn stale_now(&self, level: f64) -> f64 {
        let contacts: f64 = self.cells.iter().map(|(count, ..)| count).sum();
        let stale: f64 = self.cells.iter().map(|(count, _, now)| -count * (-level.exp() * now).exp_m1()).sum();
        stale / contacts
    }

    /// By halving: the loss grows with the level.
    fn solve(&self, yearly_loss: f64) -> AnchorPoint {
        let (mut low, mut high) = (-WIDEST, WIDEST);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.yearly_loss(middle) < yearly_loss { low = middle } else { high = middle }
        }
        let level = f64::midpoint(low, high);
        AnchorPoint { yearly_loss, level, stale_now: self.stale_now(level) }
    }
}

impl AnchorReport {
    /// How far the level may be off, as one standard deviation of the log-odds.
    pub fn level_sd(&self) -> f64 {
        (self.higher.level - self.lower.level) / 2.0
    }
}
