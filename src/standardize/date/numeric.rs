//! Dates of three numbers: `12/03/1985`, `12.3.85`, `1985-03-12`.

use super::civil::Civil;
use super::read::{Failure, Reader, Reading};
use crate::finding::Code;
use crate::rule::PartOrder;

/// Three numbers with separators between them, not told apart yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Triple {
    values: [u32; 3],
    digits: [u8; 3],
}

impl Triple {
    /// None where the text is anything else.
    pub(super) fn parse(text: &str) -> Option<Triple> {
        let mut triple = Triple { values: [0; 3], digits: [0; 3] };
        let mut at = 0;
        let mut separated = true;
        for byte in text.trim_end_matches(['.', ' ']).bytes() {
            match byte {
                b'0'..=b'9' => {
                    if separated && triple.digits[at] > 0 {
                        at += 1;
                    }
                    separated = false;
                    let digits = triple.digits.get_mut(at)?;
                    *digits += 1;
                    if *digits > 4 {
                        return None;
                    }
                    triple.values[at] = triple.values[at] * 10 + u32::from(byte - b'0');
                }
                b'/' | b'.' | b'-' | b' ' | b'\\' | b',' if triple.digits[0] > 0 => separated = true,
                _ => return None,
            }
            if at == 2 && separated && triple.digits[2] > 0 {
                return None;
            }
        }
        (triple.digits[2] > 0).then_some(triple)
    }

    /// The one order that these numbers can be read in, where day and month are not told by the year's place alone.
    pub(super) fn only_order(self) -> Option<PartOrder> {
        let [first, second, third] = self.values;
        let day_first = is_day(first) && is_month(second);
        let month_first = is_month(first) && is_day(second);
        match self.shape()? {
            Shape::YearFirst => None,
            Shape::YearLast | Shape::TwoDigitYear if day_first && !month_first => Some(PartOrder::DayMonthYear),
            Shape::YearLast | Shape::TwoDigitYear if month_first && !day_first => Some(PartOrder::MonthDayYear),
            Shape::TwoDigitYear if !day_first && is_month(second) && is_day(third) => Some(PartOrder::YearMonthDay),
            Shape::YearLast | Shape::TwoDigitYear => None,
        }
    }

    fn shape(self) -> Option<Shape> {
        match self.digits {
            [4, 1..=2, 1..=2] => Some(Shape::YearFirst),
            [1..=2, 1..=2, 4] => Some(Shape::YearLast),
            [1..=2, 1..=2, 2] => Some(Shape::TwoDigitYear),
            _ => None,
        }
    }
}

enum Shape {
    YearFirst,
    YearLast,
    TwoDigitYear,
}

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

fn is_day(number: u32) -> bool {
    (1..=31).contains(&number)
}

fn is_month(number: u32) -> bool {
    (1..=12).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_found_whatever_stands_between() {
        for text in ["12/03/1985", "12.3.1985", "12-03-1985", "12 03 1985", "12 / 3 / 1985", "12.3.1985."] {
            assert_eq!(Triple::parse(text).map(|triple| triple.values), Some([12, 3, 1985]), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_triple() {
        for text in ["", "12/03", "1/2/3/4", "12/03/19855", "/12/03/1985", "12/mar/1985", "12345", "1 2 3 4", "-"] {
            assert_eq!(Triple::parse(text), None, "{text}");
        }
    }
}
