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

/// How a name is spelt in Latin letters whatever the fashion of writing it down: `yevgeny` and `evgeni`, `itzhak` and
/// `yitzchak`, `layla` and `leila` come to one. Vowels stay, since they tell `dan` from `dana` and `samir` from `samar`.
pub(super) fn spelling(latin: &str) -> String {
    const FASHIONS: [(&str, &str); 34] = [
        ("tch", "h"),
        ("sch", "sh"),
        ("kh", "h"),
        ("ch", "h"),
        ("tz", "s"),
        ("ts", "s"),
        ("z", "s"),
        ("x", "ks"),
        ("ph", "f"),
        ("ck", "k"),
        ("q", "k"),
        ("c", "k"),
        ("w", "v"),
        ("dj", "j"),
        ("ay", "e"),
        ("ai", "e"),
        ("ae", "e"),
        ("ey", "e"),
        ("ei", "e"),
        ("oo", "u"),
        ("ou", "u"),
        ("ee", "i"),
        ("ie", "i"),
        ("iy", "i"),
        ("yy", "i"),
        ("ya", "ia"),
        ("yo", "io"),
        ("yu", "iu"),
        ("ye", "e"),
        ("y", "i"),
        ("ii", "i"),
        ("th", "t"),
        ("gh", "g"),
        ("o", "u"),
    ];
    let start = match latin.as_bytes() {
        [b'y', b'e' | b'i', ..] => &latin[1..],
        _ => latin,
    };
    let start = start.strip_prefix('j').map_or_else(|| start.to_owned(), |rest| format!("y{rest}"));
    let mut text = start;
    for (written, sound) in FASHIONS {
        if text.contains(written) {
            text = text.replace(written, sound);
        }
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    // A breath at the end or before a consonant, and the vowel of `-er`, come and go.
    let out = out.strip_suffix('h').unwrap_or(&out).to_owned();
    match out.strip_suffix("er") {
        Some(stem) if stem.len() > 3 => format!("{stem}r"),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{ResolveRules, RuleFiles};
    use crate::text::folded;

    #[test]
    fn spellings_of_one_name_come_to_one_and_two_names_to_two() {
        for (a, b) in [
            ("alexander", "aleksandr"),
            ("yevgeny", "evgeni"),
            ("itzhak", "yitzchak"),
            ("layla", "leila"),
            ("sergei", "sergey"),
            ("michael", "mikhail"),
            ("sarah", "sara"),
            ("chaim", "haim"),
            ("yosef", "josef"),
            ("tzipora", "tsipora"),
            ("moshe", "mosheh"),
            ("dmitry", "dmitri"),
        ] {
            assert_eq!(spelling(a), spelling(b), "{a} {b}");
        }
        for (a, b) in [
            ("dan", "dana"),
            ("samir", "samar"),
            ("daniel", "daniela"),
            ("daniel", "danielle"),
            ("noa", "noam"),
            ("michal", "michael"),
            ("yair", "meir"),
            ("alon", "alona"),
            ("maria", "marina"),
            ("julia", "julian"),
            ("karim", "karam"),
            ("ofer", "ofra"),
        ] {
            assert_ne!(spelling(a), spelling(b), "{a} {b}");
        }
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
