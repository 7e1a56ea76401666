//! `StandardColumn`: one field of a batch in normal form, the values of each cell with what was learnt of them.

use std::borrow::Cow;
use std::ops::Range;

use super::cell_out::{OtherValues, written};
use super::{CellOut, Detail, Field, TextColumn};
use crate::finding::ColumnIndex;

/// One field of a batch in normal form.
///
/// Nearly every cell holds one value or none, so the first values stand by row, and the others beside them:
///
/// | row | cell as written      | first         | others        |
/// |-----|----------------------|---------------|---------------|
/// | 0   | 050-2345678          | +972502345678 |               |
/// | 1   |                      |               |               |
/// | 2   | 050-2345679, 03-5234567 | +972502345679 | +97235234567 |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardColumn {
    /// What it is.
    pub field: Field,
    /// The source column it was read from.
    pub column: ColumnIndex,
    firsts: TextColumn,
    /// What was learnt of the first values; ends behind the last row of which something was.
    details: Vec<Detail>,
    /// The row of each value among `others`, ascending.
    rows: Vec<u32>,
    others: OtherValues,
}

impl StandardColumn {
    /// Without rows yet; there will be `rows` of about `bytes` bytes each.
    pub(crate) fn with_capacity(field: Field, column: ColumnIndex, rows: usize, bytes: usize) -> Self {
        StandardColumn {
            field,
            column,
            firsts: TextColumn::with_capacity(rows, bytes),
            details: Vec::new(),
            rows: Vec::new(),
            others: OtherValues::default(),
        }
    }

    /// Adds the next row's cell.
    pub(crate) fn push(&mut self, out: &CellOut) {
        let row = self.firsts.len();
        self.push_one(&out.display, out.detail);
        for (value, detail) in out.others.texts.iter().zip(&out.others.details) {
            self.rows.push(row as u32);
            self.others.texts.push(value);
            self.others.details.push(*detail);
        }
    }

    /// Adds the next row's cell of one value, with what was learnt of it.
    pub(crate) fn push_one(&mut self, text: &str, detail: Detail) {
        let row = self.firsts.len();
        self.firsts.push(text);
        if detail != Detail::None {
            if self.details.is_empty() {
                self.details.reserve_exact(row + 1 + self.firsts.room());
            }
            self.details.resize(row, Detail::None);
            self.details.push(detail);
        }
    }

    /// Adds the next row's cell, of which nothing was learnt beside its one value.
    pub(crate) fn push_text(&mut self, text: &str) {
        self.firsts.push(text);
    }

    /// Gives unused capacity back.
    pub(super) fn shrink(&mut self) {
        self.firsts.shrink();
        self.rows.shrink_to_fit();
        self.others.texts.shrink();
        self.others.details.shrink_to_fit();
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.firsts.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.firsts.is_empty()
    }

    /// Whether a row's cell holds no value.
    pub fn is_empty_at(&self, row: usize) -> bool {
        self.firsts.is_empty_at(row)
    }

    /// Whether no row's cell holds a value.
    pub fn has_no_text(&self) -> bool {
        self.firsts.text().is_empty()
    }

    /// A row's first value, the only one of most cells; empty where it has none.
    pub fn first(&self, row: usize) -> &str {
        self.firsts.cell(row)
    }

    /// What was learnt of a row's first value, or of a cell in which nothing could be read.
    pub fn detail(&self, row: usize) -> Detail {
        self.details.get(row).copied().unwrap_or_default()
    }

    /// How many values a row's cell holds.
    pub fn count(&self, row: usize) -> usize {
        usize::from(!self.is_empty_at(row)) + self.others_of(row).len()
    }

    /// One of a row's values by its place, and what was learnt of it; empty where there are not so many.
    pub fn value(&self, row: usize, place: usize) -> (&str, Detail) {
        if place == 0 {
            return (self.first(row), self.detail(row));
        }
        let other = self.others_of(row).nth(place - 1);
        other.map_or_else(Default::default, |other| (self.others.texts.cell(other), self.others.details[other]))
    }

    /// All values of a row's cell; none where it is empty.
    pub fn values(&self, row: usize) -> impl Iterator<Item = &str> {
        self.detailed(row).map(|(value, _)| value)
    }

    /// Each value of a row's cell with what was learnt of it.
    pub fn detailed(&self, row: usize) -> impl Iterator<Item = (&str, Detail)> {
        let first = (!self.is_empty_at(row)).then(|| (self.first(row), self.detail(row)));
        let others = self.others_of(row).map(|other| (self.others.texts.cell(other), self.others.details[other]));
        first.into_iter().chain(others)
    }

    /// All values of a row as one would write them into one cell.
    pub fn written(&self, row: usize) -> Cow<'_, str> {
        written(self.first(row), self.others_of(row).map(|other| self.others.texts.cell(other)))
    }

    /// The first values of all rows, where no row has others.
    pub fn singles(&self) -> Option<&TextColumn> {
        self.rows.is_empty().then_some(&self.firsts)
    }

    /// The places of a row's values behind the first one.
    fn others_of(&self, row: usize) -> Range<usize> {
        if self.rows.is_empty() {
            return 0..0;
        }
        let start = self.rows.partition_point(|of| (*of as usize) < row);
        start..self.rows.partition_point(|of| *of as usize <= row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&[&str]]) -> StandardColumn {
        let mut column = StandardColumn::with_capacity(Field::Email, ColumnIndex(0), cells.len(), 8);
        let mut out = CellOut::default();
        for cell in cells {
            out.clear();
            for (place, value) in cell.iter().enumerate() {
                out.push_value(Detail::Place(place as u32), |text| text.push_str(value));
            }
            column.push(&out);
        }
        column
    }

    #[test]
    fn each_row_gives_back_its_own_values_with_their_details() {
        let cells: [&[&str]; 5] = [&["a"], &[], &["b", "c;d", "e"], &[], &["f", "g"]];
        let column = column(&cells);
        for (row, cell) in cells.iter().enumerate() {
            assert_eq!(column.values(row).collect::<Vec<_>>(), *cell, "{row}");
            assert_eq!((column.count(row), column.is_empty_at(row)), (cell.len(), cell.is_empty()));
            for (place, (value, detail)) in column.detailed(row).enumerate() {
                assert_eq!(detail, Detail::Place(place as u32));
                assert_eq!(column.value(row, place), (value, detail));
            }
            assert_eq!(column.value(row, cell.len().max(1)), ("", Detail::None));
            assert_eq!(column.written(row), cell.join(";"));
        }
        assert!(column.singles().is_none());
    }

    #[test]
    fn a_column_of_single_values_is_one_text_column() {
        let column = column(&[&["a"], &[], &["b"]]);
        assert_eq!(column.singles().map(TextColumn::text), Some("ab"));
        assert_eq!((column.detail(1), column.detail(2)), (Detail::None, Detail::Place(0)));
    }
}
