//! The workspace as the memory of customers: loads what earlier runs left, and prepares what later ones will find.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::RunError;
use super::earlier::{EarlierRuns, RowCustomer, RowElsewhere};
use super::same_list::{ListIdentity, identities};
use crate::ingest::List;
use crate::record::{PeopleTable, RowId, RowIndex, RowNumber, Rows};
use crate::rule::{Context, ListNames};
use crate::store::{Artefact, CustomersFile, KnownList, PeopleFile, SnapshotFile, Store};

/// What earlier runs left, as far as this run needs it.
#[derive(Debug)]
pub struct Memory {
    pub(super) known: EarlierRuns,
    /// The lists that this run does not read.
    elsewhere: Vec<ListElsewhere>,
    /// What the lists of this run are known by.
    lists: Vec<ListIdentity>,
    workspace: PathBuf,
}

/// A row of another list: the first row of its customer here, its number there, and its values in the order of
/// [`SnapshotFile::FIELDS`].
pub(super) type FoundElsewhere = (RowIndex, RowNumber, Vec<String>);

/// A list that an earlier run read, and this one does not.
#[derive(Debug)]
struct ListElsewhere {
    name: Arc<str>,
    /// Its place among the lists of that run.
    position: u32,
    /// The compared values of that run's rows.
    people: PathBuf,
    /// Whose its rows were, and their values; none where the run left no such file.
    customers: Option<PathBuf>,
    snapshot: Option<PathBuf>,
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
            let known = (list.name.clone(), list.fingerprint);
            let is_here =
                |own: &ListIdentity| (&own.name, own.header) == (&known.0, known.1) || own.earlier.contains(&known);
            if !identities.iter().any(is_here) {
                let file = |artefact| store.sound_artefact(artefact, &list.run);
                let Some(people) = file(Artefact::People)? else { continue };
                let (customers, snapshot) = (file(Artefact::Customers)?, file(Artefact::Snapshot)?);
                let (name, position) = (list.name.into(), list.position);
                elsewhere.push(ListElsewhere { name, position, people, customers, snapshot });
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

    /// Adds the rows of other lists behind those of this run, each row once. Of each it tells which list it is of.
    pub(super) fn join(&self, table: &mut PeopleTable, ids: &mut Vec<RowId>) -> Result<Vec<u32>, RunError> {
        let mut lists = Vec::new();
        if self.elsewhere.is_empty() {
            return Ok(lists);
        }
        let mut seen: HashSet<RowId> = ids.iter().copied().collect();
        for (index, list) in (0..).zip(&self.elsewhere) {
            let first = table.len() as u32;
            PeopleFile::read(&list.people, list.position, first, &mut |row| seen.insert(row), &mut |batch, rows| {
                table.append(batch);
                lists.extend(std::iter::repeat_n(index, rows.len()));
                ids.extend(rows);
            })?;
        }
        Ok(lists)
    }

    /// Reads rows of other lists, some at a time: `sink` gets the list's name and the rows.
    pub(super) fn read_elsewhere(
        &self,
        rows: &[RowElsewhere],
        sink: &mut dyn FnMut(&Arc<str>, &[FoundElsewhere]),
    ) -> Result<(), RunError> {
        for (index, list) in (0..).zip(&self.elsewhere) {
            let (Some(customers), Some(snapshot)) = (&list.customers, &list.snapshot) else { continue };
            let of_list = rows.iter().filter(|row| row.list == index);
            let firsts: HashMap<RowId, RowIndex> = of_list.map(|row| (row.row, row.customer)).collect();
            if firsts.is_empty() {
                continue;
            }
            let known = CustomersFile::read(customers)?;
            let of_list = known.iter().filter(|known| known.source == list.position);
            let wanted: HashMap<RowNumber, RowIndex> =
                of_list.filter_map(|known| Some((known.number, *firsts.get(&known.row)?))).collect();
            SnapshotFile::read(snapshot, list.position, &|number| wanted.contains_key(&number), &mut |found| {
                let rows: Vec<FoundElsewhere> =
                    found.into_iter().map(|(number, values)| (wanted[&number], number, values)).collect();
                sink(&list.name, &rows);
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
