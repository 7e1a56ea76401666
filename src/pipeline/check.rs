//! `check`: judges a list in one pass and bounded memory; what is found leaves as one stream of events.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::expect::Expected;
use super::gate::{GateResult, Gates, Selector};
use super::mail::{MailStage, MailSummary};
use super::tally::change;
use super::{Domains, RunError, Setup};
use crate::finding::{Code, Confidence, Finding, Severity};
use crate::ingest::{List, RowsRead};
use crate::kernel::Kernels;
use crate::record::{
    CheckedBatch, ColumnIndex, Field, Mapping, PublicView, Quarantined, RawBatch, RowNumber, mask, text_hash,
};
use crate::rule::Expectation;
use crate::rule::{Level, ListRules};
use crate::validate::{ListFacts, MxValidator, Occurrences};

/// What to check and how much of it to let pass.
#[derive(Debug, Clone)]
pub struct CheckPlan {
    /// Whether tiuv's own rules run; expectations always do.
    pub rules: bool,
    /// Levels set by the user, later ones winning; they also switch codes off.
    pub levels: Vec<(Selector, Level)>,
    /// What is expected of columns.
    pub expectations: Vec<Expectation>,
    /// When the list fails.
    pub gates: Gates,
}

impl CheckPlan {
    /// How much a code matters in this check; none where it is off. Classes and facts are off unless set.
    pub fn severity(&self, code: Code, default: Severity) -> Option<Severity> {
        let set = self.levels.iter().rev().find(|(selector, _)| selector.covers(code, default));
        match set.map(|(_, level)| *level) {
            Some(Level::Off) => None,
            Some(Level::Info) => Some(Severity::Info),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
            None if code.is_class() && default == Severity::Info => None,
            None => Some(default),
        }
    }
}

/// One finding on its way to the outputs, with what they may want to show of it.
#[derive(Debug, Clone, Copy)]
pub struct CheckEvent<'a> {
    /// The record; none where it is about a column or the list.
    pub row: Option<RowNumber>,
    /// The column; none where it is about the row or the list.
    pub column: Option<ColumnIndex>,
    /// The column's header, or an empty string.
    pub header: &'a str,
    /// The column's field.
    pub field: Option<Field>,
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

/// What a check came to.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Version of this structure.
    pub schema_version: u32,
    /// The list's name as given.
    pub list: String,
    /// Records in the list.
    pub records: u64,
    /// Records that could not be read as rows.
    pub quarantined: u64,
    /// Findings by column and code.
    pub groups: Vec<FindingGroup>,
    /// What DNS said of the domains of e-mails; none where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailSummary>,
    /// The gates.
    pub gates: Vec<GateResult>,
    /// Whether every gate held.
    pub passed: bool,
}

/// All findings of one code in one column.
#[derive(Debug, Clone, Serialize)]
pub struct FindingGroup {
    /// The code.
    pub code: Code,
    /// The column's header; empty where it is about rows or the list.
    pub header: String,
    /// The column's 0-based position.
    pub column: Option<ColumnIndex>,
    /// The column's field.
    pub field: Option<Field>,
    /// How much it matters in this check.
    pub severity: Severity,
    /// How many.
    pub count: u64,
    /// The first few rows.
    pub rows: Vec<u32>,
    /// The first cell concerned, masked unless values are shown; empty where there is none.
    pub example: String,
}

/// The counts behind a [`FindingGroup`].
#[derive(Debug)]
struct Group {
    severity: Severity,
    count: u64,
    rows: Vec<u32>,
    example: String,
}

/// Rows named in a group.
const NAMED_ROWS: usize = 5;

/// Checks a list; `progress` hears how many bytes of text were done, twice as many where DNS is asked.
///
/// # Errors
/// When the list can't be read to its end, a rule or an expectation is wrong, or an output can't be written.
pub fn check(
    list: &List,
    setup: &Setup,
    plan: &CheckPlan,
    mail: MailStage<'_>,
    sink: &mut dyn CheckSink,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<CheckReport, RunError> {
    let mut stages = Stages::new(list, setup, plan)?;
    let mut heard = None;
    if !mail.is_off() && plan.rules {
        // The list is read twice, so that findings come in row order and with their cells.
        let mut domains = Domains::default();
        domains.add_list(list, setup, progress)?;
        let (check, summary) = mail.judge(&domains.counts(), setup)?;
        stages.mail = Some(MxValidator::new(&setup.context.files, &check.standings)?);
        heard = Some(summary);
    }
    let mut run = Run { list, setup, plan, sink, groups: BTreeMap::new() };
    let mut late = Late::default();
    let mut done = 0;
    let read = list.read(|wave| -> Result<(), RunError> {
        setup.go_on()?;
        let judged: Vec<Judged> = wave.batches.into_par_iter().map(|raw| stages.judge(raw)).collect();
        run.events_of_wave(&judged, &wave.quarantined)?;
        for judged in judged {
            late.append(judged).map_err(|error| RunError::write("a temporary file", &error))?;
        }
        progress(wave.read_to - done);
        done = wave.read_to;
        Ok(())
    })?;
    tracing::info!(records = read.records, quarantined = read.quarantined, "read a list");
    let findings = late.conclude(list, &stages, setup)?;
    run.late_events(&findings)?;
    Ok(CheckReport { mail: heard, ..run.report(read) })
}

/// The stages that this check needs.
struct Stages<'a> {
    expected: Vec<Expected>,
    rules: Option<Kernels>,
    mail: Option<MxValidator>,
    mapping: &'a Mapping,
    setup: &'a Setup,
}

