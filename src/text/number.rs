//! Characters of cells that hold a number: ASCII digits, `-`, `+`, spaces.

use super::digit::digit_of;
use super::hebrew;
use super::mark::{is_dash, narrow};

/// A character as a keyboard writes it: digits of every script, dashes, and full-width forms as ASCII.
pub fn plain_char(letter: char) -> char {
    match letter {
        '\0'..='\x7f' => letter,
        // Dash punctuation (Unicode category Pd, maqaf among them), minus, and what stands for a dash in lists.
        _ if is_dash(letter) => '-',
        '\u{58a}' | '\u{1400}' | '\u{1806}' | '\u{2e17}' | '\u{2e1a}' | '\u{2e3a}' | '\u{2e3b}' | '\u{2e40}'
        | '\u{2e5d}' | '\u{301c}' | '\u{3030}' | '\u{30a0}' | '\u{fe31}' | '\u{fe32}' | '\u{fe58}' | '\u{fe63}'
        | '\u{ff0d}' | '\u{10ead}' | '\u{30fc}' | '\u{b7}' | '\u{2022}' => '-',
        '\u{fe62}' | '\u{ff0b}' => '+',
        // What stands for a tilde, a mark that groups digits.
        '\u{2053}' | '\u{223c}' => '~',
        // Arabic decimal separator.
        '\u{66b}' => '.',
        // Letters of Hebrew and Arabic stand in every other note.
        hebrew::ALEF..=hebrew::TAV | '\u{620}'..='\u{64a}' => letter,
        _ if letter.is_whitespace() => ' ',
        _ => narrow(letter).or(digit_of(letter)).unwrap_or(letter),
    }
}
