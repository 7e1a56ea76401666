//! Columns that say whether somebody may be contacted: by the words of their headers, and by what stands in them.

use super::found::Found;
use crate::record::Field;
use crate::rule::{About, Asks, ColumnRules, HeaderReading, HeaderSays, Means, NoField};

/// Of a column that may be one of consents so much (percent) has to be answers.
const ANSWERS: usize = 60;

/// What a column is by its header, if that speaks of contacting somebody; `looked_up` is what the header is as a whole.
pub(super) fn find(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let sureness = rules.sureness;
    let (named, is_whole) = match looked_up {
        HeaderReading::Named(field) => (Some(field), true),
        HeaderReading::Contained(field) | HeaderReading::Partly(field) => (Some(field), false),
        HeaderReading::Unnamed => return None,
        HeaderReading::Unknown | HeaderReading::Nothing | HeaderReading::PartlyNothing => (None, false),
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
            // Addresses and numbers answer nothing but that somebody refused; "work e-mail" is one that works, in Russian.
            let is_answer = matches!(asks.about, About::Refusal | About::Block | About::Death);
            if !is_answer && (rules.take_by_values(values).is_some() || are_contacts(asks, values, rules)) {
                return None;
            }
            // "Preferred language" is no way to reach somebody.
            if asks.about == About::Reach && names_another(header, looked_up, rules) {
                return None;
            }
            // The key of a subscription is no answer.
            if matches!(asks.about, About::Permission | About::Tags) && are_keys(values, rules) {
                return None;
            }
            if asks.about == About::Status && !asks.channels.is_none() && are_codes(values, rules) {
                return Some(Found { unread: true, ..Found::NOTHING });
            }
            // A status is a word: "code" is a word for it, too.
            if asks.about == About::Status && (rules.are_codes(values) || is_grouping(header, looked_up, values, rules))
            {
                return None;
            }
            Some(Found::by_header(field, sureness.contained))
        }
        HeaderSays::Perhaps(_) if is_whole => None,
        // "Hates calls: yes" under words that are not known is no permission, and may be the contrary.
        HeaderSays::Perhaps(asks) if asks.about == About::Permission && !asks.is_clear => {
            perhaps(asks, values, rules).map(|_| Found::UNREAD)
        }
        HeaderSays::Perhaps(asks) => perhaps(asks, values, rules),
        HeaderSays::PhoneLabel => Some(Found::by_header(Field::PhoneLabel, sureness.contained)),
        HeaderSays::Smells if is_whole => None,
        HeaderSays::Smells => Some(Found::UNREAD),
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

/// Whether a column that may say of contacts that they are dead holds contacts itself, in whatever form.
fn are_contacts(asks: Asks, values: &[String], rules: &ColumnRules) -> bool {
    let fit = |field| rules.values_fit(field, values);
    matches!(asks.about, About::Dead(_)) && (fit(Field::Phone) || fit(Field::Email)) && !fit(Field::BirthDate)
}

/// Whether the values are keys of something, and neither answers nor days.
fn are_keys(values: &[String], rules: &ColumnRules) -> bool {
    rules.values_fit(Field::Id, values) && !rules.are_answers(values) && !rules.values_fit(Field::BirthDate, values)
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

/// Whether a header names a field that has nothing to do with contacting somebody.
fn names_another(header: &str, looked_up: HeaderReading, rules: &ColumnRules) -> bool {
    let wording = rules.wording(header);
    match (looked_up, wording.first()) {
        (HeaderReading::Contained(field), _) => !is_own(field),
        (_, Some(Means::Field(field))) => wording.unknown == 0 && !is_own(field),
        _ => false,
    }
}

/// Whether a column holds something else than a standing, the group in which somebody is, and none of its values says anything of contacting.
fn is_grouping(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> bool {
    let is_other =
        looked_up == HeaderReading::Nothing || rules.wording(header).first() == Some(Means::NoField(NoField::Grouping));
    is_other && !values.iter().any(|value| rules.standing().is_telling(value.trim()))
}

/// Whether a field is about contacting somebody.
const fn is_own(field: Field) -> bool {
    field.is_standing() || matches!(field, Field::ConsentWhatsapp | Field::PhoneLabel)
}
