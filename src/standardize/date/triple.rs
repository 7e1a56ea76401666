//! Three numbers with separators, before it is known which is the day.

use crate::rule::PartOrder;

/// Three numbers with separators between them, not told apart yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Triple {
    pub(super) values: [u32; 3],
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

    pub(super) fn shape(self) -> Option<Shape> {
        match self.digits {
            [4, 1..=2, 1..=2] => Some(Shape::YearFirst),
            [1..=2, 1..=2, 4] => Some(Shape::YearLast),
            [1..=2, 1..=2, 2] => Some(Shape::TwoDigitYear),
            _ => None,
        }
    }
}

/// Where the year stands.
pub(super) enum Shape {
    YearFirst,
    YearLast,
    TwoDigitYear,
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
