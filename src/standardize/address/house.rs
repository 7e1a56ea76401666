//! House numbers: `12`, `12א`, `12/3`, `12-14`, `12 כניסה ב דירה 3`.

use super::words::{Meaning, Words};
use super::{AddressStandardizer, push_spaced};
use crate::finding::Code;
use crate::record::CellOut;

/// A house number told apart. The parts borrow from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct House<'a> {
    number: &'a str,
    letter: &'a str,
    /// Word and value: how people name an entrance or floor differs too much for one form.
    entrance: Option<(&'a str, &'a str)>,
    floor: Option<(&'a str, &'a str)>,
    flat: Option<(&'a str, &'a str)>,
}

impl<'a> House<'a> {
    /// Reads words that are a house number from first to last; none where anything is left over.
    pub(super) fn parse(tokens: &[&'a str], words: &Words) -> Option<House<'a>> {
        let (first, mut rest) = tokens.split_first()?;
        let number = trim_mark(first);
        if !is_number(number) {
            return None;
        }
        let mut house = House { number, ..House::default() };
        while let Some((&word, tail)) = rest.split_first() {
            let value = tail.first().map(|value| trim_mark(value)).filter(|value| is_unit(value));
            let slot = match words.meaning(word) {
                Some(Meaning::Flat) if value.is_some() => &mut house.flat,
                Some(Meaning::Entrance) if value.is_some() => &mut house.entrance,
                Some(Meaning::Floor) if value.is_some() => &mut house.floor,
                _ if word.starts_with('#') && is_unit(&word[1..]) && house.flat.is_none() => {
                    house.flat = Some(("#", &word[1..]));
                    rest = tail;
                    continue;
                }
                _ if is_lone_letter(word) && house.letter.is_empty() && ends_in_digit(number) => {
                    house.letter = trim_mark(word);
                    rest = tail;
                    continue;
                }
                _ => return None,
            };
            if slot.is_some() {
                return None;
            }
            *slot = value.map(|value| (trim_mark(word), value));
            rest = &tail[1..];
        }
        Some(house)
    }

    /// `12א/3`; with an entrance or floor the words stay: `12 כניסה ב דירה 3`.
    pub(super) fn write(&self, text: &mut String) {
        text.push_str(self.number);
        text.push_str(self.letter);
        let mut worded = vec![self.entrance, self.floor];
        match self.flat {
            Some((_, flat)) if self.entrance.is_none() && self.floor.is_none() && !self.number.contains('/') => {
                text.push('/');
                text.push_str(flat);
            }
            flat => worded.push(flat),
        }
        for (word, value) in worded.into_iter().flatten() {
            text.push(' ');
            text.push_str(word);
            if word != "#" {
                text.push(' ');
            }
            text.push_str(value);
        }
    }
}

impl AddressStandardizer {
    pub(super) fn read_house(&self, text: &str, country: &str, out: &mut CellOut) {
        let (number, had_dot_zero) = without_dot_zero(text);
        if let Some(typed) = self.spoilt.as_ref().and_then(|spoilt| spoilt.typed(number, country)) {
            out.mark_with(Code::AddressSuggestSpoiltDate, self.rules.spoilt.confidence);
            out.suggestion = typed;
            return push_spaced(&mut out.display, text);
        }
        let text = number;
        if had_dot_zero {
            out.mark(Code::AddressRepairExcelDotZero);
        }
        let spaced = text.replace(',', " ");
        let mut tokens: Vec<&str> = spaced.split_whitespace().collect();
        if tokens.len() > 1 && self.words.is(tokens[0], Meaning::House) {
            tokens.remove(0);
        }
        match House::parse(&tokens, &self.words) {
            Some(house) => house.write(&mut out.display),
            None => push_spaced(&mut out.display, text),
        }
    }
}

/// What spreadsheets add to whole numbers.
pub(super) fn without_dot_zero(text: &str) -> (&str, bool) {
    match text.split_once('.') {
        Some((whole, zeros)) if is_digits(whole) && !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => {
            (whole, true)
        }
        _ => (text, false),
    }
}

/// `12`, `12א`, `12/3`, `12-14`, `12/א`.
fn is_number(token: &str) -> bool {
    let parts: Vec<&str> = token.split(['/', '-']).collect();
    let is_part = |part: &&str| {
        let letters = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = part.len() - letters.len();
        digits <= 4 && letters.chars().count() <= 1 && letters.chars().all(char::is_alphabetic) && !part.is_empty()
    };
    token.starts_with(|letter: char| letter.is_ascii_digit()) && parts.len() <= 3 && parts.iter().all(is_part)
}

/// `3`, `ב`, `3א`.
fn is_unit(token: &str) -> bool {
    let letters = token.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_letter = letters.chars().count() <= 1 && letters.chars().all(char::is_alphabetic);
    !token.is_empty() && token.len() - letters.len() <= 4 && is_letter
}

fn is_lone_letter(token: &str) -> bool {
    let mut letters = trim_mark(token).chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn ends_in_digit(token: &str) -> bool {
    token.ends_with(|letter: char| letter.is_ascii_digit())
}

fn trim_mark(token: &str) -> &str {
    token.trim_matches(['.', ',', '\'', '"', '׳', '״', ':'])
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
