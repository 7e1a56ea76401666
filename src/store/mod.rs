//! The workspace: what a later run or a person needs to know of earlier ones, in `state.db` and `snapshots/`.

mod answers;
mod captures;
mod cards;
mod consequences;
mod contact_events;
mod decay_model;
mod decisions;
mod gateway_reports;
mod inbound_messages;
mod known;
mod lookups;
mod migrate;
mod mx;
mod outbox;
mod pending_changes;
#[cfg(feature = "parquet")]
mod people;
mod secret;
#[cfg(feature = "parquet")]
mod snapshot;
mod suppression;
mod switch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::error::{Exit, Explain};

pub use answers::{Recorded, Reported, TakenIn};
pub use cards::{CardsFile, CardsWriter};
pub use contact_events::PastAnswer;
pub use decay_model::DecayModelRecord;
pub use known::KnownList;
pub use outbox::{
    AskedContact, BeginSend, Begun, Call, Changed, DueFilter, Flag, HandedOut, KnownContact, KnownEvent, OutboxAccount,
    OutboxRow, PlanChange, PlanStamp, PlannedContact, SendResult, StateSum, UnknownRow,
};
pub use pending_changes::PendingValue;
#[cfg(feature = "parquet")]
pub use people::{CustomersFile, PeopleFile};
pub use secret::{Secret, TOKEN_LENGTH};
#[cfg(feature = "parquet")]
pub use snapshot::SnapshotWriter;
pub use suppression::Added;
pub use switch::{DispatchLock, Switch};

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
            StoreError::Account(_) => "send nothing more, keep a copy of the workspace, and report it".to_owned(),
            _ => "check the path and its permissions, use another one with --workspace, or do without with --no-state"
                .to_owned(),
        }
    }
}

/// How often a journal that is locked is tried again, 25 ms apart.
const WRITE_AHEAD_TRIES: u32 = 200;

/// An open workspace.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    directory: PathBuf,
}

/// What is recorded of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunRecord {
    /// Content-stable id.
    pub id: String,
    /// RFC 3339, UTC.
    pub recorded_at: String,
    /// `YYYY-MM-DD`.
    pub as_of: String,
    /// ISO 3166.
    pub region: String,
    /// Version of tiuv.
    pub version: String,
    /// Fingerprint of the rule files.
    pub rules: String,
    /// Records read.
    pub rows_in: u64,
    /// Rows written.
    pub rows_out: u64,
    /// Records quarantined.
    pub quarantined: u64,
    /// Name and number of records of each input.
    pub inputs: Vec<(String, u64)>,
    /// The content of `run.json`.
    pub summary: String,
}

