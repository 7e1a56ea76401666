//! `rules/email/mx.toml`: what DNS's word on a domain means for the status of an address there.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::finding::Code;
use crate::record::{MxCertainty, MxMeaning, MxOutcome, MxStatus, Verdict};

const PATH: &str = "email/mx.toml";

/// What DNS's word on a domain means for the status of an address there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MxPolicy {
    status: BTreeMap<MxOutcome, MxDoubts>,
    settled: MxSettled,
    told: MxReported,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MxSettled {
    doubts: Vec<Code>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct MxDoubts {
    heard: Doubt,
    confirmed: Doubt,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MxReported {
    silent: Vec<MxOutcome>,
}

/// The statuses that DNS can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Doubt {
    Risky,
    Review,
    Invalid,
}

impl MxPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form, or calls an address invalid for what is no permanent answer.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let policy: MxPolicy = files.parse(PATH)?;
        for (outcome, status) in &policy.status {
            let condemns = status.heard == Doubt::Invalid || status.confirmed == Doubt::Invalid;
            if condemns && outcome.meaning() != MxMeaning::Never {
                let message = format!("`{outcome}` is no permanent answer, so it can't make an address invalid");
                return Err(RuleError::Meaning { path: PATH.to_owned(), message });
            }
        }
        Ok(policy)
    }

    /// What the status of a domain means for an address there; none where the verdict on it stays.
    pub fn verdict(&self, status: &MxStatus) -> Option<Verdict> {
        let doubts = self.status.get(&status.outcome)?;
        let doubt = if status.certainty == MxCertainty::Pending { doubts.heard } else { doubts.confirmed };
        Some(match doubt {
            Doubt::Risky => Verdict::Risky,
            Doubt::Review => Verdict::Review,
            Doubt::Invalid => Verdict::Invalid,
        })
    }

    /// Whether this is a doubt about a domain that falls when it takes mail.
    pub fn is_doubt(&self, code: Code) -> bool {
        self.settled.doubts.contains(&code)
    }

    /// Whether the status of a domain is said as a reason.
    pub fn is_reported(&self, status: &MxStatus) -> bool {
        status.is_untrusted || !self.told.silent.contains(&status.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(outcome: MxOutcome, certainty: MxCertainty) -> Option<Verdict> {
        let policy = MxPolicy::load(&RuleFiles::embedded()).expect("the shipped policy loads");
        policy.verdict(&MxStatus::new(outcome, certainty, None))
    }

    #[test]
    fn only_a_confirmed_no_makes_an_address_invalid() {
        use MxCertainty::{Alive, Dead, Pending, Unknown};
        for (outcome, certainty, expected) in [
            (MxOutcome::MxOk, Alive, None),
            (MxOutcome::ImplicitMx, Alive, None),
            (MxOutcome::Nxdomain, Pending, Some(Verdict::Risky)),
            (MxOutcome::Nxdomain, Dead, Some(Verdict::Invalid)),
            (MxOutcome::NullMx, Dead, Some(Verdict::Invalid)),
            (MxOutcome::MxPrivate, Dead, Some(Verdict::Risky)),
            (MxOutcome::Timeout, Unknown, None),
            (MxOutcome::Stale, Unknown, None),
            (MxOutcome::NotChecked, Unknown, None),
        ] {
            assert_eq!(verdict(outcome, certainty), expected, "{outcome} {certainty:?}");
        }
    }

    #[test]
    fn a_policy_that_condemns_the_unknown_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(directory.path().join("email")).expect("a directory");
        let text =
            "[status.timeout]\nheard = 'risky'\nconfirmed = 'invalid'\n[settled]\ndoubts = []\n[told]\nsilent = []\n";
        std::fs::write(directory.path().join("email/mx.toml"), text).expect("written");
        let files = RuleFiles::layered(directory.path()).expect("layered");
        assert!(MxPolicy::load(&files).expect_err("refused").to_string().contains("timeout"));
    }
}
