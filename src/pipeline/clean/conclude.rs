//! What can be said of a list when all of its rows went by and DNS was asked: findings across rows, and its figures.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cleaned::CleanedList;
use super::read::ReadList;
use crate::finding::Code;
use crate::ingest::RowsRead;
use crate::meaning::NoteReader;
use crate::pipeline::region::{OtherRegion, other_region};
use crate::pipeline::shown::words_of;
use crate::pipeline::summary::{InputSummary, ListFinding};
use crate::pipeline::tally::{Tally, field_of};
use crate::pipeline::{RunError, RunSummary, Setup};
use crate::record::{CheckedList, ColumnIndex, Field, RowNumber, mask};
use crate::rule::{ListRules, StandingWords};
use crate::validate::ListFindings;

impl ReadList<'_> {
    /// What can be said when all stages have judged.
    pub(super) fn conclude(
        self,
        setup: &Setup,
        summary: &mut RunSummary,
    ) -> Result<(CheckedList, ListFindings), RunError> {
        let ReadList { source, checked, withdrawn, read, mut tally, facts, .. } = self;
        let withdrawn_of = |block: usize| withdrawn.get(block).map_or(&[][..], Vec::as_slice);
        let blocks = checked.blocks.par_iter().enumerate();
        let contacts: Vec<Tally> = blocks
            .map(|(place, block)| Tally::of_contacts(&block.checked, withdrawn_of(place), &setup.redaction))
            .collect();
        contacts.into_iter().for_each(|of_block| tally.add(of_block));
        let rules = ListRules::load(&setup.context.files)?;
        let words = StandingWords::load(&setup.context.files)?;
        let notes = NoteReader::load(&setup.context.files)?;
        let findings = facts
            .conclude(source.mapping(), &rules, &words, &notes)
            .map_err(|error| RunError::write("a temporary file", &error))?;
        assert_nothing_lost(&checked, read);
        let list = CleanedList { source, checked: &checked, findings: &findings };
        let other = other_region(source, &setup.context)?;
        summarize(list, read, &tally, &rules, other, setup, summary);
        Ok((checked, findings))
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
    other: Option<OtherRegion>,
    setup: &Setup,
    summary: &mut RunSummary,
) {
    let list = cleaned.source;
    let facts = list.facts();
    let quarantined = cleaned.checked.quarantined.len() as u64;
    summary.inputs.push(InputSummary {
        name: facts.file_name().into_owned(),
        list: if list.is_named() { list.own_name().into_owned() } else { String::new() },
        format: facts.format.to_owned(),
        compression: facts.compression.to_owned(),
        encoding: facts.encoding.to_owned(),
        encoding_basis: facts.encoding_basis.to_owned(),
        delimiter: facts.delimiter.clone(),
        bytes: facts.bytes,
        records: read.records,
        quarantined,
        blank_lines: read.blank_lines,
        header_line: facts.header_line,
        lines_above: facts.lines_above,
        mapping: list.mapping().clone(),
    });
    summary.rows_in += read.records;
    summary.rows_out += cleaned.checked.rows();
    summary.quarantined += quarantined;
    for record in &cleaned.checked.quarantined {
        *summary.quarantine_reasons.entry(record.code.as_str().to_owned()).or_default() += 1;
    }
    summary.fields.extend(tally.fields(list));
    summary.reasons.extend(tally.reasons(list, &setup.catalog));
    summary.repairs.extend(tally.changes(list, Code::is_repair));
    summary.suggestions.extend(tally.changes(list, Code::is_suggestion));
    for (channel, count) in tally.reach() {
        *summary.reach.entry(channel.to_owned()).or_default() += count;
    }
    summary.list_findings.extend(list_findings(cleaned, rules, setup));
    summary.list_findings.extend(other.map(|other| of_region(&other, setup)));
}

/// The finding that a list is of another region than the run's.
fn of_region(other: &OtherRegion, setup: &Setup) -> ListFinding {
    let code = Code::ListOtherRegion;
    ListFinding {
        code: code.as_str().to_owned(),
        header: other.header().to_owned(),
        severity: setup.catalog.severity(code),
        value: other.option(),
        count: other.count as u64,
        rows: Vec::new(),
        evidence: BTreeMap::from([("total".to_owned(), other.of as u64)]),
    }
}

fn list_findings(cleaned: CleanedList<'_>, rules: &ListRules, setup: &Setup) -> Vec<ListFinding> {
    let header =
        |column: Option<ColumnIndex>| column.map_or("", |column| cleaned.checked.mapping.header(column)).to_owned();
    let named = |rows: &[RowNumber]| rows.iter().take(rules.named_rows).map(|row| row.number()).collect::<Vec<_>>();
    let mut findings: Vec<ListFinding> = Vec::new();
    for statement in cleaned.findings.statements() {
        let value = match (statement.code, statement.column, statement.rows.first()) {
            (Code::ListSharedValue, Some(column), Some(row)) => cleaned.shared_value(column, *row, setup),
            _ => words_of(statement, &cleaned.checked.mapping, setup),
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
