//! `rules/decay.toml`: how contacts go stale, and what signs of life and of decay are worth.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::{ContactClass, ContactKind, Signal};

const FILE: &str = "decay.toml";

/// What is assumed before anything is learnt of this list's customers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecayRules {
    /// Addresses.
    pub email: DecayPriors,
    /// Numbers.
    pub phone: DecayPriors,
    /// What an unopened mail is worth.
    pub opens: OpenRules,
    /// How often a signal counts.
    pub caps: SignalCaps,
    /// Bounds of what is scored.
    pub limits: DecayLimits,
    /// Learning from outcomes.
    pub learn: LearnRules,
}

/// Priors of one kind of contact.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecayPriors {
    /// Share of those in use that are lost within a year.
    pub anchor: f64,
    /// How far the anchor may be off, as one standard deviation.
    pub anchor_sd: f64,
    /// Power of tenure.
    pub shape: f64,
    /// Logarithm of the factor for each earlier change.
    pub change: f64,
    /// Of those gone, the share that tells.
    pub share_telling: f64,
    /// Yearly rate at which those that tell fall silent.
    pub handed_on: f64,
    /// Log-odds for a dead domain.
    pub dead_domain: f64,
    /// Yearly hazards.
    pub class: BTreeMap<ContactClass, f64>,
    /// Factors of the hazard by age.
    pub age: AgeFactors,
    /// Weights by signal, for contacts gone and telling, and gone and silent.
    pub signal: BTreeMap<Signal, [f64; 2]>,
}

/// Factors of the hazard by age.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AgeFactors {
    pub under_25: f64,
    pub from_25: f64,
    pub from_35: f64,
    pub from_55: f64,
}

impl AgeFactors {
    /// By band, the youngest first.
    pub const fn bands(&self) -> [f64; 4] {
        [self.under_25, self.from_25, self.from_35, self.from_55]
    }
}

/// What an unopened mail is worth.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRules {
    /// Share of mails that an average reader opens.
    pub rate: f64,
    /// How many mails that average weighs.
    pub mails: f64,
    /// A mail younger than this may still be opened.
    pub wait_days: i32,
}

/// How often a signal counts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalCaps {
    /// Only so many, the latest, count.
    pub last: BTreeMap<Signal, u16>,
    /// So many count in each month.
    pub a_month: BTreeMap<Signal, u16>,
}

/// Bounds of what is scored.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecayLimits {
    /// The least probability where the owner is said to have died.
    pub deceased: f64,
    /// A value that more customers share is no person's own.
    pub shared_by: u32,
    /// Tenure in years where no row of the list has a date.
    pub tenure_years: f64,
}

/// Learning from outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnRules {
    /// How far coefficients may move.
    pub sd: PriorSds,
    /// When they are taken.
    pub guard: LearnGuard,
}

/// Standard deviations of the normal priors.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorSds {
    /// Of logarithms of class and age factors, and of `change`.
    pub hazard: f64,
    /// Of weights.
    pub weight: f64,
    /// Of the level.
    pub level: f64,
    /// Of the logarithm of the shape.
    pub shape: f64,
}

/// When learnt coefficients are taken.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnGuard {
    /// From so many labels on.
    pub labels: usize,
    /// So many of them stale, and so many alive.
    pub of_each_outcome: usize,
    /// The mean probability moves by no more than this.
    pub level_shift: f64,
    /// The log-loss falls by more than so many of its standard errors.
    pub errors: f64,
    /// Labels from which on the priors' standard deviations hold in full.
    pub full_labels: usize,
    /// The same of the rarer outcome.
    pub full_of_each_outcome: usize,
}

impl LearnGuard {
    /// How far labels may move coefficients: by this part of the priors' standard deviations.
    pub fn trust(&self, labels: u64, rarer: u64) -> f64 {
        let share = |there: u64, full: usize| there as f64 / full.max(1) as f64;
        let share = share(labels, self.full_labels).min(share(rarer, self.full_of_each_outcome));
        share.sqrt().clamp(LEAST_TRUST, 1.0)
    }

    /// How many labels in all it takes until nothing is held back, where so many of so many are of the rarer outcome; none where that
    /// can't be told.
    pub fn labels_in_full(&self, labels: u64, rarer: u64) -> Option<u64> {
        let of_rarer = (self.full_of_each_outcome as u64 * labels).div_ceil(rarer.max(1));
        (rarer > 0).then(|| of_rarer.max(self.full_labels as u64))
    }
}

/// A prior is never so narrow that it can't be told from a point.
const LEAST_TRUST: f64 = 0.05;

impl PriorSds {
    /// All of them narrower.
    #[must_use]
    pub fn narrowed(self, by: f64) -> Self {
        let PriorSds { hazard, weight, level, shape } = self;
        PriorSds { hazard: hazard * by, weight: weight * by, level: level * by, shape: shape * by }
    }
}

