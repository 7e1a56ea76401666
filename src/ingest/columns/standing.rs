//! Columns that say whether somebody may be contacted: by the words of their headers, and by what stands in them.

use super::found::Found;
use crate::record::Field;
use crate::rule::{About, Asks, ColumnRules, HeaderReading, HeaderSays};

/// Of a column that may be one of consents so much (percent) has to be answers.
const ANSWERS: usize = 60;

/// What a column is by its header, if that speaks of contacting somebody; `looked_up` is what the header is as a whole.
pub(super) fn find(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let sureness = rules.sureness;
    let (named, is_whole) = match looked_up {
        HeaderReading::Named(field) => (Some(field), true),
        HeaderReading::Contained(field) | HeaderReading::Partly(field) => (Some(field), false),
        HeaderReading::Unnamed => return None,
        HeaderReading::Unknown | HeaderReading::Nothing => (None, false),
    };
    let is_other = named.is_some_and(|field| !is_own(field));
    if is_other && is_whole {
        return None;
    }
    match rules.standing().header(header) {
        HeaderSays::Asks(asks) => {
            let field = asks.field()?;
            // A header that is known as a whole keeps its meaning, unless the channel of a refusal says more.
            if is_whole && !(named == Some(Field::DoNotContact) && field.is_refusal()) {
                return None;
            }
            if asks.about == About::Status && are_codes(values, rules) {
                return Some(Found { unread: true, ..Found::NOTHING });
            }
            let taken = rules.take_by_values(values).filter(|_| asks.about == About::Permission);
            Some(match taken {
                Some(taken) => Found::by_values(Some(taken), sureness.retaken),
                None => Found::by_header(field, sureness.contained),
            })
        }
        HeaderSays::Perhaps(_) if is_whole => None,
        // "Hates calls: yes" under words that are not known is no permission, and may be the contrary.
        HeaderSays::Perhaps(asks) if asks.about == About::Permission && !asks.is_clear => {
            perhaps(asks, values, rules).map(|_| Found { unread: true, ..Found::NOTHING })
        }
        HeaderSays::Perhaps(asks) => perhaps(asks, values, rules),
        HeaderSays::PhoneLabel => Some(Found::by_header(Field::PhoneLabel, sureness.contained)),
        HeaderSays::Smells if is_whole => None,
        HeaderSays::Smells => Some(Found { unread: true, ..Found::NOTHING }),
        // "Photo consent" holds a word for consent, and is none.
        HeaderSays::SomethingElse => named.filter(|field| is_own(*field) && !is_whole).map(|_| Found::NOTHING),
        HeaderSays::Nothing => None,
    }
}

/// Whether a status is told by nothing but codes: "2" may be whoever refused, and nobody knows.
fn are_codes(values: &[String], rules: &ColumnRules) -> bool {
    const LONGEST: usize = 3;
    let words = rules.standing();
    let is_code = |value: &str| {
        let is_short = value.chars().count() <= LONGEST || !value.chars().any(char::is_alphabetic);
        is_short && !words.is_telling(value)
    };
    let filled = || values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    filled().all(is_code) && filled().any(|value| !words.is_answer(value))
}

fn perhaps(asks: Asks, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let words = rules.standing();
    let filled = || values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let is_it = match asks.about {
        About::Permission => {
            let (all, answers) = (filled().count(), filled().filter(|value| words.is_answer(value)).count());
            answers > 0 && answers * 100 >= all * ANSWERS
        }
        _ => filled().any(|value| words.is_telling(value)),
    };
    Some(Found::by_header(asks.field().filter(|_| is_it)?, rules.sureness.supported))
}

/// A column under words that nobody knows, some of whose values say that somebody died, is barred, wants no messages.
pub(super) fn by_values(header: &str, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let words = rules.standing();
    if words.header(header) == HeaderSays::SomethingElse {
        return None;
    }
    let says = values.iter().map(|value| value.trim()).any(|value| !value.is_empty() && words.is_telling(value));
    says.then(|| Found::by_values(Some(Field::ContactStatus), rules.sureness.unknown))
}

/// Whether a field is about contacting somebody.
const fn is_own(field: Field) -> bool {
    field.is_standing() || matches!(field, Field::ConsentWhatsapp | Field::PhoneLabel)
}
