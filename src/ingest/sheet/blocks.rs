//! Several tables on one sheet: which rows and columns belong to the largest, and what is left beside it.

use std::ops::Range;

use crate::record::text_hash;

/// Rows of a sheet without a blank one between.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// 0-based row of the sheet in which it begins.
    pub(super) first_line: u32,
    /// The one in which it ends.
    pub(super) last_line: u32,
    /// Which of the rows that were read it holds.
    rows: Range<u32>,
    /// Rows of one cell at its top.
    captions: u32,
    /// Columns from the first to behind the last that is filled in its first row of several cells.
    head: Range<usize>,
    /// The same of all rows below that.
    body: Range<usize>,
    /// Cells filled.
    cells: u64,
    /// Cells filled in that first row.
    head_cells: usize,
    /// What it says.
    head_hash: u64,
    head_is_data: bool,
    /// Rows below it that look like data.
    data: u32,
}

impl Block {
    /// A block of one row, the `index`-th that was read.
    pub(super) fn new(line: u32, index: u32, cells: &[String], is_data: bool) -> Self {
        let mut block = Block {
            first_line: line,
            last_line: line,
            rows: index..index + 1,
            captions: 0,
            head: 0..0,
            body: 0..0,
            cells: filled(cells) as u64,
            head_cells: 0,
            head_hash: 0,
            head_is_data: false,
            data: 0,
        };
        block.begin(cells, is_data);
        block
    }

    /// Takes a row as the one that may be a header.
    fn begin(&mut self, cells: &[String], is_data: bool) {
        self.head = extent(cells);
        self.body = self.head.end..self.head.start;
        self.head_cells = filled(cells);
        self.head_hash = text_hash(&cells[self.head.clone()].join("\u{1f}"));
        self.head_is_data = is_data;
    }

    /// With one row more.
    pub(super) fn extend(&mut self, line: u32, cells: &[String], is_data: bool) {
        let extent = extent(cells);
        if self.is_caption() && filled(cells) > 1 {
            self.captions = self.len();
            self.begin(cells, is_data);
        } else {
            self.body = self.body.start.min(extent.start)..self.body.end.max(extent.end);
            self.data += u32::from(is_data);
        }
        self.last_line = line;
        self.rows.end += 1;
        self.cells += filled(cells) as u64;
    }

    /// How many of its rows stand above a row of the sheet.
    pub(super) fn rows_above(&self, line: u32) -> u32 {
        line.saturating_sub(self.first_line).min(self.len())
    }

    fn len(&self) -> u32 {
        self.rows.end - self.rows.start
    }

    /// Whether it is a table of its own: a full header that looks like none of its rows, and nothing outside it. A list
    /// with a blank line among its rows is not cut for less, as what is cut off is not read.
    fn begins_table(&self) -> bool {
        self.len() - self.captions > 2
            && self.head.len() > 1
            && self.head_cells == self.head.len()
            && !self.head_is_data
            && self.body.start >= self.head.start
            && self.body.end <= self.head.end
    }

    /// A title, a note or a total: no row of it has more than one cell.
    fn is_caption(&self) -> bool {
        self.cells == u64::from(self.len())
    }

    fn columns(&self) -> Range<usize> {
        self.head.start.min(self.body.start)..self.head.end.max(self.body.end)
    }
}

/// What stands in a column of the sheet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ColumnUse {
    filled: u32,
    first_line: u32,
    last_line: u32,
}

impl ColumnUse {
    /// Notes the filled cells of a row.
    pub(super) fn note(columns: &mut Vec<ColumnUse>, line: u32, cells: &[String]) {
        if columns.len() < cells.len() {
            columns.resize(cells.len(), ColumnUse::default());
        }
        for (column, _) in columns.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            if column.filled == 0 {
                column.first_line = line;
            }
            column.filled += 1;
            column.last_line = line;
        }
    }

    /// Whether nothing is missing between its first and last row.
    fn is_dense(&self) -> bool {
        self.filled == self.last_line - self.first_line + 1
    }
}

/// An area of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Area {
    /// Which of the rows that were read.
    pub(super) rows: Range<u32>,
    /// 0-based rows of the sheet, the last one included.
    pub(super) lines: (u32, u32),
    /// 0-based columns.
    pub(super) columns: Range<usize>,
}

impl Area {
    /// As formulas write it: `A1:C20`.
    pub(super) fn name(&self) -> String {
        let (first, last) = (column_letters(self.columns.start as u32 + 1), column_letters(self.columns.end as u32));
        format!("{first}{}:{last}{}", self.lines.0 + 1, self.lines.1 + 1)
    }

    /// Reads that form; which of the rows that were read it holds is not known yet.
    pub(super) fn parse(text: &str) -> Option<Area> {
        let (from, to) = text.trim().split_once(':')?;
        let ((left, top), (right, bottom)) = (cell_place(from)?, cell_place(to)?);
        (left <= right && top <= bottom).then(|| Area { rows: 0..0, lines: (top, bottom), columns: left..right + 1 })
    }
}

