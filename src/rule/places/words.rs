//! `rules/places/address.toml`: the words of addresses, and postal codes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{RuleError, RuleFiles};

/// The words of addresses. Words are compared in lower case, without punctuation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressRules {
    /// "Street" where it stands first; dropped.
    pub street_first: Vec<String>,
    /// "Street" where it stands last; dropped.
    pub street_last: Vec<String>,
    /// Short forms of words that belong to the name, and what they stand for.
    pub short: BTreeMap<String, String>,
    /// Words before a house number; dropped.
    pub house: Vec<String>,
    /// Words before a flat's number.
    pub flat: Vec<String>,
    /// Words before an entrance's letter or number.
    pub entrance: Vec<String>,
    /// Words before a floor's number.
    pub floor: Vec<String>,
    /// Words before a post office box's number.
    pub po_box: Vec<String>,
    /// Words before a postal code; dropped.
    pub postcode_words: Vec<String>,
    /// A locality of so many people or more has streets with house numbers.
    pub has_streets_from: u32,
    /// How sure a locality is that was found by another name.
    pub alias_confidence: crate::finding::Confidence,
    /// How sure a locality is that is one slip away.
    pub slip_confidence: crate::finding::Confidence,
    /// Postal codes by country.
    pub postcode: BTreeMap<String, PostcodeForm>,
    /// Countries (ISO 3166) whose streets are read by these words; those of all others stay as they are written.
    pub streets_of: Vec<String>,
    /// House numbers that a spreadsheet took for dates.
    pub spoilt: SpoiltNumbers,
}

/// Which bare numbers are dates in a column of house numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpoiltNumbers {
    /// How sure it is what was typed.
    pub confidence: crate::finding::Confidence,
    /// The first serial number that is one.
    pub serial_from: i32,
    /// The last one.
    pub serial_to: i32,
    /// Countries where house numbers are as long.
    pub long_numbers: Vec<String>,
}

/// How a country's postal codes are built.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostcodeForm {
    /// Number of digits.
    pub digits: usize,
    /// Number of digits of the form that it replaced.
    pub old_digits: usize,
}

impl AddressRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("places/address.toml")
    }
}
