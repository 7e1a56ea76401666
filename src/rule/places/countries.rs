//! Countries by name.

use std::collections::{BTreeMap, HashMap};

use super::super::{RuleError, RuleFiles};
use crate::record::FixedMap;
use crate::text::PlaceKey;

/// ISO 3166 codes by every name that people write.
#[derive(Debug)]
pub struct Countries {
    codes: FixedMap<Box<[u8]>, Box<str>>,
}

impl Countries {
    /// Reads `rules/places/countries.toml`.
    ///
    /// # Errors
    /// When it is not of its form, or two countries share a name.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let names: BTreeMap<String, Vec<String>> = files.parse(FILE)?;
        let mut countries = Countries { codes: HashMap::default() };
        for (code, names) in &names {
            for name in names.iter().chain([code]) {
                let key = PlaceKey::plain(name);
                let known = countries.codes.insert(key.as_bytes().into(), code.as_str().into());
                if known.is_some_and(|known| &*known != code) {
                    let message = format!("`{name}` stands under {code} and under another country");
                    return Err(RuleError::Meaning { path: FILE.to_owned(), message });
                }
            }
        }
        Ok(countries)
    }

    /// The ISO 3166-1 alpha-2 code of a country's name, alpha-2 or alpha-3 code.
    pub fn code(&self, name: &str) -> Option<&str> {
        self.codes.get(PlaceKey::plain(name).as_bytes()).map(|code| &**code)
    }
}

const FILE: &str = "places/countries.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_in_four_languages_and_by_code() {
        let countries = Countries::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for name in ["Israel", "ישראל", "ISRAEL", "Израиль", "إسرائيل", "il", "ISR", "מדינת ישראל"]
        {
            assert_eq!(countries.code(name), Some("IL"), "{name}");
        }
        assert_eq!(countries.code("ארה״ב"), Some("US"));
        assert_eq!(countries.code("Narnia"), None);
        assert_eq!(countries.code(""), None);
    }
}
