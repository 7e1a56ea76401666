//! How rare a value is, as levels of "exact", so that vectors stay few.

use crate::record::{ValueColumn, ValueId};
use crate::rule::ModelRules;

/// Levels of equal values of one field, and how many pairs and rows there are at each.
#[derive(Debug)]
pub(super) struct Rarity {
    /// By value; empty where rarity does not count in this field.
    bins: Vec<u8>,
    /// Level of each bin.
    levels: Vec<u8>,
    /// Pairs of all rows that agree, by bin.
    pub(super) pairs: Vec<f64>,
    /// Share of the rows that have a value, by bin.
    pub(super) shares: Vec<f64>,
    /// Last level that is not one of rarity.
    last: u8,
}

impl Rarity {
    pub(super) fn new(column: &ValueColumn, rows: usize, rules: &ModelRules) -> Self {
        let prior = &rules.field[&column.field];
        let last = prior.levels.len() as u8;
        let counts = column.counts();
        let bins = if prior.rarity { rules.rarity.bins } else { 1 };
        let bin_of = |count: u32| {
            let share = f64::from(count.max(2)) / rows as f64;
            let bin = ((share / rules.rarity.first).ln() / rules.rarity.step.ln()).floor();
            bin.clamp(0.0, (bins - 1) as f64) as usize
        };
        let mut pairs = vec![0.0; bins];
        let mut shares = vec![0.0; bins];
        let mut of_value = Vec::new();
        for count in &counts {
            let bin = bin_of(*count);
            if bins > 1 {
                of_value.push(bin as u8);
            }
            let count = f64::from(*count);
            pairs[bin] += count * (count - 1.0).max(0.0) / 2.0;
            shares[bin] += count;
        }
        shares[0] += 1e-9;
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all);
        let levels = (0..bins as u8).map(|bin| if bin == 0 { 1 } else { last + bin }).collect();
        Rarity { bins: of_value, levels, pairs, shares, last }
    }

    /// The level of two rows that both have this value.
    pub(super) fn exact_level(&self, id: ValueId) -> u8 {
        self.bins.get(id as usize).map_or(1, |bin| self.levels[*bin as usize])
    }

    /// The levels of exact agreement.
    pub(super) fn exact_levels(&self) -> &[u8] {
        &self.levels
    }

    /// A level without regard to rarity.
    pub(super) fn base_level(&self, level: u8) -> u8 {
        if level > self.last { 1 } else { level }
    }
}
