//! What can stop a run.

use std::io;

use super::ExpectationError;
use crate::error::{Excerpt, Exit, Explain};
use crate::ingest::IngestError;
use crate::rule::RuleError;
use crate::store::StoreError;

/// What can stop a run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source can't be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// What the workspace remembers can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is expected of the list can't be.
    #[error(transparent)]
    Expectation(Box<ExpectationError>),
    /// Output or temporary files can't be written.
    #[error("can't write {what}: {reason}")]
    Write {
        /// Which file.
        what: String,
        /// What the system says.
        reason: String,
    },
    /// A row was about to be written with more or fewer cells than the header has.
    #[error("a row of {what} has {found} cells, its header {width}; nothing was written")]
    Misaligned {
        /// Which table.
        what: &'static str,
        /// Cells of the header.
        width: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Whoever read the output went away, as `head` does.
    #[error("the reader of the output went away")]
    ClosedPipe,
    /// The user stopped the run.
    #[error("stopped before the end")]
    Interrupted,
}

impl RunError {
    /// A failed write.
    pub fn write(what: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return RunError::ClosedPipe;
        }
        // The kind alone: the full text may name a temporary file that nobody knows.
        let reason = match error.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code).to_string(),
            None if error.kind() != io::ErrorKind::Other => error.kind().to_string(),
            None => error.to_string(),
        };
        RunError::Write { what: what.to_owned(), reason }
    }
}

impl From<ExpectationError> for RunError {
    fn from(error: ExpectationError) -> Self {
        RunError::Expectation(Box::new(error))
    }
}

impl Explain for RunError {
    fn exit(&self) -> Exit {
        match self {
            RunError::Ingest(error) => error.exit(),
            RunError::Rule(error) => error.exit(),
            RunError::Store(error) => error.exit(),
            RunError::Expectation(error) => error.exit(),
            RunError::Write { .. } => Exit::Input,
            RunError::Misaligned { .. } => Exit::Bug,
            RunError::ClosedPipe => Exit::Success,
            RunError::Interrupted => Exit::Interrupted,
        }
    }

    fn help(&self) -> String {
        match self {
            RunError::Ingest(error) => error.help(),
            RunError::Rule(error) => error.help(),
            RunError::Store(error) => error.help(),
            RunError::Expectation(error) => error.help(),
            RunError::Write { .. } => {
                "check the free space and the permissions there; nothing was left half-written".to_owned()
            }
            RunError::Misaligned { .. } => {
                "this is a bug of tiuv; please report it with the list's dialect, not with its rows".to_owned()
            }
            RunError::ClosedPipe => String::new(),
            RunError::Interrupted => "nothing was written; run the same command again".to_owned(),
        }
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        match self {
            RunError::Rule(error) => error.excerpt(),
            _ => None,
        }
    }
}
