//! Names that stand for each other, across scripts too, and words that are left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rule::{RuleError, RuleFiles};

/// Nicknames and forms in other scripts.
#[derive(Debug, Clone, Default)]
pub struct NameForms {
    /// Nickname to names, folded.
    full: BTreeMap<String, Vec<String>>,
    /// Word in another script to its Latin forms, commoner ones first.
    latin: BTreeMap<String, Vec<String>>,
}

impl NameForms {
    /// Reads the tables.
    ///
    /// # Errors
    /// When a line has no second column.
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut forms = NameForms::default();
        for path in files.names_below("resolve/").iter().filter(|path| path.ends_with(".tsv")) {
            let is_latin = path.ends_with("latin_forms.tsv");
            for (index, mut cells) in files.table(&files.text(path)).enumerate() {
                let (Some(name), Some(other)) = (cells.next(), cells.next()) else {
                    let message = format!("line {} of the table has one column", index + 1);
                    return Err(RuleError::Meaning { path: path.clone(), message });
                };
                let (map, key, value) =
                    if is_latin { (&mut forms.latin, name, other) } else { (&mut forms.full, other, name) };
                map.entry(key.to_owned()).or_default().push(value.to_owned());
            }
        }
        Ok(forms)
    }

    /// The names that a nickname stands for.
    pub fn full(&self, nickname: &str) -> &[String] {
        self.full.get(nickname).map_or(&[], Vec::as_slice)
    }

    /// How a word of another script is written in Latin letters, commoner forms first; empty where the tables don't
    /// know it.
    pub fn latin(&self, word: &str) -> &[String] {
        self.latin.get(word).map_or(&[], Vec::as_slice)
    }
}

/// Letters of other scripts in Latin ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatinLetters {
    letters: BTreeMap<char, String>,
}

impl LatinLetters {
    /// The Latin letters for one of another script; none where it is not known.
    pub fn of(&self, letter: char) -> Option<&str> {
        self.letters.get(&letter).map(String::as_str)
    }
}

/// Words that are left out before values are compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveWords {
    /// Kinds of streets.
    pub street: Vec<String>,
}
