//! Writes a cell in plain characters: ASCII digits, `-`, `+`, spaces; nothing that can't be seen.

/// The cell without invisible characters and spreadsheet text marks, with every script's digits and dashes as ASCII.
pub(super) fn plain(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    text.extend(raw.chars().filter(|letter| !is_invisible(*letter)).map(plain_char));
    let text = text.trim();
    // `'050…` and `="050…"` keep a spreadsheet from taking the zero away.
    let text = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    text.trim_start_matches(['\'', '\u{2019}']).trim().to_owned()
}

/// A word as the lists of words hold it: lower case, without quotes, geresh, gershayim, niqqud and dots.
pub(super) fn fold_word(word: &str) -> String {
    word.chars().filter(|letter| !is_word_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Marks that may stand inside or after a word (`טל'`, `ט.נ.`, `моб.`).
pub(super) fn is_word_mark(letter: char) -> bool {
    matches!(letter, '\'' | '"' | '.' | '\u{2019}' | '\u{201d}' | '\u{5f3}' | '\u{5f4}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}')
}

fn plain_char(letter: char) -> char {
    match letter {
        '\0'..='\x7f' => letter,
        // Dash punctuation (Unicode category Pd, maqaf among them), minus, and what stands for a dash in lists.
        '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}'
        | '\u{2014}' | '\u{2015}' | '\u{2e17}' | '\u{2e1a}' | '\u{2e3a}' | '\u{2e3b}' | '\u{2e40}' | '\u{2e5d}'
        | '\u{301c}' | '\u{3030}' | '\u{30a0}' | '\u{fe31}' | '\u{fe32}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        | '\u{10ead}' | '\u{2212}' | '\u{30fc}' | '\u{b7}' | '\u{2022}' => '-',
        '\u{fe62}' | '\u{ff0b}' => '+',
        // What stands for a tilde, a mark that groups digits.
        '\u{2053}' | '\u{223c}' => '~',
        // Arabic decimal separator.
        '\u{66b}' => '.',
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        // Letters of Hebrew and Arabic stand in every other note.
        '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}' => letter,
        _ if letter.is_whitespace() => ' ',
        _ => digit_of(letter).unwrap_or(letter),
    }
}

/// Bidi controls, zero-width characters, soft hyphens and variation selectors.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Any script's decimal digit as an ASCII one.
fn digit_of(letter: char) -> Option<char> {
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= letter)].last()?;
    char::from_digit(letter as u32 - *zero as u32, 10)
}

/// The zeros of all decimal digits (Unicode category Nd); each is followed by its one to nine.
#[rustfmt::skip]
const ZEROS: [char; 65] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}',
    '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}', '\u{1c40}',
    '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{ff10}',
    '\u{104a0}', '\u{10d30}', '\u{11066}', '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}', '\u{11450}', '\u{114d0}',
    '\u{11650}', '\u{116c0}', '\u{11730}', '\u{118e0}', '\u{11950}', '\u{11c50}', '\u{11d50}', '\u{11da0}', '\u{16a60}',
    '\u{16ac0}', '\u{16b50}', '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}', '\u{1d7f6}', '\u{1e140}', '\u{1e2f0}',
    '\u{1e950}', '\u{1fbf0}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_sees_as_the_same_number_is_the_same_text() {
        let cases = [
            ("\u{200f}050-2345678\u{200e}", "050-2345678"),
            ("050\u{5be}2345678", "050-2345678"),
            ("\u{ff10}\u{ff15}\u{ff10}\u{ff0d}\u{ff12}", "050-2"),
            ("\u{660}\u{665}\u{660}", "050"),
            ("\u{6f0}\u{6f5}", "05"),
            ("'0502345678", "0502345678"),
            ("=\"0502345678\"", "0502345678"),
            (" 050\u{a0}234 ", "050 234"),
            ("\u{ff0b}972", "+972"),
        ];
        for (raw, text) in cases {
            assert_eq!(plain(raw), text, "{raw:?}");
        }
    }

    #[test]
    fn a_word_is_compared_without_its_marks() {
        assert_eq!(fold_word("\u{5d8}\u{5dc}\u{5f3}"), "\u{5d8}\u{5dc}");
        assert_eq!(fold_word("Tel."), "tel");
    }
}
