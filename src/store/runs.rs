//! The runs that were recorded, each with the files that it left.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::artefact::Look;
use super::workspace::SNAPSHOTS;
use super::{Artefact, KnownList, PersonsSeen, Store, StoreError, known, publishing, suppression};
use crate::disk::{Staged, fault, naming, sync_directory};

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
    pub profiles: Option<tempfile::NamedTempFile>,
    /// When its values were first written down.
    pub captures: Option<tempfile::NamedTempFile>,
    /// The lists that it read and resolved.
    pub lists: Vec<KnownList>,
    /// Earlier exports of them, by name and fingerprint: the lists of this run take their place.
    pub replaced: Vec<(String, u64)>,
    /// What they say of those who refused.
    pub persons: PersonsSeen,
}

impl Store {
    /// Records a run and puts its files in place, all or none; a run of the same id is replaced, so repeating a run changes
    /// nothing but the time it was recorded. Its `results` get their names when nothing else can fail: what stops that is made up
    /// for by whoever opens the workspace next.
    ///
    /// # Errors
    /// When the database or a file can't be written: nothing is recorded then, and no result has its name. When results can't
    /// get their names, they are recorded and get them later.
    pub fn record_run(&mut self, run: &RunRecord, files: RunFiles, results: Option<Staged>) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| StoreError::Snapshot(error.to_string());
        let files_of_run = [files.snapshot, files.people, files.customers, files.profiles, files.captures];
        let mut whole = Vec::new();
        // On disk before anything speaks of them, and before the database is held for it.
        for (artefact, file) in Artefact::ALL.into_iter().zip(files_of_run) {
            let Some(file) = file else { continue };
            fault::point("artefact-written").map_err(failed)?;
            file.as_file().sync_all().map_err(failed)?;
            let look = Look::of(file.path()).map_err(failed)?;
            whole.push((artefact, self.artefact(artefact, &run.id), file, look));
        }
        let _naming = naming();
        // Those of an earlier run of this id are replaced one by one before the transaction ends: each is whole, whichever it is.
        for (artefact, ..) in &whole {
            artefact.forget_look(&self.connection, &run.id)?;
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write_run(&transaction, run)?;
        known::write_lists(&transaction, &files.lists, &files.replaced)?;
        suppression::add_seen(&transaction, &files.persons, &run.recorded_at)?;
        fault::point("run-written").map_err(failed)?;
        for (artefact, path, file, look) in whole {
            look.remember(&transaction, artefact, &run.id)?;
            file.persist(path).map_err(|error| failed(error.error))?;
            fault::point("artefact-named").map_err(failed)?;
        }
        sync_directory(&self.directory.join(SNAPSHOTS)).map_err(failed)?;
        if let Some(results) = &results {
            publishing::decide(&transaction, results, &self.directory)?;
        }
        fault::point("committing").map_err(failed)?;
        transaction.commit()?;
        results.map_or(Ok(()), |results| self.publish(results))
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, recorded_at, as_of, region, version, rules, rows_in, rows_out, quarantined, summary
             FROM run ORDER BY recorded_at DESC, rowid DESC",
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
        let mut statement = self.connection.prepare("SELECT id FROM run ORDER BY recorded_at DESC, rowid DESC")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// The id of the run that was recorded last, and when that was.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn newest_run(&self) -> Result<Option<(String, String)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, recorded_at FROM run ORDER BY recorded_at DESC, rowid DESC LIMIT 1")?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Whether a run of this id is recorded.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn has_run(&self, id: &str) -> Result<bool, StoreError> {
        let found = self.connection.query_row("SELECT 1 FROM run WHERE id = ?1", [id], |_| Ok(())).optional()?;
        Ok(found.is_some())
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
        store.record_run(run, RunFiles::default(), None)
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
    fn a_run_whose_results_could_not_get_their_names_is_recorded_and_they_get_them_later() {
        let directory = tempfile::tempdir().expect("a directory");
        let out = directory.path().join("out");
        let mut store = Store::open(directory.path()).expect("opens");
        let mut results = Staged::create(&out).expect("made");
        results.file("run.json").expect("made");
        results.finish().expect("whole");
        std::fs::create_dir(out.join("run.json")).expect("in the way");
        let failed = store.record_run(&record("a"), RunFiles::default(), Some(results)).expect_err("can't be named");
        assert!(matches!(failed, StoreError::Publish { .. }), "{failed}");
        std::fs::remove_dir(out.join("run.json")).expect("out of the way");
        let store = Store::open(directory.path()).expect("opens again");
        assert_eq!(store.runs().expect("reads"), [record("a")]);
        assert!(out.join("run.json").is_file());
        assert_eq!(std::fs::read_dir(&out).expect("reads").count(), 1, "nothing else is left");
    }

    #[test]
    fn a_run_that_lost_a_row_can_not_be_recorded() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let lossy = RunRecord { rows_out: 1, ..record("a") };
        assert!(record_run(&mut store, &lossy).is_err());
    }
}
