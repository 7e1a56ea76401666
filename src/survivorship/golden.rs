//! A customer's record: the values that stand for it, and those beside them.

use crate::record::Field;
use crate::rule::Preference;

/// A customer's record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoldenRecord<'a> {
    /// One entry a field that has a value, in the order of the fields.
    pub values: Vec<GoldenValue<'a>>,
    /// Fields whose usable values contradict each other.
    pub conflicts: Vec<Field>,
}

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldenValue<'a> {
    /// The field; all phones are `phone`.
    pub field: Field,
    /// The value; empty where the row that was chosen has none and no other row fits it, so that all values are alternates.
    pub value: &'a str,
    /// Which member it is of.
    pub member: usize,
    /// What chose it.
    pub by: ChosenBy,
    /// The other values, the best first.
    pub alternates: Vec<Alternate<'a>>,
}

/// A value that was not chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternate<'a> {
    /// The value.
    pub value: &'a str,
    /// Which member it is of.
    pub member: usize,
}

/// What chose a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// There is no other.
    Only,
    /// The first step that told it from the next best.
    Preference(Preference),
    /// No step told them apart: the first row.
    RowOrder,
    /// The chosen row has none.
    Filled,
}

impl ChosenBy {
    /// The word in the column `sources`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ChosenBy::Only => "only",
            ChosenBy::Preference(preference) => preference.as_str(),
            ChosenBy::RowOrder => "row_order",
            ChosenBy::Filled => "filled",
        }
    }
}

impl<'a> GoldenRecord<'a> {
    /// The value of a field.
    pub fn value(&self, field: Field) -> Option<&GoldenValue<'a>> {
        self.values.iter().find(|value| value.field == field)
    }
}
