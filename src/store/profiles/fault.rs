//! What can be wrong with a file of customers, before it is told of which run it is.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// What can be wrong with a file.
#[derive(Debug)]
pub(super) enum Fault {
    Database(rusqlite::Error),
    /// It does not hold what was written.
    Damaged(String),
}

impl Fault {
    pub(super) fn damaged(why: &str) -> Self {
        Fault::Damaged(why.to_owned())
    }

    /// The error for whoever reads the file of a run.
    pub(super) fn told_of(self, path: &Path, run: &str) -> StoreError {
        let reason = match self {
            // Beside these only the machine can be at fault: nobody writes to the file any more.
            Fault::Database(rusqlite::Error::SqliteFailure(error, text))
                if !matches!(error.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) =>
            {
                return StoreError::Database(rusqlite::Error::SqliteFailure(error, text));
            }
            Fault::Database(error) => error.to_string(),
            Fault::Damaged(why) => why,
        };
        StoreError::Damaged { path: path.display().to_string(), run: run.to_owned(), reason }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Database(error)
    }
}

impl From<postcard::Error> for Fault {
    fn from(error: postcard::Error) -> Self {
        Fault::damaged(&format!("a block is not as it was written: {error}"))
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Fault::damaged(&format!("a block can't be unpacked: {error}"))
    }
}
