//! `RawBatch`: a block of rows as the source wrote them.

use crate::finding::{Code, ColumnIndex, LineNumber, RecordPlace, RowNumber};

/// A range of bytes in a batch's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A record that could not be read as a row; kept with its reason and its text, never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number among the source's records.
    pub row: RowNumber,
    /// The line in which it starts.
    pub line: LineNumber,
    /// Where it starts: byte offset in the source's (decoded) text.
    pub offset: u64,
    /// Length in bytes; may be more than `raw` holds.
    pub length: u64,
    /// Why: one of the `row.*` codes.
    pub code: Code,
    /// The record as written, cut off after some kilobytes.
    pub raw: String,
}

impl Quarantined {
    /// Its number and its line.
    pub fn place(&self) -> RecordPlace {
        RecordPlace { row: self.row, line: self.line }
    }
}

/// Rows as `ingest` read them. Only `ingest` makes one; every later stage starts from it.
#[derive(Debug, Clone, Default)]
pub struct RawBatch {
    text: String,
    offset: u64,
    width: usize,
    cells: Vec<Span>,
    rows: Vec<Span>,
    numbers: Vec<RowNumber>,
    lines: Vec<LineNumber>,
    named: usize,
    short: Vec<u32>,
    uneven: Vec<u32>,
    /// Length of the block's own text; unquoted cells stand behind it.
    block: usize,
}

impl RawBatch {
    /// The block's text as it was read.
    pub fn text(&self) -> &str {
        &self.text[..self.block]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The cell as the source holds it, quotes undone.
    pub fn cell(&self, row: usize, column: ColumnIndex) -> &str {
        let span = self.cells[row * self.width + column.as_usize()];
        &self.text[span.start as usize..span.end as usize]
    }

    /// The whole record as written, without its line end.
    pub fn record(&self, row: usize) -> &str {
        let span = self.rows[row];
        &self.text[span.start as usize..span.end as usize]
    }

    /// Where the record starts in the source's (decoded) text, in bytes.
    pub fn record_offset(&self, row: usize) -> u64 {
        self.offset + u64::from(self.rows[row].start)
    }

    /// The record's number in its source.
    pub fn number(&self, row: usize) -> RowNumber {
        self.numbers[row]
    }

    /// The line of the source in which the record starts.
    pub fn line(&self, row: usize) -> LineNumber {
        self.lines[row]
    }

    /// Its number and its line.
    pub fn place(&self, row: usize) -> RecordPlace {
        RecordPlace { row: self.numbers[row], line: self.lines[row] }
    }

    /// Turns lines of the block into lines of the source.
    #[cfg(feature = "app")]
    pub(crate) fn place_lines(&mut self, place: impl Fn(LineNumber) -> LineNumber) {
        for line in &mut self.lines {
            *line = place(*line);
        }
    }

    /// Turns numbers that count from the block's first record into numbers in the source; `number` gets a 0-based
    /// index in the block.
    #[cfg(feature = "app")]
    pub(crate) fn renumber(&mut self, number: impl Fn(u32) -> RowNumber) {
        for own in &mut self.numbers {
            *own = number(own.number() - 1);
        }
    }

    /// Rows (counted in this batch) that had fewer cells than the header has names; the missing ones read as empty.
    pub fn short_rows(&self) -> &[u32] {
        &self.short
    }

    /// Rows that were written with more or fewer cells than the header has; their text as it stands is no row of the table.
    pub fn uneven_rows(&self) -> &[u32] {
        &self.uneven
    }
}

/// Fills a [`RawBatch`] row by row.
#[derive(Debug)]
pub struct RawBatchBuilder {
    batch: RawBatch,
}

impl RawBatchBuilder {
    /// For a block of text that starts `offset` bytes into the source, `width` columns wide.
    pub(crate) fn new(text: String, offset: u64, width: usize) -> Self {
        let rows = text.len() / 96;
        RawBatchBuilder {
            batch: RawBatch {
                offset,
                width,
                cells: Vec::with_capacity(rows * width),
                rows: Vec::with_capacity(rows),
                numbers: Vec::with_capacity(rows),
                lines: Vec::with_capacity(rows),
                named: width,
                short: Vec::new(),
                uneven: Vec::new(),
                block: text.len(),
                text,
            },
        }
    }

    /// How many columns there are up to the last one that has a name; a row that ends there is not short.
    #[cfg(feature = "app")]
    pub(crate) fn named(mut self, named: usize) -> Self {
        self.batch.named = named;
        self
    }

    /// The block's text, for the reader that is finding cells in it.
    #[cfg(feature = "app")]
    pub(crate) fn text(&self) -> &str {
        &self.batch.text
    }

    /// Keeps an unquoted form of a cell behind the block's text and says where.
    #[cfg(feature = "app")]
    pub(crate) fn push_unquoted(&mut self, cell: &str) -> Span {
        let start = self.batch.text.len() as u32;
        self.batch.text.push_str(cell);
        Span { start, end: self.batch.text.len() as u32 }
    }

    /// Adds a row; missing cells read as empty, and the row is remembered as short. Extra cells are the caller's to refuse.
    pub(crate) fn push_row(&mut self, number: RowNumber, line: LineNumber, record: Span, cells: &[Span]) {
        debug_assert!(cells.len() <= self.batch.width);
        self.batch.cells.extend_from_slice(cells);
        if cells.len() < self.batch.width {
            if cells.len() < self.batch.named {
                self.batch.short.push(self.batch.rows.len() as u32);
            }
            let missing = self.batch.width - cells.len();
            self.batch.cells.extend(std::iter::repeat_n(Span::default(), missing));
        }
        self.batch.rows.push(record);
        self.batch.numbers.push(number);
        self.batch.lines.push(line);
    }

    /// With how many cells the last row was written.
    #[cfg(feature = "app")]
    pub(crate) fn note_width(&mut self, written: usize) {
        if written != self.batch.width {
            self.batch.uneven.push(self.batch.rows.len().saturating_sub(1) as u32);
        }
    }

    /// The finished batch.
    pub(crate) fn finish(self) -> RawBatch {
        self.batch
    }
}
