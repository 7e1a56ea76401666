//! The workspace as the memory of customers: loads what earlier runs left, and prepares what later ones will find.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::RunError;
use super::earlier::{EarlierRuns, RowCustomer};
use crate::ingest::{List, header_fingerprint};
use crate::record::{PeopleTable, RowId, Rows};
use crate::rule::Context;
use crate::store::{Artefact, CustomersFile, KnownList, PeopleFile, Store};

/// What earlier runs left, as far as this run needs it.
#[derive(Debug)]
pub struct Memory {
    pub(super) known: EarlierRuns,
    /// The compared values of lists that this run does not read: file, and the list's place in it.
    elsewhere: Vec<(PathBuf, u32)>,
    workspace: PathBuf,
}

impl Memory {
    /// Loads what is known of customers, for a run that reads these lists.
    ///
    /// # Errors
    /// When what earlier runs left can't be read.
    pub fn load(store: &Store, lists: &[List], context: &Context) -> Result<Option<Self>, RunError> {
        let current: Vec<(String, u64)> = lists.iter().map(identity).collect();
        let mut rows = Vec::new();
        let mut elsewhere = Vec::new();
        let mut runs: HashSet<String> = HashSet::new();
        for list in store.known_lists()? {
            if runs.insert(list.run.clone()) {
                rows.extend(CustomersFile::read(&store.artefact(Artefact::Customers, &list.run))?);
            }
            if !current.contains(&(list.name.clone(), list.fingerprint)) {
                elsewhere.push((store.artefact(Artefact::People, &list.run), list.position));
            }
        }
        let rules = format!("{:016x}", context.files.fingerprint());
        let known = EarlierRuns::new(rows, store.decisions()?, rules, store.next_seen()?);
        Ok(Some(Memory { known, elsewhere, workspace: store.directory().to_path_buf() }))
    }

    /// Adds the rows of other lists behind those of this run, each row once.
    pub(super) fn join(&self, table: &mut PeopleTable, ids: &mut Vec<RowId>) -> Result<(), RunError> {
        if self.elsewhere.is_empty() {
            return Ok(());
        }
        let mut seen: HashSet<RowId> = ids.iter().copied().collect();
        for (path, position) in &self.elsewhere {
            let first = table.len() as u32;
            PeopleFile::read(path, *position, first, &mut |row| seen.insert(row), &mut |batch, rows| {
                table.append(batch);
                ids.extend(rows);
            })?;
        }
        Ok(())
    }

    /// Writes the compared values of this run's rows; `sources` holds the place of each row's list.
    pub(super) fn people_file(
        &self,
        table: &PeopleTable,
        sources: &[u32],
        ids: &[RowId],
    ) -> Result<NamedTempFile, RunError> {
        let rows: Vec<(u32, RowId)> = sources.iter().copied().zip(ids.iter().copied()).collect();
        Ok(PeopleFile::write(&self.workspace, table, &rows)?)
    }

    /// Writes whose this run's rows are.
    pub(super) fn customers_file(
        workspace: &Path,
        rows: &Rows,
        ids: &[RowId],
        compared: &[u64],
        customers: &[RowCustomer],
    ) -> Result<NamedTempFile, RunError> {
        Ok(CustomersFile::write(workspace, &EarlierRuns::remembered(rows.numbers(), ids, compared, customers))?)
    }

    pub(super) fn workspace(&self) -> &Path {
        &self.workspace
    }
}

/// The lists of a run as later ones will know them.
pub(super) fn known_lists(lists: &[List], run: &str) -> Vec<KnownList> {
    let known = lists.iter().enumerate().map(|(position, list)| {
        let (name, fingerprint) = identity(list);
        KnownList { name, fingerprint, run: run.to_owned(), position: position as u32 }
    });
    known.collect()
}

/// What a list is known by: the name of its file, and the fingerprint of its header.
fn identity(list: &List) -> (String, u64) {
    (list.facts().file_name().into_owned(), header_fingerprint(list.header()))
}
