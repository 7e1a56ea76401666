//! `rules/consent.toml`: words that answer "may we contact you".

use serde::Deserialize;

use super::{Lookup, RuleError, RuleFiles};

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentWord {
    /// Yes to whatever the column asks.
    Yes,
    /// No to whatever the column asks.
    No,
    /// Contact is allowed, whatever the column asks.
    Permission,
    /// Contact is refused, whatever the column asks.
    Refusal,
    /// A cross: no to a question of permission, and a box that was ticked where refusals are asked for.
    Cross,
    /// Says that nothing is known.
    Nothing,
}

/// The words of all languages.
#[derive(Debug, Clone, Default)]
pub struct ConsentWords {
    words: Lookup<ConsentWord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFile {
    yes: Vec<String>,
    no: Vec<String>,
    permission: Vec<String>,
    refusal: Vec<String>,
    cross: Vec<String>,
    nothing: Vec<String>,
}

impl ConsentWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form, or a word stands in two lists.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: ConsentFile = files.parse("consent.toml")?;
        let mut words = Lookup::default();
        let lists = [
            (ConsentWord::Yes, &file.yes),
            (ConsentWord::No, &file.no),
            (ConsentWord::Permission, &file.permission),
            (ConsentWord::Refusal, &file.refusal),
            (ConsentWord::Cross, &file.cross),
            (ConsentWord::Nothing, &file.nothing),
        ];
        for (meaning, list) in lists {
            for word in list {
                if *words.entry(word, meaning) != meaning {
                    let message = format!("`{word}` stands in two lists of answers");
                    return Err(RuleError::Meaning { path: "consent.toml".to_owned(), message });
                }
            }
        }
        Ok(ConsentWords { words })
    }

    /// What a trimmed value in lower case says.
    pub fn read(&self, value: &str) -> Option<ConsentWord> {
        self.words.find(value)
    }
}
