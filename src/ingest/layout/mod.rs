//! Where the table is in a text: its header, below titles and notes, perhaps of two lines, and its rows.

mod above;
mod below;
mod header;
mod kind;
mod names;
mod tables;
mod top;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) use above::{LineAbove, lines_above};
pub(super) use below::footers;
use header::{Header, HeaderFinder, NoHeader};
pub(in crate::ingest) use kind::looks_like_data;
use names::{named_width, unique, widened};
pub(super) use tables::OtherTable;
use tables::{Table, has_gap, tables};
use top::{Columns, Line, read_lines};

use super::csv::{AsideLines, Dialect, Judged, TableShape, as_written};
use crate::finding::Code;
use crate::rule::{ColumnRules, LayoutRules};
use crate::text::without_guard;

/// What the user said of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderAt {
    /// Nothing: it is looked for.
    Found,
    /// It is the first line of the text that is read.
    First,
    /// There is none.
    Nowhere,
}

/// Where a table is.
#[derive(Debug)]
pub(super) struct Layout {
    /// Names of all columns, each once.
    pub(super) names: Vec<String>,
    /// Where the header starts, in bytes from where the reading began; the first row where there is none.
    pub(super) header: usize,
    /// Where the first record behind it starts.
    pub(super) body: usize,
    /// Lines with something in them above the header.
    pub(super) above: usize,
    /// What its records are held against; known places count from where the reading began.
    pub(super) shape: TableShape,
    /// Other tables above and below this one; their lines are set aside.
    pub(super) others: Vec<OtherTable>,
}

/// Why no table was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoTable {
    /// There is nothing.
    Empty,
    /// A quote above the rows does not close, or a line is too long.
    Unreadable,
    /// Rows begin at once, or so many bytes from where the reading began, and nothing above them is a header.
    NoHeader(Option<usize>),
}

/// What decides where a table is.
pub(super) struct LayoutFinder<'a> {
    pub(super) dialect: Dialect,
    pub(super) columns: &'a ColumnRules,
    pub(super) rules: &'a LayoutRules,
}

impl Layout {
    /// Sets aside what stands above a header that the user named, where that is more than titles: from `lines`, which are all of the
    /// text before the header, `above` bytes of it, on. Places then count from there.
    pub(super) fn set_aside_above(&mut self, lines: &[LineAbove], above: usize, header: &[u8], dialect: Dialect) {
        let Some(row) = lines.iter().position(|line| line.is_row) else {
            self.above += lines.iter().filter(|line| !line.is_blank).count();
            return;
        };
        // The header of those rows is the full line right above them.
        let first = row - lines[..row].iter().rev().take_while(|line| line.filled > 1).count();
        let begin = lines[first].start;
        let aside = lines[first..].iter().filter(|line| !line.is_blank);
        let aside = aside.map(|line| (line.start as u64, Judged::Aside(Code::RowOtherTable)));
        let own = read_lines(header, dialect, usize::MAX, false);
        let own = own.iter().map(|line| ((above + line.start) as u64, Judged::Header));
        let below = self.shape.known.iter().map(|(place, judged)| (above as u64 + place, *judged));
        self.shape.known = aside.chain(own).chain(below).collect();
        let last = lines[first..].iter().rfind(|line| !line.is_blank).map_or(begin, |line| line.start);
        let rows = lines[first..].iter().filter(|line| !line.is_blank).count();
        self.others.push(OtherTable { header: begin, last, rows });
        self.above += lines[..first].iter().filter(|line| !line.is_blank).count();
        self.header += above;
        self.body = begin;
    }
}

