//! What nobody sees, and what turns text around: one table for all fields.
//!
//! The ranges are Unicode's own, of version 16.0: `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt), and
//! `Bidi_Control`, `Join_Control` and `Variation_Selector` (PropList.txt). A test compares them with the tables of `regex`.
//!
//! Two of these kinds may mean something in words: joiners and variation selectors ([`is_shaper`]). A cell that holds words
//! keeps them where they shape what stands beside them ([`has_purpose`]); a cell that holds a number, a date or an address
//! of e-mail, and every fold, drops them with the rest.

use unicode_script::{Script, UnicodeScript};

use super::digit::digit_of;

/// Begins a text of some programs, and tells of its coding; no part of the text.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Has the direction of Hebrew and Arabic letters, and no width.
pub const RIGHT_TO_LEFT_MARK: char = '\u{200f}';
/// Has the direction of Latin letters, and no width.
pub const LEFT_TO_RIGHT_MARK: char = '\u{200e}';

/// Unicode's `Default_Ignorable_Code_Point`: no glyph of its own, whoever shows it.
pub const fn is_default_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Unicode's `Bidi_Control`: marks, embeddings, overrides and isolates (UAX #9).
pub const fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Unicode's `Join_Control`: ZWNJ and ZWJ, which part and join letters of Arabic and Indic scripts and build emoji.
pub const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}'..='\u{200d}')
}

/// Unicode's `Variation_Selector`: chooses a form of the character before it, in Han, Mongolian, and for emoji.
pub const fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// What nobody sees and no cell needs. Beside Unicode's property the marks of interlinear annotation: a program that
/// knows none of them should show them as missing glyphs, says Unicode, but in a list they are rubbish.
pub const fn is_invisible(character: char) -> bool {
    is_default_ignorable(character) || matches!(character, '\u{fff9}'..='\u{fffb}')
}

/// A control character that is no space: it comes from no keyboard and no other program shows it.
pub fn is_stray_control(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
}

/// What leaves no trace where it is shown: no text is compared by it.
pub fn is_traceless(character: char) -> bool {
    is_invisible(character) || is_stray_control(character)
}

/// What leaves no trace where it is shown, or one that is taken for a plain space.
pub fn is_unseen(character: char) -> bool {
    is_traceless(character) || character != ' ' && character.is_whitespace()
}

/// Invisible, but may shape what stands beside it.
pub const fn is_shaper(character: char) -> bool {
    is_joiner(character) || is_variation_selector(character)
}

/// Whether a [shaper](is_shaper) shapes anything between these two characters that are seen; none at an edge of a text.
///
/// The letters of most scripts in our lists join by themselves or not at all, and have one form. Tags and other rare
/// controls of emoji are not kept: they are a way to hide text, too.
pub fn has_purpose(shaper: char, before: Option<char>, after: Option<char>) -> bool {
    if is_joiner(shaper) {
        // A sequence of emoji may have a selector before its joiner: ❤️‍🔥.
        return before.is_some_and(|letter| is_shaped(letter) || is_variation_selector(letter))
            && after.is_some_and(is_shaped);
    }
    let is_keycap = || after == Some(KEYCAP) && before.is_some_and(|letter| letter.is_ascii() && letter != ' ');
    before.is_some_and(is_shaped) || is_keycap()
}

/// Stands behind a digit and the selector of emoji: 1️⃣.
const KEYCAP: char = '\u{20e3}';

fn is_shaped(character: char) -> bool {
    !character.is_ascii()
        && !character.is_whitespace()
        && !is_invisible(character)
        && digit_of(character).is_none()
        && !matches!(
            character.script(),
            Script::Latin | Script::Hebrew | Script::Cyrillic | Script::Greek | Script::Armenian | Script::Georgian
        )
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn the_ranges_are_those_of_unicode() {
        for (property, ours) in [
            ("Default_Ignorable_Code_Point", is_default_ignorable as fn(char) -> bool),
            ("Bidi_Control", is_bidi_control),
            ("Join_Control", is_joiner),
            ("Variation_Selector", is_variation_selector),
        ] {
            let theirs = Regex::new(&format!(r"^\p{{{property}}}$")).expect("a property that `regex` knows");
            for character in '\0'..=char::MAX {
                let is_theirs = theirs.is_match(character.encode_utf8(&mut [0; 4]));
                assert_eq!(ours(character), is_theirs, "{property} {character:?}");
            }
        }
    }

    #[test]
    fn what_turns_joins_or_varies_is_invisible_and_no_space_is() {
        for character in '\0'..=char::MAX {
            let special = is_bidi_control(character) || is_shaper(character);
            assert!(!special || is_invisible(character), "{character:?}");
            assert!(!is_invisible(character) || !character.is_whitespace() && !character.is_control(), "{character:?}");
        }
    }

    #[test]
    fn a_joiner_has_a_purpose_between_letters_that_join_and_between_emoji() {
        for (before, after, purpose) in [
            ('ی', 'ر', true),
            ('ക', 'ഷ', true),
            ('👩', '💻', true),
            ('\u{fe0f}', '🔥', true),
            ('ד', 'נ', false),
            ('a', 'b', false),
            ('и', 'в', false),
            ('ی', ' ', false),
            ('١', '٢', false),
            ('ی', '\u{200d}', false),
        ] {
            for joiner in ['\u{200c}', '\u{200d}'] {
                assert_eq!(has_purpose(joiner, Some(before), Some(after)), purpose, "{before} {after}");
                assert!(!has_purpose(joiner, None, Some(after)) && !has_purpose(joiner, Some(before), None));
            }
        }
    }

    #[test]
    fn a_selector_has_a_purpose_behind_what_has_several_forms() {
        for (before, selector, after, purpose) in [
            (Some('葛'), '\u{e0100}', None, true),
            (Some('❤'), '\u{fe0f}', Some(' '), true),
            (Some('ᠠ'), '\u{180b}', Some('ᠠ'), true),
            (Some('1'), '\u{fe0f}', Some('\u{20e3}'), true),
            (Some('1'), '\u{fe0f}', Some('2'), false),
            (Some('ה'), '\u{fe0f}', None, false),
            (Some('a'), '\u{fe00}', Some('b'), false),
            (Some(' '), '\u{fe0f}', None, false),
            (None, '\u{fe0f}', Some('❤'), false),
            (Some('\u{fe0f}'), '\u{fe0f}', None, false),
        ] {
            assert_eq!(has_purpose(selector, before, after), purpose, "{before:?} {selector:?} {after:?}");
        }
    }
}
