//! Dates with a written month: `3 במרץ 1985`, `Jan 12, 1990`, `12-Mar-85`.

use super::civil::Civil;
use super::read::{Failure, Reader, Reading};

/// A number as written.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
}

impl Reader<'_> {
    /// Reads a text with exactly one month name and two numbers; none where there is no month name.
    pub(super) fn written_month(&self, text: &str) -> Option<Result<Reading, Failure>> {
        let lower = text.to_lowercase();
        let (mut month, mut numbers) = (None, Vec::new());
        for word in words(&lower) {
            if word.starts_with(|letter: char| letter.is_ascii_digit()) {
                numbers.push(Number { value: word.parse().ok()?, digits: word.len() });
            } else if self.words.beside.contains(word) {
                continue;
            } else if month.is_none() {
                month = Some(self.words.month(word)?);
            } else {
                return None;
            }
        }
        let month = month?;
        let &[first, second] = numbers.as_slice() else { return Some(Err(Failure::Unparsable)) };
        Some(self.day_and_year(first, second, month))
    }

    fn day_and_year(&self, first: Number, second: Number, month: u32) -> Result<Reading, Failure> {
        let year_stands_first = first.digits == 4 || (first.value > 31 && second.digits <= 2);
        let (day, year) = if year_stands_first { (second, first) } else { (first, second) };
        let (date, is_short) = match (day.digits, year.digits) {
            (1..=2, 4) => (Civil::new(year.value as i32, month, day.value), false),
            (1..=2, 2) => (self.two_digit_year(year.value, month, day.value), true),
            _ => return Err(Failure::Unparsable),
        };
        let reading = date.map(if is_short { Reading::two_digit } else { Reading::plain });
        reading.ok_or(Failure::Impossible)
    }
}

/// Runs of digits and runs of letters.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let is_digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit || !letter.is_alphanumeric());
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        Some(word)
    })
}
