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
        let all: Vec<&str> = spaced.split_whitespace().collect();
        if self.is_po_box(&all) {
            out.mark(Code::AddressPoBox);
            return street.push_str(&all.join(" "));
        }
        let tokens = self.without_street_words(&all);
        let mut name = tokens;
        if let Some((before, read)) = self.split_house(tokens) {
            read.write(house);
            name = before;
        } else if let Some((first, rest)) = self.house_first(tokens) {
            house.push_str(first);
            name = rest;
        }
        if all.len() > tokens.len() || self.ends_in_street_word(tokens, name) {
            out.mark(Code::AddressRepairAbbreviation);
        }
        self.write_name(name, street, out);
    }

    /// The name and the house number that follows it to the end. None where the name before it would end in a number
    /// too (`הרצל 5 7`) or begin with one (`12 Herzl 7`): which of them is the house can't be told.
    fn split_house<'t, 'a>(&self, tokens: &'t [&'a str]) -> Option<(&'t [&'a str], House<'a>)> {
        let (start, house) = self.first_house(tokens)?;
        let mut name = &tokens[..start];
        if let [rest @ .., last] = name
            && !rest.is_empty()
            && self.words.is(last, Meaning::House)
        {
            name = rest;
        }
        let name = self.without_street_words(name);
        let has_letters = name.iter().any(|word| word.chars().any(char::is_alphabetic));
        let is_told = self.first_house(name).is_none() && self.house_first(name).is_none();
        (has_letters && is_told).then_some((name, house))
    }

    /// Where the first house number begins that reaches to the end.
    fn first_house<'a>(&self, tokens: &[&'a str]) -> Option<(usize, House<'a>)> {
        (1..tokens.len())
            .filter(|&at| tokens[at].starts_with(|letter: char| letter.is_ascii_digit()))
            .find_map(|at| Some((at, House::parse(&tokens[at..], &self.words)?)))
    }

    /// Without "street" before or behind the name, unless nothing else is there.
    fn without_street_words<'t, 'a>(&self, tokens: &'t [&'a str]) -> &'t [&'a str] {
        let mut tokens = tokens;
        while let [first, rest @ ..] = tokens
            && !rest.is_empty()
            && self.words.is(first, Meaning::StreetFirst)
        {
            tokens = rest;
        }
        while let [rest @ .., last] = tokens
            && !rest.is_empty()
            && self.words.is(last, Meaning::StreetLast)
        {
            tokens = rest;
        }
        tokens
    }

    /// Whether "street" stood between the name and its house number.
    fn ends_in_street_word(&self, tokens: &[&str], name: &[&str]) -> bool {
        tokens.get(name.len()).is_some_and(|word| self.words.is(word, Meaning::StreetLast))
    }

    /// `12 Herzl Street`: the order of Latin scripts.
    fn house_first<'t, 'a>(&self, tokens: &'t [&'a str]) -> Option<(&'a str, &'t [&'a str])> {
        let (first, rest) = tokens.split_first()?;
        let is_latin = rest.iter().all(|word| word.is_ascii());
        let has_digit = rest.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        let has_letter = rest.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_alphabetic()));
        let is_number = !first.is_empty() && first.len() <= 4 && first.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && is_latin && !has_digit && has_letter).then_some((*first, rest))
    }

    /// The name with its short forms written out.
    fn write_name(&self, tokens: &[&str], street: &mut String, out: &mut CellOut) {
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
