//! A batch as its values are taken from it: what stands in its columns, but for cells that say "nothing".

use crate::finding::Code;
use crate::record::{
    BatchValues, ColumnIndex, Field, RawBatch, RowNumber, StandardBatch, StandardColumn, VALUES_A_ROW,
};

/// A batch in both forms.
pub(super) struct Batch<'a> {
    pub(super) raw: &'a RawBatch,
    pub(super) standard: &'a StandardBatch,
    placeholders: Vec<(RowNumber, ColumnIndex)>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(raw: &'a RawBatch, standard: &'a StandardBatch) -> Self {
        Batch { raw, standard, placeholders: placeholders(standard) }
    }

    pub(super) fn column(&self, mut write: impl FnMut(usize, &mut String)) -> Vec<BatchValues> {
        let mut values = BatchValues::default();
        let mut text = String::new();
        for row in 0..self.raw.len() {
            text.clear();
            write(row, &mut text);
            values.push(&text);
        }
        vec![values]
    }

    /// Several values a row, out of all columns of these fields; `write` gets each value and the cell as written.
    pub(super) fn several(&self, fields: &[Field], write: impl Fn(&str, &str, &mut String)) -> Vec<BatchValues> {
        let columns: Vec<&StandardColumn> = fields.iter().flat_map(|field| self.standard.columns_of(*field)).collect();
        if columns.is_empty() {
            return Vec::new();
        }
        let mut places = vec![BatchValues::default(); VALUES_A_ROW];
        let mut found: Vec<String> = vec![String::new(); VALUES_A_ROW];
        let mut text = String::new();
        for row in 0..self.raw.len() {
            let mut count = 0;
            for column in &columns {
                let raw = self.raw.cell(row, column.column);
                if raw.is_empty() || self.is_placeholder(row, column.column) {
                    continue;
                }
                let unread = column.is_empty_at(row).then_some("");
                for value in column.values(row).chain(unread) {
                    text.clear();
                    write(value, raw, &mut text);
                    if !text.is_empty() && count < VALUES_A_ROW && !found[..count].contains(&text) {
                        found[count].clone_from(&text);
                        count += 1;
                    }
                }
            }
            for (index, place) in places.iter_mut().enumerate() {
                place.push(if index < count { &found[index] } else { "" });
            }
        }
        places
    }

    pub(super) fn standard_column(&self, field: Field, column: ColumnIndex) -> Option<&'a StandardColumn> {
        self.standard.columns_of(field).find(|standard| standard.column == column)
    }

    pub(super) fn with_parts(&self, field: Field, columns: &[Option<ColumnIndex>]) -> Vec<&'a StandardColumn> {
        columns.iter().flatten().filter_map(|column| self.standard_column(field, *column)).collect()
    }

    pub(super) fn is_placeholder(&self, row: usize, column: ColumnIndex) -> bool {
        !self.placeholders.is_empty() && self.placeholders.binary_search(&(self.standard.number(row), column)).is_ok()
    }
}

/// Cells that say "nothing": they are missing.
fn placeholders(standard: &StandardBatch) -> Vec<(RowNumber, ColumnIndex)> {
    let is_placeholder = |code: Code| {
        matches!(
            code,
            Code::NamePlaceholder
                | Code::NameLooksLikeEmail
                | Code::NameLooksLikePhone
                | Code::TextPlaceholder
                | Code::PhonePlaceholder
                | Code::PhoneDummy
                | Code::EmailPlaceholder
                | Code::DatePlaceholder
                | Code::IdPlaceholder
        )
    };
    let findings = standard.findings().iter().filter(|finding| is_placeholder(finding.code));
    let mut places: Vec<_> = findings.filter_map(|finding| finding.row.zip(finding.column)).collect();
    places.sort_unstable();
    places.dedup();
    places
}
