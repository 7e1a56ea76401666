//! Streets: the name, and the house number behind it.

use super::house::House;
use super::words::Meaning;
use super::{AddressStandardizer, push_part};
use crate::finding::Code;
use crate::record::{CellOut, Field};

impl AddressStandardizer {
    pub(super) fn read_street(&self, text: &str, out: &mut CellOut) {
        if let Some((street, house)) = self.plain_street(text) {
            out.display.push_str(street);
            return push_part(out, Field::HouseNumber, house);
        }
        let mut house = String::new();
        let mut display = std::mem::take(&mut out.display);
        self.split_street(text, &mut display, &mut house, out);
        out.display = display;
        push_part(out, Field::HouseNumber, &house);
    }

    /// `הרצל 12`, `הרצל`: words of nothing but letters, none of them with a meaning of its own, and perhaps a number.
    fn plain_street<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let bytes = text.as_bytes();
        let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (street, house) = text.split_at(bytes.len() - digits);
        let street = if digits > 0 { street.strip_suffix(' ')? } else { street };
        if street.is_empty() || digits > 4 {
            return None;
        }
        let is_plain = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80 || *byte == b' ';
        if !street.as_bytes().iter().all(is_plain) {
            return None;
        }
        let has_plain_words = street.split(' ').all(|word| !word.is_empty() && self.words.meaning(word).is_none());
        has_plain_words.then_some((street, house))
    }

    /// Writes the street's name and its house number; a text that can't be split becomes the name.
    pub(super) fn split_street(&self, text: &str, street: &mut String, house: &mut String, out: &mut CellOut) {
        let spaced = text.replace(',', " ");
        let mut tokens: Vec<&str> = spaced.split_whitespace().collect();
        if self.is_po_box(&tokens) {
            out.mark(Code::AddressPoBox);
            return street.push_str(&tokens.join(" "));
        }
        if let Some(at) = self.house_start(&tokens) {
            if let Some(read) = House::parse(&tokens[at..], &self.words) {
                read.write(house);
            }
            tokens.truncate(at);
            if tokens.len() > 1 && tokens.last().is_some_and(|word| self.words.is(word, Meaning::House)) {
                tokens.pop();
            }
        } else if let Some((first, rest)) = self.house_first(&tokens) {
            house.push_str(first);
            tokens = rest.to_vec();
        }
        self.write_name(&tokens, street, out);
    }

    /// The first word from which all that follows is a house number.
    fn house_start(&self, tokens: &[&str]) -> Option<usize> {
        (1..tokens.len())
            .filter(|&at| tokens[at].starts_with(|letter: char| letter.is_ascii_digit()))
            .find(|&at| House::parse(&tokens[at..], &self.words).is_some())
    }

    /// `12 Herzl Street`: the order of Latin scripts.
    fn house_first<'t, 'a>(&self, tokens: &'t [&'a str]) -> Option<(&'a str, &'t [&'a str])> {
        let (first, rest) = tokens.split_first()?;
        let is_latin = rest.iter().all(|word| word.is_ascii());
        let has_digit = rest.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        let is_number = !first.is_empty() && first.len() <= 4 && first.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && is_latin && !has_digit && !rest.is_empty()).then_some((*first, rest))
    }

    /// The name without "street", its short forms written out.
    fn write_name(&self, tokens: &[&str], street: &mut String, out: &mut CellOut) {
        let mut tokens = tokens;
        while let [first, rest @ ..] = tokens
            && !rest.is_empty()
            && self.words.is(first, Meaning::StreetFirst)
        {
            tokens = rest;
            out.mark(Code::AddressRepairAbbreviation);
        }
        while let [rest @ .., last] = tokens
            && !rest.is_empty()
            && self.words.is(last, Meaning::StreetLast)
        {
            tokens = rest;
            out.mark(Code::AddressRepairAbbreviation);
        }
        for (index, word) in tokens.iter().enumerate() {
            if index > 0 {
                street.push(' ');
            }
            match self.words.full(word).filter(|_| tokens.len() > 1) {
                Some(full) => {
                    street.push_str(full);
                    out.mark(Code::AddressRepairAbbreviation);
                }
                None => street.push_str(word),
            }
        }
    }

    /// `ת.ד. 123`, `P.O. Box 123`, `ת ד 123`.
    pub(super) fn is_po_box(&self, tokens: &[&str]) -> bool {
        (1..=3.min(tokens.len().saturating_sub(1))).any(|words| {
            let number = tokens[words].trim_matches(['.', ',', ':']);
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number && self.words.is(&tokens[..words].concat(), Meaning::PoBox)
        })
    }
}
