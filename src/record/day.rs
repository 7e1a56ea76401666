//! A calendar day as a number, which no count of days is taken for.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::{Add, Sub};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A day, counted from 1970-01-01 (which is 0; earlier ones are negative). Four bytes, of which an `Option` needs no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i32", into = "i32")]
// The number with its sign turned, so that the order of the bits is that of the days and 0 is free: that of `i32::MIN`.
pub struct Day(NonZeroU32);

/// Turns the sign of a number.
const SIGN: u32 = 1 << 31;

/// More days than the calendar has on either side of 1970.
const CALENDAR: i32 = 5_000_000;

impl Day {
    /// 1970-01-01.
    pub const EPOCH: Day = Day::new(0);
    /// The earliest that can be told.
    pub const MIN: Day = Day(NonZeroU32::MIN);
    /// The last that can be told.
    pub const MAX: Day = Day(NonZeroU32::MAX);

    /// So many days after 1970-01-01; the earliest that can be told for `i32::MIN`.
    #[inline]
    pub const fn new(number: i32) -> Self {
        match NonZeroU32::new(number as u32 ^ SIGN) {
            Some(turned) => Day(turned),
            None => Day::MIN,
        }
    }

    /// Days since 1970-01-01.
    #[inline]
    pub const fn get(self) -> i32 {
        (self.0.get() ^ SIGN) as i32
    }

    /// The day as files keep it: `i32::MIN` for none.
    pub const fn from_stored(number: i32) -> Option<Self> {
        match NonZeroU32::new(number as u32 ^ SIGN) {
            Some(turned) => Some(Day(turned)),
            None => None,
        }
    }

    /// What files keep of a day, and of none.
    pub const fn stored(day: Option<Self>) -> i32 {
        match day {
            Some(day) => day.get(),
            None => i32::MIN,
        }
    }

    /// The number of a date.
    pub fn of(date: Date) -> Self {
        // Days from the first of March of year 0, so that leap days come last (Howard Hinnant, "chrono-compatible low-level
        // date algorithms"); event files ask for millions.
        let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Day::new(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Its date; the nearest that a calendar has.
    pub fn date(self) -> Date {
        let days = self.get().clamp(-CALENDAR, CALENDAR);
        jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days))
    }

    /// How many days after another one it is; negative where it is before it.
    #[inline]
    pub const fn days_since(self, other: Day) -> i32 {
        self.get().saturating_sub(other.get())
    }
}

impl Add<i32> for Day {
    type Output = Day;

    /// So many days later.
    #[inline]
    fn add(self, days: i32) -> Day {
        Day::new(self.get().saturating_add(days))
    }
}

impl Sub<i32> for Day {
    type Output = Day;

    /// So many days earlier.
    #[inline]
    fn sub(self, days: i32) -> Day {
        Day::new(self.get().saturating_sub(days))
    }
}

impl From<i32> for Day {
    fn from(number: i32) -> Self {
        Day::new(number)
    }
}

impl From<Day> for i32 {
    fn from(day: Day) -> Self {
        day.get()
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({})", self.get())
    }
}

impl fmt::Display for Day {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_count_from_1970_and_run_both_ways() {
        assert_eq!(Day::of(date(1970, 1, 1)), Day::EPOCH);
        assert_eq!(Day::of(date(2000, 3, 1)).get(), 11_017);
        assert_eq!(Day::of(date(1969, 12, 31)).get(), -1);
        assert_eq!(Day::new(11_017).date(), date(2000, 3, 1));
        for days in (-800_000..2_900_000).step_by(997) {
            assert_eq!(Day::of(Day::new(days).date()).get(), days);
        }
        assert_eq!([Day::MIN, Day::MAX].map(Day::date), [Date::MIN, Date::MAX]);
    }

    #[test]
    fn a_day_costs_four_bytes_even_where_there_may_be_none() {
        assert_eq!(size_of::<Option<Day>>(), 4);
        assert_eq!([None, Some(Day::new(-3))].map(Day::stored), [i32::MIN, -3]);
        assert_eq!([i32::MIN, -3].map(Day::from_stored), [None, Some(Day::new(-3))]);
        assert_eq!([Day::MIN, Day::MAX].map(Day::get), [i32::MIN + 1, i32::MAX]);
    }

    #[test]
    fn days_stand_in_their_order_and_none_before_all() {
        let days = [None, Some(Day::MIN), Some(Day::new(-1)), Some(Day::EPOCH), Some(Day::new(1)), Some(Day::MAX)];
        assert!(days.is_sorted());
        assert_eq!((Day::new(5) - 7, Day::MAX + 1, Day::MIN - 1), (Day::new(-2), Day::MAX, Day::MIN));
        assert_eq!((Day::new(5).days_since(Day::new(-2)), Day::MIN.days_since(Day::MAX)), (7, i32::MIN));
        assert_eq!(Day::new(11_017).to_string(), "2000-03-01");
    }
}
