//! Text decoded with the wrong table: repaired only where a lossless way back yields clean letters.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1255};

use super::hebrew;

/// What was really written; none where the text is no mojibake, or can't be led back without loss.
pub fn repair_mojibake(text: &str) -> Option<String> {
    if !text.chars().any(|character| ('\u{80}'..'\u{590}').contains(&character) || character == '\u{5f3}') {
        return None;
    }
    read_twice(text).or_else(|| hebrew_read_as_latin(text))
}

/// What was written in UTF-8 before somebody took that for letters of a one-byte table, and wrote those in UTF-8; none where the
/// text is no such.
pub fn read_twice(text: &str) -> Option<String> {
    utf8_read_as(WINDOWS_1252, text).or_else(|| utf8_read_as(WINDOWS_1255, text))
}

/// UTF-8 that was read with a one-byte table: `×“× ×”` for `דנה`, `JosÃ©` for `José`.
fn utf8_read_as(table: &'static Encoding, text: &str) -> Option<String> {
    let mut bytes = bytes_in(table, text)?;
    restore_hard_spaces(&mut bytes);
    let real = String::from_utf8(bytes).ok()?;
    (real != text && !real.is_ascii() && real.chars().all(is_written_by_people)).then_some(real)
}

/// The letter נ is D7 A0 in UTF-8, and A0 is a hard space that programs like to replace by a plain one. A plain one
/// can't follow D7; that it stood for A0 is believed beside at least one whole pair.
fn restore_hard_spaces(bytes: &mut [u8]) {
    let has_pair = bytes.windows(2).any(|pair| pair[0] == hebrew::LEAD && hebrew::is_trail(pair[1]));
    if has_pair {
        for at in 1..bytes.len() {
            if bytes[at - 1] == hebrew::LEAD && bytes[at] == b' ' {
                bytes[at] = 0xA0;
            }
        }
    }
}

/// Hebrew in Windows-1255 that was read as Windows-1252: `ãðä` for `דנה`. Only whole texts of such letters: a single one
/// among Latin letters is an accent (`Café`).
fn hebrew_read_as_latin(text: &str) -> Option<String> {
    let is_letter = |character: char| ('\u{e0}'..='\u{fa}').contains(&character);
    let letters = text.chars().filter(|&character| is_letter(character)).count();
    let first = text.chars().find(|&character| is_letter(character))?;
    let is_hebrew = letters >= 2
        && text.chars().any(|character| is_letter(character) && character != first)
        && text
            .chars()
            .all(|character| is_letter(character) || character.is_ascii() && !character.is_ascii_alphabetic());
    if !is_hebrew {
        return None;
    }
    let bytes = bytes_in(WINDOWS_1252, text)?;
    let (real, had_errors) = WINDOWS_1255.decode_without_bom_handling(&bytes);
    (!had_errors).then(|| real.into_owned())
}

/// The bytes that this table reads as the text. Control characters U+0080-9F count as the bytes they are, as ISO 8859-1
/// reads them.
fn bytes_in(table: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letter = [0; 4];
    for character in text.chars() {
        match character {
            '\0'..='\u{7f}' => bytes.push(character as u8),
            '\u{80}'..='\u{9f}' => bytes.push(character as u32 as u8),
            _ => {
                let (encoded, _, had_errors) = table.encode(character.encode_utf8(&mut letter));
                match (had_errors, encoded) {
                    (false, Cow::Owned(one)) if one.len() == 1 => bytes.push(one[0]),
                    _ => return None,
                }
            }
        }
    }
    Some(bytes)
}

/// Letters and marks of Hebrew, Cyrillic, Arabic, Greek and Latin with accents, typographic punctuation, and ASCII.
fn is_written_by_people(character: char) -> bool {
    matches!(
        character,
        ' '..='~'
            | '\t' | '\n' | '\r'
            | '\u{a0}' | '\u{ab}' | '\u{b7}' | '\u{bb}'
            | '\u{c0}'..='\u{17f}'
            | '\u{218}'..='\u{21b}'
            | '\u{300}'..='\u{36f}'
            | '\u{384}'..='\u{3ce}'
            | '\u{400}'..='\u{4ff}'
            | '\u{591}'..='\u{5c7}' | '\u{5d0}'..='\u{5ea}' | '\u{5f3}' | '\u{5f4}'
            | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{621}'..='\u{652}' | '\u{660}'..='\u{669}' | '\u{670}'..='\u{6d3}'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{200c}'..='\u{200f}'
            | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '\u{2026}'
            | '\u{20aa}' | '\u{20ac}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` as a program shows it that reads its bytes with another table.
    fn misread(text: &str, written: &'static Encoding, read: &'static Encoding) -> String {
        let (bytes, _, _) = written.encode(text);
        read.decode_without_bom_handling(&bytes).0.into_owned()
    }

    #[test]
    fn utf_8_read_with_a_one_byte_table_comes_back() {
        for text in ["דנה", "שלום כהן", "José", "Иван", "محمد", "Ünlü", "רות-אן O'Neil"] {
            for table in [WINDOWS_1252, WINDOWS_1255] {
                let wrong = misread(text, encoding_rs::UTF_8, table);
                if !wrong.contains('\u{fffd}') {
                    assert_eq!(repair_mojibake(&wrong).as_deref(), Some(text), "{wrong}");
                }
            }
        }
    }

    #[test]
    fn hebrew_read_as_latin_comes_back() {
        for text in ["דנה", "יוסי כהן", "גל", "קרן", "ג'ורג'", "בן-דוד"] {
            let wrong = misread(text, WINDOWS_1255, WINDOWS_1252);
            assert_eq!(repair_mojibake(&wrong).as_deref(), Some(text), "{wrong}");
        }
    }

    #[test]
    fn text_with_honest_accents_stays() {
        for text in ["Café", "José", "Åse Øyå", "Müller", "déjà vu", "é", "éé", "Ñúñez", "שלום", "×", "Привет", "2 × 3"]
        {
            assert_eq!(repair_mojibake(text), None, "{text}");
        }
    }
}
