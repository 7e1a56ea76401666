//! `clean`: every list from raw rows to checked rows, with what was found on the way.

mod cards;
mod record;

pub use record::{ToldRun, conclude_run};

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

use super::customers::{Customers, Gathered, GatheredBatch, ResolveStage};
use super::decay::gather;
use super::mail::{MailStage, MailSummary, domains_of, evidence};
use super::resolve_summary::ResolveSummary;
use super::summary::{InputSummary, ListFinding, RunSummary};
use super::tally::{Tally, field_of};
use super::{Decay, EvidenceStage, RunError, Setup};
use crate::evidence::Evidence;
use crate::finding::Code;
use crate::ingest::{List, RowsRead, header_fingerprint};
use crate::kernel::Kernels;
use crate::record::{
    CheckedBatch, CheckedBlock, CheckedList, ColumnIndex, Field, FixedHasher, Quarantined, RawBatch, Redaction,
    RowNumber, Rows, Span, mask, text_hash,
};
use crate::resolve::{PeopleReader, Resolver};
use crate::rule::ListRules;
use crate::validate::{ListFacts, ListFindings, MxValidator, Withdrawn};
use rayon::prelude::*;

/// All lists after all stages.
#[derive(Debug)]
pub struct Cleaned<'a> {
    /// The lists as they were opened, in the order given.
    pub sources: &'a [List],
    /// Their rows.
    pub rows: Rows,
    /// What was found across the rows of each list.
    pub findings: Vec<ListFindings>,
    /// The customers that rows are of; none where they were not looked for.
    pub customers: Option<Customers>,
    /// What is known of contacts beside their values; none where that was not asked.
    pub evidence: Option<Arc<Evidence>>,
    /// How stale contacts are; none where that was not asked.
    pub decay: Option<Decay>,
    /// The figures.
    pub summary: RunSummary,
    /// What outputs don't tell of it.
    pub redaction: Redaction,
}

/// One list after all stages, with what it was read from.
#[derive(Debug, Clone, Copy)]
pub struct CleanedList<'c> {
    /// The list as it was opened.
    pub source: &'c List,
    /// Its rows.
    pub checked: &'c CheckedList,
    /// What was found across rows.
    pub findings: &'c ListFindings,
}

impl Cleaned<'_> {
    /// Every list, in the order given.
    pub fn lists(&self) -> impl ExactSizeIterator<Item = CleanedList<'_>> {
        let lists = self.sources.iter().zip(self.rows.lists()).zip(&self.findings);
        lists.map(|((source, checked), findings)| CleanedList { source, checked, findings })
    }

    /// The customers, where they were looked for and could be told apart.
    pub fn known_customers(&self) -> Option<&Customers> {
        self.customers.as_ref().filter(|customers| !customers.is_refused())
    }
}