/// 0-based column and row of `C17` or `$C$17`.
fn cell_place(text: &str) -> Option<(usize, u32)> {
    let text = text.replace('$', "").to_ascii_uppercase();
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let column = text.bytes().take(letters).fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    let row: u32 = text[letters..].parse().ok()?;
    Some((column - 1, row.checked_sub(1)?))
}

/// `A` for 1, `AA` for 27.
pub(in crate::ingest) fn column_letters(mut number: u32) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(b'A' + ((number - 1) % 26) as u8);
        number = (number - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The area of the largest table, and those of the others.
pub(super) fn largest_table(blocks: &[Block], columns: &[ColumnUse]) -> Option<(Area, Vec<Area>)> {
    let mut tables = stacked(blocks);
    let (largest, _) = tables.iter().enumerate().max_by_key(|(index, table)| (table.1, std::cmp::Reverse(*index)))?;
    let main = tables.remove(largest).0;
    let mut others: Vec<Area> = tables.into_iter().map(|(area, _)| area).collect();
    if !others.is_empty() {
        return Some((main, others));
    }
    let (main, beside) = side_by_side(main, columns);
    others.extend(beside);
    Some((main, others))
}

/// Tables one below the other, each with its number of cells. What stands above the first belongs to it.
fn stacked(blocks: &[Block]) -> Vec<(Area, u64)> {
    let mut tables: Vec<(Area, u64)> = Vec::new();
    // The header of the table that goes on, once it has one.
    let mut header: Option<(Range<usize>, u64)> = None;
    let mut captions = 0;
    for (index, block) in blocks.iter().enumerate() {
        let begins = block.begins_table();
        let is_other = begins
            && header.as_ref().is_some_and(|(columns, hash)| {
                let is_narrow = block.head.len() * 2 <= columns.len();
                *columns != block.head && *hash != block.head_hash && (block.data > 0 || is_narrow)
            });
        if begins && (header.is_none() || is_other) {
            header = Some((block.head.clone(), block.head_hash));
        }
        match tables.last_mut() {
            Some((area, cells)) if !is_other => {
                area.rows.end = block.rows.end;
                area.lines.1 = block.last_line;
                let columns = block.columns();
                area.columns = area.columns.start.min(columns.start)..area.columns.end.max(columns.end);
                *cells += block.cells;
            }
            last => {
                let first = &blocks[index - captions];
                if let Some((area, cells)) = last
                    && captions > 0
                {
                    // A title right above a table is that table's.
                    area.rows.end = first.rows.start;
                    area.lines.1 = blocks[index - captions - 1].last_line;
                    *cells -= blocks[index - captions..index].iter().map(|block| block.cells).sum::<u64>();
                }
                let lines = (first.first_line, block.last_line);
                tables.push((
                    Area { rows: first.rows.start..block.rows.end, lines, columns: block.columns() },
                    block.cells,
                ));
            }
        }
        captions = if block.is_caption() { captions + 1 } else { 0 };
    }
    tables
}

/// A small table beside a large one: parted from it by a blank column, at least two columns wide, without a gap, and
/// ending before half of the other's rows.
fn side_by_side(main: Area, columns: &[ColumnUse]) -> (Area, Vec<Area>) {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for column in main.columns.clone().filter(|column| columns[*column].filled > 0) {
        match groups.last_mut().filter(|group| group.end == column) {
            Some(group) => group.end += 1,
            None => groups.push(column..column + 1),
        }
    }
    let cells =
        |group: &Range<usize>| columns[group.clone()].iter().map(|column| u64::from(column.filled)).sum::<u64>();
    let Some(largest) = groups.iter().max_by_key(|group| cells(group)).cloned() else { return (main, Vec::new()) };
    let longest = columns[largest.clone()].iter().map(|column| column.filled).max().unwrap_or(0);
    let is_apart = |group: &Range<usize>| {
        let own = &columns[group.clone()];
        group.len() > 1
            && own.iter().all(|column| column.is_dense() && column.filled > 2 && column.filled * 2 < longest)
    };
    let is_outside = |group: &&Range<usize>| **group != largest && is_apart(group);
    // Only what stands at an end can be left out without leaving a hole.
    let left = groups.iter().take_while(is_outside).count();
    let right = groups.iter().rev().take_while(is_outside).count();
    let kept = &groups[left..groups.len() - right];
    let area_of = |group: &Range<usize>| {
        let own = &columns[group.clone()];
        let top = own.iter().map(|column| column.first_line).min().unwrap_or(0);
        let bottom = own.iter().map(|column| column.last_line).max().unwrap_or(0);
        Area { rows: main.rows.clone(), lines: (top, bottom), columns: group.clone() }
    };
    let others = groups[..left].iter().chain(&groups[groups.len() - right..]).map(area_of).collect();
    let columns = kept.first().map_or(0, |group| group.start)..kept.last().map_or(0, |group| group.end);
    (Area { columns, ..main }, others)
}

fn extent(cells: &[String]) -> Range<usize> {
    let first = cells.iter().position(|cell| !cell.is_empty()).unwrap_or(0);
    let last = cells.iter().rposition(|cell| !cell.is_empty()).map_or(first, |last| last + 1);
    first..last
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}
