//! Why results can't be pushed.

use crate::database::DatabaseError;
use crate::error::{Exit, Explain};

/// Why results can't be pushed.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// No results are there.
    #[error("{0} holds no results of a run")]
    NoResults(String),
    /// A file of the results can't be read.
    #[error("can't read {file}: {reason}")]
    Unreadable {
        /// Which one.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The tables are of another format.
    #[error("{0} is not there: the run wrote its tables in another format")]
    NotCsv(String),
    /// A run of several lists.
    #[error("the run is of {0} lists, and it is not said whose rows are meant")]
    SeveralLists(usize),
    /// A column that the list does not have.
    #[error("the list has no column {column}")]
    NoColumn {
        /// As it was written.
        column: String,
        /// The closest one.
        closest: Option<String>,
    },
    /// Nothing tells rows apart.
    #[error("it is not said by which column rows are told apart")]
    NoKey,
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Explain for PushError {
    fn exit(&self) -> Exit {
        match self {
            PushError::NoResults(_) | PushError::Unreadable { .. } => Exit::Input,
            PushError::Database(error) => error.exit(),
            _ => Exit::Usage,
        }
    }

    fn help(&self) -> String {
        let fixed = match self {
            PushError::NoResults(_) => "name the directory that `tiuv clean --out` wrote, with --run",
            PushError::Unreadable { .. } => "clean the list again",
            PushError::NotCsv(_) => "clean the list with --format csv",
            PushError::SeveralLists(_) => "clean the list of the table by itself",
            PushError::NoColumn { closest: Some(closest), .. } => return format!("did you mean `{closest}`?"),
            PushError::NoColumn { .. } => "`tiuv map` shows its columns",
            PushError::NoKey => "the table has no key of its own: name the columns with --key",
            PushError::Database(error) => return error.help(),
        };
        fixed.to_owned()
    }
}
