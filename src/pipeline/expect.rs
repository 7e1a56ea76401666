//! What the user's own configuration expects of columns: not null, unique, a pattern, a list of values, a length.

use std::collections::HashSet;

use regex::Regex;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::{Anchored, Input};

use crate::error::{Exit, Explain, closest};
use crate::finding::Code;
use crate::ingest::List;
use crate::record::{ColumnIndex, ColumnMapping, Field, RawBatch};
use crate::rule::{Expectation, read_settings};
use crate::text::BYTE_ORDER_MARK;

/// What can be wrong with an expectation.
#[derive(Debug, thiserror::Error)]
pub enum ExpectationError {
    /// Neither a header nor a mapped field.
    #[error("an expectation names column \"{column}\", which the list does not have")]
    UnknownColumn {
        /// As written.
        column: String,
        /// The nearest header or mapped field.
        closest: Option<String>,
    },
    /// Nothing that could be expected.
    #[error("an expectation names no column")]
    NoColumn,
    /// A file of values can't be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// Not a regular expression.
    #[error("the pattern expected of column \"{column}\" is no regular expression: {reason}")]
    Pattern {
        /// The column.
        column: String,
        /// What the parser says.
        reason: String,
    },
}

impl Explain for ExpectationError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn help(&self) -> String {
        match self {
            ExpectationError::UnknownColumn { closest: Some(name), .. } => format!("did you mean \"{name}\"?"),
            ExpectationError::UnknownColumn { .. } => "`tiuv map FILE` shows the list's columns".to_owned(),
            ExpectationError::NoColumn => "name one with `column`, several with `any_of`, or say `rows`".to_owned(),
            ExpectationError::Unreadable { .. } => {
                "`one_of_file` is a text file of one value a line, beside tiuv.toml".to_owned()
            }
            ExpectationError::Pattern { .. } => {
                "patterns are those of Rust's regex crate; write them in single quotes: pattern = '\\d+'".to_owned()
            }
        }
    }
}

/// A pattern that a whole cell must match.
#[derive(Debug)]
enum Matcher {
    /// As a table, which any number of threads read without taking turns.
    Table(Box<dense::DFA<Vec<u32>>>),
    /// For patterns whose table would be too large, or that no table can hold.
    Engine(Regex),
}

/// Larger tables cost more to build, and to keep in the cache, than they save.
const TABLE_BYTES: usize = 1 << 20;

impl Matcher {
    fn new(pattern: &str) -> Result<Self, regex::Error> {
        let whole = format!("^(?:{pattern})$");
        let engine = Regex::new(&whole)?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(TABLE_BYTES))
            .determinize_size_limit(Some(TABLE_BYTES * 4));
        let table = dense::Builder::new().configure(config).build(&whole);
        Ok(table.map_or(Matcher::Engine(engine), |table| Matcher::Table(Box::new(table))))
    }

    fn is_match(&self, cell: &str) -> bool {
        match self {
            Matcher::Table(table) => {
                let input = Input::new(cell).anchored(Anchored::Yes).earliest(true);
                // A table gives up only on bytes that it was told to give up on, and it was told of none.
                table.try_search_fwd(&input).is_ok_and(|found| found.is_some())
            }
            Matcher::Engine(engine) => engine.is_match(cell),
        }
    }
}

/// An expectation bound to the columns of one list.
#[derive(Debug)]
pub(super) struct Expected {
    /// The column that it is about; none where only `any_of` or `rows` is expected.
    column: Option<ColumnIndex>,
    unique: bool,
    /// How many records there are.
    pub(super) rows: Option<(u64, u64)>,
    when: Option<Condition>,
    any_of: Vec<ColumnIndex>,
    not_null: bool,
    pattern: Option<Matcher>,
    one_of: Option<HashSet<String>>,
    length: Option<(usize, usize)>,
}

/// Of which rows something is expected.
#[derive(Debug)]
struct Condition {
    column: ColumnIndex,
    not_null: bool,
    pattern: Option<Matcher>,
    one_of: Option<Vec<String>>,
}

impl Condition {
    fn holds(&self, cell: &str) -> bool {
        (!self.not_null || !cell.is_empty())
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(cell))
            && self.one_of.as_ref().is_none_or(|values| values.iter().any(|value| value == cell))
    }
}

