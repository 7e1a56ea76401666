//! `CellOut`: what standardizing one cell yields, its values each with what was learnt of it.

use std::borrow::Cow;

use super::{Detail, Field, TextColumn};
use crate::finding::{Code, Confidence, Mark};

/// What stands between values that are written into one cell.
pub const VALUE_SEPARATOR: &str = ";";

/// What standardizing one cell yields. One value is reused for all cells of a batch, so nothing is allocated per cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellOut {
    /// The normal form of the cell's first value, which is the only one of most cells: for phones E.164, for e-mails the
    /// address, for dates `YYYY-MM-DD`; empty where the cell is empty or nothing could be read.
    pub display: String,
    /// What was learnt of the first value beside its text, or of a cell in which nothing could be read.
    pub detail: Detail,
    /// The values behind the first one.
    pub(super) others: OtherValues,
    /// A better value for a steward to look at; empty where there is none.
    pub suggestion: String,
    /// Repairs made and facts seen, in the order in which they happened.
    pub marks: Vec<Mark>,
    /// Parts that belong to other fields (a full name's two halves, an address' city); used by the caller to fill them.
    pub parts: Vec<(Field, String)>,
}

/// Values behind the first one, each with what was learnt of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OtherValues {
    pub(super) texts: TextColumn,
    pub(super) details: Vec<Detail>,
}

impl CellOut {
    /// Empties it for the next cell, keeping its memory.
    pub fn clear(&mut self) {
        self.display.clear();
        self.detail = Detail::None;
        self.suggestion.clear();
        self.marks.clear();
        self.parts.clear();
        if !self.others.details.is_empty() {
            self.others.texts.clear();
            self.others.details.clear();
        }
    }

    /// Adds a value that `write` writes, with what was learnt of it.
    pub fn push_value(&mut self, detail: Detail, write: impl FnOnce(&mut String)) {
        if self.display.is_empty() {
            write(&mut self.display);
            self.detail = detail;
        } else {
            self.others.texts.push_with(write);
            self.others.details.push(detail);
        }
    }

    /// All values in the order of the cell; none where it is empty.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let first = Some(self.display.as_str()).filter(|value| !value.is_empty());
        first.into_iter().chain(self.others.texts.iter())
    }

    /// Each value with what was learnt of it.
    pub fn detailed(&self) -> impl Iterator<Item = (&str, Detail)> {
        self.values().zip(std::iter::once(self.detail).chain(self.others.details.iter().copied()))
    }

    /// Changes what was learnt of the values, or their order.
    pub fn rework(&mut self, change: impl FnOnce(&mut [(String, Detail)])) {
        let mut values: Vec<(String, Detail)> =
            self.detailed().map(|(value, detail)| (value.to_owned(), detail)).collect();
        change(&mut values);
        self.display.clear();
        self.others.texts.clear();
        self.others.details.clear();
        for (value, detail) in values {
            self.push_value(detail, |text| text.push_str(&value));
        }
    }

    /// All values as one would write them into the cell.
    pub fn written(&self) -> Cow<'_, str> {
        written(&self.display, self.others.texts.iter())
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

/// Values in one text.
pub(super) fn written<'v>(first: &'v str, mut others: impl Iterator<Item = &'v str>) -> Cow<'v, str> {
    let Some(second) = others.next() else { return Cow::Borrowed(first) };
    let mut text = first.to_owned();
    for value in std::iter::once(second).chain(others) {
        text.push_str(VALUE_SEPARATOR);
        text.push_str(value);
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_the_cells_own_and_the_others_follow_with_their_details() {
        let mut out = CellOut::default();
        for (place, value) in ["\"a;b\"@x.com", "c@x.com", "d@x.com"].into_iter().enumerate() {
            out.push_value(Detail::Place(place as u32), |text| text.push_str(value));
        }
        assert_eq!((out.display.as_str(), out.detail), ("\"a;b\"@x.com", Detail::Place(0)));
        assert_eq!(out.detailed().last(), Some(("d@x.com", Detail::Place(2))));
        assert_eq!(out.written(), "\"a;b\"@x.com;c@x.com;d@x.com");
        out.clear();
        assert_eq!(out, CellOut::default());
        assert_eq!((out.values().count(), out.written()), (0, "".into()));
    }
}
