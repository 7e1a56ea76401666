//! The forms in which texts are compared: folded, in Latin letters, by sound.

use crate::rule::LatinLetters;

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
    use crate::text::folded;

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
