//! What one column is by itself: its header first, with the values as witnesses for and against it.

use super::found::Found;
use super::standing;
use crate::record::{ColumnHint, Field, is_own_column};
use crate::rule::{ColumnRules, HeaderReading, Means, NoField, Taken, are_filled};

/// What speaks of contacting somebody is understood by its words in any order; all else is looked up, and what is not found
/// so is read by the kinds of its words.
pub(super) fn find(header: &str, values: &[String], rules: &ColumnRules) -> Found {
    if is_own_column(header) {
        return Found::NOTHING.with(ColumnHint::Own);
    }
    let looked_up = rules.read_header(header);
    standing::find(header, looked_up, values, rules).unwrap_or_else(|| {
        let found = look_up(header, looked_up, values, rules);
        if found.field.is_none() {
            return standing::by_values(header, values, rules).unwrap_or(found);
        }
        // Nobody and no place is called "yes" and "no".
        let is_called = |field: Field| field.is_name() || matches!(field, Field::City | Field::Street | Field::Company);
        if found.field.is_some_and(is_called) && rules.are_only_answers(values) {
            return Found::NOTHING.with(ColumnHint::Answers);
        }
        found
    })
}

fn look_up(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> Found {
    let sureness = rules.sureness;
    if let Some(field) = rules.judge(header, values) {
        return Found::by_header(field, sureness.judged);
    }
    // Firms among the values are found to be such where names are judged.
    if !matches!(looked_up, HeaderReading::Named(_))
        && let Some(name) = rules.name_or_firm(header, values)
    {
        return Found::by_header(name, sureness.judged).with(ColumnHint::Unsure);
    }
    match looked_up {
        HeaderReading::Nothing => Found::NOTHING,
        HeaderReading::Unnamed => by_values(sureness.unnamed, values, rules),
        HeaderReading::Named(field) | HeaderReading::Contained(field) if rules.values_contradict(field, values) => {
            match rules.take_by_values(values) {
                Some(Taken { field, is_few: false }) => {
                    Found::by_values(Some(field), sureness.retaken).with(ColumnHint::Unsure)
                }
                // A few values of another kind under a header that is known may as well be a row that slipped aside.
                Some(_) => Found::by_header(field, sureness.few).with(ColumnHint::Unsure),
                None if rules.are_few(values) => Found::by_header(field, sureness.few).with(ColumnHint::Unsure),
                // Kept, but unsure enough to stop: values nobody can read under a plain header are worth a question.
                None if matches!(looked_up, HeaderReading::Named(_)) => Found::by_header(field, sureness.disbelieved),
                None => Found::NOTHING.with(ColumnHint::LooksLike(field)),
            }
        }
        HeaderReading::Named(field) => Found::by_header(field, sureness.named),
        HeaderReading::Contained(field) => Found::by_header(field, sureness.contained),
        HeaderReading::Unknown | HeaderReading::Partly(_) | HeaderReading::PartlyNothing => {
            by_words(header, looked_up, values, rules)
        }
    }
}

/// A header that no list has as a whole: its words propose, its values choose.
fn by_words(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> Found {
    let sureness = rules.sureness;
    let wording = rules.wording(header);
    // Nothing but its header speaks for a column without values, so a word that only begins like a known one is none.
    let is_blank = !are_filled(values);
    let is_clear = wording.unknown == 0 && (wording.loose == 0 || !is_blank || values.is_empty());
    let mut refuted = None;
    for meant in wording.means.iter().filter(|meant| rules.are_single_words(values, meant.single_words)) {
        let field = match meant.means {
            Means::NoField(NoField::SomebodyElse | NoField::Parent) => {
                return Found::NOTHING.with(ColumnHint::SomebodyElse);
            }
            Means::NoField(NoField::SomethingElse | NoField::Grouping) => return Found::NOTHING,
            Means::Field(field) => field,
        };
        if !rules.values_allow(field, values) {
            refuted = refuted.or(Some(field));
        } else if is_clear {
            let percent = if wording.slips == 0 { sureness.worded } else { sureness.slipped };
            return Found::by_header(field, percent);
        } else if looked_up != HeaderReading::PartlyNothing && rules.values_fit(field, values) {
            return Found::by_header(field, sureness.partly).with(ColumnHint::Unsure);
        } else {
            return Found::NOTHING.with(ColumnHint::LooksLike(field));
        }
    }
    if looked_up == HeaderReading::PartlyNothing {
        return refuted.map_or(Found::NOTHING, |field| Found::NOTHING.with(ColumnHint::LooksLike(field)));
    }
    match (looked_up, rules.take_by_values(values)) {
        (HeaderReading::Partly(field), Some(taken)) if agree(field, taken.field) => {
            Found::by_header(field, sureness.supported)
        }
        (_, None) if refuted.is_some() => {
            refuted.map_or(Found::NOTHING, |field| Found::NOTHING.with(ColumnHint::LooksLike(field)))
        }
        _ => by_values(sureness.unknown, values, rules),
    }
}

fn by_values(percent: u8, values: &[String], rules: &ColumnRules) -> Found {
    match rules.take_by_values(values) {
        Some(Taken { field, is_few: false }) => Found::by_values(Some(field), percent),
        Some(Taken { field, is_few: true }) => Found::by_values(Some(field), percent.min(rules.sureness.few)),
        None => return Found::NOTHING,
    }
    .with(ColumnHint::Unsure)
}

/// A mobile number under "phone" is a phone, and the other way round.
pub(super) fn agree(named: Field, taken: Field) -> bool {
    named == taken || named.is_phone() && taken.is_phone()
}
