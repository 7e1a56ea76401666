//! What a check tells: each finding as an event, and all of them counted in its report.

use std::collections::BTreeMap;

use super::judge::{Judged, LateFinding, LateFindings};
use super::ledger::{Ledger, Standing};
use super::plan::{CheckPlan, Known};
use super::report::{BaselineUse, CheckReport, FindingGroup, lights};
use super::suppression::Met;
use crate::finding::{Code, Confidence, Finding, Severity};
use crate::ingest::{List, RowsRead};
use crate::pipeline::gate::{Before, Counted, GateResult};
use crate::pipeline::tally::change;
use crate::pipeline::{RunError, Setup};
use crate::record::{
    CheckedBatch, ColumnIndex, Field, Fingerprint, LineNumber, LineTable, Quarantined, RawBatch, RowIdentity,
    RowNumber, mask,
};

/// One finding on its way to the outputs, with what they may want to show of it.
#[derive(Debug, Clone, Copy)]
pub struct CheckEvent<'a> {
    /// The record; none where it is about a column or the list.
    pub row: Option<RowNumber>,
    /// The line of the source in which the record starts; in a workbook the row of the sheet.
    pub line: Option<LineNumber>,
    /// The column; none where it is about the row or the list.
    pub column: Option<ColumnIndex>,
    /// The column's header, or an empty string.
    pub header: &'a str,
    /// The column's field.
    pub field: Option<Field>,
    /// What the column is called in every run ([`Mapping::lasting_names`](crate::record::Mapping::lasting_names)), or an
    /// empty string.
    pub column_name: &'a str,
    /// What is said.
    pub code: Code,
    /// How much it matters in this check.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The raw cell; not masked. Empty where it is not about a cell, or was found only after the cell had gone by.
    pub value: &'a str,
    /// For a repair what it made of the cell, for a suggestion what it offers; not masked.
    pub after: &'a str,
    /// The whole record as written; empty where there is none.
    pub record: &'a str,
    /// Where the record starts in the list's (decoded) text.
    pub offset: u64,
    /// The row's cell in the list's key column; empty where there is none, or it was found only after the row had gone by.
    pub key: &'a str,
}

impl CheckEvent<'_> {
    /// What tells it from all other findings, in this run and in others; none where its row had gone by when it was found.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let row = match self.row {
            None => RowIdentity::None,
            Some(_) if !self.key.is_empty() => RowIdentity::Key(self.key),
            Some(_) if !self.record.is_empty() => RowIdentity::Content(self.record),
            Some(_) => return None,
        };
        Some(Fingerprint::of(self.code, self.column_name, row))
    }
}

/// Takes the findings of a check, in row order; those that can be known only at the end come last, again in row order
/// and without their cell.
pub trait CheckSink: Send {
    /// The next finding.
    ///
    /// # Errors
    /// When it can't be written.
    fn event(&mut self, event: &CheckEvent<'_>) -> std::io::Result<()>;
}

/// The counts behind a [`FindingGroup`].
#[derive(Debug)]
struct Group {
    severity: Severity,
    count: u64,
    /// Those that the baseline has; they are not among `count`.
    known: u64,
    /// The first few, and where they start.
    rows: Vec<(RowNumber, LineNumber)>,
    example: String,
    detail: String,
}

/// Rows named in a group.
const NAMED_ROWS: usize = 5;

/// A check under way: where findings become events and counts.
pub(super) struct Run<'a> {
    list: &'a List,
    setup: &'a Setup,
    plan: &'a CheckPlan,
    sink: &'a mut dyn CheckSink,
    groups: BTreeMap<(Option<ColumnIndex>, Code), Group>,
    column_names: Vec<String>,
    key: Option<ColumnIndex>,
    ledger: Ledger<'a>,
    /// Where the rows that went by start.
    lines: LineTable,
}

/// The record that a finding is about, as far as it is still there.
#[derive(Clone, Copy, Default)]
struct Record<'a> {
    text: &'a str,
    offset: u64,
    key: &'a str,
    /// The hash of the value, where it has gone by.
    value_hash: Option<u64>,
}

impl<'a> Run<'a> {
    pub(super) fn new(list: &'a List, setup: &'a Setup, plan: &'a CheckPlan, sink: &'a mut dyn CheckSink) -> Self {
        let mapping = list.mapping();
        let (column_names, key) = (mapping.lasting_names(), mapping.column_of(Field::Id));
        let (groups, lines) = (BTreeMap::new(), LineTable::default());
        Run { list, setup, plan, sink, groups, column_names, key, ledger: Ledger::new(list, plan), lines }
    }

