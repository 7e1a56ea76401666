//! What can be seen only across rows: values shared by many people, repeated keys, columns that are wrong as a whole.

use std::collections::{BTreeMap, HashMap};
use std::io;

use super::occurrences::{Group, Occurrences, full_hash, value_hash};
use crate::finding::Code;
use crate::record::{CheckedBatch, ColumnIndex, Field, Mapping, RawBatch, RowNumber};
use crate::rule::ListRules;

/// What one batch, and then all of them together, contribute to the findings about the list.
#[derive(Debug, Default)]
pub struct ListFacts {
    contacts: BTreeMap<ColumnIndex, Occurrences>,
    keys: Occurrences,
    empty_keys: Vec<RowNumber>,
    columns: Vec<ColumnFacts>,
    rows: u64,
    counts: BTreeMap<(ColumnIndex, Code), u64>,
}

/// What is counted of one source column.
#[derive(Debug, Clone, Default)]
struct ColumnFacts {
    filled: u64,
    /// Hash of the first value; `None` before there is one.
    first: Option<u64>,
    varies: bool,
}

/// Codes that are counted by column because a high share says something of the list.
const COUNTED: [Code; 4] = [Code::TextPlaceholder, Code::NamePlaceholder, Code::PhonePlaceholder, Code::NameSwapped];

impl ListFacts {
    /// The facts of one batch.
    pub fn of_batch(raw: &RawBatch, checked: &CheckedBatch, mapping: &Mapping) -> Self {
        let mut facts = ListFacts { rows: raw.len() as u64, ..ListFacts::default() };
        facts.count_columns(raw);
        facts.collect_contacts(checked);
        if let Some(key) = mapping.column_of(Field::Id) {
            facts.collect_keys(raw, key);
        }
        for finding in checked.standard().findings().iter().chain(checked.judgements()) {
            if let Some(column) = finding.column
                && COUNTED.contains(&finding.code)
            {
                *facts.counts.entry((column, finding.code)).or_default() += 1;
            }
        }
        facts
    }

    fn count_columns(&mut self, raw: &RawBatch) {
        self.columns = vec![ColumnFacts::default(); raw.width()];
        for (index, facts) in self.columns.iter_mut().enumerate() {
            let column = ColumnIndex(index as u16);
            let mut first = "";
            for row in 0..raw.len() {
                let cell = raw.cell(row, column);
                if cell.is_empty() {
                    continue;
                }
                facts.filled += 1;
                if first.is_empty() {
                    first = cell;
                } else if !facts.varies && cell != first {
                    facts.varies = true;
                }
            }
            facts.first = (!first.is_empty()).then(|| full_hash(first));
        }
    }

    fn collect_contacts(&mut self, checked: &CheckedBatch) {
        let batch = checked.standard();
        let people: Vec<u64> = (0..batch.len())
            .map(|row| {
                let first = batch.cell(row, Field::FirstName);
                let last = batch.cell(row, Field::LastName);
                full_hash(first) ^ full_hash(last).rotate_left(1)
            })
            .collect();
        for column in batch.columns().iter().filter(|column| column.field == Field::Email || column.field.is_phone()) {
            let occurrences = self.contacts.entry(column.column).or_default();
            for (row, person) in people.iter().enumerate() {
                for value in column.display.cell(row).split(';').filter(|value| !value.is_empty()) {
                    occurrences.push(value_hash(value), *person, batch.number(row));
                }
            }
        }
    }

    fn collect_keys(&mut self, raw: &RawBatch, key: ColumnIndex) {
        for row in 0..raw.len() {
            match raw.cell(row, key).trim() {
                "" => self.empty_keys.push(raw.number(row)),
                value => self.keys.push_exact(full_hash(value), raw.number(row)),
            }
        }
    }

    /// Adds the facts of the next batch; call it in input order.
    ///
    /// # Errors
    /// When temporary files can't be written.
    pub fn append(&mut self, next: ListFacts) -> io::Result<()> {
        self.rows += next.rows;
        for (column, occurrences) in next.contacts {
            self.contacts.entry(column).or_default().append(occurrences)?;
        }
        self.keys.append(next.keys)?;
        self.empty_keys.extend(next.empty_keys);
        self.columns.resize(self.columns.len().max(next.columns.len()), ColumnFacts::default());
        for (own, next) in self.columns.iter_mut().zip(next.columns) {
            own.filled += next.filled;
            own.varies |= next.varies || (own.first.is_some() && next.first.is_some() && own.first != next.first);
            own.first = own.first.or(next.first);
        }
        for (key, count) in next.counts {
            *self.counts.entry(key).or_default() += count;
        }
        Ok(())
    }

