//! `rules/resolve/model.toml`: where learning starts, and what it is held near.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::record::{COMPARED, Field};
use crate::rule::{RuleError, RuleFiles};

const FILE: &str = "resolve/model.toml";

/// Priors and limits of learning.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRules {
    /// Strength of the priors: so many pairs.
    pub prior_pairs: f64,
    /// And this share of the class's own pairs.
    pub prior_share: f64,
    /// The share for fields that a household does not share.
    pub prior_share_own: f64,
    /// Pairs of each class for each row, at the start.
    pub start_pairs: f64,
    /// Relative change of the log-likelihood at which learning ends.
    pub tolerance: f64,
    /// Most steps.
    pub most_steps: u32,
    /// Share of how much more often than by chance unrelated people have both names that counts, of its logarithm.
    pub names_together: f64,
    /// Random pairs that show unrelated people.
    pub random_pairs: usize,
    /// Candidate pairs that are learnt from.
    pub learn_from: usize,
    /// How exact names are told apart by how rare they are.
    pub rarity: RarityBins,
    /// What is known of unrelated people anywhere counts as so much of the list.
    pub shipped: Shipped,
    /// How often pairs are at one place.
    pub place: PlaceShares,
    /// By field.
    pub field: BTreeMap<Field, FieldPrior>,
}

/// Bins of how many rows hold a value.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RarityBins {
    /// Share of the rows up to which a value is of the first bin.
    pub first: f64,
    /// Factor from one bin to the next.
    pub step: f64,
    /// Number of bins.
    pub bins: usize,
}

/// How much what is known of people anywhere counts beside what a list shows.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    /// The lists of names, as so many rows.
    pub rows: f64,
    /// What unrelated people share (`u`, and equal names by the lists of names), as so many pairs of rows.
    pub pairs: f64,
    /// How sure the other fields of two rows must be that they are strangers, for what they share to be common in the list.
    pub sure: f64,
    /// Pairs of strangers who share nothing that a list is held to have beside its own, where its own stand in.
    pub doubt: f64,
}

/// One field's levels and how often they occur.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldPrior {
    /// Names of the levels, the best first.
    pub levels: Vec<String>,
    /// Shares among pairs of one person.
    pub m: Vec<f64>,
    /// Shares among pairs of one household; none where the field is a person's own.
    pub h: Option<Vec<f64>>,
    /// Shares among unrelated pairs anywhere. Of given and family names the first is not used: the lists of names say it.
    pub u: Vec<f64>,
    /// The exact level is told apart by rarity.
    #[serde(default)]
    pub rarity: bool,
    /// Levels that are not learnt, by name: what they say in bits for one person, and for one household, once all that they
    /// depend on was counted.
    #[serde(default)]
    pub given: BTreeMap<String, [f64; 2]>,
    /// Shares among pairs at one place, for parts of where somebody lives: all such fields change together.
    pub one_place: Option<Vec<f64>>,
}

/// How often the pairs of a class are at one place.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceShares {
    /// Two records of one person.
    pub person: f64,
    /// Two people of one household.
    pub household: f64,
}

impl FieldPrior {
    /// What a level says that is not learnt, in bits for one person and for one household.
    pub fn given_bits(&self, level: usize) -> Option<[f64; 2]> {
        self.given.get(self.levels.get(level.checked_sub(1)?)?).copied()
    }
}

impl ModelRules {
    /// Levels of one field, "missing" and those of rarity among them: what fits into half a byte.
    pub const LEVELS: usize = 16;

    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or its numbers don't fit together.
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: ModelRules = files.parse(FILE)?;
        let wrong = |message: String| RuleError::Meaning { path: FILE.to_owned(), message };
        if rules.rarity.bins == 0 {
            return Err(wrong("[rarity] bins is at least 1: a value is in one of them".to_owned()));
        }
        let Shipped { rows, pairs, sure, doubt } = rules.shipped;
        if [rows, pairs, doubt].iter().any(|number| !(*number >= 0.0 && number.is_finite())) || doubt < 1.0 {
            return Err(wrong("[shipped] rows and pairs are 0 or more, doubt 1 or more".to_owned()));
        }
        if !(0.5..=1.0).contains(&sure) {
            return Err(wrong("[shipped] sure is a probability from 0.5 to 1".to_owned()));
        }
        for field in COMPARED {
            let prior = rules.field.get(&field).ok_or_else(|| wrong(format!("there is no [field.{field}]")))?;
            let levels = prior.levels.len();
            let sums = [Some(&prior.m), Some(&prior.u), prior.h.as_ref(), prior.one_place.as_ref()];
            for shares in sums.into_iter().flatten() {
                let is_whole = (shares.iter().sum::<f64>() - 1.0).abs() < 0.02;
                if shares.len() != levels || !is_whole || shares.iter().any(|share| *share <= 0.0) {
                    return Err(wrong(format!("[field.{field}] needs a share above 0 for each level, 1 in all")));
                }
            }
            if let Some(unknown) = prior.given.keys().find(|name| !prior.levels.contains(name)) {
                return Err(wrong(format!("[field.{field}] has no level \"{unknown}\"")));
            }
            let rarity = if prior.rarity { rules.rarity.bins - 1 } else { 0 };
            if levels.saturating_add(rarity) >= Self::LEVELS {
                return Err(wrong(format!("[field.{field}] has more levels than {}", Self::LEVELS - 1)));
            }
        }
        Ok(rules)
    }
}
