//! Words of the report and the pages by language: `rules/words/LANGUAGE/*.toml`, merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{RegionRules, RuleError, RuleFiles};

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

    /// The language that people of a region read: that of `rules/region.toml`, or English.
    ///
    /// # Errors
    /// When that file is not of its form.
    pub fn language_of(files: &RuleFiles, region: &str) -> Result<String, RuleError> {
        let language = RegionRules::load(files)?.languages.remove(region);
        let is_there = |language: &String| Self::languages(files).contains(language);
        Ok(language.filter(is_there).unwrap_or_else(|| "en".to_owned()))
    }

    /// The words of [`Words::language_of`] a region.
    ///
    /// # Errors
    /// When a file is not of its form.
    pub fn of_region(files: &RuleFiles, region: &str) -> Result<Self, RuleError> {
        Self::load(files, &Self::language_of(files, region)?)
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use regex::Regex;

    use super::*;

    /// What no Hebrew sentence of ours holds, and why (the Academy's rules of punctuation, and readers of every sex).
    static SLIPS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
        let pattern = |text: &str| Regex::new(text).expect("a pattern");
        [
            (pattern("[„”״]"), "another quotation mark than \""),
            (pattern("־\u{200e}?[A-Za-z0-9@+`]"), "a maqaf before what is not Hebrew"),
            (pattern("[א-ת]/[א-ת]"), "two forms with a slash between them"),
            (pattern("(^|[^א-ת])(בדוק|הרץ|פתח|תבדוק|תריץ)([^א-ת]|$)"), "an imperative for one man"),
        ]
    });

    /// All that people read in Hebrew: name of the file, key and words.
    fn hebrew() -> Vec<(String, String)> {
        let files = RuleFiles::embedded();
        let below = files.names_below("words/he/").into_iter().filter(|name| !name.ends_with("/terms.toml"));
        let others = ["outreach/messages/he.toml", "outreach/pages/he.toml"].map(str::to_owned);
        below
            .chain(others)
            .flat_map(|name| {
                let table: toml::Table = files.parse(&name).expect("a table");
                leaves(&table).into_iter().map(move |text| (name.clone(), text))
            })
            .collect()
    }

    fn leaves(table: &toml::Table) -> Vec<String> {
        fn add(value: &toml::Value, texts: &mut Vec<String>) {
            match value {
                toml::Value::String(text) => texts.push(text.clone()),
                toml::Value::Array(values) => values.iter().for_each(|value| add(value, texts)),
                toml::Value::Table(table) => table.values().for_each(|value| add(value, texts)),
                _ => {}
            }
        }
        let mut texts = Vec::new();
        table.values().for_each(|value| add(value, &mut texts));
        texts
    }

    #[test]
    fn hebrew_has_one_word_a_thing() {
        let words = Words::load(&RuleFiles::embedded(), "he").expect("loads");
        let terms: Vec<(&str, &str)> = (words.words.iter())
            .filter_map(|(key, text)| Some((key.strip_prefix("term.")?.strip_suffix(".not")?, text.as_str())))
            .collect();
        assert!(terms.len() > 20, "the table of terms is read");
        let texts = hebrew();
        assert!(texts.len() > 900, "all words are read: {}", texts.len());
        let mut wrong = Vec::new();
        for (name, text) in &texts {
            for (concept, others) in &terms {
                for other in others.split(", ").filter(|other| text.contains(other)) {
                    let word = words.say(&format!("term.{concept}")).to_owned();
                    wrong.push(format!("{name}: \"{other}\" for \"{word}\" in: {text}"));
                }
            }
            wrong.extend(
                SLIPS.iter().filter(|(slip, _)| slip.is_match(text)).map(|(_, why)| format!("{name}: {why}: {text}")),
            );
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
