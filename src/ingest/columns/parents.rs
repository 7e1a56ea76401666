//! Lists of children: a parent's telephone, address or name is what there is where the list has none of the child itself.

use crate::finding::Confidence;
use crate::record::{ColumnHint, ColumnMapping, Field, MappingBasis, Samples};
use crate::rule::{ColumnRules, Means, NoField, Wording};

/// Takes columns of parents, which were left alone, where no other column says how the row's customer is reached, or what it is
/// called.
pub(super) fn stand_in(columns: &mut [ColumnMapping], header: &[String], samples: &Samples, rules: &ColumnRules) {
    let is_called = |field: Field| field.is_name() || field == Field::Company;
    let kinds: [&dyn Fn(Field) -> bool; 3] = [&Field::is_phone, &|field| field == Field::Email, &is_called];
    for is_kind in kinds {
        if columns.iter().filter_map(|column| column.field).any(is_kind) {
            continue;
        }
        for at in 0..columns.len() {
            let wording = rules.wording(&header[at]);
            let column = &columns[at];
            if column.hint != Some(ColumnHint::SomebodyElse) || wording.first() != Some(Means::NoField(NoField::Parent))
            {
                continue;
            }
            let taken = rules.take_by_values(samples.of(column.column)).map(|taken| taken.field);
            let Some(field) = taken.or_else(|| name(&wording)).filter(|field| is_kind(*field)) else { continue };
            if !field.may_repeat() && columns.iter().any(|column| column.field == Some(field)) {
                continue;
            }
            let column = &mut columns[at];
            column.field = Some(field);
            column.basis = Some(if taken.is_some() { MappingBasis::Values } else { MappingBasis::Synonym });
            column.confidence = Confidence::percent(rules.sureness.unknown);
            column.hint = Some(ColumnHint::Unsure);
        }
    }
}

/// The name that a header means beside being a parent's.
fn name(wording: &Wording) -> Option<Field> {
    wording.means.iter().find_map(|meant| match meant.means {
        Means::Field(field) => Some(field).filter(|field| field.is_name()),
        Means::NoField(_) => None,
    })
}
