//! A cell's value as text, as a person would read it off the sheet.

use std::fmt::Write as _;

use calamine::{Data, DataRef, ExcelDateTime};

/// A value that was read by itself.
pub(super) fn write_ref(text: &mut String, value: &DataRef<'_>) {
    match value {
        DataRef::Int(value) => write_display(text, value),
        DataRef::Float(value) => write_number(text, *value),
        DataRef::String(value) => text.push_str(value),
        DataRef::SharedString(value) => text.push_str(value),
        DataRef::Bool(value) => write_display(text, value),
        DataRef::DateTime(value) => write_date_time(text, *value),
        DataRef::DateTimeIso(value) => write_iso(text, value),
        DataRef::DurationIso(value) => write_duration(text, value),
        DataRef::Error(value) => write_display(text, value),
        DataRef::Empty => {}
    }
}

/// A value of a sheet that was read as a whole.
pub(super) fn write_data(text: &mut String, value: &Data) {
    match value {
        Data::Int(value) => write_display(text, value),
        Data::Float(value) => write_number(text, *value),
        Data::String(value) => text.push_str(value),
        Data::Bool(value) => write_display(text, value),
        Data::DateTime(value) => write_date_time(text, *value),
        Data::DateTimeIso(value) => write_iso(text, value),
        Data::DurationIso(value) => write_duration(text, value),
        Data::Error(value) => write_display(text, value),
        Data::Empty => {}
    }
}

fn write_display(text: &mut String, value: impl std::fmt::Display) {
    let _ = write!(text, "{value}");
}

/// A number as Excel shows it in a wide cell: 15 significant digits, no exponent, no `.0`.
fn write_number(text: &mut String, value: f64) {
    let shortest = format!("{value}");
    let digits = shortest.bytes().filter(u8::is_ascii_digit).count();
    let is_whole = value.fract() == 0.0;
    if is_whole || digits <= 15 || !value.is_finite() {
        text.push_str(if shortest == "-0" { "0" } else { &shortest });
        return;
    }
    // 0.1 + 0.2 is stored as 0.30000000000000004. Rounding to 15 digits goes through the exponent's form.
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    write_display(text, rounded);
}

fn write_date_time(text: &mut String, value: ExcelDateTime) {
    let serial = value.as_f64();
    // Beyond what Excel shows as a date it is only a number with a format that does not fit.
    if !(0.0..2_958_466.0).contains(&serial) && !value.is_duration() {
        return write_number(text, serial);
    }
    if value.is_duration() {
        let seconds = (serial * 86_400.0).round() as i64;
        let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
        let _ = write!(text, "{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return;
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    if serial >= 1.0 {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return;
        }
        text.push('T');
    }
    let _ = write!(text, "{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        let _ = write!(text, ".{milli:03}");
    }
}

/// A date that OpenDocument writes with a time of midnight is a date.
fn write_iso(text: &mut String, value: &str) {
    let midnight = ["T00:00:00", "T00:00:00.000000000"].iter().find_map(|time| value.strip_suffix(time));
    text.push_str(midnight.unwrap_or(value));
}

/// `PT12H30M05S` as `12:30:05`; whatever else ISO 8601 allows stays as it is.
fn write_duration(text: &mut String, value: &str) {
    let parts = || {
        let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
        Some((hours.parse::<u32>().ok()?, minutes.parse::<u8>().ok()?, seconds.parse::<u8>().ok()?))
    };
    match parts() {
        Some((hours, minutes, seconds)) => {
            let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
        }
        None => text.push_str(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_exponent_and_no_noise() {
        for (value, expected) in [
            (501_234_567.0, "501234567"),
            (-0.0, "0"),
            (1.1, "1.1"),
            (1_234.567_891_234_567_8, "1234.56789123457"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e20, "100000000000000000000"),
            (0.000_001, "0.000001"),
        ] {
            let mut text = String::new();
            write_number(&mut text, value);
            assert_eq!(text, expected);
        }
    }
}
