//! What was found in a list once and is lived with, so that a later check tells and counts only what is new.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mark::{Mark, MarkKey};
use crate::finding::Code;
use crate::record::{ColumnIndex, FixedMap};

/// The version of the file.
const VERSION: u32 = 1;

/// A baseline as its file holds it: no value of the list, only marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of this structure.
    tiuv_baseline: u32,
    /// What the names of the list's files have in common from year to year ([`ListNames`](crate::rule::ListNames)).
    list: String,
    /// Records that the list had.
    records: u64,
    /// The mark that shows that the key is the same.
    proof: Mark,
    /// What was found, by code and column.
    findings: Vec<KnownFindings>,
}

/// All known findings of a code in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFindings {
    /// The code; a later version may no longer have it.
    code: String,
    /// What the column is called in every run.
    column: String,
    /// A mark for each, in order.
    marks: Vec<Mark>,
}

/// Why a baseline is of no use here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// It is none, or was changed by hand.
    #[error("it is no baseline of tiuv: {0}")]
    Form(String),
    /// It was written by another version.
    #[error("it is a baseline of version {0}, and this is version {VERSION}")]
    Version(u32),
    /// It was made with another key.
    #[error("it was written with another key")]
    OtherKey,
    /// It is of another list.
    #[error("it is the baseline of \"{of}\", and this list is \"{list}\"")]
    OtherList {
        /// The list whose it is.
        of: String,
        /// This one.
        list: String,
    },
}

impl Baseline {
    /// Reads one that was made with this key, of a list of this family.
    ///
    /// # Errors
    /// When it is of another form, key or list.
    pub fn read(text: &str, key: &MarkKey, family: &str) -> Result<Self, BaselineError> {
        let form = |error: serde_json::Error| BaselineError::Form(error.to_string());
        let version = serde_json::from_str::<serde_json::Value>(text).map_err(form)?;
        let version = version.get("tiuv_baseline").and_then(serde_json::Value::as_u64);
        let version = version.ok_or_else(|| BaselineError::Form("`tiuv_baseline` is missing".to_owned()))?;
        if version != u64::from(VERSION) {
            return Err(BaselineError::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let baseline: Baseline = serde_json::from_str(text).map_err(form)?;
        if baseline.proof != key.proof() {
            return Err(BaselineError::OtherKey);
        }
        if baseline.list != family {
            return Err(BaselineError::OtherList { of: baseline.list, list: family.to_owned() });
        }
        Ok(baseline)
    }

    /// One of a list of which nothing is known.
    pub fn empty(key: &MarkKey, family: &str) -> Self {
        let proof = key.proof();
        Baseline { tiuv_baseline: VERSION, list: family.to_owned(), records: 0, proof, findings: Vec::new() }
    }

    /// Records that the list had.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// How much was found, by code.
    pub(super) fn counts(&self) -> impl Iterator<Item = (Code, u64)> {
        self.findings.iter().filter_map(|known| Some((Code::parse(&known.code)?, known.marks.len() as u64)))
    }

    /// How often each mark is there.
    pub(super) fn marks(&self) -> FixedMap<Mark, u32> {
        let mut marks = FixedMap::default();
        for mark in self.findings.iter().flat_map(|known| &known.marks) {
            *marks.entry(*mark).or_default() += 1;
        }
        marks
    }

    /// The same without what is gone.
    pub(super) fn without(&self, gone: &FixedMap<Mark, u32>) -> Baseline {
        let mut gone = gone.clone();
        let mut kept = self.clone();
        for known in &mut kept.findings {
            known.marks.retain(|mark| match gone.get_mut(mark) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            });
        }
        kept.findings.retain(|known| !known.marks.is_empty());
        kept
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("plain data");
        text.push('\n');
        text
    }
}

/// Marks as they are gathered.
#[derive(Debug, Default)]
pub(super) struct Gathered(BTreeMap<(Option<ColumnIndex>, Code), Vec<Mark>>);

impl Gathered {
    pub(super) fn push(&mut self, column: Option<ColumnIndex>, code: Code, mark: Mark) {
        self.0.entry((column, code)).or_default().push(mark);
    }

    /// `names` are what columns are called in every run.
    pub(super) fn into_baseline(self, key: &MarkKey, family: &str, records: u64, names: &[String]) -> Baseline {
        let one = |((column, code), mut marks): ((Option<ColumnIndex>, Code), Vec<Mark>)| {
            marks.sort_unstable();
            let column = column.map_or("", |column| &names[column.as_usize()]).to_owned();
            KnownFindings { code: code.as_str().to_owned(), column, marks }
        };
        let mut findings: Vec<_> = self.0.into_iter().map(one).collect();
        findings.sort_by(|one, other| (&one.code, &one.column).cmp(&(&other.code, &other.column)));
        Baseline { tiuv_baseline: VERSION, list: family.to_owned(), records, proof: key.proof(), findings }
    }
}
