//! `rules/region.toml`: what follows from the region of a run, and when a list is said to be of another one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// Thresholds, and what is tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRules {
    /// So many values must have been looked at.
    pub least: usize,
    /// Percent of numbers that are of the run's region, at most.
    pub home_at_most: usize,
    /// Percent of numbers that are of the other region, at least.
    pub other_at_least: usize,
    /// Percent of rows that name the other country, at least.
    pub country_at_least: usize,
    /// Endings of mail domains that say nothing of a country.
    pub worldwide_endings: Vec<String>,
    /// The language of what people read, by region.
    pub languages: BTreeMap<String, String>,
    /// Regions that are tried, the likelier first.
    pub usual: Vec<String>,
}

impl RegionRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("region.toml")
    }
}
