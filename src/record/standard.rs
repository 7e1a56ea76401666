//! `StandardBatch`: the mapped columns of a block in normal form, the repairs that led there, and what was learnt.

use std::borrow::Cow;

use super::{CellOut, ContactKind, Field, StandardColumn};
use crate::finding::{Code, ColumnIndex, Finding, RowNumber};

/// Rows in normal form. Only `standardize` makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandardBatch {
    rows: Vec<RowNumber>,
    columns: Vec<StandardColumn>,
    findings: Vec<Finding>,
    suggestions: Vec<(RowNumber, ColumnIndex, String)>,
}

impl StandardBatch {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The record number of a row of this batch.
    pub fn number(&self, row: usize) -> RowNumber {
        self.rows[row]
    }

    /// The record numbers of all rows, ascending.
    pub fn numbers(&self) -> &[RowNumber] {
        &self.rows
    }

    /// All standardized columns: mapped ones in source order, each followed by what was split off it.
    pub fn columns(&self) -> &[StandardColumn] {
        &self.columns
    }

    /// The columns of one field, in that order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &StandardColumn> {
        self.columns.iter().filter(move |column| column.field == field)
    }

    /// The first column of one field.
    pub fn column_of(&self, field: Field) -> Option<&StandardColumn> {
        self.columns_of(field).next()
    }

    /// The columns of a kind of contact, mobile numbers first, each with its place among all columns.
    pub fn contacts_of(&self, kind: ContactKind) -> impl Iterator<Item = (usize, &StandardColumn)> {
        let fields: &[Field] = match kind {
            ContactKind::Email => &[Field::Email],
            ContactKind::Phone => &[Field::Mobile, Field::Phone],
        };
        let of_field = |field: Field| self.columns.iter().enumerate().filter(move |(_, column)| column.field == field);
        fields.iter().flat_map(move |field| of_field(*field))
    }

    /// A row's first value of one field, or an empty string.
    pub fn cell(&self, row: usize, field: Field) -> &str {
        self.columns_of(field).map(|column| column.first(row)).find(|cell| !cell.is_empty()).unwrap_or("")
    }

    /// The normal form of a source cell as one would write it into that cell: what was split off a street stands
    /// behind it again.
    pub fn written(&self, row: usize, column: ColumnIndex) -> Cow<'_, str> {
        let mut of_column = self.columns.iter().filter(|standard| standard.column == column);
        let Some(whole) = of_column.next() else { return Cow::Borrowed("") };
        let text = whole.written(row);
        let split_off = of_column.next().filter(|_| whole.field == Field::Street).map(|part| part.first(row));
        match split_off {
            Some(house) if !house.is_empty() && !text.is_empty() => Cow::Owned(format!("{text} {house}")),
            _ => text,
        }
    }

    /// Takes back what was said of cells of a column, and what was suggested there; `withdrawn` is sorted.
    pub(super) fn withdraw(&mut self, column: ColumnIndex, withdrawn: &[(RowNumber, Code)]) {
        self.findings.retain(|finding| {
            let is_withdrawn = |row| withdrawn.binary_search(&(row, finding.code)).is_ok();
            finding.column != Some(column) || !finding.row.is_some_and(is_withdrawn)
        });
        self.suggestions.retain(|(row, of, _)| {
            *of != column || withdrawn.binary_search_by_key(row, |(withdrawn, _)| *withdrawn).is_err()
        });
    }

    /// Repairs and facts from standardizing, sorted by row.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Better values for a steward, sorted by row.
    pub fn suggestions(&self) -> &[(RowNumber, ColumnIndex, String)] {
        &self.suggestions
    }

    /// The suggestion for a cell, or an empty string.
    pub fn suggestion(&self, row: usize, column: ColumnIndex) -> &str {
        let key = (self.number(row), column);
        let found = self.suggestions.binary_search_by_key(&key, |(row, column, _)| (*row, *column));
        found.map_or("", |found| self.suggestions[found].2.as_str())
    }
}

/// Fills a [`StandardBatch`] column by column.
#[derive(Debug)]
pub struct StandardBatchBuilder {
    batch: StandardBatch,
}

impl StandardBatchBuilder {
    /// For these rows.
    pub(crate) fn new(rows: Vec<RowNumber>) -> Self {
        StandardBatchBuilder { batch: StandardBatch { rows, ..StandardBatch::default() } }
    }

    /// Adds a column.
    pub(crate) fn push_column(&mut self, mut column: StandardColumn) {
        debug_assert_eq!(column.len(), self.batch.rows.len());
        column.shrink();
        self.batch.columns.push(column);
    }

    /// Writes down what was noted of the cell at `row`.
    pub(crate) fn push_marks(&mut self, row: usize, column: ColumnIndex, out: &CellOut) {
        let number = self.batch.rows[row];
        for mark in &out.marks {
            self.batch.findings.push(Finding {
                row: Some(number),
                column: Some(column),
                code: mark.code,
                confidence: mark.confidence,
            });
        }
        if !out.suggestion.is_empty() {
            self.batch.suggestions.push((number, column, out.suggestion.clone()));
        }
    }

    /// The finished batch.
    pub(crate) fn finish(mut self) -> StandardBatch {
        // Stable, so that the order of marks within a cell stays the order in which they happened.
        self.batch.findings.sort_by_key(|finding| (finding.row, finding.column));
        self.batch.suggestions.sort();
        self.batch.findings.shrink_to_fit();
        self.batch
    }
}
