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

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "column = {:?}", self.column)?;
        if self.not_null {
            f.write_str(", not_null = true")?;
        }
        if self.unique {
            f.write_str(", unique = true")?;
        }
        if let Some(pattern) = &self.pattern {
            write!(f, ", pattern = '{pattern}'")?;
        }
        if let Some(values) = &self.one_of {
            write!(f, ", one_of = {values:?}")?;
        }
        if let Some((least, most)) = self.length {
            write!(f, ", length = [{least}, {most}]")?;
        }
        Ok(())
    }
}
