//! House numbers and flats that a spreadsheet took for dates: `04-Feb` was `4/2`.

use std::collections::HashMap;

use crate::record::{CellOut, Day, Field};
use crate::rule::{AddressRules, Context, DateRules, PartOrder, RuleError, SpoiltNumbers};
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};

/// Tells what was typed.
#[derive(Debug)]
pub(super) struct SpoiltDates {
    months: HashMap<String, u32>,
    dates: DateStandardizer,
    /// The list is of a place where the month stands first.
    month_first: bool,
    rules: SpoiltNumbers,
}

impl SpoiltDates {
    pub(super) fn new(context: &Context, rules: &AddressRules) -> Result<Self, RuleError> {
        let dates = DateRules::load(&context.files)?;
        let months = dates.months.iter().zip(1..);
        let months = months.flat_map(|(names, month)| names.iter().map(move |name| (name.clone(), month))).collect();
        let order = DateOrder::infer(context, "", &[])?;
        Ok(SpoiltDates {
            months,
            dates: DateStandardizer::new(context, Field::UpdatedAt, order)?,
            month_first: order.parts == PartOrder::MonthDayYear,
            rules: rules.spoilt.clone(),
        })
    }

    /// What was probably typed in place of a date; none where the cell is no date.
    pub(super) fn typed(&self, text: &str, country: &str) -> Option<String> {
        // A date has two numbers, or a number and a word, or five digits.
        if text.len() < FEWEST_BYTES {
            return None;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.of_serial(text, country);
        }
        self.of_month_name(text).or_else(|| self.of_whole_date(text))
    }

    /// `46115`: days since the end of 1899, unless the country has house numbers as long.
    fn of_serial(&self, text: &str, country: &str) -> Option<String> {
        let serial: i32 = text.parse().ok()?;
        let is_date = (self.rules.serial_from..=self.rules.serial_to).contains(&serial);
        let is_usual = self.rules.long_numbers.iter().any(|own| own == country);
        (is_date && !is_usual).then(|| self.parts(Day::new(serial - SERIAL_OF_1970)))
    }

    /// `04-Feb`, `Mar-45`: the name of a month and one number.
    fn of_month_name(&self, text: &str) -> Option<String> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let [first, second] = words[..] else { return None };
        let is_number = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let (number, word) = if is_number(first) { (first, second) } else { (second, first) };
        let bare = word.strip_prefix('ב').unwrap_or(word);
        let month = *self.months.get(word).or_else(|| self.months.get(bare))?;
        let number: u32 = if is_number(number) { number.parse().ok()? } else { return None };
        Some(match number {
            1..=31 => self.ordered(number, month),
            // No day: a month and a year.
            _ => format!("{month}/{}", number % 100),
        })
    }

    /// `02/04/2026`, with a time of day or without one: three numbers, one of them a year of four digits.
    fn of_whole_date(&self, text: &str) -> Option<String> {
        let day = text.split([' ', 'T']).next().unwrap_or_default();
        let mut numbers = day.split(['/', '.', '-']);
        if !numbers.any(|number| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let mut out = CellOut::default();
        self.dates.standardize(text, CellContext::default(), &mut out);
        // Days far ahead are typed too: 5/45.
        out.detail.date().map(|day| self.parts(day))
    }

    /// The two numbers that a spreadsheet makes this day of.
    fn parts(&self, day: Day) -> String {
        let date = day.date();
        let (year, month, day) = (date.year() % 100, date.month(), date.day());
        // The first of a month is what becomes of a month and a year; a recent one is rather a day and a month.
        if day == 1 && year > 31 {
            format!("{month}/{year}")
        } else {
            self.ordered(day.unsigned_abs().into(), month.unsigned_abs().into())
        }
    }

    fn ordered(&self, day: u32, month: u32) -> String {
        if self.month_first { format!("{month}/{day}") } else { format!("{day}/{month}") }
    }
}

/// The serial number of 1970-01-01.
const SERIAL_OF_1970: i32 = 25_569;
/// `4-Feb` is shorter than no date of any form.
const FEWEST_BYTES: usize = 5;
