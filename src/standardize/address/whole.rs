//! A whole address in one cell.

use super::city::push_city;
use super::words::Meaning;
use super::{AddressStandardizer, CellContext, push_part, push_spaced};
use crate::finding::Code;
use crate::record::{CellOut, Detail, Field};
use crate::rule::{Found, Localities};

/// A locality of more words is not looked for behind a house number.
const CITY_WORDS: usize = 4;

impl AddressStandardizer {
    /// Splits `הרצל 12, תל אביב 6100000` where the locality can be told; else the text stays in one piece.
    pub(super) fn read_whole(&self, text: &str, context: CellContext<'_>, out: &mut CellOut) {
        let country = self.country(context);
        let Some(places) = self.places(context) else { return push_spaced(&mut out.display, text) };
        let mut postcode = "";
        let mut segments: Vec<Vec<&str>> = text
            .split([',', ';', '\n', '|'])
            .map(|segment| self.without_postcode(segment, country, &mut postcode))
            .filter(|segment| !segment.is_empty())
            .collect();
        if segments.len() > 1 && segments.last().is_some_and(|last| self.countries.code(&last.join(" ")).is_some()) {
            segments.pop();
        }
        let Some((city_text, found)) = take_city(&mut segments, places) else {
            return push_spaced(&mut out.display, text);
        };
        let rest = segments.iter().map(|segment| segment.join(" ")).collect::<Vec<_>>().join(" ");
        let (mut street, mut house, mut city) = (String::new(), String::new(), String::new());
        self.split_street(&rest, &mut street, &mut house, out);
        push_city(&mut city, found, &city_text);
        if self.is_alias(found, &city_text) {
            out.mark_with(Code::AddressRepairCityAlias, self.rules.alias_confidence);
        }
        let has_streets = found.locality.population >= self.rules.has_streets_from;
        if has_streets && house.is_empty() && !street.is_empty() && !street.bytes().any(|byte| byte.is_ascii_digit()) {
            out.mark(Code::AddressMissingHouse);
        }
        out.detail = Detail::Place(found.locality.code);
        write_whole(&mut out.display, [&street, &house, &city, postcode]);
        for (field, part) in
            [(Field::Street, &*street), (Field::HouseNumber, &house), (Field::City, &city), (Field::Postcode, postcode)]
        {
            push_part(out, field, part);
        }
    }

    /// The words of a segment without the postal code and the word before it.
    fn without_postcode<'a>(&self, segment: &'a str, country: &str, postcode: &mut &'a str) -> Vec<&'a str> {
        let mut tokens: Vec<&str> = segment.split_whitespace().collect();
        if let Some(at) =
            tokens.iter().rposition(|token| self.is_postcode(token, country)).filter(|_| postcode.is_empty())
        {
            *postcode = tokens.remove(at);
            if at > 0 && self.words.is(tokens[at - 1], Meaning::Postcode) {
                tokens.remove(at - 1);
            }
        }
        tokens
    }
}

/// A segment that is a locality, the last one first; or the words behind a house number.
fn take_city<'p>(segments: &mut Vec<Vec<&str>>, places: &'p Localities) -> Option<(String, Found<'p>)> {
    for at in (0..segments.len()).rev() {
        let text = segments[at].join(" ");
        // The only segment, or the first of several, may be a street named after a town.
        let may_be_street = at == 0 && segments.len() > 1;
        if let Some(found) = places.find(&text).filter(|_| !may_be_street) {
            segments.remove(at);
            return Some((text, found));
        }
    }
    let last = segments.last_mut()?;
    for words in (1..=CITY_WORDS.min(last.len().saturating_sub(2))).rev() {
        let at = last.len() - words;
        let text = last[at..].join(" ");
        let follows_number = last[at - 1].bytes().any(|byte| byte.is_ascii_digit());
        if let Some(found) = places.find(&text).filter(|_| follows_number) {
            last.truncate(at);
            return Some((text, found));
        }
    }
    None
}

/// `הרצל 12, תל אביב-יפו 6100000`.
fn write_whole(display: &mut String, [street, house, city, postcode]: [&str; 4]) {
    display.push_str(street);
    for (separator, part) in [(" ", house), (", ", city), (" ", postcode)] {
        if !part.is_empty() {
            if !display.is_empty() {
                display.push_str(separator);
            }
            display.push_str(part);
        }
    }
}
