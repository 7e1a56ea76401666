//! The workspace as the memory of customers: loads what earlier runs left, and prepares what later ones will find.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::RunError;
use super::earlier::{EarlierRuns, RowCustomer, RowElsewhere};
use super::row_names::{HandedOn, RowNames, are_one_person};
use super::same_list::{ListIdentity, identities};
use crate::ingest::List;
use crate::record::{PeopleTable, RowId, RowIndex, RowNumber, Rows, TableRow};
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
    /// Of each of them what was compared when it was read last.
    before: Vec<Option<Before>>,
    /// From which share of its known keys on that are other people's a list was numbered anew.
    anew_percent: u8,
    workspace: PathBuf,
}

/// The compared values of a list as it was read before.
#[derive(Debug)]
struct Before {
    people: PathBuf,
    /// Its place among the lists of that run.
    position: u32,
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
        let names = ListNames::load(&context.files)?;
        let identities = identities(lists, &known_lists, &names, rows_of)?;
        let mut before: Vec<Option<Before>> = identities.iter().map(|_| None).collect();
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
            let file = |artefact| store.sound_artefact(artefact, &list.run);
            if let Some(place) = identities.iter().position(is_here) {
                if before[place].is_none() {
                    let position = list.position;
                    before[place] = file(Artefact::People)?.map(|people| Before { people, position });
                }
            } else {
                let Some(people) = file(Artefact::People)? else { continue };
                let (customers, snapshot) = (file(Artefact::Customers)?, file(Artefact::Snapshot)?);
                let (name, position) = (list.name.into(), list.position);
                elsewhere.push(ListElsewhere { name, position, people, customers, snapshot });
            }
        }
        let rules = format!("{:016x}", context.files.fingerprint());
        let known = EarlierRuns::new(rows, store.decisions()?, rules, store.next_seen()?);
        let workspace = store.directory().to_path_buf();
        let anew_percent = names.numbered_anew();
        Ok(Some(Memory { known, elsewhere, lists: identities, before, anew_percent, workspace }))
    }

    /// What the lists of this run are known by.
    pub fn lists(&self) -> &[ListIdentity] {
        &self.lists
    }

    /// Which rows have a key that was another person's when their list was read before. Only what changed since is looked at.
    pub(super) fn handed_on(
        &self,
        table: &PeopleTable,
        sources: &[u32],
        ids: &[RowId],
        compared: &[u64],
    ) -> Result<HandedOn, RunError> {
        let mut handed_on = HandedOn::default();
        for (list, before) in self.before.iter().enumerate() {
            let Some(before) = before else { continue };
            let (mut known, mut changed) = (0, HashMap::new());
            for row in RowIndex::first(ids.len()).filter(|row| sources[row.get()] as usize == list) {
                let Some(before) = self.known.compared(ids[row.get()]) else { continue };
                known += 1;
                if before != compared[row.get()] {
                    changed.insert(ids[row.get()], row);
                }
            }
            if changed.is_empty() {
                continue;
            }
            let (mut was, mut rows) = (PeopleTable::default(), Vec::new());
            let mut wanted = |row: RowId| changed.contains_key(&row);
            PeopleFile::read(&before.people, before.position, 0, &mut wanted, &mut |batch, ids| {
                was.append(batch);
                rows.extend(ids);
            })?;
            let is_one = |row, now: RowIndex| are_one_person((&was, row), (table, TableRow::new(now.get())));
            let found = was.rows().zip(rows).map(|(row, id)| (changed[&id], is_one(row, changed[&id])));
            let found: Vec<(RowIndex, Option<bool>)> = found.collect();
            let others = found.iter().filter(|(_, is_one)| *is_one == Some(false)).count();
            let is_anew = others > 0 && others * 100 >= known * usize::from(self.anew_percent);
            if is_anew {
                handed_on.lists.push(list);
            }
            // Where keys are given anew, one is another person's unless something says that it is not.
            let is_other = |is_one: Option<bool>| is_one == Some(false) || is_anew && is_one.is_none();
            handed_on.rows.extend(found.iter().filter(|(_, is_one)| is_other(*is_one)).map(|(now, _)| *now));
        }
        Ok(handed_on)
    }

    /// Adds the rows of other lists behind those of this run, each row once, and those that lists which were numbered anew had
    /// before. Of each it tells which other list it is of.
    pub(super) fn join(
        &self,
        table: &mut PeopleTable,
        ids: &mut Vec<RowId>,
        numbered_anew: &[usize],
    ) -> Result<Vec<Option<u32>>, RunError> {
        let mut lists = Vec::new();
        let before = numbered_anew.iter().filter_map(|list| self.before[*list].as_ref());
        if self.elsewhere.is_empty() && before.clone().next().is_none() {
            return Ok(lists);
        }
        let mut seen: HashSet<RowId> = ids.iter().copied().collect();
        for (index, list) in (0..).zip(&self.elsewhere) {
            let first = table.len() as u32;
            PeopleFile::read(&list.people, list.position, first, &mut |row| seen.insert(row), &mut |batch, rows| {
                table.append(batch);
                lists.extend(std::iter::repeat_n(Some(index), rows.len()));
                ids.extend(rows);
            })?;
        }
        for Before { people, position } in before {
            let first = table.len() as u32;
            PeopleFile::read(people, *position, first, &mut |row| seen.insert(row), &mut |batch, rows| {
                table.append(batch);
                lists.extend(std::iter::repeat_n(None, rows.len()));
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
        own: &RowNames,
        customers: &[RowCustomer],
    ) -> Result<NamedTempFile, RunError> {
        Ok(CustomersFile::write(workspace, &EarlierRuns::remembered(rows.numbers(), own, customers))?)
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
