//! Which column of a list means which field: what the user said, then the header, then the values.

mod found;
mod given;
mod standing;

use std::hash::Hasher;

use found::Found;
use given::shown_header;
pub use given::{Given, MappingError, layer_given};

use crate::finding::Confidence;
use crate::record::{ColumnIndex, ColumnMapping, Field, FixedHasher, Mapping, MappingBasis, Samples};
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
            Some(field) => Found { field, basis: MappingBasis::Given, percent: 100, unread: false },
            None => find(text, samples.of(column), rules),
        };
        columns.push(ColumnMapping {
            column,
            header: shown_header(text, index),
            field: found.field,
            basis: found.field.map(|_| found.basis),
            confidence: Confidence::percent(if found.field.is_some() { found.percent } else { 0 }),
            unread: found.unread,
        });
    }
    drop_guesses_beside_names(&mut columns, header, rules);
    keep_the_best(&mut columns);
    apply_beside(&mut columns, header, samples, rules);
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

/// What speaks of contacting somebody is understood by its words in any order; all else is looked up.
fn find(header: &str, values: &[String], rules: &ColumnRules) -> Found {
    let looked_up = rules.read_header(header);
    standing::find(header, looked_up, values, rules).unwrap_or_else(|| {
        let found = look_up(looked_up, values, rules);
        if found.field.is_none() { standing::by_values(header, values, rules).unwrap_or(found) } else { found }
    })
}

fn look_up(header: HeaderReading, values: &[String], rules: &ColumnRules) -> Found {
    let sureness = rules.sureness;
    match header {
        HeaderReading::Nothing => Found::NOTHING,
        HeaderReading::Unnamed => Found::by_values(rules.take_by_values(values), sureness.unnamed),
        HeaderReading::Unknown => Found::by_values(rules.take_by_values(values), sureness.unknown),
        HeaderReading::Partly(field) => match rules.take_by_values(values) {
            Some(taken) if agree(field, taken) => Found::by_header(field, sureness.supported),
            taken => Found::by_values(taken, sureness.unknown),
        },
        HeaderReading::Named(field) | HeaderReading::Contained(field) if rules.values_contradict(field, values) => {
            match rules.take_by_values(values) {
                Some(taken) => Found::by_values(Some(taken), sureness.retaken),
                // Kept, but unsure enough to stop: values nobody can read under a plain header are worth a question.
                None if matches!(header, HeaderReading::Named(_)) => Found::by_header(field, sureness.disbelieved),
                None => Found::NOTHING,
            }
        }
        HeaderReading::Named(field) => Found::by_header(field, sureness.named),
        HeaderReading::Contained(field) => Found::by_header(field, sureness.contained),
    }
}

/// A mobile number under "phone" is a phone, and the other way round.
fn agree(named: Field, taken: Field) -> bool {
    named == taken || named.is_phone() && taken.is_phone()
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
        if in_unknown_words && named.iter().any(|named| agree(*named, field)) {
            leave_alone(column);
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
        columns.iter_mut().filter(|column| column.field == Some(field) && column.column != best).for_each(leave_alone);
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
                && mostly_single_words(samples.of(column.column), rule.single_words)
        };
        if let Some(column) = columns.iter_mut().find(is_meant) {
            column.field = Some(rule.means);
        }
    }
}

fn mostly_single_words(values: &[String], percent: u8) -> bool {
    let filled = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let (mut all, mut single) = (0_usize, 0_usize);
    for value in filled {
        all += 1;
        single += usize::from(!value.contains(char::is_whitespace));
    }
    single * 100 >= all * usize::from(percent)
}

fn leave_alone(column: &mut ColumnMapping) {
    column.field = None;
    column.basis = None;
    column.confidence = Confidence::percent(0);
}

#[cfg(test)]
mod tests;
