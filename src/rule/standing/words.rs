//! `rules/standing.toml`: words by which headers and cells speak of contacting somebody, in classes.

use std::collections::HashMap;

use serde::Deserialize;

use super::super::class_words::ClassWords;
use super::super::{RuleError, RuleFiles};
use super::class::{Class, Classes};

const FILE: &str = "standing.toml";
/// Words of more languages, a file each.
const FOLDER: &str = "standing/";

/// Texts longer than this many words are read to here only.
const MOST_WORDS: usize = 40;
/// A part of a glued word is at least so long; the age of "patronage" is none.
const SHORTEST_PART: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: HashMap<Class, Vec<String>>,
}

/// The words of all languages.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    known: ClassWords,
}

/// One word of a text, or several that are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// What it says; nothing for a word that is not known.
    pub(super) classes: Classes,
    /// Its value, where it is a number.
    pub(super) number: Option<u64>,
}

impl Words {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut known = ClassWords::default();
        for path in std::iter::once(FILE.to_owned()).chain(files.names_below(FOLDER)) {
            let file: File = files.parse(&path)?;
            for (class, entries) in file.words {
                if let Some(entry) = entries.iter().find(|entry| !known.learn(entry, class as u8)) {
                    return Err(RuleError::Meaning { path, message: format!("`{entry}` holds no word") });
                }
            }
        }
        Ok(Words { known })
    }

    /// The words of a text with what they say.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        let words = self.known.words(text, MOST_WORDS);
        let mut tokens = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let (length, mut classes) = self.known.longest(&words[at..]);
            // "Mitgliedsstatus" begins as "Mitglied" does, and is a status.
            if length == 1 && !self.known.has(&words[at]) {
                classes |= self.known.compound(&words[at], SHORTEST_PART).unwrap_or(0);
            }
            let number = if classes == 0 { words[at].parse().ok() } else { None };
            // Initials of programs, endings behind a slash.
            let is_scrap = classes == 0 && number.is_none() && words[at].chars().count() <= 2;
            let classes = if is_scrap { Classes::of(&[Class::Filler]) } else { Classes::from_bits(classes) };
            tokens.push(Token { classes, number });
            at += length;
        }
        tokens
    }
}