/// Takes lists through all stages. `progress` hears how many bytes of text were done.
///
/// # Errors
/// When a list can't be read to its end, a rule file is not of its form, or a stop was asked for.
pub fn clean<'a>(
    lists: &'a [List],
    setup: &Setup,
    mail: MailStage<'_>,
    resolve: ResolveStage,
    evidence: Option<&EvidenceStage<'_>>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Cleaned<'a>, RunError> {
    let mut summary = RunSummary {
        schema_version: 1,
        tiuv_version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: setup.context.today.to_string(),
        region: setup.context.region.clone(),
        rules: format!("{:016x}", setup.context.files.fingerprint()),
        ..RunSummary::default()
    };
    let settings = format!("{} {} {} {}", summary.tiuv_version, summary.rules, summary.as_of, summary.region);
    summary.run = format!("{:016x}", text_hash(&settings));
    let mut gathering = match &resolve {
        ResolveStage::Off => None,
        ResolveStage::On(_) => Some((Resolver::new(&setup.context)?, Gathered::default())),
    };
    let mut read = Vec::with_capacity(lists.len());
    for (source, list) in lists.iter().enumerate() {
        read.push(read_list((source, list), setup, gathering.as_mut(), progress)?);
    }
    if !mail.is_off() {
        summary.mail = Some(check_mail(&mut read, setup, mail, &mut summary.run)?);
    }
    let contents: Vec<u64> = read.iter().map(|list| list.content).collect();
    let concluded: Vec<(CheckedList, ListFindings)> =
        read.into_iter().map(|list| list.conclude(setup, &mut summary)).collect::<Result<_, _>>()?;
    let (checked, findings) = concluded.into_iter().unzip();
    let rows = Rows::new(checked);
    let customers = match (resolve, gathering) {
        (ResolveStage::On(memory), Some((resolver, gathered))) => {
            let customers = Customers::find(gathered, &rows, &resolver, memory.as_ref(), setup)?;
            summary.run = mixed(&summary.run, customers.fingerprint());
            Some(customers)
        }
        _ => None,
    };
    contents.into_iter().for_each(|content| summary.run = mixed(&summary.run, content));
    summary.resolve = customers.as_ref().map(|customers| ResolveSummary::new(customers, &rows, setup));
    let told_apart = customers.as_ref().filter(|customers| !customers.is_refused());
    let (evidence, decay) = match evidence {
        Some(stage) => {
            let (evidence, account) = gather(&rows, told_apart, stage, setup, progress)?;
            let evidence = Arc::new(evidence);
            let judge = |decay| Decay::find(&evidence, account, told_apart, decay, setup);
            let decay = stage.decay.as_ref().map(judge).transpose()?;
            if let Some(decay) = &decay {
                summary.decay = decay.summary(stage);
                summary.run = mixed(&summary.run, decay.fingerprint());
            }
            (Some(evidence), decay)
        }
        None => (None, None),
    };
    let by_count = |count: u64| std::cmp::Reverse(count);
    summary.reasons.sort_by_key(|reason| (by_count(reason.count), reason.code.clone(), reason.header.clone()));
    summary.repairs.sort_by_key(|change| (by_count(change.count), change.code.clone(), change.header.clone()));
    summary.suggestions.sort_by_key(|change| (by_count(change.count), change.code.clone(), change.header.clone()));
    Ok(Cleaned {
        sources: lists,
        rows,
        findings,
        customers,
        evidence,
        decay,
        summary,
        redaction: setup.redaction.clone(),
    })
}

/// A list whose cells were judged one by one.
struct ReadList<'a> {
    source: &'a List,
    checked: CheckedList,
    /// For each block the suggestions that DNS made void; empty where it was not asked.
    withdrawn: Vec<Vec<Withdrawn>>,
    read: RowsRead,
    tally: Tally,
    facts: ListFacts,
    /// Fixed hash of all that was read, and of what its columns mean.
    content: u64,
}

fn read_list<'a>(
    (source, list): (usize, &'a List),
    setup: &Setup,
    mut gathering: Option<&mut (Resolver, Gathered)>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ReadList<'a>, RunError> {
    let kernels = Kernels::new(&setup.context, list.mapping(), list.samples())?;
    let key = list.mapping().column_of(Field::Id);
    let header = header_fingerprint(list.header());
    let names = list.mapping().column_of(Field::FullName).map_or(&[][..], |column| list.samples().of(column));
    let people = gathering
        .as_ref()
        .map(|(resolver, _)| PeopleReader::new(&setup.context.files, resolver.rules(), list.mapping(), names))
        .transpose()?;
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
                let facts = ListFacts::of_batch(&raw, &checked, list.mapping(), &setup.phone_keys);
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
            facts.append(block_facts).map_err(|error| RunError::write("a temporary file", &error))?;
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
    let (name, file) = (list.facts().name.clone(), list.facts().file_name().into_owned());
    let checked = CheckedList { name, file, mapping: list.mapping().clone(), blocks, quarantined };
    Ok(ReadList { source: list, checked, withdrawn: Vec::new(), read, tally, facts, content: content.finish() })
}

