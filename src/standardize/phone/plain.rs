//! Writes a cell in plain characters: ASCII digits, `-`, `+`, spaces; nothing that can't be seen.

use crate::text::character::is_invisible;
use crate::text::number::plain_char;

/// The cell without invisible characters and spreadsheet text marks, with every script's digits and dashes as ASCII.
pub(super) fn plain(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    text.extend(raw.chars().filter(|letter| !is_invisible(*letter)).map(plain_char));
    let text = text.trim();
    // `'050…` and `="050…"` keep a spreadsheet from taking the zero away.
    let text = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    text.trim_start_matches(['\'', '\u{2019}']).trim().to_owned()
}

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
}
