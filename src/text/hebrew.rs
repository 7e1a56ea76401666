//! Hebrew letters and their final forms.

/// The first letter.
pub const ALEF: char = 'א';
/// The last letter.
pub const TAV: char = 'ת';

/// A letter, final forms included.
pub const fn is_letter(character: char) -> bool {
    matches!(character, ALEF..=TAV)
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
