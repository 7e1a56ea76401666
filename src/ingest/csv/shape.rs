//! What every record of a list is held against: the header's width, the header itself, and lines that are no rows.

use super::aside::AsideLines;
use crate::finding::Code;
use crate::record::Span;
use crate::text::is_unseen;

/// The table that a list's records belong to.
#[derive(Debug, Default)]
pub(crate) struct TableShape {
    /// Columns of the header.
    pub(crate) width: usize,
    /// Those up to the last one that has a name; a row may end there.
    pub(crate) named: usize,
    /// The lines of the header as written, without blank cells at their end.
    pub(crate) header: Vec<Vec<String>>,
    /// Of each column, whether it is of this table, where those of another stand beside it; else none.
    pub(crate) own: Option<Vec<bool>>,
    /// By what lines are known that are no rows.
    pub(crate) lines: AsideLines,
    /// Records that are known to be none, by where they start, ascending.
    pub(crate) known: Vec<(u64, Judged)>,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// A row.
    Row,
    /// The header itself, below rows of another table.
    Header,
    /// Nothing but delimiters.
    Blank,
    /// A line that is no row, for this reason.
    Aside(Code),
}

impl TableShape {
    /// Of a table with just this header.
    #[cfg(test)]
    pub(crate) fn of_header(names: &[&str]) -> Self {
        let header = vec![names.iter().map(|name| (*name).to_owned()).collect()];
        TableShape { width: names.len(), named: names.len(), header, ..TableShape::default() }
    }

    /// Those of the records known beforehand that start in a stretch of the text.
    pub(super) fn known_in(&self, start: u64, end: u64) -> &[(u64, Judged)] {
        let from = self.known.partition_point(|(offset, _)| *offset < start);
        let to = self.known.partition_point(|(offset, _)| *offset < end);
        &self.known[from..to]
    }

    /// Cuts off cells beyond the header's width in which nothing is seen; false where something is.
    pub(super) fn cut(&self, text: &str, cells: &mut Vec<Span>) -> bool {
        let extra = cells.get(self.width..).unwrap_or_default();
        if extra.iter().any(|cell| !visible(text, *cell).is_empty()) {
            return false;
        }
        cells.truncate(self.width);
        true
    }

    /// What a record is by its cells. Rows that are at least half full cost a count; others are looked at.
    pub(super) fn judge(&self, text: &str, cells: &[Span]) -> Judged {
        if self.repeats_header(text, cells) {
            return Judged::Aside(Code::RowRepeatedHeader);
        }
        if self.lines.rules.is_none() {
            return Judged::Row;
        }
        if self.own.as_deref().is_some_and(|own| is_only_beside(text, cells, own)) {
            return Judged::Aside(Code::RowOtherTable);
        }
        let filled = cells.iter().filter(|cell| cell.start < cell.end).count();
        if filled * 2 > self.named
            && !begins_blank(text, cells)
            && (self.named > NARROW || !only_numbers_follow(text, cells))
        {
            return Judged::Row;
        }
        let shown: Vec<&str> = cells.iter().map(|cell| visible(text, *cell)).collect();
        if shown.iter().all(|cell| cell.is_empty()) {
            return if self.named > 1 { Judged::Blank } else { Judged::Row };
        }
        self.lines.judge(&shown, self.named).map_or(Judged::Row, Judged::Aside)
    }

    fn repeats_header(&self, text: &str, cells: &[Span]) -> bool {
        let begins = cells.first().and_then(|cell| text.as_bytes().get(cell.start as usize));
        self.header.iter().filter(|names| names.len() > 1).any(|names| {
            // Another letter at the record's start, as nearly always, settles it.
            if begins.is_some_and(|byte| byte.is_ascii_alphanumeric()) && begins != names[0].as_bytes().first() {
                return false;
            }
            let is_name = |(cell, name): (&Span, &String)| visible(text, *cell) == name;
            names.len() <= cells.len()
                && cells.iter().zip(names).all(is_name)
                && cells[names.len()..].iter().all(|cell| visible(text, *cell).is_empty())
        })
    }
}

/// Whether cells are filled, but none of the table's own columns.
fn is_only_beside(text: &str, cells: &[Span], own: &[bool]) -> bool {
    let mut filled = own.iter().zip(cells).filter(|(_, cell)| !visible(text, **cell).is_empty()).peekable();
    filled.peek().is_some() && filled.all(|(is_own, _)| !is_own)
}

/// Whether the first filled cell holds nothing that is seen.
fn begins_blank(text: &str, cells: &[Span]) -> bool {
    let first = cells.iter().find(|cell| cell.start < cell.end);
    first
        .is_some_and(|cell| !text.as_bytes()[cell.start as usize].is_ascii_graphic() && visible(text, *cell).is_empty())
}

/// A table so narrow that a total fills it.
const NARROW: usize = 5;

/// Whether all filled cells but the first are short numbers, and there is one.
fn only_numbers_follow(text: &str, cells: &[Span]) -> bool {
    let mut filled = cells.iter().map(|cell| visible(text, *cell)).filter(|cell| !cell.is_empty()).skip(1).peekable();
    filled.peek().is_some()
        && filled.all(|cell| cell.len() < 16 && !cell.contains(|c: char| c.is_alphabetic() || c == '@'))
}

/// A cell without what nobody sees at its edges.
fn visible(text: &str, cell: Span) -> &str {
    without_edges(&text[cell.start as usize..cell.end as usize])
}

/// A text without what nobody sees at its edges.
pub(crate) fn without_edges(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || is_unseen(letter))
}

/// The cells of a header's line as records are compared with it.
pub(crate) fn as_written(cells: &[String]) -> Vec<String> {
    let mut names: Vec<String> = cells.iter().map(|cell| without_edges(cell).to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{LayoutRules, RuleFiles};

    #[test]
    fn a_row_that_fills_only_columns_of_another_table_is_none_of_this_one_wherever_that_stands() {
        let rules = LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let lines = AsideLines { rules: Some(rules), ..AsideLines::default() };
        let own = Some(vec![true, true, false, false, true, true]);
        let shape = TableShape { width: 6, named: 6, own, lines, ..TableShape::default() };
        let judged = |record: &str| {
            let mut start = 0;
            let spans = record.split(',').map(|cell| {
                let span = Span { start, end: start + cell.len() as u32 };
                start = span.end + 1;
                span
            });
            shape.judge(record, &spans.collect::<Vec<_>>())
        };
        assert_eq!(judged("K7,Noa,K1,Lod,noa@example.com,Haifa"), Judged::Row);
        assert_eq!(judged(",,K1,Lod,,"), Judged::Aside(Code::RowOtherTable));
        assert_eq!(judged("K7,Noa,,,,"), Judged::Row);
    }
}
