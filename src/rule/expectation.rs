//! `[[expect]]`: what a user expects of one column.

use serde::Deserialize;

/// One `[[expect]]` table of `tiuv.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// A header of the list, or the name of a field.
    pub column: String,
    /// No cell is empty.
    #[serde(default)]
    pub not_null: bool,
    /// No value stands twice; empty cells don't count.
    #[serde(default)]
    pub unique: bool,
    /// Every non-empty cell matches this regular expression as a whole.
    pub pattern: Option<String>,
    /// Every non-empty cell is one of these.
    pub one_of: Option<Vec<String>>,
    /// Every non-empty cell has at least and at most so many characters.
    pub length: Option<(usize, usize)>,
}