/// Asks once for every domain of all lists, and judges their e-mails by the answers.
fn check_mail(
    lists: &mut [ReadList<'_>],
    setup: &Setup,
    stage: MailStage<'_>,
    run: &mut String,
) -> Result<MailSummary, RunError> {
    let addresses = domains_of(lists.par_iter().flat_map(|list| list.checked.blocks.par_iter()));
    let (check, summary) = stage.judge(&addresses, setup)?;
    *run = mixed(run, evidence(&check));
    let validator = MxValidator::new(&setup.context.files, &check.standings)?;
    for list in lists {
        let blocks = list.checked.blocks.par_iter_mut();
        list.withdrawn = blocks.map(|block| validator.judge(&mut block.checked)).collect();
    }
    Ok(summary)
}

impl ReadList<'_> {
    /// What can be said when all stages have judged.
    fn conclude(self, setup: &Setup, summary: &mut RunSummary) -> Result<(CheckedList, ListFindings), RunError> {
        let ReadList { source, checked, withdrawn, read, mut tally, facts, .. } = self;
        let withdrawn_of = |block: usize| withdrawn.get(block).map_or(&[][..], Vec::as_slice);
        let blocks = checked.blocks.par_iter().enumerate();
        let contacts: Vec<Tally> = blocks
            .map(|(place, block)| Tally::of_contacts(&block.checked, withdrawn_of(place), &setup.redaction))
            .collect();
        contacts.into_iter().for_each(|of_block| tally.add(of_block));
        let rules = ListRules::load(&setup.context.files)?;
        let findings =
            facts.conclude(source.mapping(), &rules).map_err(|error| RunError::write("a temporary file", &error))?;
        assert_nothing_lost(&checked, read);
        let list = CleanedList { source, checked: &checked, findings: &findings };
        summarize(list, read, &tally, &rules, setup, summary);
        Ok((checked, findings))
    }
}

/// The run's id so far with more of what it rests on.
fn mixed(run: &str, content: u64) -> String {
    format!("{:016x}", text_hash(&format!("{run} {content:016x}")))
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
    let mut rewritten: Vec<u32> = raw.short_rows().to_vec();
    for row in 0..rows {
        let runs = (0..raw.width()).any(|column| is_formula(raw.cell(row, ColumnIndex(column as u16))));
        if runs {
            rewritten.push(row as u32);
        }
    }
    rewritten.sort_unstable();
    rewritten.dedup();
    CheckedBlock { checked, offset, records, rewritten }
}

/// Whether a spreadsheet would run a cell as a formula (OWASP, "CSV injection"): it starts with `=`, `@`, a tab or a
/// carriage return, or with `+` or `-` and is neither a number nor a telephone number.
pub fn is_formula(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !cell.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ' | b'.' | b',' | b';' | b'(' | b')' | b'/')
        }),
        _ => false,
    }
}

/// Rows in = rows out + quarantined: a run that loses a row is worse than none.
fn assert_nothing_lost(list: &CheckedList, read: RowsRead) {
    assert_eq!(read.records, list.rows() + list.quarantined.len() as u64, "rows in = rows out + quarantined");
}

