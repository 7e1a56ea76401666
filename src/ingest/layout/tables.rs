//! Several tables in one text, one below another: each behind blank lines and below a header of its own.

use memchr::memchr_iter;

use super::header::{Header, HeaderFinder};
use super::top::{Columns, Line};
use crate::ingest::csv::{Dialect, as_written};

/// A table among others, by the indexes of lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its first line, which may be a title.
    pub(super) first: usize,
    /// Its header, counted from the first line of all.
    header: (usize, usize),
    /// The line behind its last one.
    pub(super) end: usize,
    /// Its rows.
    pub(super) rows: usize,
}

/// A table that is not the one which is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct OtherTable {
    /// Where its header starts, in bytes from where the reading began.
    pub(in crate::ingest) header: usize,
    /// Where its last row starts.
    pub(in crate::ingest) last: usize,
    /// Its rows.
    pub(in crate::ingest) rows: usize,
}

/// Whether blank lines, or bare delimiters, stand between lines of a text: without one there is one table.
pub(super) fn has_gap(bytes: &[u8], dialect: Dialect) -> bool {
    let text = bytes.trim_ascii();
    let is_bare = |byte: &&u8| **byte == dialect.delimiter || matches!(**byte, b' ' | b'\r');
    memchr_iter(dialect.terminator, text).any(|end| {
        let behind = text[end + 1..].iter().find(|byte| !is_bare(byte));
        behind == Some(&dialect.terminator)
    })
}

/// The tables of a text; none where there are not several. A stretch of lines under no header of its own, or under one that
/// stands above already, goes on with the table before it.
pub(super) fn tables(lines: &[Line], finder: &HeaderFinder<'_>, is_cut: bool) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut headers: Vec<Vec<Vec<String>>> = Vec::new();
    let mut at = 0;
    for stretch in lines.chunk_by(|line, next| line.is_blank() == next.is_blank()) {
        let first = at;
        at += stretch.len();
        if stretch[0].is_blank() {
            continue;
        }
        let columns = Columns::of(stretch, finder.rules.kind_percent);
        let own = finder.plain(stretch, &columns).map(|Header { first, last, .. }| (first, last));
        let written =
            own.map(|(first, last)| stretch[first..=last].iter().map(|line| as_written(&line.cells)).collect());
        match (own, written.filter(|written| !headers.contains(written))) {
            (Some((above, last)), Some(written)) => {
                headers.push(written);
                let rows = stretch.len() - last - 1;
                tables.push(Table { first, header: (first + above, first + last), end: at, rows });
            }
            _ => {
                if let Some(table) = tables.last_mut() {
                    table.end = at;
                    table.rows += stretch.len();
                }
            }
        }
    }
    // What lies behind the top that was looked at is of the last table.
    if let Some(last) = tables.last_mut().filter(|_| is_cut) {
        last.rows = usize::MAX;
    }
    if tables.len() > 1 { tables } else { Vec::new() }
}

impl Table {
    /// The same as it is told of.
    pub(super) fn told(&self, lines: &[Line]) -> OtherTable {
        let last = lines[..self.end].iter().rfind(|line| !line.is_blank());
        let last = last.map_or(0, |line| line.start);
        OtherTable { header: lines[self.header.0].start, last, rows: self.rows }
    }

    /// Whether a line is of its header.
    pub(super) fn has_header(&self, line: usize) -> bool {
        (self.header.0..=self.header.1).contains(&line)
    }
}
