//! Which column of a list means which field: what the user said, then the header, then the values.

mod beside;
mod found;
mod given;
mod header;
mod hints;
mod labels;
mod parents;
mod standing;

use std::hash::Hasher;

pub(super) use beside::columns_read;
use found::Found;
use given::shown_header;
pub use given::{Given, MappingError, layer_given, meant_column};

use crate::finding::Confidence;
use crate::record::{ColumnHint, ColumnIndex, ColumnMapping, Field, FixedHasher, Mapping, MappingBasis, Samples};
use crate::rule::{ColumnRules, HeaderReading};
use crate::text::FoldedHeader;

/// Maps the columns of a list. Without samples the headers alone decide.
///
/// A field that may not repeat goes to one column: a given one, else the surest, else the first; the others stay
/// unmapped. Of equal headers, the first column not yet given is the one meant.
///
/// # Errors
/// When what was given does not fit the list.
pub fn map_columns(
    header: &[String],
    samples: &Samples,
    rules: &ColumnRules,
    given: &[Given],
) -> Result<Mapping, MappingError> {
    let given = given::place(header, given)?;
    let mut columns: Vec<ColumnMapping> = Vec::with_capacity(header.len());
    for (index, text) in header.iter().enumerate() {
        let column = ColumnIndex(u16::try_from(index).map_err(|_| MappingError::TooManyColumns(header.len()))?);
        let found = match given[index] {
            Some(field) => Found::given(field),
            None => header::find(text, samples.of(column), rules),
        };
        columns.push(ColumnMapping {
            column,
            header: shown_header(text, index),
            field: found.field,
            basis: Some(found.basis).filter(|basis| found.field.is_some() || *basis == MappingBasis::Given),
            confidence: Confidence::percent(if found.field.is_some() { found.percent } else { 0 }),
            unread: found.unread,
            hint: found.hint,
        });
    }
    beside::set_apart(&mut columns, header, samples, rules);
    drop_guesses_beside_names(&mut columns, header, rules);
    keep_the_best(&mut columns);
    apply_beside(&mut columns, header, samples, rules);
    parents::stand_in(&mut columns, header, samples, rules);
    labels::take(&mut columns, samples, rules);
    hints::add(&mut columns, samples, rules);
    Ok(Mapping::new(columns))
}

/// The mapped columns that are too unsure to go on unattended.
pub fn doubtful<'a>(mapping: &'a Mapping, rules: &ColumnRules) -> Vec<&'a ColumnMapping> {
    let is_doubtful =
        |column: &&ColumnMapping| column.field.is_some() && column.confidence.as_percent() < rules.stop_below;
    mapping.columns().iter().filter(is_doubtful).collect()
}

/// A number that stays the same for the same header, whatever its case, marks and spaces: the key under which a
/// corrected mapping is saved.
pub fn header_fingerprint(header: &[String]) -> u64 {
    let mut hasher = FixedHasher::default();
    for text in header {
        for word in FoldedHeader::new(text).all_words() {
            hasher.write(word.as_bytes());
        }
        hasher.write_u8(0);
    }
    hasher.finish()
}

/// A column whose header is in unknown words is taken by its values only where no other column is named for it:
/// beside the customer's own e-mail, a second one may well be somebody else's.
fn drop_guesses_beside_names(columns: &mut [ColumnMapping], header: &[String], rules: &ColumnRules) {
    let named: Vec<Field> = columns
        .iter()
        .filter(|column| column.basis != Some(MappingBasis::Values))
        .filter_map(|column| column.field)
        .collect();
    for (column, text) in columns.iter_mut().zip(header) {
        let Some(field) = column.field.filter(|_| column.basis == Some(MappingBasis::Values)) else { continue };
        // What an unknown column says of contacting somebody counts, whatever else is said of it.
        if field.is_standing() {
            continue;
        }
        let in_unknown_words = matches!(rules.read_header(text), HeaderReading::Unknown | HeaderReading::Partly(_));
        if in_unknown_words && named.iter().any(|named| header::agree(*named, field)) {
            column.leave_alone();
        }
    }
}

fn keep_the_best(columns: &mut [ColumnMapping]) {
    for &field in Field::ALL.iter().filter(|field| !field.may_repeat()) {
        let rank = |column: &ColumnMapping| {
            let given = column.basis == Some(MappingBasis::Given);
            (std::cmp::Reverse((given, column.confidence)), column.column)
        };
        let best = columns.iter().filter(|column| column.field == Some(field)).min_by_key(|column| rank(column));
        let Some(best) = best.map(|column| column.column) else { continue };
        for column in columns.iter_mut().filter(|column| column.field == Some(field) && column.column != best) {
            column.leave_alone();
            column.hint = Some(ColumnHint::Second(field));
        }
    }
}

fn apply_beside(columns: &mut [ColumnMapping], header: &[String], samples: &Samples, rules: &ColumnRules) {
    for rule in &rules.beside {
        let has = |field| columns.iter().any(|column| column.field == Some(field));
        if !has(rule.field) || has(rule.means) {
            continue;
        }
        let is_meant = |column: &&mut ColumnMapping| {
            let words = FoldedHeader::new(&header[column.column.as_usize()]);
            column.basis == Some(MappingBasis::Synonym)
                && column.field != Some(rule.field)
                && rule.headers.iter().any(|text| FoldedHeader::new(text).words() == words.words())
                && rules.are_single_words(samples.of(column.column), rule.single_words)
        };
        if let Some(column) = columns.iter_mut().find(is_meant) {
            column.field = Some(rule.means);
        }
    }
}

#[cfg(test)]
mod tests;