impl<'a> Stages<'a> {
    fn new(list: &'a List, setup: &'a Setup, plan: &CheckPlan) -> Result<Self, RunError> {
        let expected =
            plan.expectations.iter().map(|expectation| Expected::bind(list, expectation)).collect::<Result<_, _>>()?;
        let rules = if plan.rules { Some(Kernels::new(&setup.context, list.mapping(), list.samples())?) } else { None };
        Ok(Stages { expected, rules, mail: None, mapping: list.mapping(), setup })
    }

    fn judge(&self, raw: RawBatch) -> Judged {
        let mut findings = Vec::new();
        let mut unique = Vec::new();
        let say = |findings: &mut Vec<Finding>, row: usize, column: ColumnIndex, code| {
            let row = Some(raw.number(row));
            findings.push(Finding { row, column: Some(column), code, confidence: Confidence::CERTAIN });
        };
        for expected in &self.expected {
            expected.judge(&raw, |row, code| say(&mut findings, row, expected.column, code));
            if expected.unique {
                let mut values = Occurrences::default();
                for row in 0..raw.len() {
                    let cell = raw.cell(row, expected.column);
                    if !cell.is_empty() {
                        values.push_exact(text_hash(cell), raw.number(row));
                    }
                }
                unique.push(values);
            }
        }
        let mut facts = None;
        let mut checked = CheckedBatch::default();
        if let Some(kernels) = &self.rules {
            checked = kernels.check(&raw);
            if let Some(mail) = &self.mail {
                mail.judge(&mut checked);
            }
            facts = Some(ListFacts::of_batch(&raw, &checked, self.mapping, &self.setup.phone_keys));
            findings.extend(PublicView::new(&checked, &self.setup.redaction).findings());
            for &row in raw.short_rows() {
                let row = Some(raw.number(row as usize));
                findings.push(Finding {
                    row,
                    column: None,
                    code: Code::RowRaggedShort,
                    confidence: Confidence::CERTAIN,
                });
            }
        }
        findings.sort_by_key(|finding| (finding.row, finding.column));
        Judged { raw, checked, findings, unique, facts }
    }
}

/// One batch with what was found in it.
struct Judged {
    raw: RawBatch,
    checked: CheckedBatch,
    findings: Vec<Finding>,
    unique: Vec<Occurrences>,
    facts: Option<ListFacts>,
}

/// What can be known only when all rows went by.
#[derive(Default)]
struct Late {
    unique: Vec<Occurrences>,
    facts: Option<ListFacts>,
}

impl Late {
    fn append(&mut self, judged: Judged) -> std::io::Result<()> {
        if self.unique.is_empty() {
            self.unique.resize_with(judged.unique.len(), Occurrences::default);
        }
        for (own, next) in self.unique.iter_mut().zip(judged.unique) {
            own.append(next)?;
        }
        match (&mut self.facts, judged.facts) {
            (Some(own), Some(next)) => own.append(next)?,
            (own @ None, next) => *own = next,
            _ => {}
        }
        Ok(())
    }

    fn conclude(self, list: &List, stages: &Stages<'_>, setup: &Setup) -> Result<Vec<Finding>, RunError> {
        let temporary = |error: std::io::Error| RunError::write("a temporary file", &error);
        let mut findings = Vec::new();
        let certain = |row, column, code| Finding { row, column: Some(column), code, confidence: Confidence::CERTAIN };
        for (expected, values) in stages.expected.iter().filter(|expected| expected.unique).zip(self.unique) {
            let repeated = |group: crate::validate::Group| {
                let again = group.rows[1..].iter();
                findings.extend(again.map(|row| certain(Some(*row), expected.column, Code::ExpectUnique)));
            };
            values.repeated_exact(repeated).map_err(temporary)?;
        }
        if let Some(facts) = self.facts {
            let rules = ListRules::load(&setup.context.files)?;
            let list_findings = facts.conclude(list.mapping(), &rules).map_err(temporary)?;
            for statement in list_findings.statements() {
                let code = statement.code;
                let column = statement.column;
                if code == Code::ListSharedValue {
                    let is_phone = column
                        .and_then(|column| list.mapping().columns()[column.as_usize()].field)
                        .is_some_and(Field::is_phone);
                    let by_row = if is_phone { Code::PhoneSharedByMany } else { Code::EmailShared };
                    findings.extend(statement.rows.iter().filter_map(|row| Some(certain(Some(*row), column?, by_row))));
                }
                if code == Code::ListDuplicateRow {
                    let confidence = Confidence::CERTAIN;
                    findings.extend(statement.rows.iter().map(|row| Finding {
                        row: Some(*row),
                        column,
                        code,
                        confidence,
                    }));
                    continue;
                }
                findings.push(Finding { row: None, column, code, confidence: Confidence::CERTAIN });
            }
            for (column, rows) in list_findings.duplicate_keys() {
                findings.extend(rows[1..].iter().map(|row| certain(Some(*row), column, Code::ListDuplicateKey)));
            }
            if let Some((column, rows)) = list_findings.empty_keys() {
                findings.extend(rows.iter().map(|row| certain(Some(*row), column, Code::ListEmptyKey)));
            }
        }
        findings.sort();
        findings.dedup();
        Ok(findings)
    }
}

