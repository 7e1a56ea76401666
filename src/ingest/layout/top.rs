//! The first lines of a text, cell by cell, and what kind of cells its columns hold.

use super::kind::{Kind, is_long_number};
use crate::ingest::csv::{Dialect, RecordReader, without_edges};

/// One record at the top of a text.
#[derive(Debug)]
pub(super) struct Line {
    /// Where it starts, in bytes from where the reading began.
    pub(super) start: usize,
    /// Where the next one starts.
    pub(super) next: usize,
    /// Its cells, quotes undone, without spaces at their edges.
    pub(super) cells: Vec<String>,
    /// What they look like.
    pub(super) kinds: Vec<Kind>,
    /// How many of them hold something.
    pub(super) filled: usize,
    /// Its quotes do not close.
    pub(super) is_broken: bool,
}

impl Line {
    /// A blank line, or bare delimiters.
    pub(super) fn is_blank(&self) -> bool {
        self.filled == 0 && !self.is_broken
    }

    /// Cells up to the last filled one.
    pub(super) fn width(&self) -> usize {
        self.kinds.iter().rposition(|kind| *kind != Kind::Blank).map_or(0, |last| last + 1)
    }

    fn kind(&self, column: usize) -> Kind {
        self.kinds.get(column).copied().unwrap_or(Kind::Blank)
    }
}

/// Reads at most `most` records; one that is cut off at the end of `bytes` is left out where `is_cut`, unless it is the first.
pub(super) fn read_lines(bytes: &[u8], dialect: Dialect, most: usize, is_cut: bool) -> Vec<Line> {
    let mut reader = RecordReader::new(bytes, dialect);
    let mut cells = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    while lines.len() < most {
        let start = reader.position();
        let Some(record) = reader.read(&mut cells) else { break };
        let mut end = record.span.end as usize;
        if record.unbalanced {
            end = reader.resume_after_line(start);
        }
        let reaches_end = reader.position() >= bytes.len() && is_cut;
        if reaches_end && !lines.is_empty() {
            break;
        }
        // Text that is not all UTF-8 can still have names that are.
        let text = String::from_utf8_lossy(&bytes[start..end]);
        RecordReader::new(text.as_bytes(), dialect).read(&mut cells);
        let cells: Vec<String> = cells.iter().map(|cell| cell.unquoted(&text).trim().to_owned()).collect();
        let kinds: Vec<Kind> = cells.iter().map(|cell| Kind::of(without_edges(cell))).collect();
        let filled = kinds.iter().filter(|kind| **kind != Kind::Blank).count();
        let is_broken = record.unbalanced || reaches_end;
        lines.push(Line { start, next: reader.position(), cells, kinds, filled, is_broken });
    }
    lines
}

/// What most cells of each column are, and how full a row usually is.
#[derive(Debug)]
pub(super) struct Columns {
    kinds: Vec<Option<Kind>>,
    /// The first column holds keys or numbers.
    pub(super) is_keyed: bool,
    /// Filled cells of an ordinary row.
    pub(super) usual: usize,
}

impl Columns {
    /// Judges the lines from the first one on that holds an address, a day or a long number among other cells: what
    /// stands above may be titles and a header.
    pub(super) fn of(lines: &[Line], percent: usize) -> Columns {
        let mut filled: Vec<usize> = lines.iter().map(|line| line.filled).filter(|filled| *filled > 1).collect();
        filled.sort_unstable();
        let usual = filled.get(filled.len() / 2).copied().unwrap_or(1);
        let holds_contact = |line: &Line| {
            let is_strong = |(kind, cell): (&Kind, &String)| match kind {
                Kind::Email | Kind::Date => true,
                Kind::Number => is_long_number(cell),
                _ => false,
            };
            line.filled * 2 >= usual && line.kinds.iter().zip(&line.cells).any(is_strong)
        };
        let start = lines.iter().position(holds_contact).unwrap_or(0);
        let width = lines.iter().map(|line| line.kinds.len()).max().unwrap_or(0);
        let full: Vec<&Line> = lines[start..].iter().filter(|line| line.filled * 2 >= usual).collect();
        let kind_of = |column: usize| {
            let kinds: Vec<Kind> =
                full.iter().map(|line| line.kind(column)).filter(|kind| *kind != Kind::Blank).collect();
            let is_most = |wanted: &Kind| {
                let hits = kinds.iter().filter(|kind| *kind == wanted).count();
                hits > 0 && hits * 100 >= kinds.len() * percent
            };
            [Kind::Email, Kind::Date, Kind::Number, Kind::Code].into_iter().find(is_most)
        };
        let mut table = Columns { kinds: (0..width).map(kind_of).collect(), is_keyed: false, usual };
        let rows: Vec<&Line> = full.into_iter().filter(|line| table.is_row(line)).collect();
        let is_key = |line: &&Line| matches!(line.kind(0), Kind::Code | Kind::Number | Kind::Blank);
        table.is_keyed = !rows.is_empty() && rows.iter().all(is_key);
        table
    }

    /// Whether a line is a row of data: half full at least, with more cells of their columns' kinds than others.
    pub(super) fn is_row(&self, line: &Line) -> bool {
        let (mut own, mut other) = (0, 0);
        for (kind, column) in line.kinds.iter().zip(&self.kinds) {
            match column {
                Some(column) if kind == column => own += 1,
                Some(_) if *kind == Kind::Text => other += 1,
                _ => {}
            }
        }
        line.filled * 2 >= self.usual && own > 0 && own >= other
    }

    /// In how many columns of a kind words of a line stand.
    pub(super) fn words_for_values(&self, line: &Line) -> usize {
        let cells = line.kinds.iter().zip(&self.kinds);
        cells.filter(|(kind, column)| **kind == Kind::Text && column.is_some()).count()
    }

    /// In how many columns of a kind words stand, and in how many nothing.
    pub(super) fn words_above(&self, names: &[String]) -> (usize, usize) {
        let typed = self.kinds.iter().enumerate().filter(|(_, kind)| kind.is_some());
        let name = |column: usize| names.get(column).map_or("", String::as_str);
        let (blank, filled): (Vec<_>, Vec<_>) = typed.partition(|(column, _)| name(*column).is_empty());
        (filled.iter().filter(|(column, _)| Kind::of(name(*column)) == Kind::Text).count(), blank.len())
    }
}
