//! The quick look: whether a name consists of letters whose form leaves nothing to repair.

use crate::text::hebrew;

/// What a plain name is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlainShape {
    /// Has Hebrew letters.
    pub(super) has_hebrew: bool,
    /// Has several words.
    pub(super) has_space: bool,
}

/// Words of Hebrew letters with final forms only at their ends, or of Latin letters with one capital at their start, between
/// single spaces and hyphens, an apostrophe inside; none for anything else.
pub(super) fn shape(text: &str) -> Option<PlainShape> {
    let mut shape = PlainShape { has_hebrew: false, has_space: false };
    let mut previous = Before::Edge;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        previous = match (byte, previous) {
            (hebrew::LEAD, Before::Edge | Before::Hebrew | Before::Apostrophe) => {
                let letter = hebrew::of_trail(*bytes.get(at)?)?;
                at += 1;
                shape.has_hebrew = true;
                let ends_word = !matches!(bytes.get(at), Some(&(hebrew::LEAD | b'\'')));
                let is_misplaced =
                    if ends_word { hebrew::never_ends_word(letter) } else { hebrew::ordinary_form(letter).is_some() };
                if is_misplaced {
                    return None;
                }
                Before::Hebrew
            }
            // Arabic letters have one case and no final forms of their own in Unicode; Russian ones have a capital first.
            (0xD8 | 0xD9, Before::Edge | Before::Arabic) => {
                let letter = *bytes.get(at)?;
                at += 1;
                is_arabic_letter(byte, letter).then_some(Before::Arabic)?
            }
            (0xD0 | 0xD1, Before::Edge | Before::Cyrillic) => {
                let letter = *bytes.get(at)?;
                at += 1;
                match (is_russian_capital(byte, letter)?, previous) {
                    // A word of capitals is to be repaired; one capital alone is an initial.
                    (true, Before::Edge) if !starts_with_capital(&bytes[at..]) => Before::Cyrillic,
                    (false, Before::Cyrillic) => Before::Cyrillic,
                    _ => return None,
                }
            }
            (b'A'..=b'Z', Before::Edge | Before::LatinApostrophe) => {
                // A capital alone is an initial; nothing to repair, but a word of capitals is.
                if matches!(bytes.get(at), Some(b'A'..=b'Z')) {
                    return None;
                }
                Before::Latin
            }
            (b'a'..=b'z', Before::Latin) => Before::Latin,
            (b'\'', Before::Hebrew) => Before::Apostrophe,
            (b'\'', Before::Latin) => Before::LatinApostrophe,
            (b' ', Before::Hebrew | Before::Latin | Before::Apostrophe | Before::Arabic | Before::Cyrillic) => {
                shape.has_space = true;
                Before::Edge
            }
            (b'-', Before::Hebrew | Before::Latin | Before::Apostrophe | Before::Cyrillic) => Before::Edge,
            _ => return None,
        };
    }
    (previous != Before::Edge || text.is_empty()).then_some(shape)
}

/// U+0621–U+063A and U+0641–U+064A: letters, no marks, no tatweel.
fn is_arabic_letter(lead: u8, letter: u8) -> bool {
    match lead {
        0xD8 => (0xA1..=0xBA).contains(&letter),
        _ => (0x81..=0x8A).contains(&letter),
    }
}

/// Whether a letter of `А`–`я`, `Ё`, `ё` is a capital; none for other characters.
fn is_russian_capital(lead: u8, letter: u8) -> Option<bool> {
    match (lead, letter) {
        (0xD0, 0x81 | 0x90..=0xAF) => Some(true),
        (0xD0, 0xB0..=0xBF) | (0xD1, 0x80..=0x8F | 0x91) => Some(false),
        _ => None,
    }
}

fn starts_with_capital(rest: &[u8]) -> bool {
    matches!(rest, [lead, letter, ..] if is_russian_capital(*lead, *letter) == Some(true))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start of a word.
    Edge,
    Hebrew,
    Latin,
    Arabic,
    Cyrillic,
    /// An apostrophe after a Hebrew letter.
    Apostrophe,
    /// An apostrophe after a Latin letter.
    LatinApostrophe,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_need_nothing_are_plain() {
        for plain in [
            "",
            "דנה",
            "בן דוד",
            "כהן-לוי",
            "ג'ורג'",
            "ריצ'",
            "Dana",
            "Ben David",
            "O'Neil",
            "קיפ",
            "محمد",
            "Иван",
            "Анна-Мария",
        ] {
            assert!(shape(plain).is_some(), "{plain}");
        }
        for other in [
            " דנה",
            "דנה ",
            "דנה  כהן",
            "כהנ",
            "שלוםי",
            "ד\"ר",
            "DANA",
            "dana",
            "dana Cohen",
            "McDonald",
            "דנה2",
            "Dana-",
            "דdana",
            "דָּנָה",
            "José",
            "de Vries",
            "ИВАН",
            "иван",
            "مُحمد",
        ] {
            assert!(shape(other).is_none(), "{other}");
        }
    }
}
