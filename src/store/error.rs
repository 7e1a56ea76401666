//! What can go wrong with a workspace.

use crate::error::{Exit, Explain};

/// What can go wrong with a workspace.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its directory can't be made or written.
    #[error("can't use the workspace {path}: {reason}")]
    Directory {
        /// As given.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// `state.db` was written by a newer tiuv.
    #[error("the workspace {path} was written by a newer tiuv (schema {found}, this one knows {known})")]
    Newer {
        /// As given.
        path: String,
        /// Its schema.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// SQLite says no.
    #[error("the workspace's state.db: {0}")]
    Database(#[from] rusqlite::Error),
    /// What a run left can't be read.
    #[error("can't read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A snapshot can't be written.
    #[error("can't write the run's snapshot: {0}")]
    Snapshot(String),
    /// What a run left is not what was written then.
    #[error("{path} of run {run} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: String,
        /// The run.
        run: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What was recorded could not get its names.
    #[error("can't give the results in {directory} their names: {reason}")]
    Publish {
        /// Where they are.
        directory: String,
        /// What the system says.
        reason: String,
    },
    /// The outbox contradicts itself.
    #[error("the account of the outbox is wrong: {0}")]
    Account(String),
}

impl Explain for StoreError {
    fn exit(&self) -> Exit {
        match self {
            StoreError::Newer { .. } => Exit::Usage,
            StoreError::Account(_) => Exit::Bug,
            _ => Exit::Input,
        }
    }

    fn help(&self) -> String {
        match self {
            StoreError::Newer { .. } => "update tiuv, or use another directory with --workspace".to_owned(),
            StoreError::Database(rusqlite::Error::SqliteFailure(error, _))
                if error.code == rusqlite::ErrorCode::DatabaseBusy =>
            {
                "another tiuv is writing to it; wait for that one to end and run the same command again".to_owned()
            }
            StoreError::Damaged { .. } => {
                "`tiuv workspace repair` drops what that run left for finding its customers again, and keeps \
                                           decisions, refusals and the outbox"
                    .to_owned()
            }
            StoreError::Publish { .. } => {
                "the workspace has recorded them; make room or permit writing there, and the next command with this \
                                           workspace goes on"
                    .to_owned()
            }
            StoreError::Account(_) => "send nothing more, keep a copy of the workspace, and report it".to_owned(),
            _ => "check the path and its permissions, use another one with --workspace, or do without with --no-state"
                .to_owned(),
        }
    }
}
