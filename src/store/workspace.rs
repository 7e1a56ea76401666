//! An open workspace: its directory, its database, and how several processes open it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;
use super::migrate::migrate;

/// How often a journal that is locked is tried again, 25 ms apart.
const WRITE_AHEAD_TRIES: u32 = 200;

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
        let unusable = |error: std::io::Error| StoreError::Directory {
            path: directory.display().to_string(),
            reason: error.to_string(),
        };
        std::fs::create_dir_all(directory.join("snapshots")).map_err(unusable)?;
        let connection = Connection::open(directory.join("state.db"))?;
        Store::prepare(connection, directory)
    }

    /// Opens a workspace that must be there already.
    ///
    /// # Errors
    /// When it isn't there or can't be used.
    pub fn open_existing(directory: &Path) -> Result<Option<Self>, StoreError> {
        if directory.join("state.db").is_file() { Store::open(directory).map(Some) } else { Ok(None) }
    }

    fn prepare(mut connection: Connection, directory: &Path) -> Result<Self, StoreError> {
        connection.busy_timeout(Duration::from_secs(10))?;
        write_ahead(&connection)?;
        // Each commit is on disk before it returns: what is marked as being sent stays so through a power cut.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection, directory)?;
        Ok(Store { connection, directory: directory.to_path_buf() })
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
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
