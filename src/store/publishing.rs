//! Files whose names are given when the transaction that speaks of them is done: what is decided in it is carried out behind it, by
//! this process or by the next one that opens the workspace.

use std::path::{Path, PathBuf};

use rusqlite::{Transaction, params};

use super::{Store, StoreError};
use crate::disk::{Staged, fault, finish_staged};

/// Notes in a transaction that files are to get their names once it is done.
pub(super) fn decide(transaction: &Transaction<'_>, staged: &Staged) -> Result<(), StoreError> {
    let staging = absolute(staged.staging());
    let staging = staging.to_str().ok_or_else(|| StoreError::Publish {
        directory: directory(&staging),
        reason: "its path is no text; choose another".to_owned(),
    })?;
    transaction.execute("INSERT OR IGNORE INTO publishing (staging) VALUES (?1)", params![staging])?;
    Ok(())
}

impl Store {
    /// Gives files their names behind the transaction that decided so.
    pub(super) fn publish(&self, mut staged: Staged) -> Result<(), StoreError> {
        staged.keep();
        fault::crash("committed");
        let staging = absolute(staged.staging());
        staged
            .publish()
            .map_err(|error| StoreError::Publish { directory: directory(&staging), reason: error.to_string() })?;
        self.settle(&staging)
    }

    /// Goes on where a process died between a transaction and the last name that it had decided to give.
    pub(super) fn go_on_publishing(&self) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("SELECT staging FROM publishing ORDER BY staging")?;
        let left = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        for staging in left.iter().map(Path::new) {
            match finish_staged(staging) {
                Ok(()) if !staging.exists() => self.settle(staging)?,
                // A process that lives is at it.
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(%error, "results of an earlier command in {} can't get their names", directory(staging));
                }
            }
        }
        Ok(())
    }

    fn settle(&self, staging: &Path) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM publishing WHERE staging = ?1", params![staging.to_str()])?;
        fault::crash("settled");
        Ok(())
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn directory(staging: &Path) -> String {
    crate::disk::directory_of(staging).display().to_string()
}
