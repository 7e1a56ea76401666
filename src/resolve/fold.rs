//! The forms in which texts are compared: folded, in Latin letters, by sound.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::rule::LatinLetters;

/// Writes a text behind `out` in lower case, without marks, apostrophes and final letters; all else that is neither letter
/// nor digit becomes one space.
pub(super) fn push_folded(text: &str, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    for letter in text.chars() {
        let kept = match letter {
            'a'..='z' | '0'..='9' => letter,
            'A'..='Z' => letter.to_ascii_lowercase(),
            'א'..='ת' => without_final(letter),
            _ if is_dropped(letter) => continue,
            '\0'..='\x7f' => {
                gap = true;
                continue;
            }
            _ => {
                for part in letter.nfkd().filter(|part| !is_combining_mark(*part)).flat_map(char::to_lowercase) {
                    if part.is_alphanumeric() {
                        push_letter(without_final(part), start, &mut gap, out);
                    } else if !is_dropped(part) {
                        gap = true;
                    }
                }
                continue;
            }
        };
        push_letter(kept, start, &mut gap, out);
    }
}

fn push_letter(letter: char, start: usize, gap: &mut bool, out: &mut String) {
    if *gap && out.len() > start {
        out.push(' ');
    }
    *gap = false;
    out.push(letter);
}

/// The folded form of a text.
#[cfg(test)]
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_folded(text, &mut out);
    out
}

/// Apostrophes and quotes of all scripts, marks, and characters that nobody sees.
fn is_dropped(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '"' | '`' | '´' | '’' | '‘' | 'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' | '”' | '׳' | '״' | '\u{ad}' | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'..='\u{5c7}' | '\u{61c}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

fn without_final(letter: char) -> char {
    match letter {
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        letter => letter,
    }
}

/// A folded text with the letters that Hebrew has for the ends of words: as lists of names have it.
pub(super) fn with_finals(folded: &str) -> String {
    let mut letters = folded.chars().peekable();
    let mut out = String::with_capacity(folded.len());
    while let Some(letter) = letters.next() {
        let is_last = letters.peek().is_none_or(|next| *next == ' ');
        out.push(match letter {
            'כ' if is_last => 'ך',
            'מ' if is_last => 'ם',
            'נ' if is_last => 'ן',
            'פ' if is_last => 'ף',
            'צ' if is_last => 'ץ',
            letter => letter,
        });
    }
    out
}

/// A folded text letter by letter in ASCII: what no table knows becomes `?`.
pub(super) fn in_latin(folded: &str, letters: &LatinLetters) -> String {
    if folded.is_ascii() {
        return folded.to_owned();
    }
    let mut out = String::with_capacity(folded.len());
    for letter in folded.chars() {
        match letters.of(letter) {
            _ if letter.is_ascii() => out.push(letter),
            Some(latin) => out.push_str(latin),
            None => out.push('?'),
        }
    }
    out
}

/// How a Latin word sounds, roughly: its consonants in classes, without doublings; an `a` stands for a vowel at the start.
/// Empty where less than two letters are left.
pub(super) fn sound(latin: &str) -> String {
    let text = latin.replace("ph", "f").replace("ck", "k").replace("tz", "s").replace("ts", "s").replace("ch", "h");
    let mut out = String::with_capacity(text.len());
    for (index, letter) in text.bytes().enumerate() {
        let class = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => {
                if index == 0 {
                    out.push('a');
                }
                continue;
            }
            b'y' | b'h' | b'w' | b' ' => continue,
            b'c' | b'q' => b'k',
            b'z' => b's',
            b'v' => b'b',
            other => other,
        };
        if out.as_bytes().last() != Some(&class) {
            out.push(class as char);
        }
    }
    if out.len() < 2 {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{ResolveRules, RuleFiles};

    #[test]
    fn folding_keeps_letters_and_digits_only() {
        for (text, expected) in [
            ("  Dana  LEVI-Cohen ", "dana levi cohen"),
            ("O'Brien", "obrien"),
            ("שלוֹם כהן\u{200f}", "שלומ כהנ"),
            ("ג׳ורג'", "גורג"),
            ("Élise Müller", "elise muller"),
            ("Ёлкин", "елкин"),
            ("12-A/3", "12 a 3"),
            ("--", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
            assert_eq!(folded(&folded(text)), expected, "{text} twice");
        }
        assert_eq!(with_finals(&folded("אברהם בן חיים")), "אברהם בן חיים");
    }

    #[test]
    fn words_that_sound_alike_in_two_scripts_are_alike() {
        let letters = ResolveRules::load(&RuleFiles::embedded()).expect("the shipped rules load").letters;
        let sound_of = |text: &str| sound(&in_latin(&folded(text), &letters));
        for (left, right) in [("דנה", "Dana"), ("Даниэль", "Daniel"), ("שמעון", "Shimvon"), ("محمد", "Muhammad")]
        {
            assert_eq!(sound_of(left), sound_of(right), "{left} {right}");
        }
        assert_eq!(sound_of("לי"), "");
        assert_ne!(sound_of("Adam"), sound_of("Dima"));
    }
}
