//! An open workspace: its directory, its database, and how several processes open it.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use super::migrate::{assert_current, migrate};
use crate::disk::{self, WiderMode};

/// The directory with the files of runs.
pub(super) const SNAPSHOTS: &str = "snapshots";
/// The workspace's secret.
pub(super) const KEY_FILE: &str = "secret.key";
/// Locked by the one dispatcher.
pub(super) const LOCK_FILE: &str = "dispatch.lock";
/// The database.
const DATABASE: &str = "state.db";

/// How often a journal that is locked is tried again, 25 ms apart.
const WRITE_AHEAD_TRIES: u32 = 200;

/// How often a database that somebody else writes is tried again, 4 ms apart: for half a minute.
const TRIES: i32 = 7_500;

/// Waits for a turn, always as short a time: who has waited long is as likely to get the next turn as one who just came, so that a
/// dispatcher, which writes message by message, keeps nobody waiting for long.
fn wait(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(4));
    tries < TRIES
}

/// An open workspace.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) directory: PathBuf,
}

impl Store {
    /// The version of the database engine.
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }

    /// Opens a workspace, making it where it isn't there, and brings its schema up to date.
    ///
    /// # Errors
    /// When the directory or the database can't be used.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let unusable = |error: std::io::Error| unusable(directory, &error);
        disk::private_directory(&directory.join(SNAPSHOTS)).map_err(unusable)?;
        let database = directory.join(DATABASE);
        // SQLite gives what it puts beside it the same mode.
        disk::owned_file(&database).map_err(unusable)?;
        let store = Store::prepare(Connection::open(database)?, directory)?;
        store.go_on_publishing()?;
        for directory in [directory, &directory.join(SNAPSHOTS)] {
            disk::remove_left_overs(directory).map_err(unusable)?;
        }
        store.remove_unrecorded()?;
        Ok(store)
    }

    /// Opens a workspace that must be there already. One that may only be read is opened for reading.
    ///
    /// # Errors
    /// When it isn't there or can't be used.
    pub fn open_existing(directory: &Path) -> Result<Option<Self>, StoreError> {
        if !directory.join(DATABASE).is_file() {
            return Ok(None);
        }
        match disk::temporary_in(directory) {
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                Store::open_to_read(directory).map(Some)
            }
            _ => Store::open(directory).map(Some),
        }
    }

    /// Nothing of it is written, and nobody else writes it while nothing of its journal is there.
    fn open_to_read(directory: &Path) -> Result<Self, StoreError> {
        let database = std::path::absolute(directory.join(DATABASE)).map_err(|error| unusable(directory, &error))?;
        let mut uri = "file:".to_owned();
        for letter in database.display().to_string().chars() {
            match letter {
                '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", u32::from(letter))),
                letter => uri.push(letter),
            }
        }
        let has_journal = std::fs::metadata(directory.join("state.db-wal")).is_ok_and(|journal| journal.len() > 0);
        uri.push_str(if has_journal { "?mode=ro" } else { "?immutable=1" });
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(uri, flags)?;
        connection.busy_handler(Some(wait))?;
        assert_current(&connection, directory)?;
        Ok(Store { connection, directory: directory.to_path_buf() })
    }

    fn prepare(mut connection: Connection, directory: &Path) -> Result<Self, StoreError> {
        connection.busy_handler(Some(wait))?;
        write_ahead(&connection)?;
        // Each commit is on disk before it returns: what is marked as being sent stays so through a power cut.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection, directory)?;
        Ok(Store { connection, directory: directory.to_path_buf() })
    }

    /// All files of a workspace, those that it has and those that it may have.
    pub fn files(directory: &Path) -> Vec<PathBuf> {
        let names = [DATABASE, "state.db-wal", "state.db-shm", "state.db-journal", KEY_FILE, LOCK_FILE];
        let snapshots = std::fs::read_dir(directory.join(SNAPSHOTS)).into_iter().flatten().flatten();
        names.iter().map(|name| directory.join(name)).chain(snapshots.map(|entry| entry.path())).collect()
    }

    /// What of the workspace others than its owner may read or enter.
    pub fn open_to_others(&self) -> Vec<WiderMode> {
        let mut paths = Store::files(&self.directory);
        paths.extend([self.directory.clone(), self.directory.join(SNAPSHOTS)]);
        disk::wider_than_private(paths.iter().map(PathBuf::as_path))
    }

    /// Removes files of runs that were never recorded: a process died before it came to that.
    fn remove_unrecorded(&self) -> Result<(), StoreError> {
        let unrecorded = |store: &Store| -> Result<Vec<PathBuf>, StoreError> {
            let runs: HashSet<String> = store.run_ids()?.into_iter().collect();
            let entries = std::fs::read_dir(store.directory.join(SNAPSHOTS)).into_iter().flatten().flatten();
            let of_none = entries.filter(|entry| {
                let name = entry.file_name();
                let run = name.to_str().and_then(|name| name.split_once('.'));
                run.is_some_and(|(run, _)| !run.is_empty() && !runs.contains(run))
            });
            Ok(of_none.map(|entry| entry.path()).collect())
        };
        if unrecorded(self)?.is_empty() {
            return Ok(());
        }
        // Whoever is about to record a run holds the database: none is between its files and its record.
        let Ok(transaction) =
            rusqlite::Transaction::new_unchecked(&self.connection, rusqlite::TransactionBehavior::Immediate)
        else {
            return Ok(());
        };
        for path in unrecorded(self)? {
            tracing::info!("removed a file of a run that was never recorded");
            let _ = std::fs::remove_file(path);
        }
        Ok(transaction.rollback()?)
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

fn unusable(directory: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Directory { path: directory.display().to_string(), reason: error.to_string() }
}

/// Several processes that make one workspace at the same moment: whoever finds the database locked while the journal is
/// changed is told so at once, as SQLite does not wait there, and tries again.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.code == rusqlite::ErrorCode::DatabaseBusy && tries < WRITE_AHEAD_TRIES =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(25));
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use rusqlite::TransactionBehavior;

    use super::*;

    #[test]
    fn nobody_is_kept_waiting_by_one_who_writes_without_pause() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut planner = Store::open(directory.path()).expect("opens");
        let mut dispatcher = Store::open(directory.path()).expect("opens");
        let is_over = AtomicBool::new(false);
        let write = |store: &mut Store, held: Duration| {
            let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute("INSERT OR REPLACE INTO publishing (staging) VALUES ('x')", [])?;
            std::thread::sleep(held);
            transaction.commit()
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    write(&mut dispatcher, Duration::from_millis(3)).expect("writes");
                }
            });
            let turns: Vec<_> = (0..10).map(|_| write(&mut planner, Duration::ZERO)).collect();
            is_over.store(true, Ordering::Relaxed);
            turns.into_iter().for_each(|turn| turn.expect("gets its turn"));
        });
    }
}
