//! Columns that are wrong, or say nothing, as a whole.

use std::collections::BTreeMap;

use super::few_values::FewValues;
use super::findings::ListStatement;
use crate::finding::Code;
use crate::meaning::NoteReader;
use crate::record::{
    CheckedBatch, ColumnHint, ColumnIndex, ColumnMapping, Consent, Detail, Field, Mapping, RawBatch, StandardBatch,
    StandingFact, text_hash,
};
use crate::rule::{About, HeaderSays, ListRules, StandingWords};

/// What is counted of the source columns.
#[derive(Debug, Default)]
pub(super) struct ColumnCounts {
    columns: Vec<ColumnFacts>,
    said: BTreeMap<(ColumnIndex, Code), u64>,
    rows: u64,
}

#[derive(Debug, Clone, Default)]
struct ColumnFacts {
    filled: u64,
    /// Hash of the first value; `None` before there is one.
    first: Option<u64>,
    varies: bool,
    /// Dates that can be read day first only, and month first only.
    orders: [u64; 2],
    /// The values of a column that is taken for nothing or says of contacting somebody, if they are few.
    few: FewValues,
}

/// Codes that are counted by column because a high share says something of the list.
const COUNTED: [Code; 4] = [Code::TextPlaceholder, Code::NamePlaceholder, Code::PhonePlaceholder, Code::NameSwapped];

impl ColumnCounts {
    pub(super) fn of_batch(raw: &RawBatch, checked: &CheckedBatch, mapping: &Mapping, rules: &ListRules) -> Self {
        let of = |mapped| ColumnFacts::of_batch(raw, checked.standard(), mapped, rules);
        let columns = mapping.columns().iter().map(of).collect();
        let mut said = BTreeMap::new();
        for finding in checked.standard().findings().iter().chain(checked.judgements()) {
            if let Some(column) = finding.column
                && COUNTED.contains(&finding.code)
            {
                *said.entry((column, finding.code)).or_default() += 1;
            }
        }
        ColumnCounts { columns, said, rows: raw.len() as u64 }
    }

    /// Adds the counts of the next batch; call it in input order.
    pub(super) fn append(&mut self, next: ColumnCounts, rules: &ListRules) {
        self.rows += next.rows;
        self.columns.resize(self.columns.len().max(next.columns.len()), ColumnFacts::default());
        for (own, next) in self.columns.iter_mut().zip(next.columns) {
            own.append(next, rules);
        }
        for (key, count) in next.said {
            *self.said.entry(key).or_default() += count;
        }
    }

    /// What they come to, in column order.
    pub(super) fn conclude(
        &self,
        mapping: &Mapping,
        rules: &ListRules,
        words: &StandingWords,
        notes: &NoteReader,
    ) -> Vec<ListStatement> {
        let mut statements = Vec::new();
        let mut before = None;
        for (mapped, facts) in mapping.columns().iter().zip(&self.columns) {
            let is_beside = matches!(mapped.hint, Some(ColumnHint::OtherTable | ColumnHint::MaybeOtherTable));
            if is_beside && mapped.hint != before {
                statements.push(ListStatement::of_column(Code::ListTableBeside, mapped.column, facts.filled, &[]));
            }
            before = mapped.hint;
            if mapped.field.is_none() && mapped.hint != Some(ColumnHint::Own) && facts.filled > 0 {
                let is_unread = mapped.unread || facts.tell_standing(mapped, words, notes);
                let code = if is_unread { Code::ConsentUnreadColumn } else { Code::ListUnmappedColumn };
                statements.push(ListStatement::of_column(code, mapped.column, facts.filled, &[]));
            }
            statements.extend(facts.unread_words(mapped, rules, words));
            if self.rows >= rules.least_rows {
                self.conclude_column(mapped, facts, rules, &mut statements);
            }
        }
        statements
    }

