//! `rules/steward`: how the stewards' queue is ordered, what needs a second person, and how accounts are kept.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::ItemKind;

/// How age weighs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeWeight {
    /// Days in which an item comes to count once more.
    pub double_days: f64,
    /// How often it counts at most.
    pub most: f64,
}

/// How items of a kind are treated.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindPolicy {
    /// How much a right answer is worth beside others.
    pub weight: f64,
    /// In how many days it should be answered.
    pub due_days: i64,
    /// How many a run asks at most.
    pub most: usize,
}

/// Which stale contacts are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecayedPolicy {
    /// Of customers who are worth so many times the average.
    pub least_value: f32,
}

/// How long somebody has an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimPolicy {
    /// Minutes from the last use on.
    pub minutes: u32,
    /// Hours in which one who put it back does not get it again.
    pub skip_hours: u32,
}

/// One decision about many items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManyPolicy {
    /// How many at most.
    pub most: usize,
    /// How many are shown before.
    pub sample: usize,
}

/// From where on a second person confirms.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondPerson {
    /// Of customers who are worth so many times the average.
    pub value: f64,
    /// Of more items than these at once.
    pub items: usize,
}

/// For how long values are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevealPolicy {
    /// Seconds.
    pub seconds: u32,
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPolicy {
    /// Minutes without use.
    pub idle_minutes: u32,
    /// Hours at all.
    pub whole_hours: u32,
}

/// How wrong passwords are slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TryPolicy {
    /// Tries without a wait.
    pub free: u32,
    /// Seconds to wait then; twice as long after each more.
    pub first_wait_seconds: u32,
    /// Seconds at most.
    pub most_wait_seconds: u32,
}

/// How long a password is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Letters at least.
    pub least_letters: usize,
    /// Letters at most.
    pub most_letters: usize,
}

/// All that is policy of the stewards' pages.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StewardPolicy {
    /// How age weighs.
    pub age: AgeWeight,
    kinds: BTreeMap<ItemKind, KindPolicy>,
    /// Which stale contacts are asked about.
    pub decayed: DecayedPolicy,
    /// How long somebody has an item.
    pub claim: ClaimPolicy,
    /// One decision about many items.
    pub many: ManyPolicy,
    /// From where on a second person confirms.
    pub second_person: SecondPerson,
    /// For how long values are shown.
    pub reveal: RevealPolicy,
    /// How long a session lasts.
    pub session: SessionPolicy,
    /// How wrong passwords are slowed down.
    pub tries: TryPolicy,
    /// How long a password is.
    pub password: PasswordPolicy,
    #[serde(skip)]
    common_passwords: HashSet<String>,
}

const NAME: &str = "steward/policy.toml";
const COMMON: &str = "steward/common_passwords.txt";

impl StewardPolicy {
    /// Reads the policy.
    ///
    /// # Errors
    /// When it is not of its form, or leaves a kind out.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut policy: StewardPolicy = files.parse(NAME)?;
        let invalid = |message: String| RuleError::Meaning { path: NAME.to_owned(), message };
        if let Some(kind) = ItemKind::ALL.iter().find(|kind| !policy.kinds.contains_key(kind)) {
            return Err(invalid(format!("[kinds.{kind}] is missing")));
        }
        let weights = policy.kinds.values().map(|kind| kind.weight).chain([policy.age.double_days]);
        if !weights.chain([policy.age.most]).all(|number| number.is_finite() && number > 0.0) {
            return Err(invalid("weights and days are numbers above 0".to_owned()));
        }
        let text = files.text(COMMON);
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
        policy.common_passwords = lines.map(str::to_lowercase).collect();
        Ok(policy)
    }

    /// How items of a kind are treated.
    pub fn kind(&self, kind: ItemKind) -> &KindPolicy {
        &self.kinds[&kind]
    }

    /// Whether a password is one that everybody tries first.
    pub fn is_common(&self, password: &str) -> bool {
        self.common_passwords.contains(&password.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_knows_every_kind_and_the_commonest_passwords() {
        let policy = StewardPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form");
        assert!(ItemKind::ALL.iter().all(|kind| policy.kind(*kind).most > 0));
        assert!(
            policy.is_common("Password1") && policy.is_common("iloveyou1") && !policy.is_common("three blue chairs")
        );
    }

    #[test]
    fn a_kind_that_is_left_out_and_a_weight_of_nothing_are_refused() {
        let files = RuleFiles::embedded();
        let text = files.text(NAME);
        let refused = |text: String| StewardPolicy::load(&files.clone().with(NAME, text)).is_err();
        assert!(refused(text.replace("weight = 1.0", "weight = 0")));
        assert!(refused(text.replace("[kinds.column]\nweight = 5.0\ndue_days = 7\nmost = 100\n", "")));
        assert!(!refused(text.to_string()));
    }
}
