//! Blocks of rows that share a key; big ones are split, and what can't be split is thinned.

use serde::Serialize;

use super::parts::{Parts, Source};
use crate::record::TableRow;
use crate::rule::{BlockingKey, BlockingRules};

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
    /// The budget was used up before this key's turn came: its blocks were not even made.
    pub is_unused: bool,
}

impl TruncatedKey {
    pub(super) fn of(key: &BlockingKey) -> Self {
        TruncatedKey { key: format!("{:?}", key.parts), ..TruncatedKey::default() }
    }

    pub(super) fn unused(key: &BlockingKey) -> Self {
        TruncatedKey { is_unused: true, ..TruncatedKey::of(key) }
    }
}

/// A row under one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) hash: u64,
    pub(super) row: TableRow,
}

/// Rows to be compared with each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) rows: &'a [TableRow],
    /// Each row is compared with so many rows after it.
    pub(super) reach: usize,
}

impl Block<'_> {
    /// How many pairs it gives.
    pub(super) fn pairs(&self) -> usize {
        let rows = self.rows.len();
        let reach = self.reach.min(rows.saturating_sub(1));
        reach * rows - reach * (reach + 1) / 2
    }

    pub(super) fn each_pair(&self, mut visit: impl FnMut(TableRow, TableRow)) {
        for (index, row) in self.rows.iter().enumerate() {
            self.rows[index + 1..].iter().take(self.reach).for_each(|other| visit(*row, *other));
        }
    }
}

/// Where a block stands. Ordered by size, then by first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bounds {
    length: u32,
    first: TableRow,
    start: u32,
    reach: u32,
}

/// The blocks of one key, their rows one after the other.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    rows: Vec<TableRow>,
    bounds: Vec<Bounds>,
}

impl Blocks {
    fn push(&mut self, rows: impl IntoIterator<Item = TableRow>, reach: u32) {
        let start = self.rows.len() as u32;
        self.rows.extend(rows);
        let Some(first) = self.rows.get(start as usize) else { return };
        self.bounds.push(Bounds { length: self.rows.len() as u32 - start, first: *first, start, reach });
    }

    /// The smallest first: the rarer what rows share, the more it says.
    pub(super) fn by_size(&mut self) -> impl Iterator<Item = Block<'_>> {
        let rows = &self.rows;
        self.bounds.sort_unstable();
        self.bounds.iter().map(|own| Block {
            rows: &rows[own.start as usize..(own.start + own.length) as usize],
            reach: own.reach as usize,
        })
    }
}

/// Reach of a block that is compared whole.
const ALL: u32 = u32::MAX;

/// The blocks of one key.
pub(super) fn blocks_of(
    entries: Vec<Entry>,
    key: &BlockingKey,
    rules: &BlockingRules,
    parts: &Parts<'_>,
) -> (Blocks, TruncatedKey) {
    let entries = in_order(entries);
    let mut splitter = Splitter {
        cap: if key.weak { rules.largest_weak_block } else { rules.largest_block },
        neighbours: rules.neighbours,
        refine: if key.weak { Vec::new() } else { parts.sources_that_are(&rules.refine) },
        blocks: Blocks::default(),
        truncated: TruncatedKey::of(key),
    };
    for group in entries.chunk_by(|a, b| a.hash == b.hash).filter(|group| group.len() > 1) {
        if group.len() <= splitter.cap {
            splitter.blocks.push(group.iter().map(|entry| entry.row), ALL);
        } else if key.weak {
            splitter.truncated.left_to_other_keys += 1;
        } else {
            splitter.split(group.iter().map(|entry| entry.row).collect(), 0);
        }
    }
    (splitter.blocks, splitter.truncated)
}

/// Entries in ascending order, without most of those whose hash no other row has. The upper bits of a hash say where an entry
/// goes, so that only the few that meet there are left to sort.
fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let bits = (entries.len() as u64).next_power_of_two().trailing_zeros().clamp(8, 20);
    let slot = |entry: &Entry| (entry.hash >> (64 - bits)) as usize;
    let mut places = vec![0u32; 1 << bits];
    entries.iter().for_each(|entry| places[slot(entry)] += 1);
    let mut kept = 0;
    for place in &mut places {
        let count = if *place > 1 { *place } else { 0 };
        *place = if count > 0 { kept } else { LONE };
        kept += count;
    }
    let mut ordered = vec![Entry { hash: 0, row: TableRow(0) }; kept as usize];
    for entry in entries {
        let place = &mut places[slot(&entry)];
        if *place != LONE {
            ordered[*place as usize] = entry;
            *place += 1;
        }
    }
    let mut start = 0;
    for end in places.into_iter().filter(|end| *end != LONE) {
        ordered[start..end as usize].sort_unstable();
        start = end as usize;
    }
    ordered
}

/// Stands for the place of an entry that no other meets.
const LONE: u32 = u32::MAX;

struct Splitter<'a> {
    cap: usize,
    neighbours: u32,
    refine: Vec<Source<'a>>,
    blocks: Blocks,
    truncated: TruncatedKey,
}

impl Splitter<'_> {
    fn split(&mut self, rows: Vec<TableRow>, level: usize) {
        if rows.len() < 2 {
            return;
        }
        if rows.len() <= self.cap {
            return self.blocks.push(rows, ALL);
        }
        let Some(source) = self.refine.get(level) else {
            self.truncated.neighbours_only += 1;
            self.truncated.rows += rows.len() as u64;
            return self.blocks.push(rows, self.neighbours);
        };
        // Rows that lack the part stay together.
        let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
        let mut own = Vec::new();
        for row in rows {
            own.clear();
            source.fill(row, &mut own);
            entries.push(Entry { hash: own.first().copied().unwrap_or_default(), row });
        }
        entries.sort_unstable();
        for group in entries.chunk_by(|a, b| a.hash == b.hash) {
            self.split(group.iter().map(|entry| entry.row).collect(), level + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_order_and_lone_ones_go() {
        let entry = |hash: u64, row| Entry { hash: crate::record::mix(hash), row };
        let mut entries: Vec<Entry> = (0..5000).map(|row| entry(u64::from(row) % 1700, TableRow(row))).collect();
        let ordered = in_order(entries.clone());
        entries.sort_unstable();
        assert_eq!(ordered, entries);
        assert!(in_order(vec![entry(1, TableRow(0)), entry(2, TableRow(1))]).is_empty());
    }

    #[test]
    fn a_thinned_block_gives_each_row_its_neighbours() {
        let rows: Vec<TableRow> = TableRow::first(5).collect();
        let block = Block { rows: &rows, reach: 2 };
        let mut pairs = Vec::new();
        block.each_pair(|a, b| pairs.push((a.0, b.0)));
        assert_eq!(pairs, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4)]);
        assert_eq!(block.pairs(), pairs.len());
        assert_eq!(Block { rows: &rows, reach: usize::MAX }.pairs(), 10);
    }
}
