//! `rules/dead.toml`: when an address or a number counts as dead, and what brings it back.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::Signal;

const FILE: &str = "dead.toml";

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadRules {
    /// How often each signal must have been seen since the contact last showed life.
    pub signs: BTreeMap<Signal, u32>,
    /// What shows life.
    pub life: Life,
}

/// What shows that a contact is alive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// Each of them.
    pub signals: Vec<Signal>,
}

impl DeadRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form, or a signal is a sign of both, or of death after no time.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: DeadRules = files.parse(FILE)?;
        let wrong = |message: String| Err(RuleError::Meaning { path: FILE.to_owned(), message });
        if let Some((signal, _)) = rules.signs.iter().find(|(_, times)| **times == 0) {
            return wrong(format!("{signal}: a sign has to be seen once at least"));
        }
        match rules.life.signals.iter().find(|signal| rules.signs.contains_key(signal)) {
            Some(signal) => wrong(format!("{signal} can't be a sign of life and of death")),
            None => Ok(rules),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_make_no_sense_are_refused() {
        let shipped = RuleFiles::embedded().text(FILE).into_owned();
        for (from, to) in [("not_me = 1", "not_me = 0"), ("\"open\"", "\"not_me\""), ("not_me", "nobody")] {
            let changed = shipped.replacen(from, to, 1);
            assert_ne!(changed, shipped, "{from}");
            assert!(DeadRules::load(&RuleFiles::embedded().with(FILE, changed)).is_err(), "{to}");
        }
    }
}
