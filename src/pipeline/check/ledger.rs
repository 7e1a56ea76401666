//! Which findings are known, which are allowed by their owner, and which are new.

use std::hash::Hasher as _;

use super::baseline::{Baseline, Gathered};
use super::mark::{Mark, MarkKey, Told};
use super::plan::{CheckPlan, Known};
use super::suppression::{Met, Suppressed};
use crate::finding::{Code, Finding, Severity};
use crate::ingest::List;
use crate::record::{ColumnIndex, Field, FixedHasher, FixedMap, Mapping, Quarantined, RawBatch, RowNumber, text_hash};
use crate::text::plain_key;

/// What a check makes of one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is told and counts.
    New,
    /// The baseline has it.
    Known,
    /// A suppression covers it.
    Suppressed,
}

/// The findings of a check, weighed against what is known.
pub(super) struct Ledger<'a> {
    marks: Option<Marks<'a>>,
    suppressed: Suppressed<'a>,
}

/// What knows findings by their marks.
struct Marks<'a> {
    key: &'a MarkKey,
    baseline: Option<&'a Baseline>,
    /// Known ones that were not met yet.
    left: FixedMap<Mark, u32>,
    known: u64,
    /// All that is found, and the family of the list.
    gathered: Option<(&'a str, Gathered)>,
    /// What each row that went by is told by.
    rows: Vec<u64>,
    key_column: Option<ColumnIndex>,
    /// The columns that say who somebody is.
    identity: Vec<ColumnIndex>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(list: &List, plan: &'a CheckPlan) -> Self {
        let mapping = list.mapping();
        let marks = plan.known.as_ref().zip(plan.marks.as_ref()).map(|(known, key)| {
            let (baseline, gathered) = match known {
                Known::Baseline(baseline) => (Some(baseline), None),
                Known::Gathered { family } => (None, Some((family.as_str(), Gathered::default()))),
            };
            Marks {
                key,
                baseline,
                left: baseline.map(Baseline::marks).unwrap_or_default(),
                known: 0,
                gathered,
                rows: Vec::new(),
                key_column: mapping.column_of(Field::Id),
                identity: identity_columns(mapping),
            }
        });
        Ledger { marks, suppressed: Suppressed::new(list, &plan.suppressions, plan.marks.as_ref(), plan.today) }
    }

    /// Remembers what the records of a wave are told by, for what is found when they are gone.
    pub(super) fn note_row(&mut self, raw: &RawBatch, index: usize) {
        if let Some(marks) = &mut self.marks {
            let hash = marks.row_hash(raw, index);
            marks.rows.push(hash);
        }
        self.suppressed.note_row(raw, index);
    }

    pub(super) fn note_quarantined(&mut self, record: &Quarantined) {
        if let Some(marks) = &mut self.marks {
            marks.rows.push(text_hash(&record.raw));
        }
    }

    pub(super) fn weigh(&mut self, finding: &Finding, severity: Severity, column: &str, met: Met<'_>) -> Standing {
        let Finding { row, code, .. } = *finding;
        if self.suppressed.covers(finding, severity, met) {
            return Standing::Suppressed;
        }
        let Some(marks) = &mut self.marks else { return Standing::New };
        let mark = marks.of(code, column, row, met);
        if let Some((_, gathered)) = &mut marks.gathered {
            gathered.push(finding.column, code, mark);
            return Standing::New;
        }
        match marks.left.get_mut(&mark) {
            Some(left) if *left > 0 => {
                *left -= 1;
                marks.known += 1;
                Standing::Known
            }
            _ => Standing::New,
        }
    }

    /// Suppressions that are of no use any more, as findings.
    pub(super) fn of_suppressions(&self) -> Vec<(Code, String)> {
        self.suppressed.findings()
    }

    /// What came of the baseline: how many of its findings were met, how many are gone, and the one that is to be written.
    pub(super) fn conclude(self, records: u64, names: &[String]) -> Concluded {
        let suppressed = self.suppressed.count();
        let Some(marks) = self.marks else { return Concluded { suppressed, ..Concluded::default() } };
        let gone: FixedMap<Mark, u32> = marks.left.into_iter().filter(|(_, left)| *left > 0).collect();
        let next = match (marks.gathered, marks.baseline) {
            (Some((family, gathered)), _) => Some(gathered.into_baseline(marks.key, family, records, names)),
            (None, Some(baseline)) => Some(baseline.without(&gone)),
            (None, None) => None,
        };
        Concluded { suppressed, known: marks.known, gone: gone.values().map(|left| u64::from(*left)).sum(), next }
    }
}

/// What a ledger came to.
#[derive(Default)]
pub(super) struct Concluded {
    pub(super) suppressed: u64,
    pub(super) known: u64,
    pub(super) gone: u64,
    pub(super) next: Option<Baseline>,
}

impl Marks<'_> {
    fn of(&self, code: Code, column: &str, row: Option<RowNumber>, met: Met<'_>) -> Mark {
        let key = plain_key(met.key);
        let told = match row {
            None => Told::OfAll,
            Some(_) if !key.is_empty() => Told::ByKey(&key),
            Some(_) if !met.value.is_empty() => Told::ByCell(met.value),
            Some(row) => Told::ByHash(
                met.value_hash.or_else(|| self.rows.get(row.number() as usize - 1).copied()).unwrap_or_default(),
            ),
        };
        self.key.of(code, column, told)
    }

    fn row_hash(&self, raw: &RawBatch, index: usize) -> u64 {
        let key = self.key_column.map_or(String::new(), |column| plain_key(raw.cell(index, column)));
        if !key.is_empty() {
            return text_hash(&key);
        }
        if self.identity.is_empty() {
            return text_hash(raw.record(index));
        }
        let mut hasher = FixedHasher::default();
        for column in &self.identity {
            hasher.write(raw.cell(index, *column).trim().as_bytes());
            hasher.write_u8(0xff);
        }
        hasher.finish()
    }
}

fn identity_columns(mapping: &Mapping) -> Vec<ColumnIndex> {
    let is_identity = |field: Field| {
        field.is_name() || field.is_phone() || matches!(field, Field::Email | Field::NationalId | Field::BirthDate)
    };
    let columns = mapping.columns().iter().enumerate();
    columns.filter(|(_, column)| column.field.is_some_and(is_identity)).map(|(at, _)| ColumnIndex(at as u16)).collect()
}