impl DecayRules {
    /// Reads the rules.
    ///
    /// # Errors
    /// When the file is not of its form, or a number is not possible.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: DecayRules = files.parse(FILE)?;
        match rules.contradiction() {
            None => Ok(rules),
            Some(message) => Err(RuleError::Meaning { path: FILE.to_owned(), message }),
        }
    }

    /// The priors of a kind of contact.
    pub const fn of(&self, kind: ContactKind) -> &DecayPriors {
        match kind {
            ContactKind::Email => &self.email,
            ContactKind::Phone => &self.phone,
        }
    }

    fn contradiction(&self) -> Option<String> {
        for kind in [ContactKind::Email, ContactKind::Phone] {
            if let Some(message) = self.of(kind).contradiction(kind) {
                return Some(format!("[{}] {message}", kind.as_str()));
            }
        }
        let sd = self.learn.sd;
        let checks = [
            (within(self.opens.rate, 0.001, 0.999), "[opens] rate is a share between 0.001 and 0.999"),
            (within(self.opens.mails, 0.01, 1000.0), "[opens] mails is between 0.01 and 1000"),
            (self.opens.wait_days >= 0, "[opens] wait_days is not negative"),
            (within(self.limits.deceased, 0.001, 0.999), "[limits] deceased is a probability, 0.999 at most"),
            (within(self.limits.tenure_years, 0.1, 50.0), "[limits] tenure_years is between 0.1 and 50"),
            (
                [sd.hazard, sd.weight, sd.level, sd.shape].into_iter().all(|sd| within(sd, 0.001, 10.0)),
                "[learn.sd] has numbers between 0.001 and 10",
            ),
            (within(self.learn.guard.level_shift, 0.0, 1.0), "[learn.guard] level_shift is a share"),
            (within(self.learn.guard.errors, 0.0, 10.0), "[learn.guard] errors is between 0 and 10"),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, message)| message.to_owned())
    }
}

impl DecayPriors {
    fn contradiction(&self, kind: ContactKind) -> Option<String> {
        let checks = [
            (within(self.anchor, 0.001, 0.9), "anchor is a share between 0.001 and 0.9"),
            (within(self.anchor_sd, 0.0, 0.5), "anchor_sd is between 0 and 0.5"),
            (within(self.shape, 0.2, 3.0), "shape is between 0.2 and 3"),
            (within(self.change, -3.0, 3.0), "change is between -3 and 3"),
            (within(self.share_telling, 0.0, 1.0), "share_telling is a share"),
            (within(self.handed_on, 0.0, 10.0), "handed_on is between 0 and 10 a year"),
            (within(self.dead_domain, -20.0, 20.0), "dead_domain is between -20 and 20"),
            (self.class.values().all(|hazard| within(*hazard, 0.001, 10.0)), "class: hazards are between 0.001 and 10"),
            (self.age.bands().into_iter().all(|factor| within(factor, 0.01, 100.0)), "age: 0.01 to 100"),
            (
                self.signal.values().flatten().all(|weight| within(*weight, -20.0, 20.0)),
                "signal: weights are between -20 and 20",
            ),
        ];
        if let Some((_, message)) = checks.into_iter().find(|(holds, _)| !holds) {
            return Some(message.to_owned());
        }
        let missing = ContactClass::ALL.iter().find(|class| class.kind() == kind && !self.class.contains_key(class));
        if let Some(class) = missing {
            return Some(format!("class {class} has no hazard"));
        }
        let foreign = self.class.keys().find(|class| class.kind() != kind);
        foreign.map(|class| format!("class {class} is none of this kind"))
    }
}

/// False for what is not a number, too.
fn within(value: f64, low: f64, high: f64) -> bool {
    (low..=high).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_hold_every_class_of_their_kind() {
        let rules = DecayRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        assert_eq!(rules.email.class.len() + rules.phone.class.len(), ContactClass::ALL.len());
        assert!(rules.email.signal[&Signal::HardBounce][0] > 0.0);
    }

    #[test]
    fn an_impossible_number_is_refused_with_its_place() {
        let shipped = RuleFiles::embedded();
        let broken = |from: &str, to: &str| {
            let text = shipped.text(FILE).replacen(from, to, 1);
            DecayRules::load(&shipped.clone().with(FILE, text)).expect_err("refused").to_string()
        };
        assert!(broken("anchor = 0.20", "anchor = 20").contains("[email] anchor is a share"));
        assert!(broken("landline = 0.05\n", "").contains("[phone] class landline has no hazard"));
        assert!(broken("hard_bounce = [3.5", "hard_bonce = [3.5").contains("hard_bonce"));
    }
}
