//! `rules/survivorship.toml`: which of a customer's values stands in the golden record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{RuleError, RuleFiles};
use crate::record::{Field, MxOutcome};

const FILE: &str = "survivorship.toml";

/// What decides between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The customer said it.
    Answered,
    /// The better status.
    Verified,
    /// The domain takes mail.
    Mx,
    /// The line takes text messages.
    Sms,
    /// The region's script.
    Script,
    /// No initials.
    SpelledOut,
    /// More of the unit's fields filled.
    MostComplete,
    /// In more of the customer's records.
    MostFrequent,
    /// From the record with the latest date.
    Newest,
    /// More letters.
    Longest,
    /// The earlier date.
    Earliest,
    /// The later date.
    Latest,
    /// The stricter answer about being contacted.
    Strictest,
    /// The order of the lists.
    SourceOrder,
}

impl Preference {
    /// The word in rules and in the column `sources`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Preference::Answered => "answered",
            Preference::Verified => "verified",
            Preference::Mx => "mx",
            Preference::Sms => "sms",
            Preference::Script => "script",
            Preference::SpelledOut => "spelled_out",
            Preference::MostComplete => "most_complete",
            Preference::MostFrequent => "most_frequent",
            Preference::Newest => "newest",
            Preference::Longest => "longest",
            Preference::Earliest => "earliest",
            Preference::Latest => "latest",
            Preference::Strictest => "strictest",
            Preference::SourceOrder => "source_order",
        }
    }
}

/// From which other rows what the chosen one lacks is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// From none.
    #[default]
    None,
    /// From those that agree in a field of the unit and contradict none.
    Agreeing,
    /// From any.
    Any,
}

/// An answer about being contacted, as the order of strictness names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentAnswer {
    /// Refused.
    Refused,
    /// Given, or at least not refused.
    Given,
    /// Something is written that says neither.
    Unclear,
}

/// Scripts that names may be preferred in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Script {
    Hebrew,
    Latin,
    Arabic,
    Cyrillic,
}

impl Script {
    /// Whether a letter is of this script, by its Unicode block.
    pub const fn has(self, letter: char) -> bool {
        match self {
            Script::Hebrew => matches!(letter, '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}'),
            Script::Latin => matches!(letter, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'),
            Script::Arabic => matches!(letter, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}'),
            Script::Cyrillic => matches!(letter, '\u{400}'..='\u{52f}'),
        }
    }
}

/// Fields that come from one row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its name; where it holds several values, that of the field they are written under.
    pub name: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// What decides, in order.
    pub prefer: Vec<Preference>,
    /// From where gaps are filled.
    #[serde(default)]
    pub fill: Fill,
    /// A customer has several: one is the first, all are listed.
    #[serde(default)]
    pub several: bool,
    /// What the customer said of some of the fields is laid over the others, and takes away what can't hold beside it: by field,
    /// those that go where it is another one than before. Empty where the fields of one row alone belong together.
    #[serde(default)]
    pub renews: BTreeMap<Field, Vec<Field>>,
    /// Usable values that differ are noted.
    #[serde(default)]
    pub conflict: bool,
}

impl Unit {
    /// The field of the golden record that a field's values go to.
    pub fn fills(&self, field: Field) -> Field {
        if self.several { Field::parse(&self.name).unwrap_or(field) } else { field }
    }

    /// The fields of the golden record that it fills.
    pub fn filled(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.fields.iter().map(|field| self.fills(*field)).collect();
        fields.dedup();
        fields
    }
}

/// All rules of golden records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurvivorshipRules {
    /// A record's date is the first of these that it has.
    pub newest_by: Vec<Field>,
    /// The strictest answer first.
    pub consent: Vec<ConsentAnswer>,
    /// By region.
    pub prefer_script: BTreeMap<String, Script>,
    /// Every field stands in one of them.
    #[serde(rename = "unit")]
    pub units: Vec<Unit>,
    /// Run as tests.
    #[serde(default, rename = "example")]
    pub examples: Vec<SurvivorshipExample>,
}

/// Rows of one customer and what must become of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurvivorshipExample {
    /// What it shows.
    pub about: String,
    /// Default region; `IL` where not given.
    pub region: Option<String>,
    /// The rows.
    pub rows: Vec<ExampleRow>,
    /// Values that must stand in the golden record.
    pub golden: BTreeMap<Field, String>,
    /// Steps that must have decided.
    #[serde(default)]
    pub by: BTreeMap<Field, String>,
    /// Values that must be kept beside.
    #[serde(default)]
    pub alternates: BTreeMap<Field, Vec<String>>,
    /// Fields in conflict, all of them.
    #[serde(default)]
    pub conflicts: Vec<Field>,
}

/// One row of an example.
#[derive(Debug, Clone, Deserialize)]
pub struct ExampleRow {
    /// Which list it is of, from 1.
    pub list: Option<u32>,
    /// What DNS said of its address.
    pub mx: Option<MxOutcome>,
    /// Whether the customer said it, and it was accepted.
    #[serde(default)]
    pub answered: bool,
    /// Its cells.
    #[serde(flatten)]
    pub cells: BTreeMap<Field, String>,
}

impl SurvivorshipRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form, or a field stands in no unit or in two.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: SurvivorshipRules = files.parse(FILE)?;
        let wrong = |message: String| Err(RuleError::Meaning { path: FILE.to_owned(), message });
        for &field in Field::ALL {
            let units = rules.units.iter().filter(|unit| unit.fields.contains(&field)).count();
            if units != 1 {
                return wrong(format!("`{field}` stands in {units} units; every field stands in one"));
            }
        }
        for unit in rules.units.iter().filter(|unit| unit.several) {
            if Field::parse(&unit.name).is_none_or(|field| !unit.fields.contains(&field)) {
                return wrong(format!(
                    "the unit `{}` holds several values and must have the name of a field of it",
                    unit.name
                ));
            }
        }
        let has = |answer: ConsentAnswer| rules.consent.iter().filter(|own| **own == answer).count() == 1;
        if ![ConsentAnswer::Refused, ConsentAnswer::Given, ConsentAnswer::Unclear].into_iter().all(has) {
            return wrong("`consent` names refused, given and unclear, each once".to_owned());
        }
        if rules.consent[0] != ConsentAnswer::Refused {
            return wrong("`consent` begins with refused: a refusal always survives".to_owned());
        }
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_load_and_every_step_has_its_word() {
        let rules = SurvivorshipRules::load(&RuleFiles::embedded()).expect("loads");
        for step in rules.units.iter().flat_map(|unit| &unit.prefer) {
            assert_eq!(serde_json::to_value(step).expect("a word"), step.as_str());
        }
        assert!(rules.examples.len() > 10);
    }

    #[test]
    fn a_refusal_can_not_be_ruled_out_and_no_field_forgotten() {
        let text = RuleFiles::embedded().text(FILE).into_owned();
        let directory = tempfile::tempdir().expect("a directory");
        for (from, to, message) in [
            ("consent = [\"refused\", \"given\"", "consent = [\"given\", \"refused\"", "a refusal always survives"),
            ("fields = [\"gender\"]", "fields = []", "`gender` stands in 0 units"),
            ("fields = [\"gender\"]", "fields = [\"gender\", \"notes\"]", "`notes` stands in 2 units"),
        ] {
            assert!(text.contains(from), "{from}");
            std::fs::write(directory.path().join(FILE), text.replace(from, to)).expect("written");
            let files = RuleFiles::layered(directory.path()).expect("a known name");
            let error = SurvivorshipRules::load(&files).expect_err(message);
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
