//! How rare a value is, as levels of "exact", so that vectors stay few.
//!
//! What a short list does not show, the shipped lists of names do: they count as so many rows, and pairs of rows, more.

use unicode_script::{Script, UnicodeScript};

use super::own_rows::OwnRows;
use crate::record::{Field, ValueColumn, ValueId};
use crate::rule::{ModelRules, NameKind, NameLists};

/// Levels of equal values of one field, and how many pairs and rows there are at each.
#[derive(Debug)]
pub(super) struct Rarity {
    /// By value; empty where rarity does not count in this field.
    bins: Vec<u8>,
    /// Level of each bin.
    levels: Vec<u8>,
    /// Pairs of all rows that agree, by bin.
    pub(super) pairs: Vec<f64>,
    /// Share of the pairs of unrelated people anywhere that agree, by bin.
    pub(super) anywhere: Vec<f64>,
    /// Share of the rows that have a value, by bin.
    pub(super) shares: Vec<f64>,
    /// Last level that is not one of rarity.
    last: u8,
}

impl Rarity {
    pub(super) fn new(column: &ValueColumn, own: &OwnRows, rules: &ModelRules, lists: &NameLists) -> Self {
        let rows = own.len();
        let prior = &rules.field[&column.field];
        let last = prior.levels.len() as u8;
        let counts = own.counts(column);
        let kind = listed(column.field);
        let bins = if prior.rarity { rules.rarity.bins } else { 1 };
        let of_share = |share: f64| {
            let bin = ((share / rules.rarity.first).ln() / rules.rarity.step.ln()).floor();
            bin.clamp(0.0, (bins - 1) as f64) as usize
        };
        let shipped = rules.shipped.rows;
        let of_value = |(id, count): (ValueId, u32)| {
            let anywhere = kind.map_or(0.0, |kind| lists.share(kind, column.values.value(id)));
            of_share((f64::from(count.max(2)) + shipped * anywhere) / (rows as f64 + shipped))
        };
        let of_values: Vec<usize> =
            if bins > 1 { (0..).zip(counts.iter().copied()).map(of_value).collect() } else { Vec::new() };
        let mut pairs = vec![0.0; bins];
        let mut shares = vec![0.0; bins];
        for (id, count) in counts.iter().enumerate() {
            let bin = of_values.get(id).copied().unwrap_or(0);
            let count = f64::from(*count);
            pairs[bin] += count * (count - 1.0).max(0.0) / 2.0;
            shares[bin] += count;
        }
        shares[0] += 1e-9;
        let all: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= all);
        let mut anywhere: Vec<f64> = shares.iter().map(|share| share * prior.u[0]).collect();
        if let Some(kind) = kind {
            anywhere.fill(0.0);
            for (script, share_of_rows) in scripts(column, &counts) {
                for share in lists.shares(kind, script) {
                    anywhere[of_share(shipped * share / (rows as f64 + shipped))] += (share_of_rows * share).powi(2);
                }
            }
        }
        let levels = (0..bins as u8).map(|bin| if bin == 0 { 1 } else { last + bin }).collect();
        Rarity { bins: of_values.iter().map(|bin| *bin as u8).collect(), levels, pairs, anywhere, shares, last }
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

/// Which list of names knows the values of a field.
const fn listed(field: Field) -> Option<NameKind> {
    match field {
        Field::FirstName | Field::MiddleName | Field::FatherName => Some(NameKind::Given),
        Field::LastName => Some(NameKind::Family),
        _ => None,
    }
}

/// The scripts of a column, and what share of its rows is written in each.
fn scripts(column: &ValueColumn, counts: &[u32]) -> Vec<(Script, f64)> {
    let mut scripts: Vec<(Script, f64)> = Vec::new();
    for (id, count) in (0..).zip(counts) {
        let Some(letter) = column.values.value(id).chars().next() else { continue };
        match scripts.iter_mut().find(|(script, _)| *script == letter.script()) {
            Some((_, rows)) => *rows += f64::from(*count),
            None => scripts.push((letter.script(), f64::from(*count))),
        }
    }
    let all: f64 = scripts.iter().map(|(_, rows)| rows).sum();
    scripts.iter_mut().for_each(|(_, rows)| *rows /= all.max(1.0));
    scripts
}
