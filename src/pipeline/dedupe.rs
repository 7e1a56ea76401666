//! `dedupe`: which rows of a list are one customer.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{RunError, Setup, Stage};
use crate::ingest::{List, header_fingerprint};
use crate::record::{ColumnIndex, Field, PeopleTable, Quarantined, RowIds, RowIndex, RowNumber, TextColumn, text_hash};
use crate::resolve::{Constraints, PeopleReader, Resolution, Resolver};
use crate::standardize::Standardizers;
use crate::text::bare_key;

/// A list's customers and households.
#[derive(Debug)]
pub struct Deduped {
    /// One line a row, in input order.
    pub rows: Vec<DedupedRow>,
    /// The rows' own keys, in the same order.
    pub keys: TextColumn,
    /// What was found, and how.
    pub resolution: Resolution,
    /// Which rows have a key that another row has too.
    repeated: Vec<bool>,
    /// How many they are.
    pub repeated_keys: u64,
    /// Rows without a key.
    pub missing_keys: u64,
    /// Records that could not be read.
    pub quarantined: Vec<Quarantined>,
}

/// A row's customer and household, each by a row that stands for it (an index into the rows).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DedupedRow {
    /// Its customer.
    pub cluster: RowIndex,
    /// Its household.
    pub household: RowIndex,
}

impl Default for DedupedRow {
    fn default() -> Self {
        DedupedRow { cluster: RowIndex::FIRST, household: RowIndex::FIRST }
    }
}

/// What a list holds of people.
pub(super) struct People {
    pub(super) table: PeopleTable,
    /// The rows' own keys, in input order.
    pub(super) keys: TextColumn,
    /// Their numbers.
    pub(super) numbers: Vec<RowNumber>,
    /// What later runs know them by.
    pub(super) ids: RowIds,
    pub(super) quarantined: Vec<Quarantined>,
}

/// Reads what people are compared by; rows are numbered in the table by their places. `header` is the fingerprint by which the
/// workspace knows the list, if it is another than its own.
pub(super) fn read_people(
    list: &List,
    key: Option<ColumnIndex>,
    header: Option<u64>,
    resolver: &Resolver,
    setup: &Setup,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<People, RunError> {
    let mapping = list.mapping();
    let wanted = |field: Field| PeopleReader::wants(field);
    let standardizers = Standardizers::new(&setup.context, mapping, list.samples(), wanted)?;
    let samples = mapping.column_of(Field::FullName).map_or(&[][..], |column| list.samples().of(column));
    let reader = PeopleReader::new(&setup.context.files, resolver.rules(), mapping, samples)?;
    let mut people = People {
        table: PeopleTable::default(),
        keys: TextColumn::default(),
        numbers: Vec::new(),
        ids: RowIds::default(),
        quarantined: Vec::new(),
    };
    let header = header.unwrap_or_else(|| header_fingerprint(list.header()));
    let mut done = 0;
    list.read(|wave| -> Result<(), RunError> {
        setup.go_on()?;
        let read: Vec<_> = wave
            .batches
            .into_par_iter()
            .map(|raw| {
                let people = reader.read(&raw, &standardizers.standardize(&raw), key);
                let mut keys = TextColumn::with_capacity(raw.len(), 8);
                let mut ids = RowIds::default();
                for row in 0..raw.len() {
                    let own = key.map_or("", |key| raw.cell(row, key).trim());
                    keys.push(own);
                    ids.push(header, own, bare_key(own), raw.record(row));
                }
                (people, keys, ids)
            })
            .collect();
        for (mut batch, batch_keys, ids) in read {
            let first = people.table.len() as u32;
            let places = (first..).take(batch.numbers.len()).map(RowNumber::from_index).collect();
            people.numbers.extend(std::mem::replace(&mut batch.numbers, places));
            people.table.append(batch);
            people.ids.append(ids);
            batch_keys.iter().for_each(|key| people.keys.push(key));
        }
        people.quarantined.extend(wave.quarantined);
        progress(wave.read_to - done);
        done = wave.read_to;
        Ok(())
    })?;
    tracing::debug!(rows = people.table.len(), "read a list");
    setup.go_on()?;
    Ok(people)
}

/// Finds the customers of a list. `key` is the column that names rows.
///
/// # Errors
/// When the list can't be read to its end, a rule file is not of its form, or a stop was asked for.
pub fn dedupe(
    list: &List,
    key: ColumnIndex,
    setup: &Setup,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Deduped, RunError> {
    setup.begin(Stage::Read);
    let resolver = Resolver::new(&setup.context)?;
    let People { table, keys, quarantined, .. } = read_people(list, Some(key), None, &resolver, setup, progress)?;
    setup.begin(Stage::Resolve);
    let resolution = resolver.resolve(table, &Constraints::default())?;
    setup.go_on()?;
    let repeated = repeated(&keys);
    let repeated_keys = repeated.iter().filter(|is_repeated| **is_repeated).count() as u64;
    let missing_keys = keys.iter().filter(|key| key.is_empty()).count() as u64;
    let rows = rows_of(&resolution, keys.len());
    Ok(Deduped { rows, keys, resolution, repeated, repeated_keys, missing_keys, quarantined })
}

/// For each row the row that stands for its customer and for its household.
fn rows_of(resolution: &Resolution, count: usize) -> Vec<DedupedRow> {
    let mut rows = vec![DedupedRow::default(); count];
    for (members, household) in resolution.clusters.iter().zip(&resolution.households) {
        let line = DedupedRow {
            cluster: RowIndex::of(members[0]),
            household: RowIndex::of(resolution.clusters.of(household.get())[0]),
        };
        members.iter().for_each(|number| rows[RowIndex::of(*number).get()] = line);
    }
    rows
}

/// Which rows have a key that another row has too.
fn repeated(keys: &TextColumn) -> Vec<bool> {
    let mut hashes: Vec<(u64, u32)> = keys.iter().map(text_hash).zip(0..).collect();
    hashes.par_sort_unstable();
    let mut repeated = vec![false; hashes.len()];
    for equal in hashes.chunk_by(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
        let is_key = !keys.cell(equal[0].1 as usize).is_empty();
        equal.iter().for_each(|(_, row)| repeated[*row as usize] = is_key);
    }
    repeated
}

impl Deduped {
    /// What a cluster or a household is called after the row that stands for it: the row's key, or `#` and its number where
    /// it has none of its own.
    pub fn name(&self, row: RowIndex) -> Cow<'_, str> {
        let key = self.keys.cell(row.get());
        if key.is_empty() || self.repeated[row.get()] {
            Cow::Owned(format!("#{}", row.get() + 1))
        } else {
            Cow::Borrowed(key)
        }
    }
}
