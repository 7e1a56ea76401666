//! Puts the cells of a sheet, which come in reading order, together to rows.

use std::collections::BTreeMap;
use std::ops::Range;

use calamine::Dimensions;

use super::blocks::{Block, ColumnUse};
use crate::ingest::canonical::{CanonicalWriter, Room};
use crate::ingest::error::IngestError;
use crate::ingest::foreign::damaged;
use crate::ingest::layout::looks_like_data;
use crate::record::LineNumber;

/// The rows of a sheet that hold anything, and how they lie on it.
pub(super) struct Rows {
    format: &'static str,
    /// All that was read.
    pub(super) table: CanonicalWriter,
    /// Rows without a blank one between.
    pub(super) blocks: Vec<Block>,
    /// What stands in each column of the sheet.
    pub(super) columns: Vec<ColumnUse>,
    /// Cells that got the value of the merged cell of which they are a part.
    pub(super) spread: u64,
    merged: MergedCells,
    cells: Vec<String>,
    /// Bytes of the row's cells, and how many a row may have.
    bytes: usize,
    longest: usize,
    row: u64,
    begun_data: bool,
}

impl Rows {
    pub(super) fn new(format: &'static str, merged: Vec<Dimensions>, longest: usize, room: Room) -> Self {
        Rows {
            format,
            table: CanonicalWriter::new(room),
            blocks: Vec::new(),
            columns: Vec::new(),
            spread: 0,
            merged: MergedCells::new(merged),
            cells: Vec::new(),
            bytes: 0,
            longest,
            row: 0,
            begun_data: false,
        }
    }

    /// The 1-based row that is being read; 0 before the first.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Adds a cell at a 0-based place.
    pub(super) fn cell(
        &mut self,
        (row, column): (u32, u32),
        write: impl FnOnce(&mut String),
    ) -> Result<(), IngestError> {
        let (row, column) = (u64::from(row) + 1, column as usize);
        if row < self.row {
            return Err(damaged(self.format, Some(row), "its rows are out of order"));
        }
        if column >= COLUMNS {
            return Err(damaged(self.format, Some(row), "it has cells beyond the last column of a sheet"));
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        if column >= self.cells.len() {
            self.cells.resize(column + 1, String::new());
        }
        let cell = &mut self.cells[column];
        self.bytes -= cell.len();
        cell.clear();
        // Of a row that is too long so much is kept that this is seen: a few bytes of a workbook can stand for one text in
        // thousands of cells.
        if self.bytes <= self.longest {
            write(cell);
            if cell.len() > self.longest {
                cell.truncate(cell.ceil_char_boundary(self.longest + 1));
                cell.shrink_to_fit();
            }
            self.bytes += cell.len();
        }
        Ok(())
    }

    /// Which of the rows that were read stand in these rows of the sheet, the last one included.
    pub(super) fn between(&self, (first, last): (u32, u32)) -> Range<u32> {
        let below = |line: u32| self.blocks.iter().map(|block| block.rows_above(line)).sum::<u32>();
        below(first)..below(last.saturating_add(1)).max(below(first))
    }

    /// Takes what was added since as one row; a row without anything is none.
    pub(super) fn end_row(&mut self) -> Result<(), IngestError> {
        let width = width_of(&self.cells);
        if width > 0 {
            let is_data = looks_like_data(&self.cells[..width]);
            self.begun_data |= is_data;
            let line = self.row.saturating_sub(1) as u32;
            // A merged title is one cell; a merged cell among customers stands for each of its rows.
            if self.begun_data {
                self.spread += self.merged.spread(line, &mut self.cells);
            }
            let cells = &self.cells[..width_of(&self.cells)];
            self.table.push(LineNumber::from_index(line), cells)?;
            match self.blocks.last_mut().filter(|block| block.last_line + 1 == line) {
                Some(block) => block.extend(line, cells, is_data),
                None => self.blocks.push(Block::new(line, self.table.rows() - 1, cells, is_data)),
            }
            ColumnUse::note(&mut self.columns, line, cells);
        }
        if self.bytes > KEPT {
            self.cells.clear();
        }
        self.cells.iter_mut().for_each(String::clear);
        self.bytes = 0;
        Ok(())
    }
}

fn width_of(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// As many as a sheet can have (ECMA-376 part 1, 18.3.1.73 with Excel's limits).
const COLUMNS: usize = 16_384;

/// Room for the cells of a row that is kept for the next one.
const KEPT: usize = 1 << 20;

/// Cells that span several rows, of which the sheet holds the value at the topmost alone.
struct MergedCells {
    /// By the row in which they begin.
    coming: BTreeMap<u32, Vec<Dimensions>>,
    /// Those that go on in the next row, by column: the last row, and the value.
    open: BTreeMap<usize, (u32, String)>,
}

impl MergedCells {
    fn new(merged: Vec<Dimensions>) -> Self {
        let mut coming: BTreeMap<u32, Vec<Dimensions>> = BTreeMap::new();
        for area in merged.into_iter().filter(|area| area.end.0 > area.start.0) {
            coming.entry(area.start.0).or_default().push(area);
        }
        MergedCells { coming, open: BTreeMap::new() }
    }

    /// Writes the values of the merged cells that reach into a row, and says how many.
    fn spread(&mut self, row: u32, cells: &mut Vec<String>) -> u64 {
        self.open.retain(|_, (last, _)| *last >= row);
        let mut count = 0;
        for (&column, (_, value)) in &self.open {
            if column >= cells.len() {
                cells.resize(column + 1, String::new());
            }
            if cells[column].is_empty() {
                cells[column].push_str(value);
                count += 1;
            }
        }
        for area in self.coming.remove(&row).unwrap_or_default() {
            let column = area.start.1 as usize;
            let value = cells.get(column).filter(|value| !value.is_empty());
            self.open.extend(value.map(|value| (column, (area.end.0, value.clone()))));
        }
        count
    }
}
