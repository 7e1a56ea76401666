//! What a note of staff says against contacting the customer it is about.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::reader::{Reader, Scratch};
use super::rules::Certainty;
use crate::record::{Channel, Consent, Standing, StandingFact};
use crate::rule::{RuleError, RuleFiles};

/// What a rule can find in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoteKind {
    /// The customer died.
    Deceased,
    /// A lawyer or a court is concerned.
    Legal,
    /// The customer does not want to be contacted.
    DoNotContact,
    /// No text messages.
    NoSms,
    /// No e-mail.
    NoEmail,
    /// No calls.
    NoCall,
}

impl NoteKind {
    const fn standing(self) -> Standing {
        match self {
            NoteKind::Deceased => Standing::of_fact(StandingFact::Deceased),
            NoteKind::Legal => Standing::of_fact(StandingFact::Legal),
            NoteKind::DoNotContact => Standing::of_any(Consent::No),
            NoteKind::NoSms => Standing::of_channel(Channel::Sms, Consent::No),
            NoteKind::NoEmail => Standing::of_channel(Channel::Email, Consent::No),
            NoteKind::NoCall => Standing::of_channel(Channel::Call, Consent::No),
        }
    }
}

/// Reads notes by `rules/meaning/notes.toml`.
#[derive(Debug, Clone)]
pub struct NoteReader {
    rules: Reader<NoteKind>,
}

/// What is said, and whether for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoteMeaning {
    /// What is said, or may be.
    pub standing: Standing,
    /// Something of it only may be.
    pub is_in_doubt: bool,
}

thread_local! {
    /// Written over by each note, so that none asks for memory.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl NoteReader {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file is not of its form, or a pattern names a class that there is not.
    pub fn load(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<NoteReader>> = OnceLock::new();
        Self::shared(files, "meaning/notes.toml", &SHIPPED)
    }

    /// Reads by the rules of marks that stand among the words of a name.
    pub(super) fn of_marks(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<NoteReader>> = OnceLock::new();
        Self::shared(files, "meaning/marks.toml", &SHIPPED)
    }

    /// Every column of names and of notes asks for the same rules, so those that are shipped are read once.
    fn shared(files: &RuleFiles, name: &str, shipped: &OnceLock<Arc<Self>>) -> Result<Arc<Self>, RuleError> {
        files.shared(shipped, || Ok(NoteReader { rules: Reader::load(files, name)? }))
    }

    /// What a note says.
    pub fn read(&self, note: &str) -> NoteMeaning {
        let mut meaning = NoteMeaning::default();
        SCRATCH.with_borrow_mut(|scratch| {
            for found in self.rules.read(note, false, scratch) {
                let said = meaning.standing.and(found.means.standing());
                meaning.is_in_doubt |= found.certainty == Certainty::Doubt && said != meaning.standing;
                meaning.standing = said;
            }
        });
        meaning
    }

    /// Whether some rule can begin with a word.
    pub(super) fn may_begin_with(&self, word: &str) -> bool {
        SCRATCH.with_borrow_mut(|scratch| self.rules.may_begin_with(word, scratch))
    }

    /// Whether a sign is a word.
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.rules.is_sign(sign)
    }

    /// How many examples stand beside the rules.
    pub fn examples(&self) -> usize {
        self.rules.examples().len()
    }

    /// The examples that do not hold, in words.
    pub fn failures(&self) -> Vec<String> {
        let failed = self.rules.examples().iter().filter_map(|example| {
            let said = self.read(&example.text).standing;
            let is_said = said.and(example.means.standing()) == said;
            let verb = if example.must { "must" } else { "must not" };
            (is_said != example.must)
                .then(|| format!("{}: {:?} {verb} mean {:?}", example.rule, example.text, example.means))
        });
        failed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_beside_the_rules_hold() {
        let files = RuleFiles::embedded();
        for reader in [NoteReader::load(&files), NoteReader::of_marks(&files)] {
            assert_eq!(reader.expect("the shipped rules load").failures(), Vec::<String>::new());
        }
    }
}
