//! Postal codes.

use super::AddressStandardizer;
use super::house::without_dot_zero;
use crate::finding::Code;
use crate::record::CellOut;
use crate::text::plain_digits;

impl AddressStandardizer {
    pub(super) fn read_postcode(&self, text: &str, country: &str, out: &mut CellOut) {
        let Some(form) = self.rules.postcode.get(country) else { return out.display.push_str(text) };
        if text.len() == form.digits && is_code(text) {
            return out.display.push_str(text);
        }
        let plain = plain_digits(text);
        let (whole, had_dot_zero) = without_dot_zero(&plain);
        let digits: String = whole.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
        let is_current = digits.len() == form.digits && is_code(&digits);
        let is_old = digits.len() == form.old_digits && is_code(&digits);
        if !is_current && !is_old {
            out.display.push_str(text);
            return out.mark(Code::AddressBadPostcode);
        }
        if had_dot_zero {
            out.mark(Code::AddressRepairExcelDotZero);
        }
        if is_old {
            out.mark(Code::AddressOldPostcode);
        }
        out.display.push_str(&digits);
    }

    /// Whether a word can only be a postal code of the country in its present form.
    pub(super) fn is_postcode(&self, word: &str, country: &str) -> bool {
        self.rules.postcode.get(country).is_some_and(|form| word.len() == form.digits && is_code(word))
    }
}

/// Digits, and not zeros only.
fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
}
