//! Words of the report and the pages by language: `rules/words/LANGUAGE/*.toml`, merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RuleError, RuleFiles};

/// The words of one language; a key it lacks falls back to English.
#[derive(Debug, Clone, Default)]
pub struct Words {
    language: String,
    words: Arc<BTreeMap<String, String>>,
}

impl Words {
    /// The languages that have a folder below `rules/words/`, sorted.
    pub fn languages(files: &RuleFiles) -> Vec<String> {
        let names = files.names_below("words/");
        let mut languages: Vec<String> =
            names.iter().filter_map(|name| name.split('/').nth(1)).map(str::to_owned).collect();
        languages.dedup();
        languages
    }

    /// Reads one language over English.
    ///
    /// # Errors
    /// When a file does not parse as a flat table of strings.
    pub fn load(files: &RuleFiles, language: &str) -> Result<Self, RuleError> {
        let mut words = BTreeMap::new();
        for layer in ["en", language] {
            for name in files.names_below(&format!("words/{layer}/")) {
                words.extend(files.parse::<BTreeMap<String, String>>(&name)?);
            }
        }
        Ok(Words { language: language.to_owned(), words: Arc::new(words) })
    }

    /// The language's ISO 639 code.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// `rtl` for languages written from right to left, else `ltr`.
    pub fn direction(&self) -> &str {
        self.words.get("direction").map_or("ltr", String::as_str)
    }

    /// The words for a key; the key itself where no language has it.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// Whether this key has words.
    pub fn has(&self, key: &str) -> bool {
        self.words.contains_key(key)
    }
}
