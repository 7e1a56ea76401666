//! `StandardBatch`: the mapped columns of a block in normal form, the repairs that led there, and what was learnt.

use std::borrow::Cow;

use super::{Detail, Field, TextColumn};
use crate::finding::{Code, ColumnIndex, Confidence, Finding, Mark, RowNumber};

/// What standardizing one cell yields. One value is reused for all cells of a batch, so nothing is allocated per cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellOut {
    /// The normal form: for phones E.164 (several joined with `;`), for e-mails the address (likewise),
    /// for dates `YYYY-MM-DD`; empty where the cell is empty or nothing could be read.
    pub display: String,
    /// A better value for a steward to look at; empty where there is none.
    pub suggestion: String,
    /// Repairs made and facts seen, in the order in which they happened.
    pub marks: Vec<Mark>,
    /// What was learnt beside the text.
    pub detail: Detail,
    /// Parts that belong to other fields (a full name's two halves, an address' city); used by the caller to fill them.
    pub parts: Vec<(Field, String)>,
}

impl CellOut {
    /// Empties it for the next cell, keeping its memory.
    pub fn clear(&mut self) {
        self.display.clear();
        self.suggestion.clear();
        self.marks.clear();
        self.detail = Detail::None;
        self.parts.clear();
    }

    /// Notes a code that is certain.
    pub fn mark(&mut self, code: Code) {
        self.mark_with(code, Confidence::CERTAIN);
    }

    /// Notes a code; the same code is noted once a cell.
    pub fn mark_with(&mut self, code: Code, confidence: Confidence) {
        if !self.marks.iter().any(|mark| mark.code == code) {
            self.marks.push(Mark { code, confidence });
        }
    }

    /// Whether this code was noted.
    pub fn has(&self, code: Code) -> bool {
        self.marks.iter().any(|mark| mark.code == code)
    }
}

/// One field of a batch in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardColumn {
    /// What it is.
    pub field: Field,
    /// The source column it was read from.
    pub column: ColumnIndex,
    /// The normal form of each row's cell; see [`CellOut::display`].
    pub display: TextColumn,
    /// What was learnt of each cell; empty for fields that learn nothing.
    pub details: Vec<Detail>,
}

impl StandardColumn {
    /// What was learnt of a row's cell.
    pub fn detail(&self, row: usize) -> Detail {
        self.details.get(row).copied().unwrap_or_default()
    }

    /// A row's first value, where the cell held several.
    pub fn first(&self, row: usize) -> &str {
        self.values(row).next().unwrap_or_default()
    }

    /// All values of a row's cell; none where it is empty.
    pub fn values(&self, row: usize) -> impl Iterator<Item = &str> {
        values(self.display.cell(row))
    }
}

/// The values that a normal form holds; none where it is empty.
pub fn values(display: &str) -> impl Iterator<Item = &str> {
    let mut rest = display;
    std::iter::from_fn(move || {
        let end = end_of_value(rest);
        let value = rest.get(..end).filter(|value| !value.is_empty())?;
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(value)
    })
}

/// Where the first of several values ends. A semicolon in the quoted local part of an address (RFC 5321 section 4.1.2)
/// parts nothing.
fn end_of_value(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    let is_address = text.starts_with('"');
    let end = text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if is_address => quoted = !quoted,
            b';' if !quoted => return true,
            _ => {}
        }
        false
    });
    end.unwrap_or(text.len())
}

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

    /// A row's first non-empty normal form of one field, or an empty string.
    pub fn cell(&self, row: usize, field: Field) -> &str {
        self.columns_of(field).map(|column| column.display.cell(row)).find(|cell| !cell.is_empty()).unwrap_or("")
    }

    /// The normal form of a source cell as one would write it into that cell: what was split off a street stands
    /// behind it again.
    pub fn written(&self, row: usize, column: ColumnIndex) -> Cow<'_, str> {
        let mut of_column = self.columns.iter().filter(|standard| standard.column == column);
        let Some(whole) = of_column.next() else { return Cow::Borrowed("") };
        let text = whole.display.cell(row);
        let split_off = of_column.next().filter(|_| whole.field == Field::Street).map(|part| part.display.cell(row));
        match split_off {
            Some(house) if !house.is_empty() && !text.is_empty() => Cow::Owned(format!("{text} {house}")),
            _ => Cow::Borrowed(text),
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
        debug_assert_eq!(column.display.len(), self.batch.rows.len());
        column.display.shrink();
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