/// What a run leaves beside its record; a file that stands there already is left out.
#[derive(Debug, Default)]
pub struct RunFiles {
    /// Its standardized rows.
    pub snapshot: Option<tempfile::NamedTempFile>,
    /// The compared values of its rows.
    pub people: Option<tempfile::NamedTempFile>,
    /// Whose its rows are.
    pub customers: Option<tempfile::NamedTempFile>,
    /// Its customers as outreach and look-ups see them.
    pub cards: Option<tempfile::NamedTempFile>,
    /// When its values were first written down.
    pub captures: Option<tempfile::NamedTempFile>,
    /// The lists that it read and resolved.
    pub lists: Vec<KnownList>,
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
        migrate::migrate(&mut connection, directory)?;
        Ok(Store { connection, directory: directory.to_path_buf() })
    }

    /// Records a run and puts its files in place, all or none; a run of the same id is replaced, so repeating
    /// a run changes nothing but the time it was recorded. `publish` runs inside the transaction, last but one: where
    /// it fails, nothing is recorded.
    ///
    /// # Errors
    /// When the database or the snapshot can't be written, or `publish` fails.
    pub fn record_run<E: From<StoreError>>(
        &mut self,
        run: &RunRecord,
        files: RunFiles,
        publish: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let places = [
            self.snapshot_path(&run.id),
            self.people_path(&run.id),
            self.customers_path(&run.id),
            self.cards_path(&run.id),
            self.captures_path(&run.id),
        ];
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| E::from(error.into()))?;
        write_run(&transaction, run).map_err(|error| E::from(error.into()))?;
        known::write_lists(&transaction, &files.lists).map_err(|error| E::from(error.into()))?;
        let files = [files.snapshot, files.people, files.customers, files.cards, files.captures];
        for (file, path) in files.into_iter().zip(&places) {
            if let Some(file) = file {
                file.persist(path).map_err(|error| E::from(StoreError::Snapshot(error.to_string())))?;
            }
        }
        publish()?;
        transaction.commit().map_err(|error| E::from(error.into()))
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, recorded_at, as_of, region, version, rules, rows_in, rows_out, quarantined, summary
             FROM run ORDER BY recorded_at DESC, id",
        )?;
        let mut inputs =
            self.connection.prepare("SELECT name, records FROM run_input WHERE run = ?1 ORDER BY position")?;
        let rows = statement.query_map([], |row| {
            Ok(RunRecord {
                id: row.get(0)?,
                recorded_at: row.get(1)?,
                as_of: row.get(2)?,
                region: row.get(3)?,
                version: row.get(4)?,
                rules: row.get(5)?,
                rows_in: row.get::<_, i64>(6)? as u64,
                rows_out: row.get::<_, i64>(7)? as u64,
                quarantined: row.get::<_, i64>(8)? as u64,
                inputs: Vec::new(),
                summary: row.get(9)?,
            })
        })?;
        let mut runs = rows.collect::<Result<Vec<_>, _>>()?;
        for run in &mut runs {
            let named = inputs.query_map([&run.id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            run.inputs = named.collect::<Result<_, _>>()?;
        }
        Ok(runs)
    }

    /// The ids of all runs, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn run_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare("SELECT id FROM run ORDER BY recorded_at DESC, id")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Whether a run of this id is recorded.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn has_run(&self, id: &str) -> Result<bool, StoreError> {
        let found = self.connection.query_row("SELECT 1 FROM run WHERE id = ?1", [id], |_| Ok(())).optional()?;
        Ok(found.is_some())
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where a run's snapshot stands.
    pub fn snapshot_path(&self, run: &str) -> PathBuf {
        self.directory.join("snapshots").join(format!("{run}.parquet"))
    }

    /// Where the compared values of a run's rows stand.
    pub fn people_path(&self, run: &str) -> PathBuf {
        self.directory.join("snapshots").join(format!("{run}.people.parquet"))
    }

    /// Where it stands whose a run's rows are.
    pub fn customers_path(&self, run: &str) -> PathBuf {
        self.directory.join("snapshots").join(format!("{run}.customers.parquet"))
    }

    /// What a person said the columns of this header mean: header and field, `None` for a column to leave alone.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn saved_mapping(&self, fingerprint: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT header, field FROM column_mapping WHERE header_fingerprint = ?1 ORDER BY position")?;
        let rows = statement.query_map([fingerprint], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Saves what the columns of a header mean, in place of what was saved before.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn save_mapping(&mut self, fingerprint: &str, columns: &[(String, Option<String>)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM column_mapping WHERE header_fingerprint = ?1", [fingerprint])?;
        for (position, (header, field)) in columns.iter().enumerate() {
            transaction.execute(
                "INSERT INTO column_mapping (header_fingerprint, position, header, field) VALUES (?1, ?2, ?3, ?4)",
                params![fingerprint, position as i64, header, field],
            )?;
        }
        transaction.commit()?;
        Ok(())
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

fn write_run(connection: &Connection, run: &RunRecord) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM run WHERE id = ?1", [&run.id])?;
    connection.execute(
        "INSERT INTO run (id, recorded_at, as_of, region, version, rules, rows_in, rows_out, quarantined, summary)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            run.id,
            run.recorded_at,
            run.as_of,
            run.region,
            run.version,
            run.rules,
            run.rows_in as i64,
            run.rows_out as i64,
            run.quarantined as i64,
            run.summary
        ],
    )?;
    for (position, (name, records)) in run.inputs.iter().enumerate() {
        connection.execute(
            "INSERT INTO run_input (run, position, name, records) VALUES (?1, ?2, ?3, ?4)",
            params![run.id, position as i64, name, *records as i64],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str) -> RunRecord {
        RunRecord {
            id: id.to_owned(),
            recorded_at: "2026-11-21T10:00:00Z".to_owned(),
            as_of: "2026-11-21".to_owned(),
            region: "IL".to_owned(),
            version: "0.1.0".to_owned(),
            rules: "0".to_owned(),
            rows_in: 3,
            rows_out: 2,
            quarantined: 1,
            inputs: vec![("club.csv".to_owned(), 3)],
            summary: "{}".to_owned(),
        }
    }

    fn record_run(store: &mut Store, run: &RunRecord) -> Result<(), StoreError> {
        store.record_run(run, RunFiles::default(), || Ok(()))
    }

    #[test]
    fn recording_the_same_run_twice_leaves_one() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        record_run(&mut store, &record("a")).expect("records");
        record_run(&mut store, &record("a")).expect("records again");
        assert_eq!(store.runs().expect("reads"), [record("a")]);
    }

    #[test]
    fn a_run_whose_outputs_could_not_be_published_did_not_happen() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let failed =
            store.record_run(&record("a"), RunFiles::default(), || Err(StoreError::Snapshot("disk full".to_owned())));
        assert!(failed.is_err());
        assert!(store.runs().expect("reads").is_empty());
    }

    #[test]
    fn a_run_that_lost_a_row_can_not_be_recorded() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let lossy = RunRecord { rows_out: 1, ..record("a") };
        assert!(record_run(&mut store, &lossy).is_err());
    }

    #[test]
    fn a_saved_mapping_replaces_the_one_before() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        store.save_mapping("f", &[("נייד".to_owned(), Some("mobile".to_owned()))]).expect("saves");
        let corrected = [("נייד".to_owned(), Some("phone".to_owned())), ("x".to_owned(), None)];
        store.save_mapping("f", &corrected).expect("saves");
        assert_eq!(store.saved_mapping("f").expect("reads"), corrected);
        assert!(store.saved_mapping("other").expect("reads").is_empty());
    }
}
