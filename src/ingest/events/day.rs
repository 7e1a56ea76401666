//! The day of an event, as programs write moments.

use jiff::civil::Date;

use crate::record::Day;

/// The day of `2026-03-01`, `2026-03-01T09:30:00Z` or `2026-03-01 09:30`; the time and its zone are let go.
pub(in super::super) fn iso_day(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    let (date, rest) = bytes.split_at_checked(10)?;
    if date[4] != b'-' || date[7] != b'-' || !matches!(rest.first(), None | Some(b'T' | b't' | b' ')) {
        return None;
    }
    let number = |from: usize, to: usize| {
        date[from..to]
            .iter()
            .try_fold(0i32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    Some(Day::of(date))
}

/// The day of what programs write beside that: seconds or thousandths since 1970 (`1717401600`, `1717401600.25`,
/// `1717401600000`), and moments as mail has them (RFC 2822: `Thu, 24 Aug 2023 05:01:45 +0000`).
pub(super) fn program_day(text: &str) -> Option<Day> {
    unix_day(text).or_else(|| {
        // Most dates of lists begin with a digit; reading them so would be in vain.
        let is_mail = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text.contains(':');
        let moment = jiff::fmt::rfc2822::parse(text).ok().filter(|_| is_mail)?;
        Some(Day::of(moment.date()))
    })
}

fn unix_day(text: &str) -> Option<Day> {
    const DAY: u64 = 24 * 60 * 60;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    // From 1973 to 5138, of which no event has two readings.
    let seconds = match whole.len() {
        9..=11 => whole.parse::<u64>().ok()?,
        12..=14 => whole.parse::<u64>().ok()? / 1000,
        _ => return None,
    };
    Some(Day::new(i32::try_from(seconds / DAY).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_off_times() {
        assert_eq!(iso_day("1970-01-02T23:59:59+02:00"), Some(Day::new(1)));
        assert_eq!(iso_day("1970-02-30"), None);
        assert_eq!(iso_day("02/01/1970"), None);
        assert_eq!(iso_day("1970-01-021"), None);
    }

    #[test]
    fn moments_of_programs_are_read_as_days() {
        let day = iso_day("2023-08-24");
        for text in ["1692853305", "1692853305.5", "1692853305123", "Thu, 24 Aug 2023 05:01:45 +0000"] {
            assert_eq!(program_day(text), day, "{text}");
        }
        for text in ["", ".", "24", "20230824", "24/08/2023", "16928533051234567", "Thursday", "yesterday: no"] {
            assert_eq!(program_day(text), None, "{text}");
        }
    }
}