fn summarize(
    cleaned: CleanedList<'_>,
    read: RowsRead,
    tally: &Tally,
    rules: &ListRules,
    setup: &Setup,
    summary: &mut RunSummary,
) {
    let list = cleaned.source;
    let facts = list.facts();
    let quarantined = cleaned.checked.quarantined.len() as u64;
    summary.inputs.push(InputSummary {
        name: facts.file_name().into_owned(),
        format: facts.format.to_owned(),
        compression: facts.compression.to_owned(),
        encoding: facts.encoding.to_owned(),
        encoding_basis: facts.encoding_basis.to_owned(),
        delimiter: facts.delimiter.clone(),
        bytes: facts.bytes,
        records: read.records,
        quarantined,
        blank_lines: read.blank_lines,
        mapping: list.mapping().clone(),
    });
    summary.rows_in += read.records;
    summary.rows_out += cleaned.checked.rows();
    summary.quarantined += quarantined;
    for record in &cleaned.checked.quarantined {
        *summary.quarantine_reasons.entry(record.code.as_str().to_owned()).or_default() += 1;
    }
    summary.fields.extend(tally.fields(list));
    summary.reasons.extend(tally.reasons(list, setup));
    summary.repairs.extend(tally.changes(list, Code::is_repair));
    summary.suggestions.extend(tally.changes(list, Code::is_suggestion));
    for (channel, count) in tally.reach() {
        *summary.reach.entry(channel.to_owned()).or_default() += count;
    }
    summary.list_findings.extend(list_findings(cleaned, rules, setup));
}

fn list_findings(cleaned: CleanedList<'_>, rules: &ListRules, setup: &Setup) -> Vec<ListFinding> {
    let header =
        |column: Option<ColumnIndex>| column.map_or("", |column| cleaned.checked.mapping.header(column)).to_owned();
    let named = |rows: &[RowNumber]| rows.iter().take(rules.named_rows).map(|row| row.number()).collect::<Vec<_>>();
    let mut findings: Vec<ListFinding> = Vec::new();
    for statement in cleaned.findings.statements() {
        let value = match (statement.code, statement.column, statement.rows.first()) {
            (Code::ListSharedValue, Some(column), Some(row)) => cleaned.shared_value(column, *row, setup),
            _ => String::new(),
        };
        findings.push(ListFinding {
            code: statement.code.as_str().to_owned(),
            header: header(statement.column),
            severity: setup.catalog.severity(statement.code),
            value,
            count: statement.count,
            rows: named(&statement.rows),
            evidence: statement.evidence.clone(),
        });
    }
    let mut duplicates: BTreeMap<ColumnIndex, (u64, Vec<u32>)> = BTreeMap::new();
    for (column, rows) in cleaned.findings.duplicate_keys() {
        let entry = duplicates.entry(column).or_default();
        entry.0 += rows.len() as u64 - 1;
        entry.1.extend(
            rows[1..].iter().map(|row| row.number()).take(rules.named_rows - entry.1.len().min(rules.named_rows)),
        );
    }
    for (column, (count, rows)) in duplicates {
        let code = Code::ListDuplicateKey;
        findings.push(ListFinding {
            code: code.as_str().to_owned(),
            header: header(Some(column)),
            severity: setup.catalog.severity(code),
            value: String::new(),
            count,
            rows,
            evidence: BTreeMap::new(),
        });
    }
    if let Some((column, rows)) = cleaned.findings.empty_keys() {
        let code = Code::ListEmptyKey;
        findings.push(ListFinding {
            code: code.as_str().to_owned(),
            header: header(Some(column)),
            severity: setup.catalog.severity(code),
            value: String::new(),
            count: rows.len() as u64,
            rows: named(rows),
            evidence: BTreeMap::new(),
        });
    }
    findings
}

impl CleanedList<'_> {
    /// The contact value of a row that many rows share, masked unless values are shown.
    fn shared_value(&self, column: ColumnIndex, row: RowNumber, setup: &Setup) -> String {
        let Some((block, index)) = self.checked.find(row) else { return String::new() };
        let block = &self.checked.blocks[block];
        let batch = block.checked.standard();
        let Some(standard) = batch.columns().iter().find(|standard| standard.column == column) else {
            return String::new();
        };
        let field: Option<Field> = field_of(&block.checked, column);
        let shared = standard.values(index).find(|value| self.findings.shared_value(value).is_some());
        let value = shared.unwrap_or_default();
        if setup.show_values { value.to_owned() } else { mask(field, value) }
    }
}
