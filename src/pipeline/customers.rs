//! Customers in `clean`: the rows of all lists are resolved together.

use std::collections::HashMap;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::clean::CleanedBlock;
use super::known::{DecisionAccount, Known, RowCustomer, compared_values, joined_households};
use super::{CleanedList, DedupedRow, Memory, RunError, Setup};
use crate::record::{
    CheckedBatch, ColumnIndex, CustomerId, PeopleBatch, PeopleTable, RawBatch, RowId, RowIds, RowNumber, TextColumn,
    mix,
};
use crate::resolve::{Account, Link, Resolution, Resolver, Weights};

/// Whether customers are looked for, and what earlier runs know of them.
#[derive(Debug, Default)]
pub enum ResolveStage {
    /// Leave it out.
    #[default]
    Off,
    /// Look for them; nothing is known of earlier runs where there is no memory.
    On(Option<Memory>),
}

/// Where a row stands among the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPlace {
    /// The list.
    pub list: usize,
    /// The block of the list.
    pub block: usize,
    /// The row of the block.
    pub row: usize,
}

/// The customers of all lists. Rows are indexed over all lists, in the order given.
#[derive(Debug)]
pub struct Customers {
    rows: Vec<DedupedRow>,
    /// What each row's customer and household are called.
    called: Vec<RowCustomer>,
    /// All rows, those of one customer together, in the order of the rows that stand for customers.
    members: Vec<u32>,
    keys: TextColumn,
    /// First row of each block that has any, with its list and place.
    blocks: Vec<(u32, u32, u32)>,
    /// There is one list, which needs no name.
    is_single: bool,
    /// Likely pairs within customers, by customer, the likeliest first.
    pub links: Vec<Link>,
    /// Pairs across customers for a steward to look at, the likeliest first.
    pub possible: Vec<Link>,
    /// What the model learnt; none where nothing was compared.
    pub weights: Option<Weights>,
    /// How it went.
    pub account: Account,
    /// What became of people's decisions.
    pub decisions: DecisionAccount,
    /// Rows that are of customers whom other lists in the workspace hold, too.
    pub known_elsewhere: u64,
    /// For later runs; none without a memory.
    remembered: Option<Remembered>,
    /// What each row is known by in later runs; empty without a memory.
    ids: Vec<RowId>,
}

/// What later runs will know of this one.
#[derive(Debug)]
pub struct Remembered {
    /// The compared values of its rows.
    pub people: NamedTempFile,
    /// Whose they are.
    pub customers: NamedTempFile,
}

/// What people are compared by, gathered while lists are read.
#[derive(Default)]
pub(super) struct Gathered {
    table: PeopleTable,
    keys: TextColumn,
    ids: RowIds,
    /// Each row's list.
    sources: Vec<u32>,
}

/// What is gathered of one batch.
pub(super) struct GatheredBatch {
    people: PeopleBatch,
    keys: TextColumn,
    ids: RowIds,
}

impl GatheredBatch {
    /// `header` is the fingerprint of the list's header, `key` its column of own keys.
    pub(super) fn new(people: PeopleBatch, raw: &RawBatch, header: u64, key: Option<ColumnIndex>) -> Self {
        let mut keys = TextColumn::with_capacity(raw.len(), 8);
        let mut ids = RowIds::default();
        for row in 0..raw.len() {
            let own = key.map_or("", |key| raw.cell(row, key).trim());
            keys.push(own);
            ids.push(header, own, raw.record(row));
        }
        GatheredBatch { people, keys, ids }
    }
}

impl Gathered {
    /// Adds a batch of the `source`-th list.
    pub(super) fn append(&mut self, batch: GatheredBatch, source: usize) {
        let GatheredBatch { mut people, keys, ids } = batch;
        let first = self.table.len() as u32;
        let rows = people.numbers.len();
        people.numbers = (0..rows as u32).map(|row| RowNumber::from_index(first + row)).collect();
        self.table.append(people);
        keys.iter().for_each(|key| self.keys.push(key));
        self.ids.append(ids);
        self.sources.resize(self.sources.len() + rows, source as u32);
    }
}

