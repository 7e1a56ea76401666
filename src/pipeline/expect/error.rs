//! What can be wrong with an expectation.

use crate::error::{Exit, Explain};

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
    #[error("{place} names no column")]
    NoColumn {
        /// The file and the table.
        place: String,
    },
    /// Something is expected of cells, and nothing says of which.
    #[error("{place} names no column, of whose cells `{}` could be expected", keys.join("`, `"))]
    NoCells {
        /// The file and the table.
        place: String,
        /// What is expected.
        keys: Vec<&'static str>,
    },
    /// A key that nothing in its table goes with, so that it would do nothing.
    #[error("{place} has `{key}`, and nothing that it is about")]
    Idle {
        /// The file and the table.
        place: String,
        /// The key.
        key: &'static str,
    },
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
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] crate::rule::RuleError),
}

impl Explain for ExpectationError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn help(&self) -> String {
        match self {
            ExpectationError::UnknownColumn { closest: Some(name), .. } => format!("did you mean \"{name}\"?"),
            ExpectationError::UnknownColumn { .. } => "`tiuv map FILE` shows the list's columns".to_owned(),
            ExpectationError::NoColumn { .. } => {
                "name one with `column`, several with `any_of`, or say `rows`".to_owned()
            }
            ExpectationError::NoCells { .. } => {
                "add `column = \"…\"` to the table; `any_of` and `rows` stand without one".to_owned()
            }
            ExpectationError::Idle { key: "when", .. } => {
                "`rows` counts all records; take `when` out, or say what is expected of the cells of a column"
                    .to_owned()
            }
            ExpectationError::Idle { .. } => {
                "a share is one of cells: say what is expected of them, such as `pattern`, or take the key out"
                    .to_owned()
            }
            ExpectationError::Unreadable { .. } => {
                "`one_of_file` is a text file of one value a line, beside tiuv.toml".to_owned()
            }
            ExpectationError::Pattern { .. } => {
                "patterns are those of Rust's regex crate; write them in single quotes: pattern = '\\d+'".to_owned()
            }
            ExpectationError::Rule(error) => error.help(),
        }
    }
}