    fn conclude_column(
        &self,
        mapped: &ColumnMapping,
        facts: &ColumnFacts,
        rules: &ListRules,
        statements: &mut Vec<ListStatement>,
    ) {
        let column = mapped.column;
        let mut say = |code, count, evidence: &[(&str, u64)]| {
            statements.push(ListStatement::of_column(code, column, count, evidence));
        };
        if facts.filled == 0 {
            say(Code::ListEmptyColumn, self.rows, &[]);
            return;
        }
        if !facts.varies && facts.filled > self.rows / 2 && !may_be_constant(mapped.field) {
            say(Code::ListConstantColumn, facts.filled, &[]);
        }
        let total = [("total", facts.filled)];
        let placeholders = self.count(column, &[Code::TextPlaceholder, Code::NamePlaceholder, Code::PhonePlaceholder]);
        if is_share(placeholders, facts.filled, rules.placeholder_share) {
            say(Code::ListPlaceholderShare, placeholders, &total);
        }
        let swapped = self.count(column, &[Code::NameSwapped]);
        if is_share(swapped, facts.filled, rules.swapped_share) {
            say(Code::ListColumnsSwapped, swapped, &total);
        }
        let [day_first, month_first] = facts.orders;
        let rarer = day_first.min(month_first);
        if rarer > 0 && is_share(rarer, day_first + month_first, rules.mixed_date_share) {
            say(Code::ListMixedDateFormat, rarer, &[("day_first", day_first), ("month_first", month_first)]);
        }
    }

    fn count(&self, column: ColumnIndex, codes: &[Code]) -> u64 {
        codes.iter().filter_map(|code| self.said.get(&(column, *code))).sum()
    }
}

impl ColumnFacts {
    fn of_batch(raw: &RawBatch, standard: &StandardBatch, mapped: &ColumnMapping, rules: &ListRules) -> ColumnFacts {
        let mut facts = ColumnFacts::default();
        let is_date = mapped.field.is_some_and(Field::is_date);
        let standing = standard.columns().iter().find(|own| own.column == mapped.column && own.field.is_standing());
        let is_read = mapped.is_left_alone() || standing.is_some();
        // Values mostly stand in runs.
        let (mut before, mut times) = ("", 0);
        let mut first = "";
        for row in 0..raw.len() {
            let cell = raw.cell(row, mapped.column);
            if cell.is_empty() {
                continue;
            }
            facts.filled += 1;
            if first.is_empty() {
                first = cell;
            } else if !facts.varies && cell != first {
                facts.varies = true;
            }
            if is_read && standing.is_none_or(|column| may_be_unread(column.field, column.detail(row))) {
                if cell != before {
                    facts.few.see(before, times, rules);
                    (before, times) = (cell, 0);
                }
                times += 1;
            }
            if is_date && let Some(order) = certain_order(cell) {
                facts.orders[order as usize] += 1;
            }
        }
        if is_read {
            facts.few.see(before, times, rules);
        }
        facts.first = (!first.is_empty()).then(|| text_hash(first));
        facts
    }

    fn append(&mut self, next: ColumnFacts, rules: &ListRules) {
        self.filled += next.filled;
        self.varies |= next.varies || (self.first.is_some() && next.first.is_some() && self.first != next.first);
        self.first = self.first.or(next.first);
        self.orders[0] += next.orders[0];
        self.orders[1] += next.orders[1];
        self.few.append(next.few, rules);
    }

    /// Whether a column that was left alone says somewhere, in a value of whatever row, that somebody died, is barred or wants no
    /// messages; the few rows by which it was taken for nothing may not have shown it.
    fn tell_standing(&self, mapped: &ColumnMapping, words: &StandingWords, notes: &NoteReader) -> bool {
        let is_noted = |value: &str| {
            let said = notes.read(value).standing;
            said.refuses_all() || said.says(StandingFact::Deceased)
        };
        let is_of_something_else = words.header(&mapped.header) == HeaderSays::SomethingElse;
        let tells = |(value, _): (&str, u64)| {
            words.tells_under(&mapped.header, value.trim()) || !is_of_something_else && is_noted(value)
        };
        mapped.is_left_alone() && self.few.by_count().into_iter().any(tells)
    }

