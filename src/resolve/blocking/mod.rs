//! Which pairs of rows are compared: those that share a key, up to a budget.

mod blocks;
mod parts;

use rayon::prelude::*;
use serde::Serialize;

use super::compare::Comparer;
use crate::record::PeopleTable;
use crate::rule::{BlockingKey, BlockingRules};
use blocks::{Block, Blocks, Entry, blocks_of};
use parts::Parts;

/// Two rows, the lower one in the upper half.
pub(super) type Pair = u64;

pub(super) const fn pair(a: u32, b: u32) -> Pair {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    ((low as u64) << 32) | high as u64
}

pub(super) const fn rows_of(pair: Pair) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// What blocking did and left undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BlockingAccount {
    /// Different pairs that are compared.
    pub pairs: u64,
    /// Most pairs that may be.
    pub budget: u64,
    /// One entry a key that was not used to its end.
    pub truncated: Vec<TruncatedKey>,
}

/// Blocks of one key that were not compared pair by pair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TruncatedKey {
    /// The key's parts.
    pub key: String,
    /// Blocks too big even after splitting: rows were compared with some neighbours only.
    pub neighbours_only: u64,
    /// Rows in them.
    pub rows: u64,
    /// Big blocks of a weak key, left to stronger keys.
    pub left_to_other_keys: u64,
    /// Blocks for which the budget did not suffice.
    pub beyond_budget: u64,
}

/// Keys whose entries are made at one time, whatever the number of threads: bounds memory.
const KEYS_AT_ONCE: usize = 4;

/// The pairs to compare, ascending.
pub(super) fn candidate_pairs(
    table: &PeopleTable,
    comparer: &Comparer<'_>,
    rules: &BlockingRules,
) -> (Vec<Pair>, BlockingAccount) {
    let parts = Parts::new(table, comparer);
    let budget = (rules.pairs_a_row * table.len() as u64).max(rules.least_pairs);
    let mut account = BlockingAccount { budget, ..BlockingAccount::default() };
    let mut pairs = PairSet { pairs: Vec::new(), sorted: 0, budget: budget as usize };
    let keys: Vec<&BlockingKey> = rules.key.iter().filter(|key| parts.can_make(&key.parts)).collect();
    for keys in keys.chunks(KEYS_AT_ONCE) {
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
                account.truncated.push(truncated);
            }
        }
    }
    pairs.settle();
    account.pairs = pairs.pairs.len() as u64;
    (pairs.pairs, account)
}

/// Every row's hashes under one key, those that only one row has left out.
fn entries(table: &PeopleTable, parts: &Parts<'_>, key: &BlockingKey) -> Vec<Entry> {
    let sources = parts.sources(&key.parts);
    let mut entries = Vec::with_capacity(table.len());
    // Most keys are made of parts that a row has once.
    if let Some(simple) = sources.iter().map(parts::Source::as_single).collect::<Option<Vec<_>>>() {
        'rows: for row in 0..table.len() as u32 {
            let mut hash = 0;
            for (ids, hashes) in &simple {
                match hashes[ids[row as usize] as usize] {
                    0 => continue 'rows,
                    part => hash = parts::join(hash, part),
                }
            }
            entries.push(Entry { hash, row });
        }
        return without_lone(entries);
    }
    let mut hashes = Vec::new();
    let mut before = Vec::new();
    for row in 0..table.len() as u32 {
        hashes.clear();
        hashes.push(0);
        for source in &sources {
            std::mem::swap(&mut hashes, &mut before);
            hashes.clear();
            source.each(row, |hash| hashes.extend(before.iter().map(|so_far| parts::join(*so_far, hash))));
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
    without_lone(entries)
}

/// Most rows share most keys with nobody; a small table of counts sets these aside before anything is sorted.
fn without_lone(mut entries: Vec<Entry>) -> Vec<Entry> {
    let slots = (entries.len() * 2).next_power_of_two().max(1024);
    let slot = |entry: &Entry| (entry.hash >> 20) as usize & (slots - 1);
    let mut seen = vec![0u8; slots];
    for entry in &entries {
        let count = &mut seen[slot(entry)];
        *count = count.saturating_add(1);
    }
    entries.retain(|entry| seen[slot(entry)] > 1);
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
        // Known pairs come again with every key: half a budget of them may wait before they are sorted out.
        if self.pairs.len() - self.sorted > self.budget / 2 {
            self.settle();
        }
        if self.sorted + block.pairs() > self.budget {
            return false;
        }
        block.each_pair(|a, b| self.pairs.push(pair(a, b)));
        true
    }

    fn settle(&mut self) {
        if self.sorted < self.pairs.len() {
            self.pairs.par_sort_unstable();
            self.pairs.dedup();
            self.sorted = self.pairs.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_from_both_sides() {
        assert_eq!(pair(3, 7), pair(7, 3));
        assert_eq!(rows_of(pair(7, 3)), (3, 7));
    }

    #[test]
    fn the_budget_counts_a_pair_once() {
        let mut pairs = PairSet { pairs: Vec::new(), sorted: 0, budget: 3 };
        let block = Block { rows: &[1, 2, 3], reach: usize::MAX };
        assert!(pairs.add(&block));
        assert!(!pairs.add(&block), "the budget is used up");
        assert_eq!(pairs.pairs.len(), 3);
    }
}
