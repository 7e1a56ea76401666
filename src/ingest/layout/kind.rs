//! What a cell looks like by itself, and whether a record is a header or already a customer.

use crate::text::is_unseen;

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it.
    Blank,
    /// An e-mail address.
    Email,
    /// A calendar day, with or without a time.
    Date,
    /// Digits with nothing but punctuation between.
    Number,
    /// Letters and digits in one piece, as keys are.
    Code,
    /// Anything else.
    Text,
}

impl Kind {
    /// The kind of a cell without spaces at its edges.
    pub(super) fn of(cell: &str) -> Kind {
        let has_digit = cell.bytes().any(|byte| byte.is_ascii_digit());
        if cell.is_empty() {
            Kind::Blank
        } else if is_email(cell) {
            Kind::Email
        } else if has_digit && is_date(cell) {
            Kind::Date
        } else if has_digit && !cell.contains(char::is_alphabetic) {
            Kind::Number
        } else if has_digit && cell.len() <= LONGEST_CODE && cell.chars().all(is_code_sign) {
            Kind::Code
        } else {
            Kind::Text
        }
    }
}

fn is_code_sign(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/' | '#')
}

/// Longer pieces are no keys.
const LONGEST_CODE: usize = 40;

/// Whether the first record looks like data rather than a header: it holds an e-mail address, a long number, or a date.
///
/// Three or more dates with nothing else are taken for the columns of a report by day.
pub(in crate::ingest) fn looks_like_data(first: &[String]) -> bool {
    let mut dates = 0;
    for cell in first.iter().map(|cell| cell.trim_matches(|c: char| c == ' ' || is_unseen(c))) {
        if is_date(cell) {
            dates += 1;
        } else if is_email(cell) || is_long_number(cell) {
            return true;
        }
    }
    matches!(dates, 1 | 2)
}

fn is_email(cell: &str) -> bool {
    let Some((local, domain)) = cell.split_once('@') else { return false };
    !local.is_empty()
        && !cell.contains(char::is_whitespace)
        && domain.split_once('.').is_some_and(|(name, top)| !name.is_empty() && !top.is_empty())
}

/// A telephone, identity or customer number: seven digits or more with nothing but punctuation between.
pub(super) fn is_long_number(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits >= 7
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | ' ' | '/' | '*'))
}

/// `31/12/1980`, `1980-12-31`, `31.12.80`, `19801231`, each with or without a time behind it.
fn is_date(cell: &str) -> bool {
    let day = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, second, third] = parts[..] else { return is_compact_date(day) };
    let is_short = |part: &str| part.len() <= 2;
    match (first.len(), third.len()) {
        (4, 1 | 2) if is_short(second) => is_calendar_day(number(first), number(second), number(third)),
        (1 | 2, 2 | 4) if is_short(second) => {
            let (first, second, year) = (number(first), number(second), number(third));
            is_calendar_day(year, first, second) || is_calendar_day(year, second, first)
        }
        _ => false,
    }
}

fn is_compact_date(text: &str) -> bool {
    text.len() == 8
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && is_calendar_day(number(&text[..4]), number(&text[4..6]), number(&text[6..]))
}

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or_default()
}

fn is_calendar_day(year: u32, month: u32, day: u32) -> bool {
    (year < 100 || (1900..2100).contains(&year)) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart_by_how_they_look() {
        for (cell, kind) in [
            ("", Kind::Blank),
            ("dana@example.com", Kind::Email),
            ("31.12.80", Kind::Date),
            ("052-7318264", Kind::Number),
            ("K101", Kind::Code),
            ("varchar(40)", Kind::Text),
            ("הרצל 5", Kind::Text),
            ("Phone 2", Kind::Text),
        ] {
            assert_eq!(Kind::of(cell), kind, "{cell}");
        }
    }

    #[test]
    fn a_customer_in_the_first_record_is_told_from_a_header() {
        for (record, is_data) in [
            ("דנה,כהן,050-1234567", true),
            ("1,Dana,Cohen,dana@example.com", true),
            ("1,דנה,כהן,12/03/1980,חיפה", true),
            ("1,דנה,כהן,1980-03-12 00:00:00,חיפה", true),
            ("17,000000018,נועם", true),
            ("\u{200f}+972 50 123 4567,נועם", true),
            ("דנה,כהן,19800312", true),
            ("שם פרטי,שם משפחה,טלפון", false),
            ("name,e-mail (e.g. dana@example.com)", false),
            ("name,2023,2024", false),
            ("name,email,2024-01-01,2024-02-01,2024-03-01", false),
            ("1,2,3,4", false),
            ("phone 1,phone 2,1.2.3", false),
            (",,", false),
            ("@,a@b,@.", false),
        ] {
            let cells: Vec<String> = record.split(',').map(str::to_owned).collect();
            assert_eq!(looks_like_data(&cells), is_data, "{record}");
        }
        assert!(!looks_like_data(&[]));
    }
}
