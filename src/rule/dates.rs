//! `rules/dates.toml`: how dates are written, and which ones are none.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{RuleError, RuleFiles};
use crate::finding::Confidence;
use crate::record::{Day, Field};

/// In which order day, month and year stand where they are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum PartOrder {
    /// Day first (most of the world).
    #[serde(rename = "dmy")]
    DayMonthYear,
    /// Month first (United States).
    #[serde(rename = "mdy")]
    MonthDayYear,
    /// Year first (ISO 8601, East Asia).
    #[serde(rename = "ymd")]
    YearMonthDay,
}

/// How dates are read and judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateRules {
    /// How the order of a column is settled.
    pub order: OrderRules,
    /// How two-digit years are read.
    pub two_digit_year: TwoDigitYear,
    /// How bare numbers are read.
    pub number: NumberDates,
    /// What is plausible, by field.
    pub field: BTreeMap<Field, DateWindow>,
    /// Dates that stand for "no date".
    pub placeholder: Vec<PlaceholderDate>,
    /// Names of the twelve months, January first, in any language, lower case.
    pub months: Vec<Vec<String>>,
    /// Years that stand for none.
    pub omitted_years: Vec<i32>,
    /// Words that may stand beside a written month.
    pub beside_months: Vec<String>,
}

/// How the order of a column is settled.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRules {
    /// Percent of the values that fit only one order which must agree on it.
    pub decided_at: u8,
    /// Where the column gives no evidence.
    pub default: PartOrder,
    /// How sure a date is that is read by custom alone.
    pub custom_confidence: Confidence,
    /// Words by which a header spells the order out.
    pub header: HeaderOrder,
    /// The same by region (ISO 3166).
    pub region: BTreeMap<String, PartOrder>,
}

/// Words by which a header spells the order out, in lower case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderOrder {
    /// The day.
    pub day: Vec<String>,
    /// The month.
    pub month: Vec<String>,
    /// The year.
    pub year: Vec<String>,
}

/// How two-digit years are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoDigitYear {
    /// The latest year meant lies so many years after today; 0 = a date is never in the future.
    pub years_ahead: i32,
    /// How sure the reading is.
    pub confidence: Confidence,
}

/// How bare numbers are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberDates {
    /// Four-digit whole numbers from here on …
    pub year_from: i32,
    /// … to here are years, never serials.
    pub year_to: i32,
    /// How sure an Excel serial is.
    pub serial_confidence: Confidence,
    /// How sure a Unix time is.
    pub unix_confidence: Confidence,
}

impl NumberDates {
    /// Whether dates of this year are written as bare numbers.
    pub fn is_year(&self, year: i32) -> bool {
        (self.year_from..=self.year_to).contains(&year)
    }
}

/// What is plausible for a field.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateWindow {
    /// Older than so many years is too old.
    pub oldest_years: i32,
    /// A day so many days after today is not in the future yet (time zones).
    pub days_ahead: i32,
    /// Bare numbers are dates only so many years back.
    pub number_years: i32,
}

/// A date that stands for "no date".
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceholderDate {
    /// As ISO 8601.
    #[serde(deserialize_with = "iso_date")]
    pub date: jiff::civil::Date,
    /// Fields where it may well be real.
    #[serde(default)]
    pub doubtful_for: Vec<Field>,
    /// How sure it is there.
    #[serde(default = "certain")]
    pub doubtful_confidence: Confidence,
    /// Where it comes from.
    pub note: String,
}

fn iso_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<jiff::civil::Date, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn certain() -> Confidence {
    Confidence::CERTAIN
}

impl DateRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: DateRules = files.parse("dates.toml")?;
        if rules.months.len() != 12 {
            let message = format!("`months` has {} lists; a year has 12", rules.months.len());
            return Err(RuleError::Meaning { path: "dates.toml".to_owned(), message });
        }
        Ok(rules)
    }

    /// What is plausible for a field; anything for a field that the file does not name.
    pub fn window(&self, field: Field) -> DateWindow {
        let anything = DateWindow { oldest_years: 10_000, days_ahead: 4_000_000, number_years: 60 };
        self.field.get(&field).copied().unwrap_or(anything)
    }

    /// Days that stand for "no date" in this field, with how sure that is.
    pub fn placeholders(&self, field: Field) -> Vec<(Day, Confidence)> {
        let sureness = |rule: &PlaceholderDate| {
            if rule.doubtful_for.contains(&field) { rule.doubtful_confidence } else { Confidence::CERTAIN }
        };
        self.placeholder.iter().map(|rule| (Day::of(rule.date), sureness(rule))).collect()
    }
}