    pub(super) fn events_of_wave(&mut self, judged: &[Judged], quarantined: &[Quarantined]) -> Result<(), RunError> {
        self.note_lines(judged, quarantined);
        let mut unread = quarantined.iter().peekable();
        for batch in judged {
            let mut index = 0;
            for finding in &batch.findings {
                let Some(row) = finding.row else { continue };
                while let Some(record) = unread.next_if(|record| record.row < row) {
                    self.quarantine_event(record)?;
                }
                while batch.raw.number(index) < row {
                    index += 1;
                }
                self.cell_event(finding, &batch.raw, &batch.checked, index)?;
            }
        }
        unread.try_for_each(|record| self.quarantine_event(record))
    }

    /// Remembers where the records of a wave start and what they are told by, for what is found when they are gone.
    fn note_lines(&mut self, judged: &[Judged], quarantined: &[Quarantined]) {
        let mut unread = quarantined.iter().peekable();
        for raw in judged.iter().map(|batch| &batch.raw) {
            for index in 0..raw.len() {
                let row = raw.number(index);
                while let Some(record) = unread.next_if(|record| record.row < row) {
                    self.note_quarantined(record);
                }
                self.lines.push(row.number(), raw.line(index));
                self.ledger.note_row(raw, index);
            }
        }
        unread.for_each(|record| self.note_quarantined(record));
    }

    fn note_quarantined(&mut self, record: &Quarantined) {
        self.lines.push(record.row.number(), record.line);
        self.ledger.note_quarantined(record);
    }

    fn quarantine_event(&mut self, record: &Quarantined) -> Result<(), RunError> {
        let finding =
            Finding { row: Some(record.row), column: None, code: record.code, confidence: Confidence::CERTAIN };
        self.emit(&finding, "", "", Record { text: &record.raw, offset: record.offset, ..Record::default() })
    }

    fn cell_event(
        &mut self,
        finding: &Finding,
        raw: &RawBatch,
        checked: &CheckedBatch,
        index: usize,
    ) -> Result<(), RunError> {
        let key = self.key.map_or("", |key| raw.cell(index, key));
        let record = Record { text: raw.record(index), offset: raw.record_offset(index), key, value_hash: None };
        let Some(column) = finding.column else { return self.emit(finding, "", "", record) };
        let (value, after) = if finding.code.is_repair() || finding.code.is_suggestion() {
            change(raw, checked, index, column, finding.code)
        } else {
            (raw.cell(index, column), "".into())
        };
        self.emit(finding, value, &after, record)
    }

    fn emit(&mut self, finding: &Finding, value: &str, after: &str, record: Record<'_>) -> Result<(), RunError> {
        let Some(severity) = self.plan.severity(finding.code, self.setup.catalog.severity(finding.code)) else {
            return Ok(());
        };
        let mapping = self.list.mapping();
        let field = finding.column.and_then(|column| mapping.columns()[column.as_usize()].field);
        let column_name = finding.column.map_or("", |column| &self.column_names[column.as_usize()]);
        let met = Met { key: record.key, value, value_hash: record.value_hash };
        let standing = self.ledger.weigh(finding, severity, column_name, met);
        if standing == Standing::Suppressed {
            return Ok(());
        }
        let group = self.groups.entry((finding.column, finding.code)).or_insert_with(|| Group {
            severity,
            count: 0,
            known: 0,
            rows: Vec::new(),
            example: String::new(),
            detail: String::new(),
        });
        if standing == Standing::Known {
            group.known += 1;
            return Ok(());
        }
        if group.count == 0 {
            group.example = if self.setup.show_values { value.to_owned() } else { mask(field, value) };
        }
        group.count += 1;
        let line = finding.row.and_then(|row| self.lines.line(row.number()));
        if let Some(row) = finding.row.zip(line)
            && group.rows.len() < NAMED_ROWS
        {
            group.rows.push(row);
        }
        let event = CheckEvent {
            row: finding.row,
            line,
            column: finding.column,
            header: finding.column.map_or("", |column| mapping.header(column)),
            field,
            column_name,
            code: finding.code,
            severity,
            confidence: finding.confidence,
            value,
            after,
            record: record.text,
            offset: record.offset,
            key: record.key,
        };
        self.sink.event(&event).map_err(|error| RunError::write("the findings", &error))
    }

    pub(super) fn late_events(&mut self, late: LateFindings) -> Result<(), RunError> {
        for LateFinding { finding, value_hash } in &late.findings {
            self.emit(finding, "", "", Record { value_hash: *value_hash, ..Record::default() })?;
        }
        for (code, detail) in self.ledger.of_suppressions() {
            let finding = Finding { row: None, column: None, code, confidence: Confidence::CERTAIN };
            self.emit(&finding, "", "", Record::default())?;
            self.add_detail((None, code), &detail);
        }
        for (of, detail) in late.details {
            self.add_detail(of, &detail);
        }
        Ok(())
    }

