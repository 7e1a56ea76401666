//! The numbers that the model runs on: those of `rules/decay.toml`, or learnt ones that were stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::{ContactClass, ContactKind, Signal};
use crate::rule::{DecayPriors, DecayRules};

/// What is learnt, as plain numbers. Everything multiplicative is kept as its natural logarithm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coefficients {
    /// Addresses.
    pub email: KindCoefficients,
    /// Numbers.
    pub phone: KindCoefficients,
}

/// Coefficients of one kind of contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindCoefficients {
    /// Level of the hazard; solved by the anchor, or learnt.
    pub level: f64,
    /// Logarithm of the power of tenure.
    pub shape: f64,
    /// For each earlier change of the field.
    pub change: f64,
    /// By class.
    pub class: BTreeMap<ContactClass, f64>,
    /// By age band, the youngest first.
    pub age: [f64; 4],
    /// Weights by signal, for contacts gone and telling, and gone and silent.
    pub signal: BTreeMap<Signal, [f64; 2]>,
    /// Added to the log-odds for a dead domain.
    pub dead_domain: f64,
    /// Of those gone, the share that tells. Not learnt.
    pub share_telling: f64,
    /// Yearly rate at which those that tell fall silent. Not learnt.
    pub handed_on: f64,
}

impl Coefficients {
    /// Those of the rules, with the level at 0: [`super::Model::anchor`] solves it.
    pub fn prior(rules: &DecayRules) -> Self {
        Coefficients { email: KindCoefficients::prior(&rules.email), phone: KindCoefficients::prior(&rules.phone) }
    }

    /// Those of a kind.
    pub const fn of(&self, kind: ContactKind) -> &KindCoefficients {
        match kind {
            ContactKind::Email => &self.email,
            ContactKind::Phone => &self.phone,
        }
    }

    /// Those of a kind, to be changed.
    pub const fn of_mut(&mut self, kind: ContactKind) -> &mut KindCoefficients {
        match kind {
            ContactKind::Email => &mut self.email,
            ContactKind::Phone => &mut self.phone,
        }
    }
}

impl KindCoefficients {
    fn prior(priors: &DecayPriors) -> Self {
        KindCoefficients {
            level: 0.0,
            shape: priors.shape.ln(),
            change: priors.change,
            class: priors.class.iter().map(|(class, hazard)| (*class, hazard.ln())).collect(),
            age: priors.age.bands().map(f64::ln),
            signal: priors.signal.clone(),
            dead_domain: priors.dead_domain,
            share_telling: priors.share_telling,
            handed_on: priors.handed_on,
        }
    }

    /// What a signal is worth; nothing where it is not named.
    pub fn weights(&self, signal: Signal) -> [f64; 2] {
        self.signal.get(&signal).copied().unwrap_or_default()
    }
}
