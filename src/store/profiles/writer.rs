//! Writing the customers of a run, once and without a journal.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use rusqlite::{Connection, params};
use tempfile::NamedTempFile;

use super::NEWEST;
use super::columns::{CUSTOMERS, pack};
use super::fault::Fault;
use super::found_by::{Entry, blocks, found_by};
use crate::disk::temporary_in;
use crate::record::{CustomerProfile, ListStanding};
use crate::store::StoreError;
use crate::store::workspace::SNAPSHOTS;

const SCHEMA: &str = "
PRAGMA page_size = 2048;
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA locking_mode = exclusive;
PRAGMA cache_size = -16384;
CREATE TABLE list (name TEXT NOT NULL, stated TEXT NOT NULL, unread TEXT NOT NULL) STRICT;
CREATE TABLE answered (list TEXT PRIMARY KEY, consents TEXT NOT NULL) STRICT;
CREATE TABLE block (first INTEGER PRIMARY KEY, customers INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE found (first INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
BEGIN;";

/// Writes the customers of a run.
#[derive(Debug)]
pub struct ProfilesWriter {
    connection: Connection,
    file: NamedTempFile,
    found_by: Vec<Entry>,
    /// Which consents the customers of each list answer.
    answered: BTreeMap<String, [bool; 4]>,
    count: u32,
}

impl ProfilesWriter {
    /// Starts a file in the workspace; nothing of it is seen before its run is recorded.
    ///
    /// # Errors
    /// When it can't be made there.
    pub fn create(workspace: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Snapshot(error.to_string());
        let file = temporary_in(&workspace.join(SNAPSHOTS)).map_err(failed)?;
        let connection = Connection::open(file.path())?;
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", NEWEST)?;
        Ok(ProfilesWriter { connection, file, found_by: Vec::new(), answered: BTreeMap::new(), count: 0 })
    }

    /// Adds customers, best thousands at a time: each with the folded words by which its name is looked up.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push(&mut self, customers: &[(CustomerProfile, Vec<String>)]) -> Result<(), StoreError> {
        for (profile, _) in customers {
            self.note_answers(profile);
        }
        let first = self.count;
        let made: Vec<(Vec<u8>, Vec<Entry>)> = customers
            .par_chunks(CUSTOMERS)
            .enumerate()
            .map(|(chunk, customers)| {
                let mut entries = Vec::with_capacity(customers.len() * 8);
                for (place, (profile, names)) in (first + (chunk * CUSTOMERS) as u32..).zip(customers) {
                    found_by(profile, names, place, &mut entries);
                }
                Ok((pack(customers.iter().map(|(profile, _)| profile))?, entries))
            })
            .collect::<Result<_, Fault>>()
            .map_err(failed)?;
        let mut insert = self.connection.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3)")?;
        for ((data, entries), customers) in made.iter().zip(customers.chunks(CUSTOMERS)) {
            insert.execute(params![self.count, customers.len() as i64, data])?;
            self.count += customers.len() as u32;
            self.found_by.extend_from_slice(entries);
        }
        Ok(())
    }

    fn note_answers(&mut self, profile: &CustomerProfile) {
        let answers = profile.consent.all().map(|consent| consent.is_some());
        match self.answered.get_mut(&profile.list) {
            Some(known) => known.iter_mut().zip(answers).for_each(|(known, answers)| *known |= answers),
            None => {
                self.answered.insert(profile.list.clone(), answers);
            }
        }
    }

    /// Adds what a list says of consent as a whole.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push_list(&mut self, list: &ListStanding) -> Result<(), StoreError> {
        let unread = serde_json::to_string(&list.unread).map_err(|error| StoreError::Snapshot(error.to_string()))?;
        self.connection
            .execute("INSERT INTO list VALUES (?1, ?2, ?3)", params![list.list, letters(&list.stated), unread])?;
        Ok(())
    }

    /// The file, complete.
    ///
    /// # Errors
    /// When the rest can't be written.
    pub fn finish(mut self) -> Result<NamedTempFile, StoreError> {
        self.found_by.par_sort_unstable();
        self.found_by.dedup();
        let index = blocks(&self.found_by).map_err(|error| failed(error.into()))?;
        for (first, data) in &index {
            let mut insert = self.connection.prepare_cached("INSERT INTO found VALUES (?1, ?2)")?;
            insert.execute(params![*first as i64, data])?;
        }
        for (list, answered) in &self.answered {
            self.connection.execute("INSERT INTO answered VALUES (?1, ?2)", params![list, letters(answered)])?;
        }
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(self.file)
    }
}

fn failed(fault: Fault) -> StoreError {
    match fault {
        Fault::Database(error) => StoreError::Database(error),
        Fault::Damaged(why) => StoreError::Snapshot(why),
    }
}

/// A letter a consent: whether anything is said of it.
fn letters(said: &[bool; 4]) -> String {
    said.iter().map(|said| if *said { 'y' } else { '-' }).collect()
}