    /// The values of a column of answers or statuses that nobody understood, by what they were taken for.
    fn unread_words(&self, mapped: &ColumnMapping, rules: &ListRules, words: &StandingWords) -> Option<ListStatement> {
        let asks = words.asked(mapped.field?, &mapped.header)?;
        let code = match asks.about {
            About::Permission => Code::ConsentUnreadAnswers,
            // Why and when somebody refused is not asked for in known words.
            About::Refusal | About::Death | About::Block if !asks.is_told && !asks.is_dated => {
                Code::ConsentUnreadRefusals
            }
            About::Status => Code::ConsentUnreadStatuses,
            _ => return None,
        };
        let values = self.few.by_count();
        let unread = || values.iter().filter(|(value, _)| words.is_unread(&asks, value.trim()));
        let count: u64 = unread().map(|(_, count)| count).sum();
        let named = unread().take(rules.named_words).map(|(value, count)| (value.trim().to_owned(), *count)).collect();
        let different = [("values", unread().count() as u64)];
        (count > 0)
            .then(|| ListStatement { words: named, ..ListStatement::of_column(code, mapped.column, count, &different) })
    }
}

/// Whether nobody may have understood a cell, by what was read in it: a day was, and so was an answer where one was asked for.
fn may_be_unread(field: Field, read: Detail) -> bool {
    if matches!(field, Field::Status | Field::ContactStatus) && read.standing().holds() {
        return false;
    }
    let is_permission = field.is_consent() && !field.is_refusal();
    let is_answered = || !read.standing().consents().all().contains(&Some(Consent::Unknown));
    read.said_on().is_none() && !(is_permission && is_answered())
}

/// The places of [`ColumnFacts::orders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// In which order a date is written that begins with day and month and can be read in one of the two orders only. It
/// looks at two numbers of bytes, because it sees every date of the list.
fn certain_order(cell: &str) -> Option<Order> {
    let (first, rest) = number(cell.trim_ascii_start().as_bytes())?;
    let (second, _) = number(rest)?;
    match (first, second) {
        (13..=31, 1..=12) => Some(Order::DayFirst),
        (1..=12, 13..=31) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// One or two digits and what follows the separator behind them.
fn number(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let is_separator = |byte: u8| matches!(byte, b'/' | b'.' | b'-');
    match bytes {
        [one, separator, rest @ ..] if one.is_ascii_digit() && is_separator(*separator) => Some((one - b'0', rest)),
        [ten, one, separator, rest @ ..]
            if ten.is_ascii_digit() && one.is_ascii_digit() && is_separator(*separator) =>
        {
            Some(((ten - b'0') * 10 + (one - b'0'), rest))
        }
        _ => None,
    }
}

/// A list of one shop's, one town's or one language's customers is nothing to wonder at.
fn may_be_constant(field: Option<Field>) -> bool {
    field.is_none_or(|field| {
        field.is_consent() || matches!(field, Field::Country | Field::Language | Field::City | Field::Gender)
    })
}

fn is_share(part: u64, whole: u64, percent: f64) -> bool {
    whole > 0 && part as f64 * 100.0 >= whole as f64 * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_a_date_is_certain_where_one_number_can_be_no_month() {
        for (cell, order) in [
            ("25/03/1985", Some(Order::DayFirst)),
            ("31.12.19", Some(Order::DayFirst)),
            ("3-25-1985 10:30", Some(Order::MonthFirst)),
            ("03/04/1985", None),
            ("1985-03-25", None),
            ("25/03", None),
            ("", None),
        ] {
            assert_eq!(certain_order(cell), order, "{cell}");
        }
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        assert!(!is_share(0, 0, 20.0));
        assert!(is_share(1, 5, 20.0));
        assert!(!is_share(1, 6, 20.0));
    }
}
