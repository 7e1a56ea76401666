//! Columns of labels beside telephones, under headers as general as "Type": their values say what they are.

use crate::finding::Confidence;
use crate::record::{ColumnMapping, Field, MappingBasis, Samples};
use crate::rule::ColumnRules;

/// Takes columns that were left alone for labels where a telephone stands right beside them and their values are such.
pub(super) fn take(columns: &mut [ColumnMapping], samples: &Samples, rules: &ColumnRules) {
    let is_phone = |column: Option<&ColumnMapping>| column.and_then(|column| column.field).is_some_and(Field::is_phone);
    for at in 0..columns.len() {
        let is_beside = is_phone(columns.get(at + 1)) || at > 0 && is_phone(columns.get(at - 1));
        let column = &columns[at];
        if is_beside && may_be_labels(column) && !column.unread && rules.are_phone_labels(samples.of(column.column)) {
            let column = &mut columns[at];
            column.field = Some(Field::PhoneLabel);
            column.basis = Some(MappingBasis::Values);
            column.confidence = Confidence::percent(rules.sureness.judged);
        }
    }
}

/// Whether nobody said what a column is, and its header says nothing of it, or "label", which also tags are called.
fn may_be_labels(column: &ColumnMapping) -> bool {
    let is_tags = column.field == Some(Field::Tags) && column.basis != Some(MappingBasis::Given);
    column.hint.is_none() && (column.is_left_alone() || is_tags)
}
