//! What can be seen only across rows: values shared by many people, repeated keys, columns that are wrong as a whole.

mod columns;
mod few_values;
mod findings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use columns::ColumnCounts;
pub use findings::{ListFindings, ListStatement};

use super::occurrences::{Occurrences, value_hash};
use crate::finding::Code;
use crate::meaning::NoteReader;
use crate::record::{CheckedBatch, ColumnIndex, Field, Mapping, RawBatch, RowNumber, StandardColumn, text_hash};
use crate::rule::{ListRules, PhoneKeys, StandingWords};

/// What one batch, and then all of them together, contribute to the findings about the list.
#[derive(Debug, Default)]
pub struct ListFacts {
    contacts: BTreeMap<ColumnIndex, Occurrences>,
    /// Values of the key column; where there is none, whole records.
    keys: Occurrences,
    empty_keys: Vec<RowNumber>,
    columns: ColumnCounts,
}

impl ListFacts {
    /// The facts of one batch.
    pub fn of_batch(
        raw: &RawBatch,
        checked: &CheckedBatch,
        mapping: &Mapping,
        rules: &ListRules,
        phone_keys: &PhoneKeys,
    ) -> Self {
        let columns = ColumnCounts::of_batch(raw, checked, mapping, rules);
        let mut facts = ListFacts { columns, ..ListFacts::default() };
        let key = mapping.column_of(Field::Id);
        facts.collect_contacts(raw, checked, key, phone_keys);
        match key {
            Some(key) => facts.collect_keys(raw, key),
            None => facts.collect_records(raw),
        }
        facts
    }

    fn collect_contacts(
        &mut self,
        raw: &RawBatch,
        checked: &CheckedBatch,
        key: Option<ColumnIndex>,
        phone_keys: &PhoneKeys,
    ) {
        let batch = checked.standard();
        let mut contacts =
            batch.columns().iter().filter(|column| column.field == Field::Email || column.field.is_phone()).peekable();
        if contacts.peek().is_none() {
            return;
        }
        let people = people(raw, checked, key);
        for column in contacts {
            let occurrences = self.contacts.entry(column.column).or_default();
            for (row, person) in people.iter().enumerate() {
                for value in column.values(row) {
                    let value = if column.field.is_phone() { phone_keys.key(value) } else { Cow::Borrowed(value) };
                    occurrences.push(value_hash(&value), *person, batch.number(row));
                }
            }
        }
    }

    fn collect_keys(&mut self, raw: &RawBatch, key: ColumnIndex) {
        for row in 0..raw.len() {
            match raw.cell(row, key).trim() {
                "" => self.empty_keys.push(raw.number(row)),
                value => self.keys.push_exact(text_hash(value), raw.number(row)),
            }
        }
    }

    fn collect_records(&mut self, raw: &RawBatch) {
        for row in 0..raw.len() {
            self.keys.push_exact(text_hash(raw.record(row)), raw.number(row));
        }
    }

    /// Adds the facts of the next batch; call it in input order.
    ///
    /// # Errors
    /// When temporary files can't be written.
    pub fn append(&mut self, next: ListFacts, rules: &ListRules) -> io::Result<()> {
        for (column, occurrences) in next.contacts {
            self.contacts.entry(column).or_default().append(occurrences)?;
        }
        self.keys.append(next.keys)?;
        self.empty_keys.extend(next.empty_keys);
        self.columns.append(next.columns, rules);
        Ok(())
    }

    /// What they come to.
    ///
    /// # Errors
    /// When temporary files can't be read.
    pub fn conclude(
        self,
        mapping: &Mapping,
        rules: &ListRules,
        words: &StandingWords,
        notes: &NoteReader,
    ) -> io::Result<ListFindings> {
        let mut findings =
            ListFindings { statements: self.columns.conclude(mapping, rules, words, notes), ..ListFindings::default() };
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
                findings.add_shared(column, code, group);
            }
        }
        match mapping.column_of(Field::Id) {
            Some(key) => {
                self.keys.repeated_exact(|group| findings.duplicate_keys.push((key, group.rows)))?;
                findings.duplicate_keys.sort();
                findings.empty_keys = (!self.empty_keys.is_empty()).then_some((key, self.empty_keys));
            }
            None => {
                let mut again = Vec::new();
                self.keys.repeated_exact(|group| again.extend_from_slice(&group.rows[1..]))?;
                findings.add_duplicate_rows(again);
            }
        }
        Ok(findings)
    }
}

/// Whom each row is about, as a hash: the name; the key in a list without names. Rows that say neither count as one
/// person together, because nothing shows that they are several.
fn people(raw: &RawBatch, checked: &CheckedBatch, key: Option<ColumnIndex>) -> Vec<u64> {
    let batch = checked.standard();
    let whole: Vec<&StandardColumn> = batch.columns_of(Field::FullName).collect();
    // A full name was split into the other two, so it says what they say.
    let parts = || batch.columns_of(Field::FirstName).chain(batch.columns_of(Field::LastName)).collect();
    let names: Vec<&StandardColumn> = if whole.is_empty() { parts() } else { whole };
    let rows = 0..batch.len();
    match (names.is_empty(), key) {
        (false, _) => rows
            .map(|row| names.iter().fold(0, |person: u64, name| person.rotate_left(1) ^ text_hash(name.first(row))))
            .collect(),
        (true, Some(key)) => rows.map(|row| text_hash(raw.cell(row, key).trim())).collect(),
        (true, None) => vec![0; batch.len()],
    }
}
