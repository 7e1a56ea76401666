//! Dates of three numbers: `12/03/1985`, `12.3.85`, `1985-03-12`.

use super::civil::Civil;
use super::read::{Failure, Reader, Reading};
use super::triple::{Shape, Triple};
use crate::finding::Code;
use crate::rule::PartOrder;

impl Reader<'_> {
    /// Reads three numbers in the column's order; a value that the column's order can't read but the other can has one
    /// reading only, and gets it.
    pub(super) fn numbers(&self, triple: Triple) -> Result<Reading, Failure> {
        let [first, second, third] = triple.values;
        match triple.shape().ok_or(Failure::Unparsable)? {
            Shape::YearFirst => Civil::new(first as i32, second, third).map(Reading::plain).ok_or(Failure::Impossible),
            Shape::YearLast => self.day_or_month_first(triple, |month, day| Civil::new(third as i32, month, day)),
            Shape::TwoDigitYear => {
                let year_first = || self.two_digit_year(first, second, third).map(Reading::two_digit);
                if self.order.parts == PartOrder::YearMonthDay
                    && let Some(reading) = year_first()
                {
                    return Ok(reading);
                }
                let read = self.day_or_month_first(triple, |month, day| self.two_digit_year(third, month, day));
                let read = read.map(|reading| Reading { has_two_digit_year: true, ..reading });
                read.or_else(|failure| year_first().ok_or(failure))
            }
        }
    }

    fn day_or_month_first(&self, triple: Triple, date: impl Fn(u32, u32) -> Option<Civil>) -> Result<Reading, Failure> {
        let [first, second, _] = triple.values;
        let (day_first, month_first) = (date(second, first), date(first, second));
        let expects_month_first = self.order.parts == PartOrder::MonthDayYear;
        let (wanted, other) = if expects_month_first { (month_first, day_first) } else { (day_first, month_first) };
        match (wanted, other) {
            (Some(wanted), Some(other)) if wanted != other && !self.order.is_evident => {
                Ok(Reading { doubt: Some(Code::DateAmbiguous), ..Reading::plain(wanted) })
            }
            (Some(wanted), _) => Ok(Reading::plain(wanted)),
            (None, Some(other)) => {
                let doubt = self.order.is_evident.then_some(Code::DateOtherOrder);
                Ok(Reading { doubt, ..Reading::plain(other) })
            }
            (None, None) => Err(Failure::Impossible),
        }
    }

    /// The latest year that ends in these two digits and leaves the date before the pivot.
    pub(super) fn two_digit_year(&self, year: u32, month: u32, day: u32) -> Option<Civil> {
        let century = self.pivot.year() / 100 * 100;
        let year = i32::try_from(year).ok().filter(|year| (0..100).contains(year))?;
        [century, century - 100]
            .into_iter()
            .filter_map(|century| Civil::new(century + year, month, day))
            .find(|date| *date <= self.pivot)
    }
}