    /// What they come to.
    ///
    /// # Errors
    /// When temporary files can't be read.
    pub fn conclude(self, mapping: &Mapping, rules: &ListRules) -> io::Result<ListFindings> {
        let mut findings = ListFindings::default();
        findings.about_columns(mapping, rules, &self.columns, &self.counts, self.rows);
        for (column, occurrences) in self.contacts {
            let field = mapping.columns()[column.as_usize()].field;
            let is_phone = field.is_some_and(Field::is_phone);
            let people = if is_phone { rules.shared_phone_people } else { rules.shared_email_people };
            let code = if is_phone { Code::PhoneSharedByMany } else { Code::EmailShared };
            let mut shared = Vec::new();
            occurrences.repeated(|group| {
                if group.owners >= people {
                    shared.push(group);
                }
            })?;
            shared.sort_by(|left, right| right.owners.cmp(&left.owners).then(left.rows.cmp(&right.rows)));
            for group in shared {
                findings.add_shared(column, code, &group);
            }
        }
        if let Some(key) = mapping.column_of(Field::Id) {
            self.keys.repeated_exact(|group| findings.duplicate_keys.push((key, group.rows)))?;
            findings.duplicate_keys.sort();
            if !self.empty_keys.is_empty() {
                findings.empty_keys = Some((key, self.empty_keys));
            }
        }
        Ok(findings)
    }
}

/// Something said of a column or of the list, with the figures behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListStatement {
    /// What is said.
    pub code: Code,
    /// Of which column.
    pub column: Option<ColumnIndex>,
    /// How many rows are concerned.
    pub count: u64,
    /// Rows concerned, where they are few enough to be kept.
    pub rows: Vec<RowNumber>,
    /// Figures behind it.
    pub evidence: BTreeMap<String, u64>,
}

/// Findings about the list.
#[derive(Debug, Default)]
pub struct ListFindings {
    statements: Vec<ListStatement>,
    shared: HashMap<u64, Code, std::hash::BuildHasherDefault<siphasher::sip::SipHasher13>>,
    duplicate_keys: Vec<(ColumnIndex, Vec<RowNumber>)>,
    empty_keys: Option<(ColumnIndex, Vec<RowNumber>)>,
}

impl ListFindings {
    /// Statements about columns and shared values, in column order, the widest shared first.
    pub fn statements(&self) -> &[ListStatement] {
        &self.statements
    }

    /// Why a standardized contact value counts as shared by many, if it does.
    pub fn shared_value(&self, value: &str) -> Option<Code> {
        if self.shared.is_empty() || value.is_empty() {
            return None;
        }
        self.shared.get(&value_hash(value)).copied()
    }

    /// Every code said, of the list or of rows because of the list.
    pub fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = self.statements.iter().map(|statement| statement.code).collect();
        codes.extend(self.shared.values());
        codes.extend(self.duplicate_keys.iter().map(|_| Code::ListDuplicateKey));
        codes.extend(self.empty_keys.iter().map(|_| Code::ListEmptyKey));
        codes.sort_unstable();
        codes
    }

    /// Groups of rows with the same key, ordered by their first row.
    pub fn duplicate_keys(&self) -> impl Iterator<Item = (ColumnIndex, &[RowNumber])> {
        self.duplicate_keys.iter().map(|(column, rows)| (*column, rows.as_slice()))
    }

    /// Rows without a key.
    pub fn empty_keys(&self) -> Option<(ColumnIndex, &[RowNumber])> {
        self.empty_keys.as_ref().map(|(column, rows)| (*column, rows.as_slice()))
    }

    fn add_shared(&mut self, column: ColumnIndex, code: Code, group: &Group) {
        self.shared.insert(group.value, code);
        self.statements.push(ListStatement {
            code: Code::ListSharedValue,
            column: Some(column),
            count: group.rows.len() as u64,
            rows: group.rows.clone(),
            evidence: BTreeMap::from([("people".to_owned(), group.owners as u64)]),
        });
    }

    fn about_columns(
        &mut self,
        mapping: &Mapping,
        rules: &ListRules,
        columns: &[ColumnFacts],
        counts: &BTreeMap<(ColumnIndex, Code), u64>,
        rows: u64,
    ) {
        if rows < rules.least_rows {
            return;
        }
        for (mapped, facts) in mapping.columns().iter().zip(columns) {
            let statement = |code, count, evidence: &[(&str, u64)]| ListStatement {
                code,
                column: Some(mapped.column),
                count,
                rows: Vec::new(),
                evidence: evidence.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect(),
            };
            if facts.filled == 0 {
                self.statements.push(statement(Code::ListEmptyColumn, rows, &[]));
                continue;
            }
            let may_be_constant = mapped.field.is_none_or(|field| {
                field.is_consent() || matches!(field, Field::Country | Field::Language | Field::City | Field::Gender)
            });
            if !facts.varies && facts.filled > rows / 2 && !may_be_constant {
                self.statements.push(statement(Code::ListConstantColumn, facts.filled, &[]));
            }
            let placeholders: u64 = [Code::TextPlaceholder, Code::NamePlaceholder, Code::PhonePlaceholder]
                .iter()
                .filter_map(|code| counts.get(&(mapped.column, *code)))
                .sum();
            if is_share(placeholders, facts.filled, rules.placeholder_share) {
                let evidence = [("filled", facts.filled)];
                self.statements.push(statement(Code::ListPlaceholderShare, placeholders, &evidence));
            }
            let swapped = counts.get(&(mapped.column, Code::NameSwapped)).copied().unwrap_or(0);
            if is_share(swapped, facts.filled, rules.swapped_share) {
                let evidence = [("filled", facts.filled)];
                self.statements.push(statement(Code::ListColumnsSwapped, swapped, &evidence));
            }
        }
    }
}

fn is_share(part: u64, whole: u64, percent: f64) -> bool {
    whole > 0 && part as f64 * 100.0 >= whole as f64 * percent
}
