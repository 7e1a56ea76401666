//! Whole cells that are something else than a number with text around: dates, addresses, spreadsheet damage.

use crate::finding::Code;

/// What a cell's shape says before any number is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Look for numbers.
    Text,
    /// Not a number, for this reason.
    Other(Code),
    /// A number that a spreadsheet rewrote.
    Spreadsheet {
        /// What undoes it.
        repair: Code,
        /// Its digits.
        digits: String,
        /// A plus stood before them.
        plus: bool,
    },
}

/// Looks at a cell in plain characters.
pub(super) fn shape(text: &str) -> Shape {
    if is_email(text) {
        return Shape::Other(Code::PhoneLooksLikeEmail);
    }
    if is_date(text) {
        return Shape::Other(Code::PhoneLooksLikeDate);
    }
    if is_star_code(text) {
        return Shape::Other(Code::PhoneStarCode);
    }
    let (plus, number) = match text.strip_prefix(['+', '=']) {
        Some(number) => (text.starts_with('+'), number),
        None => (false, text),
    };
    let number = number.trim();
    if let Some(digits) = integer_with_decimals(number) {
        return Shape::Spreadsheet { repair: Code::PhoneRepairExcelDotZero, digits, plus };
    }
    if is_amount(text) {
        return Shape::Other(Code::PhoneNotANumber);
    }
    match scientific(number) {
        Some(Some(digits)) => Shape::Spreadsheet { repair: Code::PhoneRepairExcelSciExact, digits, plus },
        Some(None) => Shape::Other(Code::PhoneSciLossy),
        None => Shape::Text,
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let local = local.rsplit(' ').next().unwrap_or("");
        !local.is_empty() && domain.contains('.') && !domain.contains('@')
    })
}

/// `*2700`, or `2700*` where a line from right to left was typed.
fn is_star_code(text: &str) -> bool {
    let digits = text.strip_prefix('*').or_else(|| text.strip_suffix('*'));
    digits.is_some_and(|digits| (3..=6).contains(&digits.len()) && is_digits(digits))
}

/// `1,234.56`: thousands and decimals.
fn is_amount(text: &str) -> bool {
    let Some((whole, decimals)) = text.split_once('.') else { return false };
    whole.contains(',') && in_thousands(whole) && (1..=2).contains(&decimals.len()) && is_digits(decimals)
}

/// `502,345,678`: groups of three digits behind a first one.
fn in_thousands(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let starts = groups.next().is_some_and(|group| group.len() <= 3 && is_digits(group));
    starts && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// `502345678.0`, `502,345,678.00`: an integer that passed through a column of decimals. With thousands set off it must be
/// as long as a phone number; a shorter one is a sum.
fn integer_with_decimals(text: &str) -> Option<String> {
    let (whole, decimals) = text.rsplit_once('.').or_else(|| text.split_once(','))?;
    let is_zero = !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0');
    if !is_zero {
        return None;
    }
    if is_digits(whole) {
        return (decimals.len() <= 2 || whole.len() >= FEWEST_DIGITS).then(|| whole.to_owned());
    }
    let digits = whole.replace(',', "");
    (in_thousands(whole) && digits.len() >= FEWEST_DIGITS).then_some(digits)
}

/// `5.02345678E+08`: its digits where all of them are there, `None` inside where some are lost for good.
fn scientific(text: &str) -> Option<Option<String>> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let (mantissa, exponent) = (mantissa.trim_end(), exponent.trim_start());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent).trim_start_matches('0');
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let is_mantissa = is_digits(whole) && whole.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !is_mantissa || exponent.len() > 2 || !is_digits(exponent) {
        return None;
    }
    let places: usize = exponent.parse().ok()?;
    // Fewer decimals than places: the rest was rounded away, and even zeros would be a guess. More of them than places are
    // zeros, or it was no whole number.
    let (kept, rest) = decimals.split_at_checked(places).unwrap_or((decimals, ""));
    let is_whole = kept.len() == places && rest.bytes().all(|digit| digit == b'0');
    Some(is_whole.then(|| format!("{whole}{kept}")))
}

