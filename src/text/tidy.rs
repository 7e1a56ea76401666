//! Single characters that don't belong: odd spaces, invisible and control characters, bidi marks, compatibility forms.

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

/// What was done to a text without losing anything that a person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidied {
    /// Full-width letters, presentation forms and parted accents were written as the letters they are.
    Composed,
    /// Marks of direction were taken out.
    Bidi,
    /// Control characters were taken out.
    Control,
    /// Other characters that nobody sees were taken out.
    Invisible,
    /// Spaces at the edges were taken off.
    Edges,
    /// Inner spaces became single plain ones.
    InnerSpace,
}

/// The text with plain single spaces, none at its edges, and without what nobody sees; none where nothing changes.
/// `tell` is told what was done, as often as it was.
pub fn tidy(text: &str, mut tell: impl FnMut(Tidied)) -> Option<String> {
    let composed = compose(text);
    if composed.is_some() {
        tell(Tidied::Composed);
    }
    let text_now = composed.as_deref().unwrap_or(text);
    let mut tidy = String::with_capacity(text_now.len());
    // A run of spaces, and whether it is exactly one plain one.
    let mut pending: Option<bool> = None;
    let mut spaces_changed = false;
    let mut edge_changed = false;
    let mut characters = text_now.chars().peekable();
    while let Some(character) = characters.next() {
        match Kind::of(character) {
            Kind::Space => {
                pending = Some(pending.is_none() && character == ' ');
                continue;
            }
            Kind::Bidi => tell(Tidied::Bidi),
            Kind::Control => tell(Tidied::Control),
            Kind::Invisible => tell(Tidied::Invisible),
            Kind::Joiner if !joins(tidy.chars().next_back(), characters.peek().copied()) => {
                tell(Tidied::Invisible);
            }
            Kind::Joiner | Kind::Seen => {
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
    if tidy == text {
        return None;
    }
    // A cell of nothing but spaces is an empty cell: nothing was repaired.
    if edge_changed && !tidy.is_empty() {
        tell(Tidied::Edges);
    }
    if spaces_changed {
        tell(Tidied::InnerSpace);
    }
    Some(tidy)
}

enum Kind {
    Space,
    Bidi,
    Control,
    Invisible,
    /// Shapes letters in Arabic and Indic scripts and builds emoji; noise elsewhere.
    Joiner,
    Seen,
}

impl Kind {
    fn of(character: char) -> Kind {
        match character {
            ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => Kind::Space,
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Kind::Control,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' => {
                Kind::Invisible
            }
            '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => Kind::Invisible,
            '\u{200c}' | '\u{200d}' => Kind::Joiner,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Kind::Bidi,
            _ if character.is_whitespace() => Kind::Space,
            _ => Kind::Seen,
        }
    }
}

/// Whether a joiner between these two has a purpose.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let shapes = |character: char| {
        !character.is_ascii()
            && !character.is_whitespace()
            && !matches!(Kind::of(character), Kind::Joiner)
            && !matches!(
                character.script(),
                Script::Latin | Script::Hebrew | Script::Cyrillic | Script::Greek | Script::Armenian | Script::Georgian
            )
    };
    before.is_some_and(shapes) && after.is_some_and(shapes)
}

/// Full-width letters, presentation forms and ligatures as the letters they are (NFKC of just these, which loses nothing
/// that a person wrote), and accents composed with their letters (NFC); none where nothing changes.
fn compose(text: &str) -> Option<String> {
    let is_form = |character: char| {
        matches!(
            character,
            '\u{fb00}'..='\u{fb06}'
                | '\u{fb1d}'..='\u{fb4f}'
                | '\u{fb50}'..='\u{fdf1}'
                | '\u{fe70}'..='\u{fefc}'
                | '\u{ff01}'..='\u{ffee}'
                | '\u{1d400}'..='\u{1d7ff}'
        )
    };
    let composed: String = if text.chars().any(is_form) {
        let letters = text.chars().flat_map(|character| {
            let form = is_form(character).then(|| std::iter::once(character).nfkc());
            let own = (!is_form(character)).then_some(character);
            form.into_iter().flatten().chain(own)
        });
        letters.nfc().collect()
    } else {
        text.nfc().collect()
    };
    (composed != text).then_some(composed)
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
