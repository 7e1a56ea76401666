//! Which pairs of rows are compared: those that share a key, up to a budget.

mod blocks;
mod parts;

use rayon::prelude::*;
use serde::Serialize;

use super::compare::Comparer;
use crate::record::{PeopleTable, TableRow};
use crate::rule::{BlockingKey, BlockingRules};
pub use blocks::TruncatedKey;
use blocks::{Block, Blocks, Entry, blocks_of};
use parts::Parts;

/// Two rows, the lower one in the upper half.
pub(super) type Pair = u64;

pub(super) const fn pair(a: TableRow, b: TableRow) -> Pair {
    let (low, high) = if a.0 < b.0 { (a.0, b.0) } else { (b.0, a.0) };
    ((low as u64) << 32) | high as u64
}

pub(super) const fn rows_of(pair: Pair) -> (TableRow, TableRow) {
    (TableRow((pair >> 32) as u32), TableRow(pair as u32))
}

/// What blocking did and left undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BlockingStats {
    /// Different pairs that are compared.
    pub pairs: u64,
    /// Most pairs that may be.
    pub budget: u64,
    /// One entry a key that was not used to its end.
    pub truncated: Vec<TruncatedKey>,
}

/// Keys whose entries are made at one time, whatever the number of threads: bounds memory.
const KEYS_AT_ONCE: usize = 4;

/// The pairs to compare, ascending.
pub(super) fn candidate_pairs(
    table: &PeopleTable,
    comparer: &Comparer<'_>,
    rules: &BlockingRules,
) -> (Vec<Pair>, BlockingStats) {
    let parts = Parts::new(table, comparer);
    let budget = (rules.pairs_a_row * table.len() as u64).max(rules.least_pairs);
    let mut stats = BlockingStats { budget, ..BlockingStats::default() };
    let mut pairs = PairSet { pairs: Vec::new(), sorted: 0, budget: budget as usize };
    let keys: Vec<&BlockingKey> = rules.key.iter().filter(|key| parts.can_make(&key.parts)).collect();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        if pairs.is_used_up() {
            stats.truncated.extend(keys.iter().map(|key| TruncatedKey::unused(key)));
            continue;
        }
        let found: Vec<(Blocks, TruncatedKey)> =
            keys.par_iter().map(|key| blocks_of(entries(table, &parts, key), key, rules, &parts)).collect();
        for (mut blocks, mut truncated) in found {
            let mut left = (budget as f64 * rules.most_of_one_key) as usize;
            for block in blocks.by_size() {
                if block.pairs() > left || !pairs.add(&block) {
                    truncated.beyond_budget += 1;
                } else {
                    left -= block.pairs();
                }
            }
            if truncated.neighbours_only + truncated.left_to_other_keys + truncated.beyond_budget > 0 {
                stats.truncated.push(truncated);
            }
        }
    }
    pairs.settle();
    stats.pairs = pairs.pairs.len() as u64;
    (pairs.pairs, stats)
}

/// Every row's hashes under one key.
fn entries(table: &PeopleTable, parts: &Parts<'_>, key: &BlockingKey) -> Vec<Entry> {
    let sources = parts.sources(&key.parts);
    let mut entries = Vec::with_capacity(table.len());
    // Most keys are made of parts that a row has once.
    if let Some(simple) = sources.iter().map(parts::Source::as_single).collect::<Option<Vec<_>>>() {
        'rows: for row in table.rows() {
            let mut hash = 0;
            for (ids, hashes) in &simple {
                match hashes[ids[row.get()] as usize] {
                    0 => continue 'rows,
                    part => hash = parts::join(hash, part),
                }
            }
            entries.push(Entry { hash, row });
        }
        return entries;
    }
    let mut hashes = Vec::new();
    let (mut before, mut own) = (Vec::new(), Vec::new());
    for row in table.rows() {
        hashes.clear();
        hashes.push(0);
        for source in &sources {
            std::mem::swap(&mut hashes, &mut before);
            hashes.clear();
            own.clear();
            source.fill(row, &mut own);
            own.iter().for_each(|hash| hashes.extend(before.iter().map(|so_far| parts::join(*so_far, *hash))));
            if hashes.is_empty() {
                break;
            }
        }
        if hashes.len() > 1 {
            hashes.sort_unstable();
            hashes.dedup();
        }
        entries.extend(hashes.iter().map(|hash| Entry { hash: *hash, row }));
    }
    entries
}

/// Pairs collected so far; sorted now and then, since most pairs share several keys.
struct PairSet {
    pairs: Vec<Pair>,
    /// So many at the front are sorted and different.
    sorted: usize,
    budget: usize,
}

impl PairSet {
    /// Adds a block's pairs; false where the budget is used up.
    fn add(&mut self, block: &Block<'_>) -> bool {
        let wanted = block.pairs();
        if self.pairs.len() + wanted > self.budget && self.is_worth_settling() {
            self.settle();
        }
        if self.pairs.len() + wanted > self.budget {
            return false;
        }
        block.each_pair(|a, b| self.pairs.push(pair(a, b)));
        true
    }

    /// Pairs come again with every key: some may wait before they are sorted out.
    fn is_worth_settling(&self) -> bool {
        self.pairs.len() - self.sorted > self.budget / 16
    }

    /// Whether what is left of the budget is not worth another key.
    fn is_used_up(&mut self) -> bool {
        if self.is_worth_settling() {
            self.settle();
        }
        self.pairs.len() >= self.budget - self.budget / 64
    }

    fn settle(&mut self) {
        if self.sorted == self.pairs.len() {
            return;
        }
        let mut fresh = self.pairs.split_off(self.sorted);
        fresh.par_sort_unstable();
        fresh.dedup();
        let known = std::mem::take(&mut self.pairs);
        self.pairs = union(&known, &fresh);
        self.sorted = self.pairs.len();
    }
}

/// All of two ascending lists, each once.
fn union(known: &[Pair], fresh: &[Pair]) -> Vec<Pair> {
    let mut all = Vec::with_capacity(known.len() + fresh.len());
    let mut rest = known;
    for pair in fresh {
        let before = rest.iter().take_while(|known| *known < pair).count();
        all.extend_from_slice(&rest[..before]);
        rest = &rest[before..];
        if rest.first() != Some(pair) {
            all.push(*pair);
        }
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_from_both_sides() {
        let (three, seven) = (TableRow(3), TableRow(7));
        assert_eq!(pair(three, seven), pair(seven, three));
        assert_eq!(rows_of(pair(seven, three)), (three, seven));
    }

    #[test]
    fn the_budget_counts_a_pair_once() {
        let mut pairs = PairSet { pairs: Vec::new(), sorted: 0, budget: 3 };
        let block = Block { rows: &[1, 2, 3].map(TableRow), reach: usize::MAX };
        assert!(pairs.add(&block));
        assert!(!pairs.add(&block), "the budget is used up");
        assert_eq!(pairs.pairs.len(), 3);
        assert!(pairs.is_used_up());
    }

    #[test]
    fn a_union_holds_each_pair_once() {
        assert_eq!(union(&[1, 3, 5], &[2, 3, 9]), [1, 2, 3, 5, 9]);
        assert_eq!(union(&[], &[4]), [4]);
        assert_eq!(union(&[4], &[]), [4]);
    }
}
