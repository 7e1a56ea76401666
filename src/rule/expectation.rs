//! `[[expect]]`: what a user expects of one column.

use std::path::PathBuf;

use serde::Deserialize;

/// One `[[expect]]` table of `tiuv.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// A header of the list, or the name of a field; empty where only `any_of` or `rows` is expected.
    #[serde(default)]
    pub column: String,
    /// It holds for rows of which this is so; for every row where absent.
    pub when: Option<When>,
    /// In each row one of these columns is not empty.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// The list has at least and at most so many records.
    pub rows: Option<(u64, u64)>,
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
    /// Every non-empty cell is a line of this file; beside `tiuv.toml` where the path is not a full one.
    pub one_of_file: Option<PathBuf>,
    /// Every non-empty cell has at least and at most so many characters.
    pub length: Option<(usize, usize)>,
}

/// Of which rows something is expected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A header of the list, or the name of a field.
    pub column: String,
    /// Its cell is one of these.
    pub one_of: Option<Vec<String>>,
    /// Its cell matches this regular expression as a whole.
    pub pattern: Option<String>,
    /// Its cell is not empty.
    #[serde(default)]
    pub not_null: bool,
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if !self.column.is_empty() {
            parts.push(format!("column = {:?}", self.column));
        }
        if let Some(when) = &self.when {
            parts.push(format!("when = {when}"));
        }
        if !self.any_of.is_empty() {
            parts.push(format!("any_of = {:?}", self.any_of));
        }
        if let Some((least, most)) = self.rows {
            parts.push(format!("rows = [{least}, {most}]"));
        }
        f.write_str(&parts.join(", "))?;
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
        if let Some(path) = &self.one_of_file {
            write!(f, ", one_of_file = {path:?}")?;
        }
        if let Some((least, most)) = self.length {
            write!(f, ", length = [{least}, {most}]")?;
        }
        Ok(())
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{ column = {:?}", self.column)?;
        if let Some(values) = &self.one_of {
            write!(f, ", one_of = {values:?}")?;
        }
        if let Some(pattern) = &self.pattern {
            write!(f, ", pattern = '{pattern}'")?;
        }
        if self.not_null {
            f.write_str(", not_null = true")?;
        }
        f.write_str(" }")
    }
}
