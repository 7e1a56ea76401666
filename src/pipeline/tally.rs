//! Counts what batches found, and keeps the first few examples.

use std::collections::BTreeMap;

use super::Setup;
use super::summary::{ChangeExample, ChangeSummary, FieldHealth, ReasonCount};
use crate::finding::{Code, Finding, Severity};
use crate::ingest::List;
use crate::record::{CheckedBatch, ColumnIndex, Field, RawBatch, Reach, RowNumber, StandardColumn, Verdict, mask};

/// Examples kept of each kind of change.
const EXAMPLES: usize = 5;

/// The figures of some batches; add them up in input order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<(Option<ColumnIndex>, Code), u64>,
    verdicts: BTreeMap<ColumnIndex, [u64; Verdict::ALL.len()]>,
    examples: BTreeMap<(ColumnIndex, Code), Vec<(RowNumber, String, String)>>,
    reach: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(super) fn of_batch(raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) -> Self {
        let mut tally = Tally::default();
        tally.count_findings(raw, checked, setup);
        tally.count_verdicts(raw, checked, setup);
        tally.count_reach(checked);
        tally
    }

    fn count_findings(&mut self, raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) {
        // A counter a column and code: findings are many, kinds are few.
        let mut counters = vec![0u64; (raw.width() + 1) * Code::ALL.len()];
        for finding in checked.standard().findings().iter().chain(checked.judgements()) {
            let column = finding.column.map_or(raw.width(), ColumnIndex::as_usize);
            let counter = &mut counters[column * Code::ALL.len() + finding.code as usize];
            *counter += 1;
            let is_change = finding.code.is_repair() || finding.code.is_suggestion();
            if is_change && *counter <= EXAMPLES as u64 {
                self.keep_example(raw, checked, finding, setup);
            }
        }
        for (index, count) in counters.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let (column, code) = (index / Code::ALL.len(), Code::ALL[index % Code::ALL.len()]);
            let column = (column < raw.width()).then_some(ColumnIndex(column as u16));
            self.counts.insert((column, code), count);
        }
    }

    fn keep_example(&mut self, raw: &RawBatch, checked: &CheckedBatch, finding: &Finding, setup: &Setup) {
        let (Some(row), Some(column)) = (finding.row, finding.column) else { return };
        let Some(index) = row_index(raw, row) else { return };
        let (before, after) = change(raw, checked, index, column, finding.code);
        let field = field_of(checked, column);
        let shown = |text: &str| if setup.show_values { text.to_owned() } else { mask(field, text) };
        self.examples.entry((column, finding.code)).or_default().push((row, shown(before), shown(after)));
    }

    fn count_verdicts(&mut self, raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) {
        let batch = checked.standard();
        let mut seen: Vec<ColumnIndex> = Vec::new();
        for column in batch.columns() {
            if seen.contains(&column.column) {
                continue;
            }
            seen.push(column.column);
            let counts = self.verdicts.entry(column.column).or_default();
            let has_verdicts = column.field == Field::Email || column.field.is_phone();
            let implied = if has_verdicts { Vec::new() } else { implied_verdicts(raw, checked, column, setup) };
            for row in 0..batch.len() {
                let verdict = if has_verdicts { checked.verdict(row, column.column) } else { implied[row] };
                counts[position(verdict)] += 1;
            }
        }
    }

    fn count_reach(&mut self, checked: &CheckedBatch) {
        let batch = checked.standard();
        let usable = |row: usize, column: &StandardColumn| {
            matches!(checked.verdict(row, column.column), Verdict::Ok | Verdict::Repaired | Verdict::Risky)
        };
        let phones: Vec<&StandardColumn> = batch.columns().iter().filter(|column| column.field.is_phone()).collect();
        let emails: Vec<&StandardColumn> = batch.columns_of(Field::Email).collect();
        for row in 0..batch.len() {
            let reaches = |reach: fn(crate::record::PhoneDetail) -> Reach| {
                phones.iter().any(|column| {
                    usable(row, column) && column.detail(row).phone().is_some_and(|phone| reach(phone) == Reach::Yes)
                })
            };
            let sms = reaches(|phone| phone.sms);
            let call = reaches(|phone| phone.call);
            let email = emails.iter().any(|column| usable(row, column));
            for (channel, reached) in
                [("sms", sms), ("call", call), ("email", email), ("none", !sms && !call && !email)]
            {
                *self.reach.entry(channel).or_default() += u64::from(reached);
            }
        }
    }

    pub(super) fn add(&mut self, next: Tally) {
        for (key, count) in next.counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (column, counts) in next.verdicts {
            let own = self.verdicts.entry(column).or_default();
            own.iter_mut().zip(counts).for_each(|(own, count)| *own += count);
        }
        for (key, examples) in next.examples {
            let own = self.examples.entry(key).or_default();
            own.extend(examples);
            own.truncate(EXAMPLES);
        }
        for (channel, count) in next.reach {
            *self.reach.entry(channel).or_default() += count;
        }
    }

    /// How often a code was said of any column.
    pub(super) fn count(&self, code: Code) -> u64 {
        self.counts.iter().filter(|((_, counted), _)| *counted == code).map(|(_, count)| count).sum()
    }

    /// Every column and code with its count.
    pub(super) fn counts(&self) -> &BTreeMap<(Option<ColumnIndex>, Code), u64> {
        &self.counts
    }

    pub(super) fn reach(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.reach.iter().map(|(channel, count)| (*channel, *count))
    }

    pub(super) fn fields(&self, list: &List) -> Vec<FieldHealth> {
        let healths = self.verdicts.iter().filter_map(|(column, counts)| {
            let mapped = &list.mapping().columns()[column.as_usize()];
            Some(FieldHealth {
                field: mapped.field?,
                header: mapped.header.clone(),
                input: list.facts().name.clone(),
                verdicts: Verdict::ALL
                    .iter()
                    .zip(counts)
                    .map(|(verdict, count)| (verdict.as_str().to_owned(), *count))
                    .collect(),
            })
        });
        healths.collect()
    }

    pub(super) fn reasons(&self, list: &List, setup: &Setup) -> Vec<ReasonCount> {
        self.counts
            .iter()
            .filter(|((_, code), _)| !code.is_repair() && !code.is_suggestion())
            .map(|((column, code), count)| ReasonCount {
                code: code.as_str().to_owned(),
                header: column.map_or("", |column| list.mapping().header(column)).to_owned(),
                field: column.and_then(|column| list.mapping().columns()[column.as_usize()].field),
                severity: setup.catalog.severity(*code),
                count: *count,
            })
            .collect()
    }

    pub(super) fn changes(&self, list: &List, wanted: impl Fn(Code) -> bool) -> Vec<ChangeSummary> {
        self.examples
            .iter()
            .filter(|((_, code), _)| wanted(*code))
            .map(|((column, code), examples)| ChangeSummary {
                code: code.as_str().to_owned(),
                header: list.mapping().header(*column).to_owned(),
                field: list.mapping().columns()[column.as_usize()].field,
                count: self.counts.get(&(Some(*column), *code)).copied().unwrap_or(0),
                examples: examples
                    .iter()
                    .map(|(row, before, after)| ChangeExample {
                        row: row.number(),
                        before: before.clone(),
                        after: after.clone(),
                    })
                    .collect(),
            })
            .collect()
    }
}

