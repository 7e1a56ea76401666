//! The only place that asks the system what time it is.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The system's day in its own time zone, where a run is given none (`--as-of`).
#[expect(clippy::disallowed_methods, reason = "this is the one door to the system clock")]
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::system()).date()
}

/// The present moment, for journals (when a run was started) and never for a verdict.
#[expect(clippy::disallowed_methods, reason = "this is the one door to the system clock")]
pub fn timestamp() -> Timestamp {
    Timestamp::now()
}

/// A date in days since 1970-01-01.
pub fn days_of(date: Date) -> i32 {
    // Days from the first of March of year 0, so that leap days come last (Howard Hinnant, "chrono-compatible low-level date
    // algorithms"); event files ask for millions.
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date that is so many days after 1970-01-01; the nearest that a calendar has.
pub fn date_of(days: i32) -> Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().days(days.clamp(-2_000_000, 2_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_count_from_1970_and_run_both_ways() {
        assert_eq!(days_of(date(1970, 1, 1)), 0);
        assert_eq!(days_of(date(2000, 3, 1)), 11_017);
        assert_eq!(days_of(date(1969, 12, 31)), -1);
        assert_eq!(date_of(11_017), date(2000, 3, 1));
        for days in (-800_000..2_000_000).step_by(997) {
            assert_eq!(days_of(date_of(days)), days);
        }
    }
}