impl LayoutFinder<'_> {
    /// Finds the table of a text, of which `bytes` are the first; `is_cut` where there are more. Of several, one below another,
    /// the largest is read.
    pub(super) fn find(&self, bytes: &[u8], is_cut: bool, at: HeaderAt) -> Result<Layout, NoTable> {
        if at == HeaderAt::Found
            && has_gap(bytes, self.dialect)
            && let Some(layout) = self.largest(bytes, is_cut)
        {
            return Ok(layout);
        }
        self.only(&read_lines(bytes, self.dialect, self.rules.top_lines, is_cut), at)
    }

    /// The largest of several tables; none where there are not several, or it can't be read.
    fn largest(&self, bytes: &[u8], is_cut: bool) -> Option<Layout> {
        let finder = HeaderFinder { columns: self.columns, rules: self.rules };
        let lines = read_lines(bytes, self.dialect, usize::MAX, is_cut);
        let tables = tables(&lines, &finder, is_cut);
        let largest = tables.iter().rev().max_by_key(|table| table.rows)?;
        let is_first = largest == &tables[0];
        let first = if is_first { 0 } else { largest.first };
        let mut layout =
            self.only(&lines[first..largest.end.min(first + self.rules.top_lines)], HeaderAt::Found).ok()?;
        let judged = |(index, line): (usize, &Line)| {
            let is_of = |table: &&Table| (table.first..table.end).contains(&index);
            let table = tables.iter().find(is_of).filter(|_| !line.is_blank())?;
            let judged = if table != largest {
                Some(Judged::Aside(Code::RowOtherTable))
            } else if table.has_header(index) {
                Some(Judged::Header)
            } else {
                (line.start < layout.body).then_some(Judged::Aside(Code::RowTextLine))
            };
            Some((line.start as u64, judged?))
        };
        // Titles and header of the first table stand above its rows, those of another among what is read.
        let known: Vec<(u64, Judged)> = lines.iter().enumerate().filter_map(judged).collect();
        let begins = if is_first { layout.body } else { lines[tables[0].first].start };
        layout.body = begins;
        layout.above = lines.iter().filter(|line| !line.is_blank() && line.start < begins.min(layout.header)).count();
        layout.shape.known.extend(known.into_iter().filter(|(place, _)| *place >= begins as u64));
        layout.shape.known.sort_unstable_by_key(|(place, _)| *place);
        layout.others = tables.iter().filter(|table| *table != largest).map(|table| table.told(&lines)).collect();
        Some(layout)
    }

    /// The table of lines that hold one.
    fn only(&self, lines: &[Line], at: HeaderAt) -> Result<Layout, NoTable> {
        let table = Columns::of(lines, self.rules.kind_percent);
        let finder = HeaderFinder { columns: self.columns, rules: self.rules };
        let first = lines.iter().position(|line| !line.is_blank()).ok_or(NoTable::Empty)?;
        let header = match at {
            HeaderAt::Nowhere => return self.without_header(lines, &table, first),
            HeaderAt::First => Header { first, last: first, names: lines[first].cells.clone() },
            HeaderAt::Found => finder.find(lines, &table).map_err(|none| match none {
                NoHeader::Empty => NoTable::Empty,
                NoHeader::Unreadable => NoTable::Unreadable,
                NoHeader::RowsBegin(line) => NoTable::NoHeader((line > first).then_some(lines[line].start)),
            })?,
        };
        if lines[..=header.last].iter().any(|line| line.is_broken) {
            return Err(NoTable::Unreadable);
        }
        let below = &lines[header.last + 1..];
        let is_first_row = |line: &&Line| table.is_row(line) && !finder.describes(line, &table);
        let descriptions = below
            .iter()
            .take(DESCRIBED_WITHIN)
            .take_while(|line| !is_first_row(line))
            .filter(|line| finder.describes(line, &table));
        let known: Vec<(u64, Judged)> =
            descriptions.map(|line| (line.start as u64, Judged::Aside(Code::RowDescription))).collect();
        let rows: Vec<&Line> =
            below.iter().filter(|line| !known.iter().any(|(start, _)| *start == line.start as u64)).collect();
        let names = header.names.iter().map(|name| without_guard(name).to_owned()).collect();
        let names = widened(names, &rows, self.columns, self.rules, table.usual);
        let titles = lines[..header.first].iter().filter(|line| (1..=2).contains(&line.filled));
        let titles = titles.filter_map(|line| line.cells.iter().find(|cell| !cell.is_empty()).cloned()).collect();
        let written = lines[header.first..=header.last].iter().map(|line| as_written(&line.cells)).collect();
        let shape = TableShape {
            width: names.len(),
            named: named_width(&names),
            own: None,
            header: written,
            lines: AsideLines { titles, ..self.aside(&table) },
            known,
        };
        Ok(Layout {
            names: unique(names),
            header: lines[header.first].start,
            body: lines[header.last].next,
            above: lines[..header.first].iter().filter(|line| !line.is_blank()).count(),
            shape,
            others: Vec::new(),
        })
    }

    /// By what lines are known that are no rows.
    fn aside(&self, table: &Columns) -> AsideLines {
        let (rules, standing) = (Some(self.rules.clone()), Some(Arc::clone(self.columns.standing())));
        AsideLines { rules, standing, titles: BTreeSet::new(), is_keyed: table.is_keyed }
    }

    /// The first record is a row; lines of titles above it are not.
    fn without_header(&self, lines: &[Line], table: &Columns, first: usize) -> Result<Layout, NoTable> {
        let is_title = |line: &Line| line.filled < 2 && table.usual > 2;
        let row = lines.iter().position(|line| table.is_row(line)).unwrap_or(first);
        let row = if lines[first..row].iter().all(is_title) { row } else { first };
        if lines[row].is_broken {
            return Err(NoTable::Unreadable);
        }
        let width = lines[row].cells.len();
        let lines_known = self.aside(table);
        Ok(Layout {
            names: (1..=width).map(|number| format!("column {number}")).collect(),
            header: lines[row].start,
            body: lines[row].start,
            above: row - first,
            shape: TableShape { width, named: width, lines: lines_known, ..TableShape::default() },
            others: Vec::new(),
        })
    }
}

/// Lines that describe columns stand within so many lines below the header.
const DESCRIBED_WITHIN: usize = 6;

#[cfg(test)]
mod tests;
