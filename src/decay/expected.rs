//! How many contacts of a list are stale, and how many customers are reached, with intervals.

use serde::{Deserialize, Serialize};

use super::model::Score;
use crate::record::ContactKind;

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

/// The chance that at least one of a customer's contacts is alive, or that one is stale: each by itself, as the model judges them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct AnyOf {
    /// The chance.
    pub p: f64,
    /// How far it moves when the level of a kind moves by one in log-odds.
    slopes: [f64; 2],
}

impl AnyOf {
    /// Of contacts, each with its own chance.
    pub fn new(chances: impl IntoIterator<Item = (ContactKind, f64)>) -> Self {
        let (mut none, mut slopes) = (1.0, [0.0; 2]);
        for (kind, chance) in chances {
            none *= 1.0 - chance;
            slopes[kind as usize] += chance;
        }
        // A chance c moves by c (1 - c) with its level, and the others have to fail beside it.
        AnyOf { p: 1.0 - none, slopes: slopes.map(|slope| slope * none) }
    }
}

/// Sums customers up. Add them in input order: the same bytes come out then.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ExpectedCustomers {
    customers: u64,
    sum: f64,
    variance: f64,
    slopes: [f64; 2],
}

/// A number that is expected, and between what it lies with 90 %, in the sense of [`ExpectedStale`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Expected {
    /// Of so many.
    pub of: u64,
    /// The number.
    pub number: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl ExpectedCustomers {
    /// Counts a customer.
    pub fn add(&mut self, any: AnyOf) {
        self.customers += 1;
        self.sum += any.p;
        self.variance += any.p * (1.0 - any.p);
        self.slopes.iter_mut().zip(any.slopes).for_each(|(sum, slope)| *sum += slope);
    }

    /// The number and its interval. `level_sds` is how far the levels of addresses and of numbers may be off, in log-odds.
    pub fn interval(&self, level_sds: [f64; 2]) -> Expected {
        let levels: f64 = self.slopes.iter().zip(level_sds).map(|(slope, sd)| (slope * sd).powi(2)).sum();
        let half = NINETY * (self.variance + levels).sqrt();
        let most = self.customers as f64;
        Expected {
            of: self.customers,
            number: self.sum,
            low: (self.sum - half).max(0.0),
            high: (self.sum + half).min(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_of_one_contact_counts_as_that_contact() {
        let (mut contacts, mut customers) = (Expectation::default(), ExpectedCustomers::default());
        for p in [0.1, 0.5, 0.9, 0.97] {
            contacts.add(Score { p, log_odds: 0.0 });
            customers.add(AnyOf::new([(ContactKind::Phone, p)]));
        }
        let (contacts, customers) = (contacts.interval(0.3), customers.interval([7.0, 0.3]));
        assert_eq!((contacts.contacts, contacts.stale), (customers.of, customers.number));
        assert!((contacts.low - customers.low).abs() < 1e-12 && (contacts.high - customers.high).abs() < 1e-12);
    }

    #[test]
    fn of_several_contacts_one_is_enough_and_the_interval_is_that_of_levels_that_move() {
        let odds = |p: f64| (p / (1.0 - p)).ln();
        let moved = |p: f64, by: f64| 1.0 / (1.0 + (-(odds(p) + by)).exp());
        let any = |by: f64| AnyOf::new([(ContactKind::Email, moved(0.3, by)), (ContactKind::Phone, 0.6)]);
        assert!((any(0.0).p - 0.72).abs() < 1e-12);
        let slope = (any(1e-6).p - any(-1e-6).p) / 2e-6;
        assert!((any(0.0).slopes[ContactKind::Email as usize] - slope).abs() < 1e-6);
        // What nobody judged is taken for alive, and no level moves it.
        assert_eq!(
            AnyOf::new([(ContactKind::Email, 1.0), (ContactKind::Phone, 0.5)]),
            AnyOf { p: 1.0, slopes: [0.0; 2] }
        );
        assert_eq!(AnyOf::new([]), AnyOf::default());
    }
}