/// A calendar date in the orders that lists use; eight digits in a row count where they can't be anything else.
fn is_date(text: &str) -> bool {
    let day = text.split_once([' ', 'T']).map_or(text, |(day, time)| if is_time(time) { day } else { text });
    if day.len() == 8 && is_digits(day) {
        let part = |from: usize, to: usize| day[from..to].parse::<u32>().unwrap_or(0);
        return is_day(part(0, 2), part(2, 4), part(4, 8)) || is_day(part(6, 8), part(4, 6), part(0, 4));
    }
    let Some(mark) = day.chars().find(|letter| !letter.is_ascii_digit()).filter(|mark| "/.-".contains(*mark)) else {
        return false;
    };
    let parts: Vec<&str> = day.split(mark).collect();
    let [first, second, third] = parts[..] else { return false };
    if ![first, second, third].iter().all(|part| is_digits(part) && part.len() <= 4) {
        return false;
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(0);
    match (first.len(), second.len(), third.len()) {
        (1..=2, 1..=2, 4) => {
            is_day(number(first), number(second), number(third)) || is_day(number(second), number(first), number(third))
        }
        (4, 1..=2, 1..=2) => is_day(number(third), number(second), number(first)),
        (1..=2, 1..=2, 2) => is_day(number(first), number(second), OLDEST),
        _ => false,
    }
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte))
}

fn is_day(day: u32, month: u32, year: u32) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month) && (OLDEST..=NEWEST).contains(&year)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits of the shortest national numbers that a spreadsheet takes for a whole number without their zero.
const FEWEST_DIGITS: usize = 8;
/// Years of birth and of purchase lie between these.
const OLDEST: u32 = 1900;
const NEWEST: u32 = 2099;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheets_damage_is_undone_only_where_no_digit_is_lost() {
        let read = |repair, digits: &str, plus| Shape::Spreadsheet { repair, digits: digits.to_owned(), plus };
        let cases = [
            ("502345678.0", read(Code::PhoneRepairExcelDotZero, "502345678", false)),
            ("502345678.000", read(Code::PhoneRepairExcelDotZero, "502345678", false)),
            ("+972502345678.00", read(Code::PhoneRepairExcelDotZero, "972502345678", true)),
            ("502,345,678.00", read(Code::PhoneRepairExcelDotZero, "502345678", false)),
            ("5.02345678E+08", read(Code::PhoneRepairExcelSciExact, "502345678", false)),
            ("5.0234567800E+08", read(Code::PhoneRepairExcelSciExact, "502345678", false)),
            ("50.2345678 E+007", read(Code::PhoneRepairExcelSciExact, "502345678", false)),
            ("5,02345678e8", read(Code::PhoneRepairExcelSciExact, "502345678", false)),
            ("9.72502E+11", Shape::Other(Code::PhoneSciLossy)),
            ("5E+08", Shape::Other(Code::PhoneSciLossy)),
            ("50.2345678", Shape::Text),
            ("1e", Shape::Text),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn what_belongs_to_another_column_is_named() {
        let cases = [
            ("12/03/1985", Code::PhoneLooksLikeDate),
            ("1985-03-12 00:00:00", Code::PhoneLooksLikeDate),
            ("31121985", Code::PhoneLooksLikeDate),
            ("dan@example.com", Code::PhoneLooksLikeEmail),
            ("1,234.56", Code::PhoneNotANumber),
            ("*2700", Code::PhoneStarCode),
            ("2700*", Code::PhoneStarCode),
        ];
        for (text, code) in cases {
            assert_eq!(shape(text), Shape::Other(code), "{text}");
        }
        for text in ["03-5234567", "02-52-34567", "35234567", "4.5.6.7"] {
            assert_eq!(shape(text), Shape::Text, "{text}");
        }
    }
}
