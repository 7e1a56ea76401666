//! Customers in `clean`: the rows of all lists are resolved together.

use rayon::prelude::*;

use super::clean::CleanedBlock;
use super::names::ClusterNames;
use super::{CleanedList, DedupedRow, RunError, Setup};
use crate::record::{CheckedBatch, ColumnIndex, PeopleBatch, PeopleTable, RowNumber, TextColumn};
use crate::resolve::{Account, Constraints, Link, Resolution, Resolver, Weights};

/// Whether customers are looked for, and what was decided of them before. Rows are counted over all lists, from 1,
/// without those that could not be read.
#[derive(Debug, Clone, Default)]
pub enum ResolveStage {
    /// Leave it out.
    #[default]
    Off,
    /// Look for them.
    On(Constraints),
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
    /// All rows, those of one customer together, in the order of the rows that stand for customers.
    members: Vec<u32>,
    names: ClusterNames,
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
}

/// What people are compared by, gathered while lists are read.
#[derive(Default)]
pub(super) struct Gathered {
    table: PeopleTable,
    keys: TextColumn,
}

impl Gathered {
    /// Adds the rows of a batch, with their own keys.
    pub(super) fn append(&mut self, mut people: PeopleBatch, keys: &TextColumn) {
        let first = self.table.len() as u32;
        people.numbers = (0..people.numbers.len() as u32).map(|row| RowNumber::from_index(first + row)).collect();
        self.table.append(people);
        keys.iter().for_each(|key| self.keys.push(key));
    }
}

/// The own keys of a batch's rows.
pub(super) fn keys_of(raw: &crate::record::RawBatch, key: Option<ColumnIndex>) -> TextColumn {
    let mut keys = TextColumn::with_capacity(raw.len(), 8);
    (0..raw.len()).for_each(|row| keys.push(key.map_or("", |key| raw.cell(row, key).trim())));
    keys
}

impl Customers {
    /// Finds the customers of what was gathered from blocks of lists.
    pub(super) fn find<'b>(
        gathered: Gathered,
        lists: impl Iterator<Item = &'b [CleanedBlock]>,
        resolver: &Resolver,
        constraints: &Constraints,
        setup: &Setup,
    ) -> Result<Customers, RunError> {
        let Gathered { table, keys } = gathered;
        let count = table.len();
        setup.go_on()?;
        let resolution = resolver.resolve(table, constraints)?;
        setup.go_on()?;
        let rows = rows_of(&resolution, count);
        let Resolution { mut links, possible, weights, account, .. } = resolution;
        let index = |number: RowNumber| number.number() as usize - 1;
        links.par_sort_unstable_by_key(|link| {
            (rows[index(link.left)].cluster, std::cmp::Reverse(link.weight), link.left, link.right)
        });
        let mut members: Vec<u32> = (0..count as u32).collect();
        members.par_sort_unstable_by_key(|row| (rows[*row as usize].cluster, *row));
        let names = ClusterNames::new(keys, rows.par_iter().flat_map_iter(|row| [row.cluster, row.household]));
        let mut blocks = Vec::new();
        let (mut first, mut list_count) = (0, 0);
        for (list, own) in lists.enumerate() {
            list_count += 1;
            for (place, block) in own.iter().enumerate().filter(|(_, block)| !block.is_empty()) {
                blocks.push((first, list as u32, place as u32));
                first += block.len() as u32;
            }
        }
        assert_eq!(first as usize, count, "every row of every list was looked at");
        Ok(Customers { rows, members, names, blocks, is_single: list_count == 1, links, possible, weights, account })
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

    /// The index of a row of a link.
    pub fn index_of(number: RowNumber) -> u32 {
        number.number() - 1
    }

    /// The list's own key of a row.
    pub fn key(&self, row: u32) -> &str {
        self.names.key(row)
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

    /// What a customer or household is called, by the row that stands for it: that row's own key, or `#` and its number,
    /// behind that of its list where there are several.
    pub fn push_name(&self, lists: &[CleanedList<'_>], standing: u32, name: &mut String) {
        use std::fmt::Write;
        if let Some(own) = self.names.name(standing) {
            name.push_str(own);
            return;
        }
        let place = self.place(standing);
        let number = self.number(lists, place);
        // Writing into a string can't fail.
        let _ = if self.is_single { write!(name, "#{number}") } else { write!(name, "#{}.{number}", place.list + 1) };
    }

    /// The same as a text of its own.
    pub fn name(&self, lists: &[CleanedList<'_>], standing: u32) -> String {
        let mut name = String::new();
        self.push_name(lists, standing, &mut name);
        name
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

/// For each row the row that stands for its customer and for its household.
fn rows_of(resolution: &Resolution, count: usize) -> Vec<DedupedRow> {
    let standing: Vec<u32> = resolution.clusters.iter().map(|members| Customers::index_of(members[0])).collect();
    let mut rows = vec![DedupedRow::default(); count];
    for ((members, cluster), household) in resolution.clusters.iter().zip(&standing).zip(&resolution.households) {
        let line = DedupedRow { cluster: *cluster, household: standing[*household as usize] };
        members.iter().for_each(|number| rows[Customers::index_of(*number) as usize] = line);
    }
    rows
}
