//! Which of the first lines is the header.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::looks_like_data;
use super::top::{Columns, Line};
use crate::rule::{ColumnRules, HeaderReading, HeaderSays, LayoutRules, Means, NoField, phrase_words};

/// A header that was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Its first line, by index.
    pub(super) first: usize,
    /// Its last one.
    pub(super) last: usize,
    /// Its names as put together.
    pub(super) names: Vec<String>,
}

/// Why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoHeader {
    /// There is not a line.
    Empty,
    /// A line's quotes do not close, so nothing is sure from there on.
    Unreadable,
    /// Rows begin in this line (by index), and nothing above it is a header.
    RowsBegin(usize),
}

/// What decides.
pub(super) struct HeaderFinder<'a> {
    pub(super) columns: &'a ColumnRules,
    pub(super) rules: &'a LayoutRules,
}

impl HeaderFinder<'_> {
    /// Finds the header: above the first row of data, the line or two adjoining lines in which most columns are named.
    pub(super) fn find(&self, lines: &[Line], table: &Columns) -> Result<Header, NoHeader> {
        let first = lines.iter().position(|line| !line.is_blank()).ok_or(NoHeader::Empty)?;
        let data = lines.iter().position(|line| table.is_row(line));
        let above = &lines[..data.unwrap_or(lines.len().min(WORDS_LOOKED_AT))];
        let best = self.best(above, table);
        let found = match (best, data) {
            (Some((_, header)), Some(_)) => Some(header),
            // Words alone are the only sign: they have to be plain, or the first full line counts.
            (Some((score, header)), None) if score >= PLAIN => Some(header),
            (_, None) => {
                let full = above.iter().position(|line| line.filled * 2 >= table.usual.min(FULL)).unwrap_or(first);
                Some(single(full, &lines[full]))
            }
            (None, Some(data)) if above.iter().any(|line| line.is_broken) && data > first => {
                return Err(NoHeader::Unreadable);
            }
            (None, Some(data)) if data > first => return Err(NoHeader::RowsBegin(data)),
            (None, Some(_)) => None,
        };
        let header = match found {
            Some(header) => header,
            None if looks_like_data(&lines[first].cells) => return Err(NoHeader::RowsBegin(first)),
            None => single(first, &lines[first]),
        };
        // A list of one row in words that are not known: what stands last is the row, not its header.
        let is_last = lines[header.last + 1..].iter().all(Line::is_blank);
        let header = if is_last && header.last > first && lines[first].filled >= lines[header.last].filled {
            single(first, &lines[first])
        } else {
            header
        };
        if lines[..=header.last].iter().any(|line| line.is_broken) {
            return Err(NoHeader::Unreadable);
        }
        if looks_like_data(&lines[header.last].cells) {
            return Err(NoHeader::RowsBegin(header.last));
        }
        Ok(header)
    }

    /// The header of lines that may be no table at all, where at least two names in it are known and a row stands below.
    pub(super) fn plain(&self, lines: &[Line], table: &Columns) -> Option<Header> {
        let data = lines.iter().position(|line| table.is_row(line)).unwrap_or(lines.len());
        let (score, header) = self.best(&lines[..data], table)?;
        let known = header.names.iter().filter(|name| self.weight(name) > 1).count();
        (score >= PLAIN && known > 1 && header.last + 1 < lines.len()).then_some(header)
    }

    /// Whether a line below the header tells what the columns hold.
    pub(super) fn describes(&self, line: &Line, table: &Columns) -> bool {
        let cells: Vec<&String> = line.cells.iter().filter(|cell| !cell.is_empty()).collect();
        if cells.len() < 2 || line.is_broken || table.is_row(line) && !counts_columns(line) {
            return false;
        }
        let telling = cells.iter().filter(|cell| self.is_description(cell)).count();
        counts_columns(line) || telling * 2 > cells.len()
    }

    fn is_description(&self, cell: &str) -> bool {
        let is_bracketed =
            matches!(cell.as_bytes(), [b'(', .., b')'] | [b'[', .., b']'] | [b'<', .., b'>'] | [b'{', .., b'}']);
        let is_question = cell.ends_with(['?', '\u{61f}']) && cell.contains(' ');
        let is_rule = !cell.contains(char::is_alphanumeric);
        let is_pattern = cell.len() >= 4 && cell.chars().all(|letter| self.rules.pattern_letters.contains(letter));
        let is_named = matches!(self.columns.read_header(cell), HeaderReading::Named(_) | HeaderReading::Contained(_));
        is_bracketed
            || is_question
            || is_rule
            || is_pattern
            || is_named
            || self.rules.descriptions.is_in(&phrase_words(cell))
    }

    /// The line, or pair of adjoining lines, that names most; the first one of equals.
    fn best(&self, above: &[Line], table: &Columns) -> Option<(usize, Header)> {
        let may_be = |line: &Line| {
            !line.is_broken && line.filled > 0 && (line.filled > 1 || table.usual < 2) && !looks_like_data(&line.cells)
        };
        let mut best: Option<(usize, Header)> = None;
        let mut take = |score: usize, header: Header| {
            if score > 0 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, header));
            }
        };
        for (index, line) in above.iter().enumerate().filter(|(_, line)| may_be(line)) {
            let score = self.score(&line.cells, line.filled, table);
            // Titles of groups are a part of the header where they say what stands below or beside them does not.
            if let Some(upper) = index.checked_sub(1).filter(|upper| self.are_groups(&above[*upper], line)) {
                let names = self.joined(&above[upper].cells, &line.cells);
                let filled = names.iter().filter(|name| !name.is_empty()).count();
                if names.iter().ne(line.cells.iter()) {
                    let both = self.score(&names, filled, table).max(score + 1);
                    take(both, Header { first: upper, last: index, names });
                    continue;
                }
            }
            if let Some(upper) = index.checked_sub(1).filter(|upper| may_be(&above[*upper])) {
                let names = self.joined(&above[upper].cells, &line.cells);
                let filled = names.iter().filter(|name| !name.is_empty()).count();
                let both = self.score(&names, filled, table);
                if both > score && both > self.score(&above[upper].cells, above[upper].filled, table) {
                    take(both, Header { first: upper, last: index, names });
                    continue;
                }
            }
            take(score, single(index, line));
        }
        best
    }

    /// Whether a line holds titles of groups of the columns that the line below it names: each stands above several, the others
    /// blank, or names its column alone. One that begins where the table does is the title of all.
    fn are_groups(&self, upper: &Line, lower: &Line) -> bool {
        let is_filled = |line: &Line, column: usize| line.cells.get(column).is_some_and(|cell| !cell.is_empty());
        let titles: Vec<usize> = (0..upper.cells.len()).filter(|column| is_filled(upper, *column)).collect();
        let (Some(first), Some(last)) = (titles.first(), titles.last()) else { return false };
        let heads_several = |column: &usize| !is_filled(upper, column + 1) && is_filled(lower, column + 1);
        let spans = |column: &usize| !is_filled(lower, *column);
        let is_short = |column: &usize| {
            let title = &upper.cells[*column];
            title.split_whitespace().count() < self.rules.header_words && !title.contains(':')
        };
        let known = lower.cells.iter().filter(|name| self.weight(name) > 1).count();
        !upper.is_broken
            && !looks_like_data(&upper.cells)
            && known > 1
            && known * 2 >= lower.filled
            && (titles.len() > 1 || *first > 0)
            && titles.iter().any(heads_several)
            && titles
                .iter()
                .all(|column| is_short(column) && (column == last || heads_several(column) || spans(column)))
    }

    /// Whether a title says of a column below it what the column's own name does not: that it is about somebody else, or about who
    /// may be contacted.
    fn turns(&self, title: &str, below: &str, both: &str) -> bool {
        let others = [NoField::SomebodyElse, NoField::Parent].map(|own| Some(Means::NoField(own)));
        let is_other = |name: &str| others.contains(&self.columns.wording(name).first());
        let standing = |name: &str| self.columns.standing().header(name);
        let is_about_it = matches!(standing(title), HeaderSays::Asks(_));
        is_other(both) && !is_other(below) || is_about_it && matches!(standing(both), HeaderSays::Asks(_))
    }

    /// How much like a header it is: by names that are known, by words above columns of numbers, by how full it is.
    fn score(&self, names: &[String], filled: usize, table: &Columns) -> usize {
        let different: BTreeSet<Vec<String>> = names.iter().map(|name| phrase_words(name)).collect();
        let repeated = filled.saturating_sub(different.len());
        let known: usize = names.iter().map(|name| self.weight(name)).sum();
        if filled * 2 < table.usual && known < PLAIN {
            return 0;
        }
        let (words, blank) = table.words_above(names);
        let sentences = names.iter().filter(|name| name.split_whitespace().count() >= self.rules.header_words).count();
        let full = (filled * 2).div_ceil(table.usual.max(1)).min(2);
        (known + words * 2 + full).saturating_sub(blank + repeated * NAMED + sentences * NAMED)
    }

    fn weight(&self, name: &str) -> usize {
        if name.is_empty() || name.split_whitespace().count() >= self.rules.header_words {
            return 0;
        }
        match self.columns.read_header(name) {
            HeaderReading::Named(_) => NAMED,
            HeaderReading::Contained(_) => 3,
            HeaderReading::Nothing => 2,
            HeaderReading::Partly(_) | HeaderReading::PartlyNothing => 1,
            HeaderReading::Unnamed | HeaderReading::Unknown => 0,
        }
    }

    /// Names of two lines: a title above several columns stands before those that need it, and a blank cell below is
    /// named by the one above.
    fn joined(&self, upper: &[String], lower: &[String]) -> Vec<String> {
        let width = upper.len().max(lower.len());
        let cell = |line: &[String], column: usize| line.get(column).cloned().unwrap_or_default();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        lower.iter().for_each(|name| *times.entry(name).or_default() += 1);
        let mut title = String::new();
        let mut names = Vec::with_capacity(width);
        for column in 0..width {
            let (above, below) = (cell(upper, column), cell(lower, column));
            if !above.is_empty() {
                title = above.clone();
            }
            let both = format!("{title} {below}");
            let is_repeated = times.get(below.as_str()).is_some_and(|times| *times > 1);
            names.push(if below.is_empty() {
                above
            } else if is_repeated || self.weight(&both) > self.weight(&below) || self.turns(&title, &below, &both) {
                both.trim().to_owned()
            } else {
                below
            });
        }
        names
    }
}

fn single(index: usize, line: &Line) -> Header {
    Header { first: index, last: index, names: line.cells.clone() }
}

/// `1, 2, 3, …`: some forms number their columns below the header.
fn counts_columns(line: &Line) -> bool {
    let numbers: Vec<&String> = line.cells.iter().filter(|cell| !cell.is_empty()).collect();
    numbers.len() >= 3 && numbers.iter().zip(1..).all(|(cell, number)| cell.parse() == Ok(number))
}

/// So many lines are looked at for a header that only its words tell.
const WORDS_LOOKED_AT: usize = 250;
/// What a name that is known counts.
const NAMED: usize = 4;
/// Two names that are known make a header without any other sign.
const PLAIN: usize = 2 * NAMED;
/// A line with so many cells is no title.
const FULL: usize = 3;
