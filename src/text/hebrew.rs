//! Hebrew letters, their final forms and their points.

/// The first letter.
pub const ALEF: char = 'א';
/// The last letter.
pub const TAV: char = 'ת';

/// A letter, final forms included.
pub const fn is_letter(character: char) -> bool {
    matches!(character, ALEF..=TAV)
}

/// Points and accents (all that combine); the punctuation of scripture is not among them.
pub const fn is_point(character: char) -> bool {
    is_mark(character) && !matches!(character, '\u{5c0}' | '\u{5c3}' | '\u{5c6}')
}

/// Points, accents and the punctuation of scripture; not the maqaf, which is a hyphen.
pub const fn is_mark(character: char) -> bool {
    matches!(character, '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}')
}

/// First byte of all letters in UTF-8.
pub const LEAD: u8 = 0xd7;

/// Whether a byte behind [`LEAD`] makes a letter.
pub const fn is_trail(byte: u8) -> bool {
    matches!(byte, 0x90..=0xaa)
}

/// The letter of [`LEAD`] and this byte; none where they make something else.
pub const fn of_trail(byte: u8) -> Option<char> {
    if is_trail(byte) { char::from_u32(0x5c0 | (byte & 0x3f) as u32) } else { None }
}

/// The form at the start of words and inside of them; none of a letter that has no other.
pub const fn ordinary_form(letter: char) -> Option<char> {
    match letter {
        'ך' => Some('כ'),
        'ם' => Some('מ'),
        'ן' => Some('נ'),
        'ף' => Some('פ'),
        'ץ' => Some('צ'),
        _ => None,
    }
}

/// The form at the end of words; none of a letter that has no other.
pub const fn final_form(letter: char) -> Option<char> {
    match letter {
        'כ' => Some('ך'),
        'מ' => Some('ם'),
        'נ' => Some('ן'),
        'פ' => Some('ף'),
        'צ' => Some('ץ'),
        _ => None,
    }
}

/// Ordinary forms that end no word. Not פ, which stands there in loan words for the sound p.
pub const fn never_ends_word(letter: char) -> bool {
    final_form(letter).is_some() && letter != 'פ'
}

/// Any character, final forms as their letter.
pub const fn without_final(letter: char) -> char {
    match ordinary_form(letter) {
        Some(ordinary) => ordinary,
        None => letter,
    }
}

/// A folded text with the letters that Hebrew has for the ends of words: as lists of names have it.
pub fn with_finals(folded: &str) -> String {
    let mut letters = folded.chars().peekable();
    let mut out = String::with_capacity(folded.len());
    while let Some(letter) = letters.next() {
        let is_last = letters.peek().is_none_or(|next| *next == ' ');
        out.push(final_form(letter).filter(|_| is_last).unwrap_or(letter));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_letters_are_the_same() {
        for letter in '\u{5c0}'..='\u{5ff}' {
            let mut bytes = [0; 2];
            letter.encode_utf8(&mut bytes);
            assert_eq!((bytes[0], of_trail(bytes[1])), (LEAD, Some(letter).filter(|letter| is_letter(*letter))));
        }
    }

    #[test]
    fn a_name_gets_its_final_letters_back() {
        assert_eq!(with_finals("אברהמ בנ חיימ"), "אברהם בן חיים");
    }

    #[test]
    fn the_two_forms_of_a_letter_lead_to_each_other() {
        let finals: Vec<char> = (ALEF..=TAV).filter(|letter| ordinary_form(*letter).is_some()).collect();
        assert_eq!(finals, ['ך', 'ם', 'ן', 'ף', 'ץ']);
        for letter in finals {
            assert_eq!(final_form(without_final(letter)), Some(letter));
        }
    }
}
