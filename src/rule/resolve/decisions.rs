//! `rules/resolve/decisions.toml`: what people write beside pairs that they decide about, and the columns that hold it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::record::PairAnswer;
use crate::rule::{RuleError, RuleFiles};
use crate::text::folded;

const NAME: &str = "resolve/decisions.toml";

/// Columns of a list of decided pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DecisionColumn {
    Decision,
    Pair,
    LeftRow,
    LeftKey,
    RightRow,
    RightKey,
    Note,
}

/// Words of decisions and headers, folded.
#[derive(Debug, Clone)]
pub struct DecisionWords {
    answers: HashMap<String, PairAnswer>,
    columns: HashMap<String, DecisionColumn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    answers: BTreeMap<PairAnswer, Vec<String>>,
    columns: BTreeMap<DecisionColumn, Vec<String>>,
}

impl DecisionWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form, or a word means two things.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let File { answers, columns } = files.parse(NAME)?;
        Ok(DecisionWords { answers: by_word(answers)?, columns: by_word(columns)? })
    }

    /// The answer that a cell names.
    pub fn read(&self, cell: &str) -> Option<PairAnswer> {
        self.answers.get(&folded(cell)).copied()
    }

    /// What a header is.
    pub fn column(&self, header: &str) -> Option<DecisionColumn> {
        self.columns.get(&folded(header)).copied()
    }
}

fn by_word<V: Copy + PartialEq>(lists: BTreeMap<V, Vec<String>>) -> Result<HashMap<String, V>, RuleError> {
    let mut known = HashMap::new();
    for (value, words) in lists {
        for word in words {
            if known.insert(folded(&word), value).is_some_and(|other| other != value) {
                let message = format!("`{word}` means two things");
                return Err(RuleError::Meaning { path: NAME.to_owned(), message });
            }
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_four_languages_and_nothing_is_guessed() {
        let words = DecisionWords::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        for (cell, answer) in [
            ("Same", PairAnswer::Same),
            ("  אותו אדם. ", PairAnswer::Same),
            ("שונים", PairAnswer::Different),
            ("בני זוג", PairAnswer::Household),
            ("לא בטוחה", PairAnswer::Unsure),
            ("разные люди", PairAnswer::Different),
            ("نفس العميل", PairAnswer::Same),
        ] {
            assert_eq!(words.read(cell), Some(answer), "{cell}");
        }
        assert_eq!([words.read("x"), words.read("")], [None, None]);
        for answer in PairAnswer::ALL {
            assert_eq!(words.read(answer.as_str()), Some(answer), "our own words");
        }
        assert_eq!(words.column("Decision"), Some(DecisionColumn::Decision));
        assert_eq!(words.column("left_row"), Some(DecisionColumn::LeftRow));
    }
}
