//! Columns that say whether somebody may be contacted: by the words of their headers, and by what stands in them.

use super::found::Found;
use crate::record::Field;
use crate::rule::{About, Asks, ColumnRules, HeaderReading, HeaderSays, Means, NoField, are_filled, filled};

/// What a column is by its header, if that speaks of contacting somebody; `looked_up` is what the header is as a whole.
pub(super) fn find(header: &str, looked_up: HeaderReading, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let sureness = rules.sureness;
    let (named, is_whole) = match looked_up {
        HeaderReading::Named(field) => (Some(field), true),
        HeaderReading::Contained(field) | HeaderReading::Partly(field) => (Some(field), false),
        HeaderReading::Unnamed => return None,
        HeaderReading::Unknown | HeaderReading::Nothing | HeaderReading::PartlyNothing => (None, false),
    };
    // "Mailing (1 = no)" is the contrary of what the rest of it says.
    let is_about_it = || match rules.standing().header(header) {
        HeaderSays::Asks(_) | HeaderSays::Perhaps(_) | HeaderSays::Smells => true,
        HeaderSays::PhoneLabel | HeaderSays::SomethingElse | HeaderSays::Nothing => named.is_some_and(is_own),
    };
    if rules.standing().has_odd_legend(header) && is_about_it() {
        return Some(Found::UNREAD);
    }
    // "Phone?" over yes and no holds no numbers: whether there is one, or whether it may be used.
    let is_contact = named.is_some_and(|field| field == Field::Email || field.is_phone());
    let says_yes = || values.iter().any(|value| rules.standing().is_plain_yes(value.trim()));
    // "Receipts by e-mail" holds neither addresses nor what somebody may be asked by.
    let is_of_things = || rules.standing().header(header) == HeaderSays::SomethingElse;
    if is_contact && rules.are_answers(values) && says_yes() && !is_of_things() {
        return Some(Found::UNREAD);
    }
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
            // "Living" and its like are words for much else: a part of a town in Arabic, a room.
            if asks.about == About::Death && asks.is_inverse {
                let is_blank = !are_filled(values);
                let is_nothing = is_blank && looked_up == HeaderReading::Nothing;
                let is_answered = is_blank || are_fates(values, rules);
                if is_nothing || !is_answered {
                    return None;
                }
            }
            // "Preferred language" is no way to reach somebody, nor is "preferred first" over names.
            if asks.about == About::Reach && (names_another(header, looked_up, rules) || !hold_ways(values, rules)) {
                return None;
            }
            // The key of a subscription is no answer.
            if matches!(asks.about, About::Permission | About::Tags) && are_keys(values, rules) {
                return None;
            }
            if asks.about == About::Status && !tell(values, rules) {
                // A status is a word, and "code" is a word for it, too; but "2" under "newsletter status" may be whoever refused.
                if rules.are_codes(values) {
                    return (!asks.channels.is_none()).then_some(Found::UNREAD);
                }
                if is_grouping(header, looked_up, rules) {
                    return None;
                }
            }
            Some(Found::by_header(field, sureness.contained))
        }
        HeaderSays::Perhaps(_) if is_whole => None,
        // "Hates calls: yes" under words that are not known is no permission, and may be the contrary.
        HeaderSays::Perhaps(asks) if asks.about == About::Permission && !asks.is_clear => {
            (perhaps(asks, values, rules).is_some() || are_ways(values, rules)).then_some(Found::UNREAD)
        }
        HeaderSays::Perhaps(asks) => perhaps(asks, values, rules),
        HeaderSays::PhoneLabel => Some(Found::by_header(Field::PhoneLabel, sureness.contained)),
        HeaderSays::Smells if is_whole => None,
        HeaderSays::Smells => Some(Found::UNREAD),
        // "Photo consent" holds a word for consent, and is none.
        HeaderSays::SomethingElse if rules.standing().is_of_family(header) && rules.are_answers(values) => {
            Some(Found::UNREAD)
        }
        HeaderSays::SomethingElse => named.filter(|field| is_own(*field) && !is_whole).map(|_| Found::NOTHING),
        HeaderSays::Nothing => None,
    }
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

/// Whether the values are ways to reach somebody.
fn are_ways(values: &[String], rules: &ColumnRules) -> bool {
    are_filled(values) && filled(values).all(|value| rules.standing().names_ways(value))
}

/// Whether some value tells by which way somebody is reached, or by none; or there is no value.
fn hold_ways(values: &[String], rules: &ColumnRules) -> bool {
    let words = rules.standing();
    !are_filled(values) || filled(values).any(|value| words.mentions_way(value) || words.is_answer(value))
}

fn perhaps(asks: Asks, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let words = rules.standing();
    // How often somebody called or wrote permits nothing and refuses nothing.
    if asks.about == About::Permission && rules.are_counts(values) {
        return None;
    }
    let is_it = match asks.about {
        About::Permission => {
            let (all, answers) =
                (filled(values).count(), filled(values).filter(|value| words.is_answer(value)).count());
            answers > 0 && answers * 100 >= all * usize::from(rules.answers_at)
        }
        _ => tell(values, rules),
    };
    // "Publicité: O, N": letters that nobody knows are answers all the same.
    let are_letters = || are_filled(values) && filled(values).all(|value| value.chars().count() == 1);
    if !is_it && asks.about == About::Permission && are_letters() {
        return Some(Found::UNREAD);
    }
    Some(Found::by_header(asks.field().filter(|_| is_it)?, rules.sureness.supported))
}

/// A column under words that nobody knows, some of whose values say that somebody died, is barred, wants no messages. Where the
/// header is about something else, only what can hardly be about that counts, and nobody knows then what the column is.
pub(super) fn by_values(header: &str, values: &[String], rules: &ColumnRules) -> Option<Found> {
    let words = rules.standing();
    if !filled(values).any(|value| words.tells_under(header, value)) {
        return None;
    }
    Some(match words.header(header) {
        HeaderSays::SomethingElse => Found::UNREAD,
        _ => Found::by_values(Some(Field::ContactStatus), rules.sureness.unknown),
    })
}

/// Whether values say of somebody that he lives or does not.
fn are_fates(values: &[String], rules: &ColumnRules) -> bool {
    rules.are_answers(values) || tell(values, rules) || rules.values_fit(Field::BirthDate, values)
}

/// Whether some value says by itself that somebody died, is barred, wants no messages.
fn tell(values: &[String], rules: &ColumnRules) -> bool {
    filled(values).any(|value| rules.standing().is_telling(value))
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

/// Whether a header is about the group in which somebody is.
fn is_grouping(header: &str, looked_up: HeaderReading, rules: &ColumnRules) -> bool {
    let grouping = Some(Means::NoField(NoField::Grouping));
    looked_up == HeaderReading::Nothing || rules.wording(header).first() == grouping
}

/// Whether a field is about contacting somebody.
const fn is_own(field: Field) -> bool {
    field.is_standing() || matches!(field, Field::ConsentWhatsapp | Field::PhoneLabel)
}
