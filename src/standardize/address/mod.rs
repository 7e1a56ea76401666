//! Addresses: street, house number, locality, postcode, country.

mod city;
mod house;
mod postcode;
mod spoilt;
mod street;
mod whole;
mod words;

use std::borrow::Cow;

use super::text::TextCleaner;
use super::{CellContext, Standardizer};
use crate::finding::Code;
use crate::record::{CellOut, Field};
use crate::rule::{AddressRules, Context, Countries, Localities, PlaceholderKind, Placeholders, RuleError};
use crate::text::bare;
use spoilt::SpoiltDates;
use words::Words;

/// Which part of an address a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPart {
    /// All of it in one cell; `out.parts` gets what could be told apart.
    Whole,
    /// Street, perhaps with the house number (then `out.parts` gets `house_number`).
    Street,
    /// House number.
    House,
    /// Locality.
    City,
    /// Postal code.
    Postcode,
    /// Country; the normal form is its ISO 3166 code.
    Country,
}

/// Reads address cells.
///
/// Localities, streets and postal codes are read by the lists and words of the row's country, or of the list's region where the
/// row names none; where there are none for it, the text is carried and not judged. What stands for nothing leaves no normal
/// form.
#[derive(Debug)]
pub struct AddressStandardizer {
    part: AddressPart,
    region: String,
    rules: AddressRules,
    words: Words,
    countries: Countries,
    localities: Option<Localities>,
    cleaner: TextCleaner,
    placeholders: Placeholders,
    /// For house numbers alone.
    spoilt: Option<SpoiltDates>,
}

impl AddressStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, part: AddressPart) -> Result<Self, RuleError> {
        let Context { files, region, .. } = context;
        let rules = AddressRules::load(files)?;
        let needs_places = matches!(part, AddressPart::Whole | AddressPart::City);
        Ok(AddressStandardizer {
            part,
            region: region.clone(),
            words: Words::new(&rules),
            cleaner: TextCleaner::new(files)?,
            countries: Countries::load(files)?,
            localities: if needs_places { Localities::load(files, region)? } else { None },
            placeholders: Placeholders::load(files, PlaceholderKind::Address)?,
            spoilt: if part == AddressPart::House { Some(SpoiltDates::new(context, &rules)?) } else { None },
            rules,
        })
    }

    /// The row's country, ISO 3166.
    fn country<'a>(&'a self, context: CellContext<'_>) -> &'a str {
        if context.country.is_empty() {
            return &self.region;
        }
        self.countries.code(context.country).unwrap_or(&self.region)
    }

    /// Whether the streets of the row's country are told apart by the rules' words.
    fn reads_streets(&self, context: CellContext<'_>) -> bool {
        let country = self.country(context);
        self.rules.streets_of.iter().any(|own| own == country)
    }

    /// Whether a cell says that nothing is known. Most cells are told from that by their last byte, a digit; and `NA` is a
    /// country.
    fn is_placeholder(&self, text: &str) -> bool {
        !text.ends_with(|letter: char| letter.is_ascii_digit())
            && self.placeholders.has(text)
            && !(self.part == AddressPart::Country && self.countries.code(text).is_some())
    }

    /// Leaves nothing of a street whose name stands for nothing: `רח' -`.
    fn drop_placeholder(&self, out: &mut CellOut) {
        if !self.is_placeholder(&out.display) {
            return;
        }
        out.display.clear();
        out.marks.retain(|mark| !mark.code.is_repair());
        out.mark(Code::TextPlaceholder);
    }

    /// The localities of the row's country.
    fn places(&self, context: CellContext<'_>) -> Option<&Localities> {
        self.localities.as_ref().filter(|_| self.country(context) == self.region)
    }
}

impl Standardizer for AddressStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        let cleaned = self.cleaner.clean(raw, out);
        // What stands in words may have its reason; in a number or a code nothing invisible has.
        let text = match self.part {
            AddressPart::House | AddressPart::Postcode | AddressPart::Country => bare(&cleaned),
            AddressPart::Whole | AddressPart::Street | AddressPart::City => Cow::Borrowed(&*cleaned),
        };
        if text.is_empty() {
            return;
        }
        if self.is_placeholder(&text) {
            out.marks.retain(|mark| !mark.code.is_repair());
            return out.mark(Code::TextPlaceholder);
        }
        match self.part {
            AddressPart::Whole => self.read_whole(&text, context, out),
            AddressPart::Street if !self.reads_streets(context) => push_spaced(&mut out.display, &text),
            AddressPart::Street => {
                self.read_street(&text, out);
                self.drop_placeholder(out);
            }
            AddressPart::House => self.read_house(&text, self.country(context), out),
            AddressPart::City => self.read_city(&text, context, out),
            AddressPart::Postcode => self.read_postcode(&text, self.country(context), out),
            AddressPart::Country => match self.countries.code(&text) {
                Some(code) => out.display.push_str(code),
                None => out.display.push_str(&text),
            },
        }
    }
}

/// Hands a part to the caller.
fn push_part(out: &mut CellOut, field: Field, text: &str) {
    if !text.is_empty() {
        out.parts.push((field, text.to_owned()));
    }
}

/// Adds `text` with every run of spaces as one.
fn push_spaced(target: &mut String, text: &str) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            target.push(' ');
        }
        target.push_str(word);
    }
}

#[cfg(test)]
mod tests;
