//! `rules/columns.toml`: which headers and values mean which field.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::Field;

/// How headers and values are taken for fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRules {
    /// A mapping less sure than this (percent) stops `check` and an unattended `clean`.
    pub stop_below: u8,
    /// How many rows, spread through the file, values are looked at for.
    pub sample_rows: usize,
    /// Headers by field, in any language; compared after folding (case, spaces, punctuation, niqqud, final letters).
    pub synonyms: BTreeMap<Field, Vec<String>>,
    /// Patterns of values by field.
    #[serde(default)]
    pub values: BTreeMap<Field, SniffRule>,
}

/// What the values of a field look like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SniffRule {
    /// A non-empty value that matches counts as a hit.
    pub pattern: String,
    /// Least share of hits (percent) to take an unnamed column for this field; 0 = never from values alone.
    pub take_at: u8,
    /// A column named so whose share of hits is below this (percent) is not believed; 0 = always believed.
    pub veto_below: u8,
}

impl ColumnRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("columns.toml")
    }
}
