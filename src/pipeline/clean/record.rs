//! The end of a run: its outputs get their names and the workspace remembers it, both or neither.

use std::collections::HashSet;

#[cfg(feature = "parquet")]
use tempfile::NamedTempFile;

use super::cleaned::Cleaned;
use super::profiles::write_profiles;
use crate::disk::Staged;
use crate::outreach::recognize_in;
use crate::person::Registry;
use crate::pipeline::memory::known_lists;
use crate::pipeline::{Customers, RunError, RunSummary, Setup};
use crate::record::ListRole;
#[cfg(feature = "parquet")]
use crate::store::Artefact;
use crate::store::{PersonsSeen, RunFiles, RunRecord, Store};

/// What outputs tell of a run.
#[derive(Debug)]
pub struct ToldRun {
    /// The figures, with what writing added to them.
    pub summary: RunSummary,
    /// The content of `run.json`.
    pub json: String,
}

/// Refusals of persons that the lists of a run brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewRefusals {
    /// How many.
    pub count: usize,
    /// Of how many the person is among the customers of other runs that were looked through; none where none was.
    pub recognized: Option<usize>,
}

/// Ends a run whose results are whole, but not yet named. Where a workspace is kept, the run's record, its snapshot, its customers'
/// profiles and its captures are written before they get their names: where that fails, nothing is remembered and no name changes.
///
/// # Errors
/// When the workspace can't be written, or the results can't get their names.
pub fn conclude_run(
    cleaned: &mut Cleaned<'_>,
    told: &ToldRun,
    store: Option<&mut Store>,
    setup: &Setup,
    results: Staged,
) -> Result<NewRefusals, RunError> {
    let Some(store) = store else {
        results.publish().map_err(|error| RunError::write("the results", &error))?;
        return Ok(NewRefusals::default());
    };
    let run = run_record(told);
    let mut files = RunFiles { snapshot: snapshot(cleaned, store, &run.id)?, ..RunFiles::default() };
    if let Some(remembered) = cleaned.customers.as_mut().and_then(Customers::take_remembered) {
        files.lists = known_lists(&remembered.lists, &run.id);
        files.replaced = remembered.lists.into_iter().flat_map(|list| list.earlier).collect();
        (files.people, files.customers) = (Some(remembered.people), Some(remembered.customers));
    }
    files.persons = std::mem::take(&mut cleaned.seen);
    files.profiles = write_profiles(cleaned, store.directory(), setup)?;
    let is_of_refusals = cleaned.rows.lists().iter().any(|list| list.role == Some(ListRole::Unsubscribed));
    let new = recognize_elsewhere(&mut files.persons, store, files.profiles.is_none() || is_of_refusals)?;
    if let (Some(known), Some(decay)) = (cleaned.known_customers(), &cleaned.decay) {
        files.captures = Some(Store::write_captures(store.directory(), decay.captures(known))?);
    }
    store.record_run(&run, files, Some(results))?;
    Ok(new)
}

/// Whoever refuses in these lists may be planned by what another list calls it: it is looked for among the customers of runs whose
/// messages have not left, and of the newest run where this one is of other people.
fn recognize_elsewhere(persons: &mut PersonsSeen, store: &Store, is_of_others: bool) -> Result<NewRefusals, RunError> {
    let count = persons.refusals.len();
    if count == 0 {
        return Ok(NewRefusals::default());
    }
    let mut registry = Registry::default();
    for (entry, known) in &persons.refusals {
        registry.add(entry.clone(), known.iter().cloned());
    }
    let mut runs = store.pending_runs()?;
    if is_of_others {
        runs.extend(store.latest_profiles()?.map(|profiles| profiles.run));
    }
    runs.sort_unstable();
    runs.dedup();
    let mut found: HashSet<u32> = HashSet::new();
    let mut is_looked_through = false;
    for run in runs {
        let Some(profiles) = store.profiles(&run)? else { continue };
        is_looked_through = true;
        for (_, one, known) in recognize_in(&registry, &profiles)? {
            found.insert(one.entry);
            persons.refusals[one.entry as usize].1.push(known);
        }
    }
    Ok(NewRefusals { count, recognized: is_looked_through.then_some(found.len()) })
}

/// The snapshot of a run that has none yet: the same run gives the same snapshot.
#[cfg(feature = "parquet")]
fn snapshot(cleaned: &Cleaned<'_>, store: &Store, run: &str) -> Result<Option<NamedTempFile>, RunError> {
    if store.has_run(run)? && matches!(store.sound_artefact(Artefact::Snapshot, run), Ok(Some(_))) {
        return Ok(None);
    }
    let mut writer = crate::store::SnapshotWriter::create(store.directory())?;
    for (source, list) in cleaned.rows.lists().iter().enumerate() {
        for block in &list.blocks {
            writer.push(source, &block.checked)?;
        }
    }
    Ok(Some(writer.finish()?))
}

#[cfg(not(feature = "parquet"))]
fn snapshot(_: &Cleaned<'_>, _: &Store, _: &str) -> Result<Option<tempfile::NamedTempFile>, RunError> {
    Ok(None)
}

fn run_record(told: &ToldRun) -> RunRecord {
    let ToldRun { summary, json } = told;
    RunRecord {
        id: summary.run.clone(),
        recorded_at: crate::clock::timestamp().to_string(),
        as_of: summary.as_of.clone(),
        region: summary.region.clone(),
        version: summary.tiuv_version.clone(),
        rules: summary.rules.clone(),
        rows_in: summary.rows_in,
        rows_out: summary.rows_out,
        quarantined: summary.quarantined,
        inputs: summary.inputs.iter().map(|input| (input.name.clone(), input.records)).collect(),
        summary: json.clone(),
    }
}
