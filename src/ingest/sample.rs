//! Values of rows spread through a text, for whatever is inferred of its columns.

use super::blocks::{BlockReader, Limits, Piece};
use super::csv::{Block, BlockParser, TableShape, cells_of};
use super::source::{Opened, head};
use crate::record::Samples;

impl Opened {
    /// Values of rows from places spread evenly through the text.
    pub(super) fn sample(&self, shape: &TableShape, wanted: usize) -> Samples {
        const PLACES: u64 = 16;
        let parser = BlockParser { dialect: self.dialect, shape, preview: 0 };
        let per_place = wanted.div_ceil(PLACES as usize).max(1);
        let length = self.text.len().saturating_sub(self.body);
        let mut columns: Vec<Vec<String>> = vec![Vec::new(); shape.width];
        let is_small = length <= self.limits.block_bytes as u64;
        let places = if is_small { 1 } else { PLACES };
        for place in 0..places {
            let from = self.body + length / places * place;
            let Some(block) = self.records_from(from, place > 0) else { continue };
            let batch = parser.parse(block).batch;
            let rows =
                if is_small { spread(batch.len(), wanted) } else { spread(batch.len().min(per_place), per_place) };
            for row in rows {
                for (values, cell) in columns.iter_mut().zip(cells_of(&batch, row)) {
                    values.push(cell.to_owned());
                }
            }
        }
        Samples::new(columns)
    }

    /// Some whole records from `offset` on; from the next line's start where that is in the middle of a text.
    fn records_from(&self, mut offset: u64, in_the_middle: bool) -> Option<Block> {
        if in_the_middle {
            let bytes = head(&self.text, offset, 64 << 10);
            offset += memchr::memchr(self.dialect.terminator, &bytes)? as u64 + 1;
        }
        let block_bytes = if in_the_middle { 64 << 10 } else { self.limits.block_bytes };
        let limits = Limits { block_bytes, ..self.limits };
        let mut reader = BlockReader::new(&self.text, self.dialect, offset, limits);
        match reader.next_piece().ok()?? {
            Piece::Block(block) => Some(block),
            Piece::Unreadable { .. } => None,
        }
    }
}

/// `wanted` indices below `length`, evenly spread.
fn spread(length: usize, wanted: usize) -> impl Iterator<Item = usize> {
    let count = wanted.min(length);
    (0..count).map(move |index| index * length / count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampled_rows_are_spread_evenly() {
        assert_eq!(spread(10, 5).collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
        assert_eq!(spread(3, 5).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(spread(0, 5).count(), 0);
    }
}
