//! Reading a list: each block standardized and judged cell by cell, with where its raw rows stand.

use std::hash::Hasher;

use rayon::prelude::*;

use crate::ingest::{List, RowsRead, header_fingerprint};
use crate::kernel::Kernels;
use crate::pipeline::customers::{Gathered, GatheredBatch};
use crate::pipeline::tally::Tally;
use crate::pipeline::{RunError, Setup};
use crate::record::{
    CheckedBatch, CheckedBlock, CheckedList, ColumnIndex, Field, FixedHasher, Quarantined, RawBatch, Span, text_hash,
};
use crate::resolve::{PeopleReader, Resolver};
use crate::rule::ListRules;
use crate::text::is_formula;
use crate::validate::{ListFacts, Withdrawn};

/// A list whose cells were judged one by one.
pub(super) struct ReadList<'a> {
    pub(super) source: &'a List,
    pub(super) checked: CheckedList,
    /// For each block the suggestions that DNS made void; empty where it was not asked.
    pub(super) withdrawn: Vec<Vec<Withdrawn>>,
    pub(super) read: RowsRead,
    pub(super) tally: Tally,
    pub(super) facts: ListFacts,
    /// Fixed hash of all that was read, and of what its columns mean.
    pub(super) content: u64,
}

/// Reads the `source`-th list and judges its cells; what people are compared by is gathered on the way.
pub(super) fn read_list<'a>(
    source: usize,
    list: &'a List,
    setup: &Setup,
    mut gathering: Option<&mut (Resolver, Gathered)>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ReadList<'a>, RunError> {
    let kernels = Kernels::new(&setup.context, list.mapping(), list.samples())?;
    let key = list.mapping().column_of(Field::Id);
    let known_as = gathering.as_ref().and_then(|(_, gathered)| gathered.header(source));
    let header = known_as.unwrap_or_else(|| header_fingerprint(list.header()));
    let names = list.mapping().column_of(Field::FullName).map_or(&[][..], |column| list.samples().of(column));
    let people = gathering
        .as_ref()
        .map(|(resolver, _)| PeopleReader::new(&setup.context.files, resolver.rules(), list.mapping(), names))
        .transpose()?;
    let rules = ListRules::load(&setup.context.files)?;
    let mut blocks = Vec::new();
    let mut quarantined: Vec<Quarantined> = Vec::new();
    let mut tally = Tally::default();
    let mut facts = ListFacts::default();
    let mut content = FixedHasher::default();
    let mut done = 0;
    let read = list.read(|wave| -> Result<(), RunError> {
        setup.go_on()?;
        let processed: Vec<_> = wave
            .batches
            .into_par_iter()
            .map(|raw| {
                let standard = kernels.standardize(&raw);
                let people = people.as_ref().map(|people| people.read(&raw, &standard, key));
                let people = people.map(|people| GatheredBatch::new(people, &raw, header, key));
                let checked = kernels.validate(standard);
                let tally = Tally::of_batch(&raw, &checked, setup);
                let facts = ListFacts::of_batch(&raw, &checked, list.mapping(), &rules, setup.keys.phones());
                let content = text_hash(raw.text());
                (checked_block(&raw, checked), tally, facts, content, people)
            })
            .collect();
        for (block, block_tally, block_facts, block_content, people) in processed {
            blocks.push(block);
            if let (Some((_, gathered)), Some(people)) = (&mut gathering, people) {
                gathered.append(people, source);
            }
            content.write_u64(block_content);
            tally.add(block_tally);
            facts.append(block_facts, &rules).map_err(|error| RunError::write("a temporary file", &error))?;
        }
        quarantined.extend(wave.quarantined);
        progress(wave.read_to - done);
        done = wave.read_to;
        Ok(())
    })?;
    tracing::info!(records = read.records, quarantined = read.quarantined, blocks = blocks.len(), "read a list");
    for record in &quarantined {
        content.write_u64(text_hash(&record.raw));
    }
    content.write_u64(text_hash(&format!("{:?}", list.mapping())));
    if let Some(role) = list.role() {
        content.write_u64(text_hash(role.as_str()));
    }
    let (name, file) = (list.facts().name.clone(), list.facts().file_name().into_owned());
    let identity = list.own_name().into_owned();
    let mapping = list.mapping().clone();
    let (titles, sheet) = (list.facts().titles.clone(), list.facts().sheet.clone());
    let other_sheets = list.facts().other_sheets.clone();
    let role = list.role();
    let checked = CheckedList { name, file, identity, mapping, role, blocks, quarantined, titles, sheet, other_sheets };
    Ok(ReadList { source: list, checked, withdrawn: Vec::new(), read, tally, facts, content: content.finish() })
}

/// A block with where its raw rows stand.
fn checked_block(raw: &RawBatch, checked: CheckedBatch) -> CheckedBlock {
    let rows = raw.len();
    let offset = if rows == 0 { 0 } else { raw.record_offset(0) };
    let records = (0..rows)
        .map(|row| {
            let start = (raw.record_offset(row) - offset) as u32;
            Span { start, end: start + raw.record(row).len() as u32 }
        })
        .collect();
    let mut rewritten: Vec<u32> = raw.uneven_rows().to_vec();
    // A bare carriage return ends a line for many a reader.
    let has_returns = raw.text().contains('\r');
    for row in 0..rows {
        let runs = (0..raw.width()).any(|column| is_formula(raw.cell(row, ColumnIndex(column as u16))));
        if runs || has_returns && raw.record(row).contains('\r') {
            rewritten.push(row as u32);
        }
    }
    rewritten.sort_unstable();
    rewritten.dedup();
    CheckedBlock { checked, offset, records, rewritten }
}
