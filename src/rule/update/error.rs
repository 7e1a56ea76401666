//! Why a list can't be brought up to date.

use crate::error::{Exit, Explain};
use crate::rule::RuleError;

/// Why a list can't be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// No list is called so.
    #[error("there is no list `{name}`")]
    UnknownList {
        /// As asked for.
        name: String,
        /// The closest name.
        closest: Option<String>,
    },
    /// The bytes are no list.
    #[error("{from} is {what}, not a list")]
    NotAList {
        /// File or address.
        from: String,
        /// What they are.
        what: String,
        /// What to do.
        help: String,
    },
    /// The header is not that of the list.
    #[error("{from}, line {line}: {message}")]
    Columns {
        /// File or address.
        from: String,
        /// 1-based.
        line: u64,
        /// What is wrong.
        message: String,
        /// What is wanted.
        help: String,
    },
    /// Lines that are no entries.
    #[error("{from}, line {line}: `{text}`: {why}{}", and_more(*.more))]
    BadLine {
        /// File or address.
        from: String,
        /// 1-based.
        line: u64,
        /// The line, shortened.
        text: String,
        /// What is wrong with it.
        why: String,
        /// How many other lines are bad.
        more: usize,
    },
    /// Nothing would be left.
    #[error("{from} leaves no entry")]
    Empty {
        /// File or address.
        from: String,
    },
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

fn and_more(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "; and 1 more line like this".to_owned(),
        count => format!("; and {count} more lines like this"),
    }
}

impl Explain for UpdateError {
    fn exit(&self) -> Exit {
        match self {
            UpdateError::UnknownList { .. } => Exit::Usage,
            UpdateError::Rule(error) => error.exit(),
            _ => Exit::Input,
        }
    }

    fn help(&self) -> String {
        match self {
            UpdateError::UnknownList { closest: Some(name), .. } => {
                format!("did you mean `{name}`? `tiuv rule update` names all lists")
            }
            UpdateError::UnknownList { closest: None, .. } => "`tiuv rule update` names all lists".to_owned(),
            UpdateError::NotAList { help, .. } | UpdateError::Columns { help, .. } => help.clone(),
            UpdateError::BadLine { .. } => "put it right, or leave such lines out with --skip-bad".to_owned(),
            UpdateError::Empty { .. } => {
                "a list without entries would silence its rules; if that is what you want, write the file by hand"
                    .to_owned()
            }
            UpdateError::Rule(error) => error.help(),
        }
    }

    fn excerpt(&self) -> Option<crate::error::Excerpt<'_>> {
        if let UpdateError::Rule(error) = self { error.excerpt() } else { None }
    }
}
