//! `rules/languages.toml`: names of languages.

use std::collections::BTreeMap;

use super::{RuleError, RuleFiles};
use crate::text::{folded, hebrew};

/// Names of languages by ISO 639-1 code.
#[derive(Debug, Clone)]
pub struct Languages {
    codes: BTreeMap<String, String>,
}

impl Languages {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let names: BTreeMap<String, Vec<String>> = files.parse("languages.toml")?;
        let mut codes = BTreeMap::new();
        for (code, names) in names {
            codes.extend(names.iter().map(|name| (folded(name), code.clone())));
            codes.insert(code.clone(), code);
        }
        Ok(Languages { codes })
    }

    /// The code of a language that a list names; none where it names none that is known.
    pub fn code(&self, name: &str) -> Option<&str> {
        let name = folded(name);
        let found = self.codes.get(&name).or_else(|| self.codes.get(name.split(' ').next()?));
        found.map(String::as_str)
    }
}

/// The language that a text is in, by the letters of scripts that one language of these has to itself: none for Latin.
pub fn language_by_script(text: &str) -> Option<&'static str> {
    let mut counts = [0u32; 4];
    for letter in text.chars() {
        match letter {
            hebrew::ALEF..=hebrew::TAV => counts[0] += 1,
            '\u{620}'..='\u{64a}' => counts[1] += 1,
            '\u{400}'..='\u{52f}' => counts[2] += 1,
            letter if letter.is_alphabetic() => counts[3] += 1,
            _ => {}
        }
    }
    let all: u32 = counts.iter().sum();
    // Nine letters of ten: a mixed text leaves a doubt.
    let most = (0..3).find(|script| counts[*script] > 0 && counts[*script] * 10 >= all * 9)?;
    Some(["he", "ar", "ru"][most])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_name_code_and_script() {
        let languages = Languages::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (name, code) in
            [("עברית", Some("he")), ("HE-il", Some("he")), ("English (US)", Some("en")), ("klingon", None)]
        {
            assert_eq!(languages.code(name), code, "{name}");
        }
        for (text, code) in [
            ("דנה כהן", Some("he")),
            ("Иван Петров", Some("ru")),
            ("محمد", Some("ar")),
            ("Dana", None),
            ("דנה Cohen", None),
        ] {
            assert_eq!(language_by_script(text), code, "{text}");
        }
    }
}
