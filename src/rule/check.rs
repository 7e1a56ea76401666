//! Profiles of a check: which rules speak at which stage of a list's life, and how loudly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Level, RuleError, RuleFiles};
use crate::finding::Severity;

/// At which findings a list fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "app", derive(clap::ValueEnum))]
#[expect(missing_docs, reason = "the names say it")]
pub enum FailsOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailsOn {
    /// The least severity that fails it.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            FailsOn::Info => Some(Severity::Info),
            FailsOn::Warning => Some(Severity::Warning),
            FailsOn::Error => Some(Severity::Error),
            FailsOn::Never => None,
        }
    }
}

/// One profile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckProfile {
    /// When it is of use, in half a sentence.
    pub what: String,
    /// At which findings a list fails.
    pub fail_on: FailsOn,
    /// Levels by code or prefix.
    #[serde(default)]
    pub levels: BTreeMap<String, Level>,
}

/// `rules/check.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckProfiles {
    profile: BTreeMap<String, CheckProfile>,
}

impl CheckProfiles {
    /// Reads `check.toml`.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("check.toml")
    }

    /// The profile of a name.
    pub fn get(&self, name: &str) -> Option<&CheckProfile> {
        self.profile.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profile.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;

    #[test]
    fn each_profile_names_rules_that_are_there() {
        let profiles = CheckProfiles::load(&RuleFiles::embedded()).expect("is read");
        assert_eq!(profiles.names().collect::<Vec<_>>(), ["cleanup", "import", "strict"]);
        for (name, profile) in &profiles.profile {
            for rule in profile.levels.keys() {
                let below = format!("{rule}.");
                let is_known = |code: &Code| code.as_str() == rule || code.as_str().starts_with(&below);
                assert!(Code::ALL.iter().any(is_known), "{name}: {rule}");
            }
        }
    }
}
