//! `rules/status.toml`: where customers stand with the club, and what they are worth to it.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// Bounds of status and value.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRules {
    /// New: joined within so many days.
    pub new_days: i32,
    /// Loyal: bought within so many days,
    pub loyal_days: i32,
    /// and so often.
    pub loyal_purchases: u32,
    /// Churning: no purchase for so many days,
    pub churning_days: i32,
    /// or for customers of so many purchases
    pub rhythm_purchases: u32,
    /// none for so many of their usual gaps.
    pub rhythm_gaps: f64,
    /// A value counts so many times the average at most.
    pub most_value: f32,
    /// From here on a value is high.
    pub high_value: f32,
    /// Below, it is low.
    pub low_value: f32,
}

impl StatusRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("status.toml")
    }
}
