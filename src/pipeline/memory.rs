//! The workspace as the memory of customers: loads what earlier runs left, and prepares what later ones will find.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::RunError;
use super::earlier::{EarlierRuns, RowCustomer};
use super::same_list::{ListIdentity, identities};
use crate::ingest::List;
use crate::record::{PeopleTable, RowId, Rows};
use crate::rule::{Context, ListNames};
use crate::store::{Artefact, CustomersFile, KnownList, PeopleFile, Store};

/// What earlier runs left, as far as this run needs it.
#[derive(Debug)]
pub struct Memory {
    pub(super) known: EarlierRuns,
    /// The compared values of lists that this run does not read: file, and the list's place in it.
    elsewhere: Vec<(PathBuf, u32)>,
    /// What the lists of this run are known by.
    lists: Vec<ListIdentity>,
    workspace: PathBuf,
}

impl Memory {
    /// Loads what is known of customers, for a run that reads these lists.
    ///
    /// # Errors
    /// When what earlier runs left can't be read.
    pub fn load(store: &Store, lists: &[List], context: &Context) -> Result<Option<Self>, RunError> {
        let known_lists = store.known_lists()?;
        let rows_of = |list: &KnownList| {
            let rows = store.customers(&list.run)?;
            Ok(rows.iter().filter(|row| row.source == list.position).map(|row| row.row).collect())
        };
        let identities = identities(lists, &known_lists, &ListNames::load(&context.files)?, rows_of)?;
        let mut rows = Vec::new();
        let mut elsewhere = Vec::new();
        let mut runs: HashSet<String> = HashSet::new();
        for list in known_lists {
            if runs.insert(list.run.clone()) {
                rows.extend(store.customers(&list.run)?);
            }
            let known = (list.name, list.fingerprint);
            let is_here =
                |own: &ListIdentity| (&own.name, own.header) == (&known.0, known.1) || own.earlier.contains(&known);
            if !identities.iter().any(is_here) {
                let people = store.sound_artefact(Artefact::People, &list.run)?;
                elsewhere.extend(people.map(|people| (people, list.position)));
            }
        }
        let rules = format!("{:016x}", context.files.fingerprint());
        let known = EarlierRuns::new(rows, store.decisions()?, rules, store.next_seen()?);
        let workspace = store.directory().to_path_buf();
        Ok(Some(Memory { known, elsewhere, lists: identities, workspace }))
    }

    /// What the lists of this run are known by.
    pub fn lists(&self) -> &[ListIdentity] {
        &self.lists
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
pub(super) fn known_lists(lists: &[ListIdentity], run: &str) -> Vec<KnownList> {
    let known = lists.iter().zip(0..).map(|(list, position)| KnownList {
        name: list.name.clone(),
        fingerprint: list.header,
        run: run.to_owned(),
        position,
    });
    known.collect()
}
