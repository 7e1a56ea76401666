//! How many contacts of a list are stale, with an interval.

use serde::{Deserialize, Serialize};

use super::model::Score;

/// Normal quantile of a two-sided interval of 90 %.
const NINETY: f64 = 1.645;

/// Sums scores up. Add them in input order: the same bytes come out then.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Expectation {
    contacts: u64,
    sum: f64,
    variance: f64,
}

/// How many are stale, and between what it lies with 90 %.
///
/// The interval covers chance (each contact stale or not, independently, at its probability) and the level (the anchor off
/// by its standard deviation, which moves all probabilities together and is nearly all of the width). It does not cover
/// weights or hazards of classes that differ from the rules', nor what contacts of one customer have in common.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExpectedStale {
    /// Contacts that have a score.
    pub contacts: u64,
    /// Of them, stale.
    pub stale: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Expectation {
    /// Counts a contact.
    pub fn add(&mut self, score: Score) {
        self.contacts += 1;
        self.sum += score.p;
        self.variance += score.p * (1.0 - score.p);
    }

    /// Adds what another part of the list holds.
    pub fn merge(&mut self, other: &Expectation) {
        self.contacts += other.contacts;
        self.sum += other.sum;
        self.variance += other.variance;
    }

    /// The number and its interval. `level_sd` is how far the level may be off, in log-odds
    /// ([`super::AnchorReport::level_sd`]).
    pub fn interval(&self, level_sd: f64) -> ExpectedStale {
        // A level that is off by d moves each log-odds by about d, so each p by about p (1 - p) d.
        let half = NINETY * (self.variance + (self.variance * level_sd).powi(2)).sqrt();
        let most = self.contacts as f64;
        ExpectedStale {
            contacts: self.contacts,
            stale: self.sum,
            low: (self.sum - half).max(0.0),
            high: (self.sum + half).min(most),
        }
    }
}
