//! Counts what batches found, and keeps the first few examples.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Setup;
use super::summary::{ChangeExample, ChangeSummary, FieldHealth, ReasonCount};
use crate::finding::{Code, Finding, Severity};
use crate::ingest::List;
use crate::record::{
    CheckedBatch, ColumnIndex, Field, PublicView, RawBatch, Reach, Redaction, RowNumber, StandardColumn, Verdict, mask,
};
use crate::rule::Catalog;
use crate::validate::Withdrawn;

/// Examples kept of each kind of change.
const EXAMPLES: usize = 5;

/// The record, its cell before and after a change, as they may be shown.
type Example = (RowNumber, String, String);

/// The figures of some batches; add them up in input order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<(Option<ColumnIndex>, Code), u64>,
    verdicts: BTreeMap<ColumnIndex, [u64; Verdict::ALL.len()]>,
    examples: BTreeMap<(ColumnIndex, Code), Vec<Example>>,
    reach: BTreeMap<&'static str, u64>,
    withdrawn: Vec<Withdrawn>,
}

impl Tally {
    pub(super) fn of_batch(raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) -> Self {
        let mut tally = Tally::default();
        tally.count_findings(raw, checked, setup);
        tally.count_verdicts(raw, checked, setup);
        tally
    }

    /// What can be counted only when all stages have judged: verdicts on e-mails and phones, and who can be reached.
    pub(super) fn of_contacts(checked: &CheckedBatch, withdrawn: &[Withdrawn], redaction: &Redaction) -> Self {
        let mut tally = Tally { withdrawn: withdrawn.to_vec(), ..Tally::default() };
        tally.count_contacts(checked);
        let public = PublicView::new(checked, redaction);
        tally.count_reach(checked, public);
        for finding in public.judgements().filter(|finding| finding.code.is_dns()) {
            *tally.counts.entry((finding.column, finding.code)).or_default() += 1;
        }
        tally
    }

