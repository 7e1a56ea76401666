//! The stages of a check: what is found in a batch, and what only when all rows went by.

use super::plan::CheckPlan;
use crate::finding::{Code, Confidence, Finding};
use crate::ingest::List;
use crate::kernel::Kernels;
use crate::meaning::NoteReader;
use crate::pipeline::expect::{Expected, Tally};
use crate::pipeline::region::other_region;
use crate::pipeline::shown::words_of;
use crate::pipeline::{RunError, Setup};
use crate::record::{CheckedBatch, ColumnIndex, Field, Mapping, PublicView, RawBatch};
use crate::rule::{ListRules, StandingWords};
use crate::validate::{ListFacts, MxValidator};

/// The stages that this check needs.
pub(super) struct Stages<'a> {
    expected: Vec<Expected>,
    rules: Option<Kernels>,
    /// What DNS said, where it was asked.
    pub(super) mail: Option<MxValidator>,
    mapping: &'a Mapping,
    list_rules: ListRules,
    setup: &'a Setup,
}

impl<'a> Stages<'a> {
    pub(super) fn new(list: &'a List, setup: &'a Setup, plan: &CheckPlan) -> Result<Self, RunError> {
        let bind = |expectation| Expected::bind(list, expectation, &setup.context);
        let expected = plan.expectations.iter().map(bind).collect::<Result<_, _>>()?;
        let rules = if plan.rules { Some(Kernels::new(&setup.context, list.mapping(), list.samples())?) } else { None };
        let list_rules = ListRules::load(&setup.context.files)?;
        Ok(Stages { expected, rules, mail: None, mapping: list.mapping(), list_rules, setup })
    }

    pub(super) fn judge(&self, raw: RawBatch) -> Judged {
        let mut findings = Vec::new();
        let mut tallies = Vec::new();
        let say = |findings: &mut Vec<Finding>, row: usize, column: ColumnIndex, code| {
            let row = Some(raw.number(row));
            findings.push(Finding { row, column: Some(column), code, confidence: Confidence::CERTAIN });
        };
        for expected in &self.expected {
            tallies.push(expected.judge(&raw, |row, column, code| say(&mut findings, row, column, code)));
        }
        let mut facts = None;
        let mut checked = CheckedBatch::default();
        if let Some(kernels) = &self.rules {
            checked = kernels.check(&raw);
            if let Some(mail) = &self.mail {
                mail.judge(&mut checked);
            }
            let phones = self.setup.keys.phones();
            facts = Some(ListFacts::of_batch(&raw, &checked, self.mapping, &self.list_rules, phones));
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
        Judged { raw, checked, findings, tallies, facts }
    }
}

/// One batch with what was found in it.
pub(super) struct Judged {
    pub(super) raw: RawBatch,
    pub(super) checked: CheckedBatch,
    pub(super) findings: Vec<Finding>,
    tallies: Vec<Tally>,
    facts: Option<ListFacts>,
}

/// A finding whose row has gone by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LateFinding {
    pub(super) finding: Finding,
    /// The hash of the value that it is about, where which of its rows is named depends on their order.
    pub(super) value_hash: Option<u64>,
}

impl From<Finding> for LateFinding {
    fn from(finding: Finding) -> Self {
        LateFinding { finding, value_hash: None }
    }
}

/// What was found only when all rows went by.
#[derive(Default)]
pub(super) struct LateFindings {
    pub(super) findings: Vec<LateFinding>,
    /// What findings about the list or a column say beside their counts.
    pub(super) details: Vec<((Option<ColumnIndex>, Code), String)>,
}

/// What can be known only when all rows went by.
#[derive(Default)]
pub(super) struct Late {
    tallies: Vec<Tally>,
    facts: Option<ListFacts>,
}

impl Late {
    pub(super) fn append(&mut self, judged: Judged, stages: &Stages<'_>) -> std::io::Result<()> {
        if self.tallies.is_empty() {
            self.tallies.resize_with(judged.tallies.len(), Tally::default);
        }
        for (own, next) in self.tallies.iter_mut().zip(judged.tallies) {
            own.append(next)?;
        }
        match (&mut self.facts, judged.facts) {
            (Some(own), Some(next)) => own.append(next, &stages.list_rules)?,
            (own @ None, next) => *own = next,
            _ => {}
        }
        Ok(())
    }

    /// `records` is how many the list has.
    pub(super) fn conclude(self, list: &List, stages: &Stages<'_>, records: u64) -> Result<LateFindings, RunError> {
        let temporary = |error: std::io::Error| RunError::write("a temporary file", &error);
        let (mut findings, mut details) = (Vec::<LateFinding>::new(), Vec::new());
        let certain =
            |row, column, code| Finding { row, column: Some(column), code, confidence: Confidence::CERTAIN }.into();
        let mut of_whole = Vec::new();
        // A list without rows breaks some, too.
        let tallies = self.tallies.into_iter().chain(std::iter::repeat_with(Tally::default));
        for (expected, tally) in stages.expected.iter().zip(tallies) {
            let concluded = expected.conclude(tally, records).map_err(temporary)?;
            let late = concluded.rows.into_iter();
            findings.extend(
                late.map(|(row, column, code, value_hash)| LateFinding {
                    value_hash,
                    ..certain(Some(row), column, code)
                }),
            );
            for (column, code, figures) in concluded.whole {
                of_whole.push(Finding { row: None, column, code, confidence: Confidence::CERTAIN }.into());
                details.push(((column, code), figures));
            }
        }
        if let Some(facts) = self.facts {
            let words = StandingWords::load(&stages.setup.context.files)?;
            let notes = NoteReader::load(&stages.setup.context.files)?;
            let list_findings =
                facts.conclude(list.mapping(), &stages.list_rules, &words, &notes).map_err(temporary)?;
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
                    let again = statement.rows.iter();
                    findings.extend(again.map(|row| Finding { row: Some(*row), column, code, confidence }.into()));
                    continue;
                }
                findings.push(Finding { row: None, column, code, confidence: Confidence::CERTAIN }.into());
                details.push(((column, code), words_of(statement, list.mapping(), stages.setup)));
            }
            if let Some(other) = other_region(list, &stages.setup.context)? {
                let column = Some(Field::Country).filter(|_| !other.header().is_empty());
                let column = column.and_then(|field| list.mapping().column_of(field));
                let code = Code::ListOtherRegion;
                findings.push(Finding { row: None, column, code, confidence: Confidence::CERTAIN }.into());
                details.push(((column, code), format!("{} ({} of {})", other.option(), other.count, other.of)));
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
        // What two tables say of the whole list is said twice, however alike.
        findings.splice(0..0, of_whole);
        Ok(LateFindings { findings, details })
    }
}
