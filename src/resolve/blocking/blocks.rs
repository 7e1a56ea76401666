//! Blocks of rows that share a key; big ones are split, and what can't be split is thinned.

use super::TruncatedKey;
use super::parts::{Parts, Source};
use crate::rule::{BlockingKey, BlockingRules};

/// A row under one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) hash: u64,
    pub(super) row: u32,
}

/// Rows to be compared with each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) rows: &'a [u32],
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

    pub(super) fn each_pair(&self, mut visit: impl FnMut(u32, u32)) {
        for (index, row) in self.rows.iter().enumerate() {
            self.rows[index + 1..].iter().take(self.reach).for_each(|other| visit(*row, *other));
        }
    }
}

/// The blocks of one key, their rows one after the other.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    rows: Vec<u32>,
    /// Start, length, reach.
    bounds: Vec<(u32, u32, u32)>,
}

impl Blocks {
    fn push(&mut self, rows: impl IntoIterator<Item = u32>, reach: u32) {
        let start = self.rows.len() as u32;
        self.rows.extend(rows);
        self.bounds.push((start, self.rows.len() as u32 - start, reach));
    }

    /// The smallest first: the rarer what rows share, the more it says.
    pub(super) fn by_size(&mut self) -> impl Iterator<Item = Block<'_>> {
        let rows = &self.rows;
        self.bounds.sort_unstable_by_key(|(start, length, _)| (*length, rows[*start as usize], *start));
        self.bounds.iter().map(|(start, length, reach)| Block {
            rows: &rows[*start as usize..(start + length) as usize],
            reach: *reach as usize,
        })
    }
}

/// Reach of a block that is compared whole.
const ALL: u32 = u32::MAX;

/// The blocks of one key.
pub(super) fn blocks_of(
    mut entries: Vec<Entry>,
    key: &BlockingKey,
    rules: &BlockingRules,
    parts: &Parts<'_>,
) -> (Blocks, TruncatedKey) {
    entries.sort_unstable();
    let mut splitter = Splitter {
        cap: if key.weak { rules.largest_weak_block } else { rules.largest_block },
        neighbours: rules.neighbours,
        refine: if key.weak { Vec::new() } else { parts.sources_that_are(&rules.refine) },
        blocks: Blocks::default(),
        truncated: TruncatedKey { key: format!("{:?}", key.parts), ..TruncatedKey::default() },
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

struct Splitter<'a> {
    cap: usize,
    neighbours: u32,
    refine: Vec<Source<'a>>,
    blocks: Blocks,
    truncated: TruncatedKey,
}

impl Splitter<'_> {
    fn split(&mut self, rows: Vec<u32>, level: usize) {
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
        for row in rows {
            let mut hash = 0;
            source.each(row, |own| hash = if hash == 0 { own } else { hash });
            entries.push(Entry { hash, row });
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
    fn a_thinned_block_gives_each_row_its_neighbours() {
        let rows: Vec<u32> = (0..5).collect();
        let block = Block { rows: &rows, reach: 2 };
        let mut pairs = Vec::new();
        block.each_pair(|a, b| pairs.push((a, b)));
        assert_eq!(pairs, [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4)]);
        assert_eq!(block.pairs(), pairs.len());
        assert_eq!(Block { rows: &rows, reach: usize::MAX }.pairs(), 10);
    }
}
