//! What the user's own configuration expects of columns: not null, unique, a pattern, a list of values, a length.

use regex::Regex;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::{Anchored, Input};

use crate::error::{Exit, Explain, closest};
use crate::finding::Code;
use crate::ingest::List;
use crate::record::{ColumnIndex, Field, RawBatch};
use crate::rule::Expectation;

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

/// An expectation bound to a column of one list.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) column: ColumnIndex,
    pub(super) unique: bool,
    not_null: bool,
    pattern: Option<Matcher>,
    one_of: Option<Vec<String>>,
    length: Option<(usize, usize)>,
}

impl Expected {
    pub(super) fn bind(list: &List, expectation: &Expectation) -> Result<Self, ExpectationError> {
        let name = expectation.column.as_str();
        let by_header = list.header().iter().position(|header| header == name).map(|index| ColumnIndex(index as u16));
        let by_field = || Field::parse(name).and_then(|field| list.mapping().column_of(field));
        let column = by_header.or_else(by_field).ok_or_else(|| {
            let fields = list
                .mapping()
                .columns()
                .iter()
                .filter_map(|column| column.field)
                .map(|field| -> &str { field.as_str() });
            let names = list.header().iter().map(String::as_str).chain(fields);
            ExpectationError::UnknownColumn {
                column: name.to_owned(),
                closest: closest(name, names).map(str::to_owned),
            }
        })?;
        let pattern = expectation.pattern.as_deref().map(Matcher::new);
        let pattern = pattern
            .transpose()
            .map_err(|error| ExpectationError::Pattern { column: name.to_owned(), reason: error.to_string() })?;
        Ok(Expected {
            column,
            unique: expectation.unique,
            not_null: expectation.not_null,
            pattern,
            one_of: expectation.one_of.clone(),
            length: expectation.length,
        })
    }

    /// Calls `found` for each row (counted in the batch) that breaks it; uniqueness is judged across batches elsewhere.
    pub(super) fn judge(&self, raw: &RawBatch, mut found: impl FnMut(usize, Code)) {
        for row in 0..raw.len() {
            let cell = raw.cell(row, self.column);
            if cell.is_empty() {
                if self.not_null {
                    found(row, Code::ExpectNotNull);
                }
                continue;
            }
            if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(cell)) {
                found(row, Code::ExpectPattern);
            }
            if self.one_of.as_ref().is_some_and(|allowed| !allowed.iter().any(|value| value == cell)) {
                found(row, Code::ExpectOneOf);
            }
            if let Some((least, most)) = self.length {
                let length = cell.chars().count();
                if length < least || length > most {
                    found(row, Code::ExpectLength);
                }
            }
        }
    }
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
