//! `rules/text/`: what damages any text, what stands for nothing, and the Hebrew keyboard.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Lookup, RuleError, RuleFiles};

/// `rules/text/clean.toml`: what is undone in every text cell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextRules {
    /// What spreadsheets show in place of a value that could not be computed.
    pub excel_errors: Vec<String>,
    /// Character references of HTML by name (without `&` and `;`), and the text they stand for.
    pub entities: BTreeMap<String, String>,
    /// What programs write between several values of one cell.
    pub value_separators: Vec<String>,
    /// Short words that are written with a leading apostrophe in earnest, without it.
    pub leading_apostrophe: Vec<String>,
}

impl TextRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("text/clean.toml")
    }
}

/// For which kind of field something is a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceholderKind {
    /// Any field that holds words.
    Any,
    /// Names of people.
    Name,
    /// Addresses and their parts.
    Address,
}

/// Values that people and programs write where they know nothing.
#[derive(Debug, Clone)]
pub struct Placeholders {
    values: Lookup<()>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceholderFile {
    any: Vec<String>,
    name: Vec<String>,
    address: Vec<String>,
}

impl Placeholders {
    /// Reads `rules/text/placeholders.toml` for one kind of field.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles, kind: PlaceholderKind) -> Result<Self, RuleError> {
        let file: PlaceholderFile = files.parse("text/placeholders.toml")?;
        let more = match kind {
            PlaceholderKind::Any => &[][..],
            PlaceholderKind::Name => &file.name[..],
            PlaceholderKind::Address => &file.address[..],
        };
        let values = Lookup::of_words(file.any.iter().chain(more).map(String::as_str));
        Ok(Placeholders { values })
    }

    /// Whether a trimmed value stands for nothing, also between brackets and quotes (`(null)`) or twice (`NULL NULL`); the case
    /// of Latin letters does not matter.
    pub fn has(&self, value: &str) -> bool {
        if self.values.has(value) {
            return true;
        }
        let bare = value.trim_matches(|letter: char| !letter.is_alphanumeric());
        if bare.len() < value.len() && !bare.is_empty() && self.values.has(bare) {
            return true;
        }
        let mut words = bare.split(' ');
        let first = words.next().unwrap_or_default();
        let mut others = words.peekable();
        others.peek().is_some() && others.all(|word| word.eq_ignore_ascii_case(first)) && self.values.has(first)
    }
}

/// `rules/text/hebrew_layout.toml`: which Hebrew letter stands on which key of a Latin keyboard.
#[derive(Debug, Clone)]
pub struct HebrewLayout {
    to_hebrew: BTreeMap<char, char>,
    to_latin: BTreeMap<char, char>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    map: BTreeMap<char, char>,
}

impl HebrewLayout {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: LayoutFile = files.parse("text/hebrew_layout.toml")?;
        let to_latin = file.map.iter().map(|(&latin, &hebrew)| (hebrew, latin)).collect();
        Ok(HebrewLayout { to_hebrew: file.map, to_latin })
    }

    /// What these keys write on a Hebrew keyboard; none where one of them writes no Hebrew letter.
    pub fn hebrew(&self, keys: &str) -> Option<String> {
        keys.chars()
            .map(|key| match key {
                ' ' | '-' => Some(key),
                _ => self.to_hebrew.get(&key.to_ascii_lowercase()).copied().filter(|typed| !typed.is_ascii()),
            })
            .collect()
    }

    /// What the keys of these Hebrew letters write on a Latin keyboard; none where one of them writes no Latin letter.
    pub fn latin(&self, letters: &str) -> Option<String> {
        letters
            .chars()
            .map(|letter| match letter {
                ' ' | '-' => Some(letter),
                _ => self.to_latin.get(&letter).copied().filter(char::is_ascii_alphabetic),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_reads_both_ways() {
        let layout = HebrewLayout::load(&RuleFiles::embedded()).expect("loads");
        assert_eq!(layout.hebrew("akuo").as_deref(), Some("שלום"));
        assert_eq!(layout.hebrew("FVI").as_deref(), Some("כהן"));
        assert_eq!(layout.latin("דשרשי").as_deref(), Some("sarah"));
        assert_eq!(layout.hebrew("dana5"), None);
        assert_eq!(layout.latin("dana"), None);
    }

    #[test]
    fn a_placeholder_of_names_is_none_of_other_fields() {
        let files = RuleFiles::embedded();
        let any = Placeholders::load(&files, PlaceholderKind::Any).expect("loads");
        let name = Placeholders::load(&files, PlaceholderKind::Name).expect("loads");
        assert!(any.has("N/A") && name.has("n/a") && any.has("לא ידוע"));
        assert!(name.has("לקוח מזדמן") && !any.has("לקוח מזדמן"));
        assert!(!name.has("דנה"));
        for dressed in ["(null)", "[אין]", "NULL NULL", "לא ידוע.", "«none»"] {
            assert!(any.has(dressed), "{dressed}");
        }
        for word in ["no", "דנה דנה", "#12", "(דנה)"] {
            assert!(!any.has(word), "{word}");
        }
    }
}
