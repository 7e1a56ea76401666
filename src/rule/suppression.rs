//! `[[suppress]]`: findings that the list's owner lives with, for a reason and for a time.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// One `[[suppress]]` table of `tiuv.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// A code or a prefix.
    pub rule: String,
    /// A header of the list, or the name of a field; any column where none is named.
    pub column: Option<String>,
    /// The key of a row; any row where none is named.
    pub key: Option<String>,
    /// The mark of a value, as `tiuv check --add-suppression RULE,value=…` writes it; any value where none is named.
    pub value: Option<String>,
    /// Why, for whoever reads it next year.
    pub reason: String,
    /// The last day on which it holds; for ever where none is named.
    #[serde(default, deserialize_with = "day")]
    #[cfg_attr(feature = "app", schemars(with = "Option<String>"))]
    pub until: Option<Date>,
}

impl std::fmt::Display for Suppression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.rule)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ", key {key}")?;
        }
        if self.value.is_some() {
            f.write_str(", one value")?;
        }
        write!(f, " ({})", self.reason)
    }
}

/// A day as TOML has them, or as text.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Day(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Day(day) => day.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("`{text}` is no day; write 2027-03-01")))
}
