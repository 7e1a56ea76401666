//! `StandingWords`: the words and the plain answers, read once.

use std::sync::{Arc, OnceLock};

use super::super::{ConsentWord, ConsentWords, RuleError, RuleFiles};
use super::words::Words;

/// Reads headers, cells and names of files by their words.
#[derive(Debug, Clone, Default)]
pub struct StandingWords {
    pub(super) words: Words,
    answers: ConsentWords,
}

impl StandingWords {
    /// Reads the file, and the plain answers of `consent.toml`.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<StandingWords>> = OnceLock::new();
        files.shared(&SHIPPED, || Ok(StandingWords { words: Words::load(files)?, answers: ConsentWords::load(files)? }))
    }

    /// A plain answer of one word.
    pub(super) fn answer(&self, text: &str) -> Option<ConsentWord> {
        self.answers.read(text).or_else(|| {
            let bare = text.trim_end_matches(['.', '!', '?', ',']);
            self.answers.read(bare).or_else(|| self.answers.read(&bare.to_lowercase()))
        })
    }

    /// Whether a cell is a plain yes of one word.
    pub fn is_plain_yes(&self, text: &str) -> bool {
        self.answer(text) == Some(ConsentWord::Yes)
    }

    /// Whether a cell is a plain answer of one word.
    pub fn is_plain(&self, text: &str) -> bool {
        self.answer(text).is_some()
    }
}
