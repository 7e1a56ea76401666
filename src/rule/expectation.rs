//! `[[expect]]`: what a user expects of one column.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One `[[expect]]` table of `tiuv.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// A header of the list, or the name of a field; empty where only `any_of` or `rows` is expected.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// It holds for rows of which this is so; for every row where absent.
    pub when: Option<When>,
    /// In each row one of these columns is not empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// The list has at least and at most so many records.
    pub rows: Option<(u64, u64)>,
    /// No cell is empty.
    #[serde(default, skip_serializing_if = "is_false")]
    pub not_null: bool,
    /// No value stands twice; empty cells don't count.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    /// Every non-empty cell matches this regular expression as a whole.
    pub pattern: Option<String>,
    /// Every non-empty cell is one of these.
    pub one_of: Option<Vec<String>>,
    /// Every non-empty cell is a line of this file; beside `tiuv.toml` where the path is not a full one.
    pub one_of_file: Option<PathBuf>,
    /// Every non-empty cell has at least and at most so many characters.
    pub length: Option<(usize, usize)>,
    /// No cell is lower than the one before: numbers where all are numbers, dates where all are dates, else text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ordered: bool,
    /// The newest date of the column is at most so many days old on the day of the check.
    pub fresh_days: Option<u32>,
    /// All this need only hold for so many of the cells that are judged, such as `98%`.
    pub at_least: Option<AtLeast>,
    /// Examples of what is as expected, for `tiuv rule test`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub good: Vec<ExpectedExample>,
    /// Examples of what is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bad: Vec<ExpectedExample>,
    /// Where it was written, for whoever reads an error; empty where it is part of an example.
    #[serde(skip)]
    pub place: String,
}

impl Expectation {
    /// What is expected of cells of a column, by its keys.
    pub fn of_cells(&self) -> Vec<&'static str> {
        let keys = [
            ("not_null", self.not_null),
            ("unique", self.unique),
            ("pattern", self.pattern.is_some()),
            ("one_of", self.one_of.is_some()),
            ("one_of_file", self.one_of_file.is_some()),
            ("length", self.length.is_some()),
            ("ordered", self.ordered),
        ];
        keys.into_iter().filter(|(_, is_given)| *is_given).map(|(key, _)| key).collect()
    }
}

/// One example of an expectation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ExpectedExample {
    /// A cell of the column.
    Cell(String),
    /// A whole column, cell by cell.
    Column(Vec<String>),
    /// Cells of a row by their columns; others are empty.
    Row(BTreeMap<String, String>),
}

/// A share of cells, in millionths; written as `98%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct AtLeast(u32);

/// All cells.
const WHOLE: u32 = 1_000_000;

impl AtLeast {
    /// Whether so many of so many cells are enough.
    pub fn holds(self, kept: u64, judged: u64) -> bool {
        u128::from(kept) * u128::from(WHOLE) >= u128::from(judged) * u128::from(self.0)
    }
}

impl TryFrom<String> for AtLeast {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no share; write one such as `98%` or `99.5%`");
        let percent = text.trim().strip_suffix('%').map(str::trim_end).ok_or_else(wrong)?;
        let (whole, part) = percent.split_once('.').unwrap_or((percent, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) || whole.len() > 3 || part.len() > 4 {
            return Err(wrong());
        }
        let millionths: u32 = format!("{whole}{part:0<4}").parse().map_err(|_| wrong())?;
        if millionths == 0 || millionths > WHOLE {
            return Err(wrong());
        }
        Ok(AtLeast(millionths))
    }
}

impl From<AtLeast> for String {
    fn from(share: AtLeast) -> Self {
        share.to_string()
    }
}

impl std::fmt::Display for AtLeast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        write!(f, "{}%", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Of which rows something is expected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A header of the list, or the name of a field.
    pub column: String,
    /// Its cell is one of these.
    pub one_of: Option<Vec<String>>,
    /// Its cell matches this regular expression as a whole.
    pub pattern: Option<String>,
    /// Its cell is not empty.
    #[serde(default, skip_serializing_if = "is_false")]
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
        if self.ordered {
            f.write_str(", ordered = true")?;
        }
        if let Some(days) = self.fresh_days {
            write!(f, ", fresh_days = {days}")?;
        }
        if let Some(share) = self.at_least {
            write!(f, ", at_least = \"{share}\"")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_and_nothing_else_is_one() {
        let share = |text: &str| AtLeast::try_from(text.to_owned());
        for (text, shown) in [("98%", "98%"), ("99.50 %", "99.5%"), ("100%", "100%"), ("0.0001%", "0.0001%")] {
            assert_eq!(share(text).map(|share| share.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["98", "0.98", "0%", "101%", "-1%", "1e1%", "%", "98,5%", "99.00001%"] {
            assert!(share(text).is_err(), "{text}");
        }
        let most = share("99.9%").expect("a share");
        assert!(most.holds(999, 1000) && !most.holds(998, 999) && most.holds(0, 0));
    }
}
