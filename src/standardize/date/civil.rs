//! The Gregorian calendar, in whole numbers.

/// A day that exists, in the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Civil {
    year: i32,
    month: u32,
    day: u32,
}

impl Civil {
    /// None where the calendar has no such day.
    pub(super) fn new(year: i32, month: u32, day: u32) -> Option<Civil> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        exists.then_some(Civil { year, month, day })
    }

    /// The same day; one before the year 1 counts as the first day of it.
    pub(super) fn of(date: jiff::civil::Date) -> Civil {
        let first = Civil { year: 1, month: 1, day: 1 };
        Civil::new(i32::from(date.year()), date.month().unsigned_abs().into(), date.day().unsigned_abs().into())
            .unwrap_or(first)
    }

    pub(super) fn year(self) -> i32 {
        self.year
    }

    /// Days since 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March).
    pub(super) fn days(self) -> i32 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year / 400;
        let of_era = year - era * 400;
        let month = (self.month as i32 + 9) % 12;
        let of_year = (153 * month + 2) / 5 + self.day as i32 - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The reverse; none outside the years 1 to 9999.
    pub(super) fn from_days(days: i64) -> Option<Civil> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = i32::try_from(year_of_era + era * 400 + i64::from(month <= 2)).ok()?;
        Civil::new(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }

    /// `YYYY-MM-DD`, added to `text`.
    pub(super) fn write(self, text: &mut String) {
        let year = self.year as u32;
        let digit = |number: u32| b'0' + (number % 10) as u8;
        let letters = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(self.month / 10),
            digit(self.month),
            b'-',
            digit(self.day / 10),
            digit(self.day),
        ];
        text.push_str(str::from_utf8(&letters).expect("digits and hyphens are ASCII"));
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back_from_its_number() {
        let first = Civil::new(1, 1, 1).expect("exists").days();
        let last = Civil::new(9999, 12, 31).expect("exists").days();
        for days in (first..=last).step_by(97) {
            assert_eq!(Civil::from_days(i64::from(days)).map(Civil::days), Some(days));
        }
        assert_eq!(Civil::new(1970, 1, 1).map(Civil::days), Some(0));
        assert_eq!(Civil::new(2000, 3, 1).map(Civil::days), Some(11_017));
        assert_eq!(Civil::from_days(i64::MAX), None);
        assert_eq!(Civil::from_days(i64::from(first) - 1), None);
    }

    #[test]
    fn days_that_the_calendar_lacks_are_none() {
        for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (0, 1, 1)]
        {
            assert_eq!(Civil::new(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(Civil::new(2000, 2, 29).is_some());
    }
}