    fn add_detail(&mut self, of: (Option<ColumnIndex>, Code), detail: &str) {
        if let Some(group) = self.groups.get_mut(&of) {
            let joint = if group.detail.is_empty() { "" } else { "; " };
            group.detail = format!("{}{joint}{detail}", group.detail);
        }
    }

    pub(super) fn report(self, read: RowsRead) -> CheckReport {
        let mapping = self.list.mapping();
        let gathers = matches!(self.plan.known, Some(Known::Gathered { .. }));
        let name = &self.list.facts().name;
        let of_baseline = match &self.plan.known {
            Some(Known::Baseline(baseline)) => Some(baseline),
            _ => None,
        };
        let counts = self.groups.iter().map(|((_, code), group)| Counted {
            code: *code,
            severity: group.severity,
            new: if gathers { 0 } else { group.count },
            all: group.count + group.known,
        });
        let before = of_baseline.map(|baseline| {
            let severity = |code: Code| self.plan.severity(code, self.setup.catalog.severity(code));
            let known = baseline.counts().filter_map(|(code, count)| Some((code, severity(code)?, count)));
            Before { counts: known.collect(), rows: baseline.records() }
        });
        let gates = self.plan.gates.judge(&counts.collect::<Vec<_>>(), read.records, before.as_ref());
        let concluded = self.ledger.conclude(read.records, &self.column_names);
        let mut groups: Vec<FindingGroup> = self
            .groups
            .into_iter()
            .filter(|(_, group)| group.count > 0)
            .map(|((column, code), group)| FindingGroup {
                code,
                header: column.map_or("", |column| mapping.header(column)).to_owned(),
                column,
                column_number: column.map(|column| self.list.column_number(column)),
                field: column.and_then(|column| mapping.columns()[column.as_usize()].field),
                severity: group.severity,
                fingerprint: Fingerprint::of(
                    code,
                    column.map_or("", |column| &self.column_names[column.as_usize()]),
                    RowIdentity::None,
                ),
                failed: !gathers && GateResult::fails(&gates, code, group.severity),
                count: group.count,
                rows: group.rows.iter().map(|(row, _)| row.number()).collect(),
                lines: group.rows.iter().map(|(_, line)| line.number()).collect(),
                cells: column.map_or_else(Vec::new, |column| {
                    group.rows.iter().filter_map(|(_, line)| self.list.cell_name(*line, column)).collect()
                }),
                example: group.example,
                detail: group.detail,
            })
            .collect();
        groups.sort_by_key(|group| {
            (std::cmp::Reverse(group.severity), std::cmp::Reverse(group.count), group.code.as_str(), group.column)
        });
        let lights = lights(&groups, mapping, self.setup, self.plan);
        CheckReport {
            schema_version: 1,
            list: name.clone(),
            records: read.records,
            quarantined: read.quarantined,
            groups,
            mail: None,
            baseline: of_baseline.map(|_| BaselineUse { known: concluded.known, gone: concluded.gone }),
            suppressed: concluded.suppressed,
            lights,
            passed: gates.iter().all(|gate| gate.passed),
            gates,
            next_baseline: concluded.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_moves_keeps_the_fingerprints_of_its_findings() {
        let event = CheckEvent {
            row: Some(RowNumber::from_index(16)),
            line: Some(LineNumber::from_index(17)),
            column: Some(ColumnIndex(3)),
            header: "Mobile",
            field: Some(Field::Phone),
            column_name: "phone",
            code: Code::PhoneDummy,
            severity: Severity::Warning,
            confidence: Confidence::CERTAIN,
            value: "050-0000000",
            after: "",
            record: "17,Dana,050-0000000",
            offset: 400,
            key: "17",
        };
        let moved = CheckEvent { row: Some(RowNumber::from_index(2)), offset: 60, header: "Cell", ..event };
        assert_eq!(event.fingerprint(), moved.fingerprint());
        assert_ne!(event.fingerprint(), CheckEvent { key: "18", ..event }.fingerprint());
        assert_ne!(event.fingerprint(), CheckEvent { code: Code::PhoneVoip, ..event }.fingerprint());

        let keyless = CheckEvent { key: "", ..event };
        assert_eq!(keyless.fingerprint(), CheckEvent { key: "", ..moved }.fingerprint());
        assert_ne!(keyless.fingerprint(), CheckEvent { record: "17,Dan,050-0000000", ..keyless }.fingerprint());
        assert_eq!(CheckEvent { record: "", ..keyless }.fingerprint(), None, "its row had gone by");
        assert!(CheckEvent { row: None, record: "", ..keyless }.fingerprint().is_some(), "it is about the list");
    }
}
