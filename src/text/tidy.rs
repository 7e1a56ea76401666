//! Single characters that don't belong: odd spaces, invisible and control characters, bidi marks, compatibility forms.

use std::str::Chars;

use super::character::{has_purpose, is_bidi_control, is_invisible, is_shaper, is_stray_control};
use super::compose::compose;
use super::step::Step;

/// The text with plain single spaces, none at its edges, and without what nobody sees; none where nothing changes.
/// `tell` is told the lossless steps that did something, as often as they did.
pub fn tidy(text: &str, mut tell: impl FnMut(Step)) -> Option<String> {
    let composed = compose(text);
    if composed.is_some() {
        tell(Step::Compose);
    }
    let text_now = composed.as_deref().unwrap_or(text);
    let mut tidy = String::with_capacity(text_now.len());
    // A run of spaces, and whether it is exactly one plain one.
    let mut pending: Option<bool> = None;
    let mut spaces_changed = false;
    let mut edge_changed = false;
    let mut took_out = false;
    let mut tell_out = |step| {
        took_out = true;
        tell(step);
    };
    let mut characters = text_now.chars();
    while let Some(character) = characters.next() {
        match Kind::of(character) {
            Kind::Space => {
                pending = Some(pending.is_none() && character == ' ');
                continue;
            }
            Kind::Bidi => tell_out(Step::Bidi),
            Kind::Control => tell_out(Step::Control),
            Kind::Invisible => tell_out(Step::Invisible),
            Kind::Shaper if !stays(character, last(&tidy, pending), &characters) => tell_out(Step::Invisible),
            Kind::Shaper | Kind::Seen => {
                if let Some(is_plain) = pending.take() {
                    if tidy.is_empty() {
                        edge_changed = true;
                    } else {
                        tidy.push(' ');
                        spaces_changed |= !is_plain;
                    }
                }
                tidy.push(character);
            }
        }
    }
    edge_changed |= pending.is_some();
    // What stood between a letter and its accent may be gone.
    if let Some(composed) = took_out.then(|| compose(&tidy)).flatten() {
        tell(Step::Compose);
        tidy = composed;
    }
    if tidy == text {
        return None;
    }
    // A cell of nothing but spaces is an empty cell: nothing was repaired.
    if edge_changed && !tidy.is_empty() {
        tell(Step::Edges);
    }
    if spaces_changed {
        tell(Step::InnerSpace);
    }
    Some(tidy)
}

enum Kind {
    Space,
    Bidi,
    Control,
    Invisible,
    /// Stays where it shapes what stands beside it.
    Shaper,
    Seen,
}

impl Kind {
    fn of(character: char) -> Kind {
        match character {
            ' ' => Kind::Space,
            '!'..='~' => Kind::Seen,
            _ if is_bidi_control(character) => Kind::Bidi,
            _ if is_shaper(character) => Kind::Shaper,
            _ if is_invisible(character) => Kind::Invisible,
            _ if character.is_whitespace() => Kind::Space,
            _ if is_stray_control(character) => Kind::Control,
            _ => Kind::Seen,
        }
    }
}

/// What stands before the next character.
fn last(tidy: &str, pending: Option<bool>) -> Option<char> {
    tidy.chars().next_back().filter(|_| pending.is_none())
}

/// Whether a shaper has a purpose between the end of a text and what follows, where nothing stays that goes anyway.
fn stays(shaper: char, before: Option<char>, rest: &Chars<'_>) -> bool {
    let goes = |character: &char| matches!(Kind::of(*character), Kind::Bidi | Kind::Control | Kind::Invisible);
    has_purpose(shaper, before, rest.clone().find(|character| !goes(character)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(text: &str) -> String {
        tidy(text, |_| {}).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn a_joiner_stays_where_it_shapes_letters_and_goes_elsewhere() {
        assert_eq!(tidied("علی\u{200c}رضا"), "علی\u{200c}رضا");
        assert_eq!(tidied("דנ\u{200d}ה"), "דנה");
        assert_eq!(tidied("Da\u{200c}na"), "Dana");
    }

    #[test]
    fn decomposed_accents_compose() {
        assert_eq!(tidied("Jose\u{301}"), "José");
    }

    #[test]
    fn line_breaks_and_tabs_become_spaces() {
        assert_eq!(tidied("דנה\r\n\tכהן\n"), "דנה כהן");
    }
}
