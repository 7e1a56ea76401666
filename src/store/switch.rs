//! Switches of the workspace, such as the one that stops outreach, and the lock of the one dispatcher.

use std::fs::{File, TryLockError};

use rusqlite::{Connection, OptionalExtension, params};

use super::workspace::LOCK_FILE;
use super::{Store, StoreError};
use crate::disk::private_file;

/// A switch that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// What whoever threw it had to say.
    pub value: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// The switch that stops outreach: nothing is sent while it is on.
pub(super) const STOPPED: &str = "outreach.stopped";

impl Store {
    /// Whether outreach is stopped, and why.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn outreach_stopped(&self) -> Result<Option<Switch>, StoreError> {
        Ok(switch(&self.connection, STOPPED)?)
    }

    /// Stops outreach: from the moment this returns no message is begun, in a running process either. Those that a
    /// running process has begun still end.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn stop_outreach(&mut self, why: &str, at: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO switch (name, value, at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET value = ?2, at = ?3",
            params![STOPPED, why, at],
        )?;
        Ok(())
    }

    /// Lets outreach go on. False where it was not stopped.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn resume_outreach(&mut self) -> Result<bool, StoreError> {
        Ok(self.connection.execute("DELETE FROM switch WHERE name = ?1", [STOPPED])? > 0)
    }

    /// Takes the lock of the one dispatcher; none where another process has it. The system gives it back when this one
    /// ends, however that happens, so a row that is `sending` while the lock is held belongs to its holder.
    ///
    /// # Errors
    /// When the lock's file can't be made.
    pub fn lock_dispatch(&self) -> Result<Option<DispatchLock>, StoreError> {
        let path = self.directory().join(LOCK_FILE);
        let unusable = |reason: String| StoreError::Directory { path: path.display().to_string(), reason };
        let file = private_file(File::options().create(true).append(true))
            .open(&path)
            .map_err(|error| unusable(error.to_string()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(DispatchLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(unusable(error.to_string())),
        }
    }
}

/// Held by the one dispatcher of a workspace.
#[derive(Debug)]
pub struct DispatchLock {
    _file: File,
}

pub(super) fn switch(connection: &Connection, name: &str) -> rusqlite::Result<Option<Switch>> {
    connection
        .prepare_cached("SELECT value, at FROM switch WHERE name = ?1")?
        .query_row([name], |row| Ok(Switch { value: row.get(0)?, at: row.get(1)? }))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_seen_by_everyone_until_it_is_lifted() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let other = Store::open(directory.path()).expect("opens");
        store.stop_outreach("wrong text", "2026-11-21T10:00:00Z").expect("stops");
        let switch = other.outreach_stopped().expect("reads").expect("is on");
        assert_eq!(switch.value, "wrong text");
        assert!(store.resume_outreach().expect("resumes"));
        assert!(!store.resume_outreach().expect("was off"));
        assert_eq!(other.outreach_stopped().expect("reads"), None);
    }

    #[test]
    fn only_one_holds_the_lock_of_the_dispatcher() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let other = Store::open(directory.path()).expect("opens");
        let lock = store.lock_dispatch().expect("locks").expect("is free");
        assert!(other.lock_dispatch().expect("tries").is_none());
        drop(lock);
        assert!(other.lock_dispatch().expect("tries").is_some());
    }
}
