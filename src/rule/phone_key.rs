//! What two phone numbers are compared by.

use std::borrow::Cow;

use regex::Regex;

use super::{PhonePlan, RuleError, RuleFiles};

/// Makes keys of numbers in E.164: equal keys, the same line. A key is for comparison only and never dialled.
///
/// Most numbers are their own keys. Where a line answers under two country codes, as Palestinian mobiles do under +972
/// and +970, plans name the one that counts.
#[derive(Debug, Clone)]
pub struct PhoneKeys {
    /// Prefix with plus, pattern over the national number, prefix that counts.
    shared: Vec<(String, Regex, String)>,
}

impl PhoneKeys {
    /// Raised whenever equal numbers get other keys; stored keys of another version are made anew.
    pub const VERSION: u32 = 1;

    /// Reads the plans.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut shared = Vec::new();
        for name in files.names_below("phone/").iter().filter(|name| name.ends_with("_plan.toml")) {
            let plan: PhonePlan = files.parse(name)?;
            for range in &plan.ranges {
                let Some(code) = &range.key else { continue };
                let pattern = Regex::new(&format!("^(?:{})$", range.pattern))
                    .map_err(|error| RuleError::Meaning { path: name.clone(), message: error.to_string() })?;
                shared.push((format!("+{}", plan.code), pattern, format!("+{code}")));
            }
        }
        Ok(PhoneKeys { shared })
    }

    /// The key of a number in E.164.
    pub fn key<'a>(&self, e164: &'a str) -> Cow<'a, str> {
        for (prefix, pattern, counts) in &self.shared {
            if let Some(national) = e164.strip_prefix(prefix.as_str()).filter(|national| pattern.is_match(national)) {
                return Cow::Owned(format!("{counts}{national}"));
            }
        }
        Cow::Borrowed(e164)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_answers_under_two_codes_has_one_key() {
        let keys = PhoneKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let same = [("+970592123456", "+972592123456"), ("+970562123456", "+972562123456")];
        for (left, right) in same {
            assert_eq!(keys.key(left), keys.key(right), "{left}");
        }
        // Landlines of Gaza and of Israel share nothing.
        for other in ["+97082123456", "+972502345678", "+33612345678", "+97059212345", ""] {
            assert_eq!(keys.key(other), other, "{other}");
        }
    }
}
