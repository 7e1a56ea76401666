//! What a caller wrote in the column of outcomes.

use std::sync::{Arc, OnceLock};

use super::reader::{Reader, Scratch};
use crate::record::Outcome;
use crate::rule::{RuleError, RuleFiles};

/// Reads outcomes of calls by `rules/meaning/outcomes.toml`.
#[derive(Debug, Clone)]
pub struct OutcomeReader {
    rules: Reader<Outcome>,
}

impl OutcomeReader {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file is not of its form, or a pattern names a class that there is not.
    pub fn load(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<OutcomeReader>> = OnceLock::new();
        files.shared(&SHIPPED, || Ok(OutcomeReader { rules: Reader::load(files, "meaning/outcomes.toml")? }))
    }

    /// The one outcome that a text comes to; none where it comes to several, or holds a word that says nothing to any rule.
    pub fn read(&self, text: &str) -> Option<Outcome> {
        let mut said = self.rules.read_whole(text, &mut Scratch::default())?;
        said.sort_unstable();
        match said[..] {
            [one] => Some(one),
            // Whoever found part of it right and gave the rest anew, and whoever did not come to speak and is called again.
            [Outcome::Confirmed, Outcome::Updated] => Some(Outcome::Updated),
            [Outcome::NoAnswer, Outcome::Callback] => Some(Outcome::Callback),
            _ => None,
        }
    }

    /// How many examples stand beside the rules.
    pub fn examples(&self) -> usize {
        self.rules.examples().len()
    }

    /// The examples that do not hold, in words.
    pub fn failures(&self) -> Vec<String> {
        let failed = self.rules.examples().iter().filter_map(|example| {
            let read = self.read(&example.text);
            let verb = if example.must { "must" } else { "must not" };
            let is_read = read == Some(example.means);
            (is_read != example.must).then(|| {
                let read = read.map_or("nothing", Outcome::as_str);
                format!("outcomes, {}: {:?} {verb} be {}, and is {read}", example.rule, example.text, example.means)
            })
        });
        failed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> Arc<OutcomeReader> {
        OutcomeReader::load(&RuleFiles::on_trial()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_examples_beside_the_rules_hold() {
        assert_eq!(reader().failures(), Vec::<String>::new());
    }

    /// `-` stands for what nobody can tell.
    #[test]
    fn what_callers_write_in_four_languages_is_read_and_what_nobody_can_tell_is_not_guessed() {
        let reader = reader();
        let table = include_str!("../../fixtures/outreach/call_outcomes.tsv");
        let wrong: Vec<String> = table
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (text, expected) = line.split_once('\t')?;
                let read = reader.read(text).map_or("-", Outcome::as_str);
                (read != expected).then(|| format!("{expected:<12} {read:<12} {text}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{} are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn a_word_that_says_nothing_to_any_rule_leaves_the_whole_unread() {
        let reader = reader();
        for text in ["", "לא ענתה בלהבלה", "no answer xyzzy", "confirmed and refused", "не отказалась", "12345"]
        {
            assert_eq!(reader.read(text), None, "{text}");
        }
    }
}