fn position(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|&known| known == verdict).expect("every verdict is listed")
}

/// Where a record stands in its batch; batches are ascending, with gaps where records were quarantined.
pub(super) fn row_index(raw: &RawBatch, row: RowNumber) -> Option<usize> {
    let (mut low, mut high) = (0, raw.len());
    while low < high {
        let middle = (low + high) / 2;
        if raw.number(middle) < row { low = middle + 1 } else { high = middle }
    }
    (low < raw.len() && raw.number(low) == row).then_some(low)
}

/// What a column was standardized as.
pub(super) fn field_of(checked: &CheckedBatch, column: ColumnIndex) -> Option<Field> {
    checked.standard().columns().iter().find(|standard| standard.column == column).map(|standard| standard.field)
}

/// The raw cell and what a repair made of it, or what a suggestion offers instead.
pub(super) fn change<'a>(
    raw: &'a RawBatch,
    checked: &'a CheckedBatch,
    index: usize,
    column: ColumnIndex,
    code: Code,
) -> (&'a str, &'a str) {
    let batch = checked.standard();
    let before = raw.cell(index, column);
    let after = if code.is_suggestion() {
        let key = (raw.number(index), column);
        batch
            .suggestions()
            .binary_search_by(|(row, column, _)| (*row, *column).cmp(&key))
            .map_or("", |found| batch.suggestions()[found].2.as_str())
    } else {
        batch
            .columns()
            .iter()
            .find(|standard| standard.column == column)
            .map_or("", |standard| standard.display.cell(index))
    };
    (before, after)
}

/// Verdicts for fields that have none of their own, from what was said of their cells.
fn implied_verdicts(raw: &RawBatch, checked: &CheckedBatch, column: &StandardColumn, setup: &Setup) -> Vec<Verdict> {
    let batch = checked.standard();
    let mut verdicts: Vec<Verdict> = (0..batch.len())
        .map(|row| {
            let is_empty = || raw.cell(row, column.column).trim().is_empty();
            if column.display.cell(row).is_empty() && is_empty() { Verdict::Empty } else { Verdict::Ok }
        })
        .collect();
    let mut row = 0;
    let mut raise = |findings: &[Finding]| {
        row = 0;
        for finding in findings.iter().filter(|finding| finding.column == Some(column.column)) {
            while row < batch.len() && Some(batch.number(row)) < finding.row {
                row += 1;
            }
            let Some(verdict) = verdicts.get_mut(row) else { break };
            let said = match setup.catalog.severity(finding.code) {
                _ if finding.code.is_repair() => Verdict::Repaired,
                Severity::Error => Verdict::Invalid,
                Severity::Warning => Verdict::Review,
                Severity::Info => continue,
            };
            *verdict = (*verdict).max(said);
        }
    };
    raise(batch.findings());
    raise(checked.judgements());
    verdicts
}