    fn count_findings(&mut self, raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) {
        // A counter a column and code: findings are many, kinds are few.
        let mut counters = vec![0u64; (raw.width() + 1) * Code::ALL.len()];
        for finding in PublicView::new(checked, &setup.redaction).findings() {
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
        self.examples.entry((column, finding.code)).or_default().push((row, shown(before), shown(&after)));
    }

    fn count_verdicts(&mut self, raw: &RawBatch, checked: &CheckedBatch, setup: &Setup) {
        let batch = checked.standard();
        let mut seen: Vec<ColumnIndex> = Vec::new();
        for column in batch.columns() {
            if seen.contains(&column.column) {
                continue;
            }
            seen.push(column.column);
            if !is_contact(column) {
                let counts = self.verdicts.entry(column.column).or_default();
                count_implied(raw, checked, column, setup, counts);
            }
        }
    }

    fn count_contacts(&mut self, checked: &CheckedBatch) {
        let mut columns: Vec<ColumnIndex> = checked
            .standard()
            .columns()
            .iter()
            .filter(|column| is_contact(column))
            .map(|column| column.column)
            .collect();
        columns.dedup();
        for column in columns {
            let counts = self.verdicts.entry(column).or_default();
            checked.verdicts(column).iter().for_each(|verdict| counts[position(*verdict)] += 1);
        }
    }

    fn count_reach(&mut self, checked: &CheckedBatch, public: PublicView<'_>) {
        let batch = checked.standard();
        let usable = |row: usize, column: &StandardColumn| {
            matches!(checked.verdict(row, column.column), Verdict::Ok | Verdict::Repaired | Verdict::Risky)
        };
        let phones: Vec<&StandardColumn> = batch.columns().iter().filter(|column| column.field.is_phone()).collect();
        let emails: Vec<&StandardColumn> = batch.columns_of(Field::Email).collect();
        for row in 0..batch.len() {
            let reaches = |reach: fn(crate::record::PhoneDetail) -> Reach| {
                phones.iter().any(|column| {
                    usable(row, column) && public.phone(column, row).is_some_and(|phone| reach(phone) == Reach::Yes)
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
        for (column, row, code) in next.withdrawn {
            self.withdraw(column, row, code);
        }
    }

    /// A suggestion that was counted no longer stands.
    fn withdraw(&mut self, column: ColumnIndex, row: RowNumber, code: Code) {
        if let Some(count) = self.counts.get_mut(&(Some(column), code)) {
            *count = count.saturating_sub(1);
        }
        if let Some(examples) = self.examples.get_mut(&(column, code)) {
            examples.retain(|(example, _, _)| *example != row);
        }
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

    pub(super) fn reasons(&self, list: &List, catalog: &Catalog) -> Vec<ReasonCount> {
        self.counts
            .iter()
            .filter(|((_, code), count)| **count > 0 && !code.is_repair() && !code.is_suggestion())
            .map(|((column, code), count)| ReasonCount {
                code: code.as_str().to_owned(),
                header: column.map_or("", |column| list.mapping().header(column)).to_owned(),
                field: column.and_then(|column| list.mapping().columns()[column.as_usize()].field),
                severity: catalog.severity(*code),
                count: *count,
            })
            .collect()
    }

    pub(super) fn changes(&self, list: &List, wanted: impl Fn(Code) -> bool) -> Vec<ChangeSummary> {
        self.examples
            .iter()
            .filter(|((column, code), _)| wanted(*code) && self.counts.get(&(Some(*column), *code)) > Some(&0))
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

fn is_contact(column: &StandardColumn) -> bool {
    column.field == Field::Email || column.field.is_phone()
}

fn position(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Ok => 0,
        Verdict::Repaired => 1,
        Verdict::Risky => 2,
        Verdict::Review => 3,
        Verdict::Invalid => 4,
        Verdict::Unknown => 5,
        Verdict::Empty => 6,
    }
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
) -> (&'a str, Cow<'a, str>) {
    let batch = checked.standard();
    let before = raw.cell(index, column);
    let after = if code.is_suggestion() {
        let key = (raw.number(index), column);
        batch
            .suggestions()
            .binary_search_by(|(row, column, _)| (*row, *column).cmp(&key))
            .map_or("", |found| batch.suggestions()[found].2.as_str())
            .into()
    } else {
        batch.written(index, column)
    };
    (before, after)
}

/// Counts verdicts for fields that have none of their own, from what was said of their cells.
fn count_implied(
    raw: &RawBatch,
    checked: &CheckedBatch,
    column: &StandardColumn,
    setup: &Setup,
    counts: &mut [u64; Verdict::ALL.len()],
) {
    let rows = column.len();
    // What a cell lost on its way to an empty normal form was said of it, and is counted by that below.
    let is_empty = |row: usize| column.is_empty_at(row);
    let empty = (0..rows).filter(|row| is_empty(*row)).count() as u64;
    counts[position(Verdict::Empty)] += empty;
    counts[position(Verdict::Ok)] += rows as u64 - empty;
    let mut said: Vec<(RowNumber, Verdict)> = PublicView::new(checked, &setup.redaction)
        .findings()
        .filter(|finding| finding.column == Some(column.column))
        .filter_map(|finding| Some((finding.row?, implied_by(finding.code, &setup.catalog)?)))
        .collect();
    // The worst word about a cell comes first.
    said.sort_unstable_by_key(|(row, verdict)| (*row, std::cmp::Reverse(*verdict)));
    said.dedup_by_key(|(row, _)| *row);
    for (row, verdict) in said {
        let was_empty = row_index(raw, row).is_some_and(is_empty);
        counts[position(if was_empty { Verdict::Empty } else { Verdict::Ok })] -= 1;
        counts[position(verdict)] += 1;
    }
}

fn implied_by(code: Code, catalog: &Catalog) -> Option<Verdict> {
    if code.is_repair() {
        return Some(Verdict::Repaired);
    }
    match catalog.severity(code) {
        Severity::Error => Some(Verdict::Invalid),
        Severity::Warning => Some(Verdict::Review),
        Severity::Info => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_counted_in_its_own_place() {
        for (place, verdict) in Verdict::ALL.iter().enumerate() {
            assert_eq!(position(*verdict), place);
        }
    }
}