/// A check under way: where findings become events and counts.
struct Run<'a> {
    list: &'a List,
    setup: &'a Setup,
    plan: &'a CheckPlan,
    sink: &'a mut dyn CheckSink,
    groups: BTreeMap<(Option<ColumnIndex>, Code), Group>,
}

impl Run<'_> {
    fn events_of_wave(&mut self, judged: &[Judged], quarantined: &[Quarantined]) -> Result<(), RunError> {
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

    fn quarantine_event(&mut self, record: &Quarantined) -> Result<(), RunError> {
        let finding =
            Finding { row: Some(record.row), column: None, code: record.code, confidence: Confidence::CERTAIN };
        self.emit(&finding, "", "", (&record.raw, record.offset))
    }

    fn cell_event(
        &mut self,
        finding: &Finding,
        raw: &RawBatch,
        checked: &CheckedBatch,
        index: usize,
    ) -> Result<(), RunError> {
        let record = (raw.record(index), raw.record_offset(index));
        let Some(column) = finding.column else { return self.emit(finding, "", "", record) };
        let (value, after) = if finding.code.is_repair() || finding.code.is_suggestion() {
            change(raw, checked, index, column, finding.code)
        } else {
            (raw.cell(index, column), "".into())
        };
        self.emit(finding, value, &after, record)
    }

    fn emit(&mut self, finding: &Finding, value: &str, after: &str, record: (&str, u64)) -> Result<(), RunError> {
        let Some(severity) = self.plan.severity(finding.code, self.setup.catalog.severity(finding.code)) else {
            return Ok(());
        };
        let mapping = self.list.mapping();
        let field = finding.column.and_then(|column| mapping.columns()[column.as_usize()].field);
        let group = self.groups.entry((finding.column, finding.code)).or_insert_with(|| Group {
            severity,
            count: 0,
            rows: Vec::new(),
            example: if self.setup.show_values { value.to_owned() } else { mask(field, value) },
        });
        group.count += 1;
        if let Some(row) = finding.row
            && group.rows.len() < NAMED_ROWS
        {
            group.rows.push(row.number());
        }
        let event = CheckEvent {
            row: finding.row,
            column: finding.column,
            header: finding.column.map_or("", |column| mapping.header(column)),
            field,
            code: finding.code,
            severity,
            confidence: finding.confidence,
            value,
            after,
            record: record.0,
            offset: record.1,
        };
        self.sink.event(&event).map_err(|error| RunError::write("the findings", &error))
    }

    fn late_events(&mut self, findings: &[Finding]) -> Result<(), RunError> {
        findings.iter().try_for_each(|finding| self.emit(finding, "", "", ("", 0)))
    }

    fn report(self, read: RowsRead) -> CheckReport {
        let mapping = self.list.mapping();
        let mut groups: Vec<FindingGroup> = self
            .groups
            .into_iter()
            .map(|((column, code), group)| FindingGroup {
                code,
                header: column.map_or("", |column| mapping.header(column)).to_owned(),
                column,
                field: column.and_then(|column| mapping.columns()[column.as_usize()].field),
                severity: group.severity,
                count: group.count,
                rows: group.rows,
                example: group.example,
            })
            .collect();
        groups.sort_by_key(|group| {
            (std::cmp::Reverse(group.severity), std::cmp::Reverse(group.count), group.code.as_str(), group.column)
        });
        let counts: Vec<_> = groups.iter().map(|group| (group.code, group.severity, group.count)).collect();
        let gates = self.plan.gates.judge(&counts, read.records);
        CheckReport {
            schema_version: 1,
            list: self.list.facts().name.clone(),
            records: read.records,
            quarantined: read.quarantined,
            groups,
            mail: None,
            passed: gates.iter().all(|gate| gate.passed),
            gates,
        }
    }
}
