//! `rules/national_id.toml`: how national identity numbers are built.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::finding::Confidence;

/// National identity numbers by country.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalIdRules {
    /// Words written before a number.
    pub labels: Vec<String>,
    /// By country (ISO 3166).
    pub country: BTreeMap<String, NationalIdScheme>,
}

/// How one country's numbers are built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalIdScheme {
    /// How the check digit is computed.
    pub algorithm: IdAlgorithm,
    /// Number of digits.
    pub length: usize,
    /// A number of so many digits or more, but fewer than `length`, gets its zeros back if the check digit is right.
    pub restore_from: usize,
    /// How sure that is.
    pub restore_confidence: Confidence,
    /// Numbers that belong to nobody.
    pub placeholders: BTreeSet<String>,
}

/// How a check digit is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdAlgorithm {
    /// Weights 1 and 2 in turn from the left, digits of products added up; the sum divides by ten.
    IlTz,
}

impl IdAlgorithm {
    /// Whether the check digit of these ASCII digits is right.
    pub fn is_right(self, digits: &[u8]) -> bool {
        match self {
            IdAlgorithm::IlTz => {
                let products = digits.iter().zip(0_u32..).map(|(&digit, index)| {
                    let product = u32::from(digit.wrapping_sub(b'0')) * (1 + index % 2);
                    product / 10 + product % 10
                });
                products.sum::<u32>() % 10 == 0
            }
        }
    }
}

impl NationalIdRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("national_id.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_israeli_check_digit_is_computed_as_published() {
        for (digits, is_right) in
            [("123456782", true), ("123456789", false), ("000000018", true), ("039337423", true), ("039337424", false)]
        {
            assert_eq!(IdAlgorithm::IlTz.is_right(digits.as_bytes()), is_right, "{digits}");
        }
    }
}
