//! The time of day behind a date.

/// A text whose time of day was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeSplit<'a> {
    /// What stands before the time.
    pub(super) date: &'a str,
    /// The time was 00:00, which exports of plain dates add by themselves.
    pub(super) is_midnight: bool,
}

/// Cuts `12:30`, `T12:30:15.250Z`, `10:30 PM`, `12:30 +02:00` off the end; none where there is no such time.
pub(super) fn split_time(text: &str) -> Option<TimeSplit<'_>> {
    let colon = memchr::memchr(b':', text.as_bytes())?;
    let (before, after) = text.split_at(colon);
    let date_and_sign = before.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let hour = &before[date_and_sign.len()..];
    let date = date_and_sign.strip_suffix(['T', 't', ' ', ','])?.trim_end_matches([' ', ',']);
    let hour: u8 = parse_part(hour)?;
    let (minute, rest) = take_part(after.strip_prefix(':')?)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => take_part(rest)?,
        None => (0, rest),
    };
    let (fraction, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (hour, zone) = half_of_day(hour, rest.trim_start())?;
    if hour > 24 || minute > 59 || second > 60 || !is_zone(zone) {
        return None;
    }
    let is_midnight = hour == 0 && minute == 0 && second == 0 && fraction.bytes().all(|digit| digit == b'0');
    Some(TimeSplit { date, is_midnight })
}

fn half_of_day(hour: u8, rest: &str) -> Option<(u8, &str)> {
    let half = rest.get(..2).unwrap_or_default();
    let is_morning = half.eq_ignore_ascii_case("am");
    if !is_morning && !half.eq_ignore_ascii_case("pm") {
        return Some((hour, rest));
    }
    if !(1..=12).contains(&hour) {
        return None;
    }
    Some((hour % 12 + if is_morning { 0 } else { 12 }, rest[2..].trim_start()))
}

/// `Z`, `UTC`, `+02`, `+0200`, `+02:00`, `GMT+0200 (Israel Standard Time)` or nothing.
fn is_zone(zone: &str) -> bool {
    let zone = zone.split_once('(').map_or(zone, |(zone, _name)| zone.trim_end());
    let offset = zone.trim_start_matches("UTC").trim_start_matches("GMT").trim_start();
    match offset.as_bytes() {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', digits @ ..] => {
            digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b':') && (2..=5).contains(&digits.len())
        }
        _ => false,
    }
}

fn take_part(text: &str) -> Option<(u8, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    Some((parse_part(&text[..end])?, &text[end..]))
}

fn parse_part(digits: &str) -> Option<u8> {
    if (1..=2).contains(&digits.len()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_common_exports_are_cut_off() {
        for text in [
            "2024-03-05T12:30:15.250Z",
            "2024-03-05 12:30",
            "2024-03-05, 12:30:15",
            "2024-03-05 9:05 PM",
            "2024-03-05T12:30:15+02:00",
            "2024-03-05 12:30:15 GMT+0200 (Israel Standard Time)",
        ] {
            assert_eq!(split_time(text), Some(TimeSplit { date: "2024-03-05", is_midnight: false }), "{text}");
        }
        for text in ["2024-03-05 00:00:00", "2024-03-05T00:00:00.000Z", "2024-03-05 12:00:00 AM"] {
            assert_eq!(split_time(text), Some(TimeSplit { date: "2024-03-05", is_midnight: true }), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_stays() {
        for text in ["2024-03-05", "12:30", "a:b", "2024-03-05 12:75", "2024-03-05 12:30 tomorrow", "5 123:00", ":"] {
            assert_eq!(split_time(text), None, "{text}");
        }
    }
}
