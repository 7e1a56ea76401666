//! What somebody should know of columns that were left alone although they may matter.

use crate::record::{ColumnHint, ColumnMapping, Field, Samples};
use crate::rule::ColumnRules;

/// Adds a hint to each column that was left alone without one, if its values are like those of a field that matters.
pub(super) fn add(columns: &mut [ColumnMapping], samples: &Samples, rules: &ColumnRules) {
    let has_key = columns.iter().any(|column| column.field == Some(Field::Id));
    for column in columns.iter_mut().filter(|column| column.is_left_alone() && !column.unread) {
        let values = samples.of(column.column);
        let taken = rules.take_by_values(values).map(|taken| taken.field);
        column.hint = match column.hint {
            // Whoever else it is about, it matters only where it could be asked or be taken for the customer.
            Some(ColumnHint::SomebodyElse) => {
                let may_be_asked = taken.is_some() || rules.values_fit(Field::FullName, values);
                may_be_asked.then_some(ColumnHint::SomebodyElse)
            }
            Some(hint) => Some(hint),
            None => match taken {
                Some(field) => Some(ColumnHint::LooksLike(field)),
                None if rules.are_answers(values) => Some(ColumnHint::Answers),
                None if !has_key && rules.values_fit(Field::Id, values) => Some(ColumnHint::LooksLike(Field::Id)),
                None => None,
            },
        };
    }
}
