//! `dedupe`: which rows of a list are one customer.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{RunError, Setup};
use crate::ingest::List;
use crate::record::{ColumnIndex, Field, PeopleTable, Quarantined, RowNumber, TextColumn};
use crate::resolve::{Constraints, PeopleReader, Resolution, Resolver};
use crate::standardize::Standardizers;

/// A list's customers and households.
#[derive(Debug)]
pub struct Deduped {
    /// One line a row, in input order.
    pub rows: Vec<DedupedRow>,
    /// The rows' own keys, in the same order.
    pub keys: TextColumn,
    /// What was found, and how.
    pub resolution: Resolution,
    /// Rows whose key another row has too.
    pub repeated_keys: u64,
    /// Rows without a key.
    pub missing_keys: u64,
    /// Records that could not be read.
    pub quarantined: Vec<Quarantined>,
}

/// A row's customer and household, each by a row that stands for it (an index into the rows).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DedupedRow {
    /// Its customer.
    pub cluster: u32,
    /// Its household.
    pub household: u32,
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
    let resolver = Resolver::new(&setup.files, &setup.region)?;
    let mapping = list.mapping();
    let wanted = |field: Field| PeopleReader::wants(field);
    let standardizers = Standardizers::new(&setup.files, mapping, list.samples(), &setup.region, setup.clock, wanted)?;
    let samples = mapping.column_of(Field::FullName).map_or(&[][..], |column| list.samples().of(column));
    let reader = PeopleReader::new(&setup.files, resolver.rules(), mapping, samples)?;
    let mut table = PeopleTable::default();
    let mut keys = TextColumn::default();
    let mut numbers = Vec::new();
    let mut quarantined = Vec::new();
    let mut done = 0;
    list.read(|wave| -> Result<(), RunError> {
        setup.go_on()?;
        let read: Vec<_> = wave
            .batches
            .into_par_iter()
            .map(|raw| {
                let people = reader.read(&raw, &standardizers.standardize(&raw), Some(key));
                let mut keys = TextColumn::with_capacity(raw.len(), 8);
                (0..raw.len()).for_each(|row| keys.push(raw.cell(row, key).trim()));
                (people, keys)
            })
            .collect();
        for (people, batch_keys) in read {
            numbers.extend_from_slice(&people.numbers);
            table.append(people);
            batch_keys.iter().for_each(|key| keys.push(key));
        }
        quarantined.extend(wave.quarantined);
        progress(wave.read_to - done);
        done = wave.read_to;
        Ok(())
    })?;
    setup.go_on()?;
    let resolution = resolver.resolve(table, &Constraints::default())?;
    setup.go_on()?;
    let (repeated_keys, missing_keys) = key_faults(&keys);
    let rows = rows_of(&resolution, &numbers);
    Ok(Deduped { rows, keys, resolution, repeated_keys, missing_keys, quarantined })
}

/// For each row the row that stands for its customer and for its household.
fn rows_of(resolution: &Resolution, numbers: &[RowNumber]) -> Vec<DedupedRow> {
    let index_of = |number: RowNumber| numbers.binary_search(&number).expect("every row of a cluster was read") as u32;
    let mut rows = vec![DedupedRow::default(); numbers.len()];
    for (members, household) in resolution.clusters.iter().zip(&resolution.households) {
        let line = DedupedRow {
            cluster: index_of(members[0]),
            household: index_of(resolution.clusters[*household as usize][0]),
        };
        members.iter().for_each(|number| rows[index_of(*number) as usize] = line);
    }
    rows
}

/// Rows whose key another row has too, and rows without one.
fn key_faults(keys: &TextColumn) -> (u64, u64) {
    let missing = keys.iter().filter(|key| key.is_empty()).count() as u64;
    let mut hashes: Vec<u64> = keys.iter().filter(|key| !key.is_empty()).map(crate::validate::full_hash).collect();
    hashes.par_sort_unstable();
    let repeated = hashes.chunk_by(|a, b| a == b).filter(|equal| equal.len() > 1).map(|equal| equal.len() as u64).sum();
    (repeated, missing)
}

impl Deduped {
    /// The rows that stand for several customers of one name: their keys don't tell them apart.
    pub fn names_of_clusters(&self) -> BTreeMap<u32, String> {
        let mut names = BTreeMap::new();
        let mut taken: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &self.rows {
            for standing in [row.cluster, row.household] {
                let key = self.keys.cell(standing as usize);
                let owner = *taken.entry(key).or_insert(standing);
                let name =
                    if key.is_empty() || owner != standing { format!("#{}", standing + 1) } else { key.to_owned() };
                names.entry(standing).or_insert(name);
            }
        }
        names
    }
}
