//! `rules/list.toml`: when something said of many rows is said of the list.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// Thresholds of the findings about a list as a whole.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRules {
    /// A phone that so many different people share is a shop's or a cashier's, not theirs.
    pub shared_phone_people: usize,
    /// The same for an e-mail address.
    pub shared_email_people: usize,
    /// Share of placeholders among a column's non-empty cells (percent) from which the column is reported.
    pub placeholder_share: f64,
    /// Share of rows with both names whose names look swapped (percent) from which the columns are.
    pub swapped_share: f64,
    /// Share of the rarer order among the dates that can be read day first only or month first only (percent) from
    /// which a column counts as mixed.
    pub mixed_date_share: f64,
    /// Least number of rows for findings that rest on shares.
    pub least_rows: u64,
    /// How many rows a finding names.
    pub named_rows: usize,
    /// A column of more different values is one of no answers and no statuses.
    pub few_values: usize,
    /// A value of more bytes is a text.
    pub longest_few_value: usize,
    /// How many words of a column that were not understood a finding names.
    pub named_words: usize,
}

impl ListRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("list.toml")
    }
}