impl Expected {
    pub(super) fn bind(list: &List, expectation: &Expectation) -> Result<Self, ExpectationError> {
        let name = expectation.column.as_str();
        let column = if name.is_empty() { None } else { Some(column_of(list, name)?) };
        let any_of: Vec<_> = expectation.any_of.iter().map(|name| column_of(list, name)).collect::<Result<_, _>>()?;
        if column.is_none() && any_of.is_empty() && expectation.rows.is_none() {
            return Err(ExpectationError::NoColumn);
        }
        let when = expectation.when.as_ref().map(|when| -> Result<_, ExpectationError> {
            Ok(Condition {
                column: column_of(list, &when.column)?,
                not_null: when.not_null,
                pattern: matcher(&when.column, when.pattern.as_deref())?,
                one_of: when.one_of.clone(),
            })
        });
        let mut one_of: Option<HashSet<String>> = expectation.one_of.clone().map(|values| values.into_iter().collect());
        if let Some(path) = &expectation.one_of_file {
            let unreadable = |error: std::io::Error| ExpectationError::Unreadable {
                path: path.display().to_string(),
                reason: error.to_string(),
            };
            let text = read_settings(path).map_err(unreadable)?;
            let lines = text.trim_start_matches(BYTE_ORDER_MARK).lines().map(str::trim).filter(|line| !line.is_empty());
            one_of.get_or_insert_default().extend(lines.map(str::to_owned));
        }
        Ok(Expected {
            column,
            unique: expectation.unique,
            rows: expectation.rows,
            when: when.transpose()?,
            any_of,
            not_null: expectation.not_null,
            pattern: matcher(name, expectation.pattern.as_deref())?,
            one_of,
            length: expectation.length,
        })
    }

    /// The column in which no value stands twice.
    pub(super) fn unique_column(&self) -> Option<ColumnIndex> {
        self.column.filter(|_| self.unique)
    }

    /// Whether it is about a row of a batch.
    pub(super) fn is_about(&self, raw: &RawBatch, row: usize) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(raw.cell(row, when.column)))
    }

    /// Calls `found` for each row (counted in the batch) and column that breaks it; uniqueness is judged across batches
    /// elsewhere.
    pub(super) fn judge(&self, raw: &RawBatch, mut found: impl FnMut(usize, ColumnIndex, Code)) {
        for row in (0..raw.len()).filter(|row| self.is_about(raw, *row)) {
            if let Some(first) = self.any_of.first()
                && self.any_of.iter().all(|column| raw.cell(row, *column).is_empty())
            {
                found(row, *first, Code::ExpectAnyOf);
            }
            if let Some(column) = self.column {
                self.judge_cell(raw.cell(row, column), |code| found(row, column, code));
            }
        }
    }

    fn judge_cell(&self, cell: &str, mut found: impl FnMut(Code)) {
        if cell.is_empty() {
            if self.not_null {
                found(Code::ExpectNotNull);
            }
            return;
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(cell)) {
            found(Code::ExpectPattern);
        }
        if self.one_of.as_ref().is_some_and(|allowed| !allowed.contains(cell)) {
            found(Code::ExpectOneOf);
        }
        if let Some((least, most)) = self.length {
            let length = cell.chars().count();
            if length < least || length > most {
                found(Code::ExpectLength);
            }
        }
    }
}

fn matcher(column: &str, pattern: Option<&str>) -> Result<Option<Matcher>, ExpectationError> {
    let wrong =
        |error: regex::Error| ExpectationError::Pattern { column: column.to_owned(), reason: error.to_string() };
    pattern.map(Matcher::new).transpose().map_err(wrong)
}

/// The columns of a header, else those of a field: how settings name them.
pub(super) fn columns_named(list: &List, name: &str) -> Vec<ColumnIndex> {
    let those = |is_meant: &dyn Fn(&ColumnMapping) -> bool| {
        let columns = list.mapping().columns().iter().filter(|column| is_meant(column));
        columns.map(|column| column.column).collect::<Vec<_>>()
    };
    let by_header = those(&|column| column.header == name);
    let field = Field::parse(name).filter(|_| by_header.is_empty());
    field.map_or(by_header, |field| those(&|column| column.field == Some(field)))
}

/// The first of them.
fn column_of(list: &List, name: &str) -> Result<ColumnIndex, ExpectationError> {
    columns_named(list, name).first().copied().ok_or_else(|| {
        let fields = list.mapping().columns().iter().filter_map(|column| column.field);
        let names = list.header().iter().map(String::as_str).chain(fields.map(|field| -> &str { field.as_str() }));
        ExpectationError::UnknownColumn { column: name.to_owned(), closest: closest(name, names).map(str::to_owned) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_is_about_the_whole_cell() {
        let matcher = Matcher::new("a|ab").expect("a pattern");
        assert!(matches!(matcher, Matcher::Table(_)));
        assert!(matcher.is_match("ab") && matcher.is_match("a") && !matcher.is_match("abc") && !matcher.is_match("xa"));
    }

    #[test]
    fn patterns_that_no_table_holds_work_too() {
        let matcher = Matcher::new(r"\w+\b.*").expect("a pattern");
        assert!(matches!(matcher, Matcher::Engine(_)));
        assert!(matcher.is_match("שלום לך"));
        assert!(Matcher::new("(").is_err());
    }

    proptest! {
        #[test]
        fn table_and_engine_agree(cell in "[a-c@.א0-9-]{0,12}") {
            for pattern in [r"[a-c]+@[a-c]+(\.[a-c]+)*\.[a-c]{2,}", r"0\d-?\d{3}", r"\p{Hebrew}+|\d*"] {
                let engine = Regex::new(&format!("^(?:{pattern})$")).expect("a pattern");
                prop_assert_eq!(Matcher::new(pattern).expect("a pattern").is_match(&cell), engine.is_match(&cell));
            }
        }
    }
}