impl Customers {
    /// Finds the customers of what was gathered from blocks of lists.
    pub(super) fn find<'b>(
        gathered: Gathered,
        lists: impl Iterator<Item = &'b [CleanedBlock]>,
        resolver: &Resolver,
        memory: Option<&Memory>,
        setup: &Setup,
    ) -> Result<Customers, RunError> {
        let Gathered { mut table, keys, ids, sources } = gathered;
        let count = table.len();
        let (mut ids, mut compared) = (ids.finish(), compared_values(&table, 0));
        let people = memory.map(|memory| memory.people_file(&table, &sources, &ids)).transpose()?;
        if let Some(memory) = memory {
            memory.join(&mut table, &mut ids)?;
            compared.extend(compared_values(&table, count));
        }
        let nothing = Known::nothing();
        let known = memory.map_or(&nothing, |memory| &memory.known);
        let decided = known.decided(&ids, &compared);
        setup.go_on()?;
        let resolution = resolver.resolve(table, &decided.constraints)?;
        setup.go_on()?;
        let called = known.name(&resolution, &decided.households, &ids);
        let (rows, known_elsewhere) = rows_of(&resolution, &decided.households, count);
        let (blocks, list_count, places) = places_of(lists);
        assert_eq!(places.len(), count, "every row of every list was looked at");
        let remembered = match (memory, people) {
            (Some(memory), Some(people)) => {
                let workspace = memory.workspace();
                let customers = Memory::customers_file(workspace, &places, &ids, &compared, &called[..count])?;
                Some(Remembered { people, customers })
            }
            _ => None,
        };
        let Resolution { mut links, mut possible, weights, account, .. } = resolution;
        let index = |number: RowNumber| number.number() as usize - 1;
        let is_here = |link: &Link| index(link.left) < count && index(link.right) < count;
        links.retain(is_here);
        possible.retain(is_here);
        links.par_sort_unstable_by_key(|link| {
            (rows[index(link.left)].cluster, std::cmp::Reverse(link.weight), link.left, link.right)
        });
        let mut members: Vec<u32> = (0..count as u32).collect();
        members.par_sort_unstable_by_key(|row| (rows[*row as usize].cluster, *row));
        let mut called = called;
        called.truncate(count);
        ids.truncate(if memory.is_some() { count } else { 0 });
        Ok(Customers {
            rows,
            called,
            members,
            keys,
            blocks,
            is_single: list_count == 1,
            links,
            possible,
            weights,
            account,
            decisions: decided.account,
            known_elsewhere,
            remembered,
            ids,
        })
    }

    /// What later runs will know of this one, once.
    pub fn take_remembered(&mut self) -> Option<Remembered> {
        self.remembered.take()
    }

    /// What each row is known by in later runs; empty without a memory.
    pub fn row_ids(&self) -> &[RowId] {
        &self.ids
    }

    /// A fixed hash of whose each row is.
    pub fn fingerprint(&self) -> u64 {
        self.called.iter().fold(0, |hash, row| mix(hash ^ mix(row.customer.0) ^ row.household.0))
    }

    /// Whether rows were compared at all.
    pub fn is_refused(&self) -> bool {
        self.account.refused.is_some()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Each customer's rows in the order of lists, customers in the order of the rows that stand for them.
    pub fn clusters(&self) -> impl Iterator<Item = &[u32]> {
        self.members.chunk_by(|left, right| self.standing(*left) == self.standing(*right))
    }

    /// The rows of all customers, those of one together.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// The row that stands for a row's customer.
    pub fn standing(&self, row: u32) -> u32 {
        self.rows[row as usize].cluster
    }

    /// The row that stands for a row's household.
    pub fn household(&self, row: u32) -> u32 {
        self.rows[row as usize].household
    }

    /// Households in which several customers live.
    pub fn households_of_several(&self) -> u64 {
        let mut several: HashMap<u32, (u32, bool)> = HashMap::new();
        for row in &self.rows {
            let known = several.entry(row.household).or_insert((row.cluster, false));
            known.1 |= known.0 != row.cluster;
        }
        several.values().filter(|(_, is_several)| *is_several).count() as u64
    }

    /// The index of a row of a link.
    pub fn index_of(number: RowNumber) -> u32 {
        number.number() - 1
    }

    /// The list's own key of a row.
    pub fn key(&self, row: u32) -> &str {
        self.keys.cell(row as usize)
    }

    /// Where a row stands.
    pub fn place(&self, row: u32) -> RowPlace {
        let found = self.blocks.partition_point(|(first, _, _)| *first <= row) - 1;
        let (first, list, block) = self.blocks[found];
        RowPlace { list: list as usize, block: block as usize, row: (row - first) as usize }
    }

    /// The first row of a block.
    pub fn first_of(&self, list: usize, block: usize) -> u32 {
        let key = (list as u32, block as u32);
        let found = self.blocks.binary_search_by_key(&key, |(_, list, block)| (*list, *block));
        found.map_or(0, |found| self.blocks[found].0)
    }

    /// What a row's customer is called; it stays so from run to run.
    pub fn customer(&self, row: u32) -> CustomerId {
        self.called[row as usize].customer
    }

    /// What a row's household is called: after the customer in it who is known longest.
    pub fn household_name(&self, row: u32) -> CustomerId {
        self.called[row as usize].household
    }

    /// The record number of a row in its list.
    pub fn number(&self, lists: &[CleanedList<'_>], place: RowPlace) -> RowNumber {
        self.batch(lists, place).standard().number(place.row)
    }

    /// The batch that a row stands in.
    pub fn batch<'l>(&self, lists: &'l [CleanedList<'_>], place: RowPlace) -> &'l CheckedBatch {
        &lists[place.list].blocks[place.block].checked
    }

    /// How a row is named in outputs: by its number, behind the name of its list where there are several.
    pub fn push_row(&self, lists: &[CleanedList<'_>], row: u32, text: &mut String) {
        use std::fmt::Write;
        let place = self.place(row);
        if !self.is_single {
            text.push_str(&lists[place.list].list.facts().name);
            text.push(':');
        }
        let _ = write!(text, "{}", self.number(lists, place));
    }
}

/// For each row of this run the row that stands for its customer and for its household; and how many rows are of
/// customers whom rows behind `count`, of other lists, are of as well.
fn rows_of(resolution: &Resolution, decided: &[(RowNumber, RowNumber)], count: usize) -> (Vec<DedupedRow>, u64) {
    let is_here = |number: &&RowNumber| (Customers::index_of(**number) as usize) < count;
    let standing: Vec<Option<u32>> = resolution
        .clusters
        .iter()
        .map(|members| members.iter().find(is_here).map(|number| Customers::index_of(*number)))
        .collect();
    let households = joined_households(resolution, decided);
    let mut of_household: HashMap<u32, u32> = HashMap::new();
    for (household, standing) in households.iter().zip(&standing) {
        if let Some(standing) = standing {
            of_household.entry(*household).or_insert(*standing);
        }
    }
    let mut rows = vec![DedupedRow::default(); count];
    let mut elsewhere = 0;
    for ((members, standing), household) in resolution.clusters.iter().zip(&standing).zip(&households) {
        let Some(cluster) = *standing else { continue };
        let line = DedupedRow { cluster, household: of_household[household] };
        let mut here = 0;
        for number in members.iter().filter(is_here) {
            rows[Customers::index_of(*number) as usize] = line;
            here += 1;
        }
        elsewhere += if here < members.len() { here as u64 } else { 0 };
    }
    (rows, elsewhere)
}

/// First row of each block that has any, with its list and place; the number of lists; and each row's list and number.
type Places = (Vec<(u32, u32, u32)>, usize, Vec<(u32, RowNumber)>);

fn places_of<'b>(lists: impl Iterator<Item = &'b [CleanedBlock]>) -> Places {
    let (mut blocks, mut list_count, mut places) = (Vec::new(), 0, Vec::new());
    for (list, own) in lists.enumerate() {
        list_count += 1;
        for (place, block) in own.iter().enumerate().filter(|(_, block)| !block.is_empty()) {
            blocks.push((places.len() as u32, list as u32, place as u32));
            places.extend(block.checked.standard().numbers().iter().map(|number| (list as u32, *number)));
        }
    }
    (blocks, list_count, places)
}
