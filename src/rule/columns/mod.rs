//! `rules/columns.toml`: which headers and values mean which field.

mod lexicon;

use std::collections::BTreeMap;

pub use lexicon::{Compound, HeaderReading, HeaderWords};
use lexicon::{Lexicon, Phrases};
use regex::Regex;
use serde::Deserialize;

use super::{RuleError, RuleFiles, StandingWords};
use crate::record::Field;
use crate::text::FoldedHeader;

const FILE: &str = "columns.toml";

/// How headers and values are taken for fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRules {
    /// A mapping less sure than this (percent) stops `check` and an unattended `clean`.
    pub stop_below: u8,
    /// How many rows, spread through the file, values are looked at for.
    pub sample_rows: usize,
    /// Fewer non-empty values than this decide nothing.
    pub least_values: usize,
    /// How sure each way of taking a column is.
    pub sureness: ColumnSureness,
    /// Headers by field, in any language; compared after folding (case, spaces, punctuation, niqqud, final letters).
    pub synonyms: BTreeMap<Field, Vec<String>>,
    /// Headers by field that are synonyms only by themselves, never as part of a longer header.
    #[serde(default)]
    pub alone: BTreeMap<Field, Vec<String>>,
    /// Words and phrases that tell what a column is not.
    pub words: HeaderWords,
    /// What a header means that names several fields at once.
    #[serde(default)]
    pub compounds: Vec<Compound>,
    /// Headers that mean something else beside another column.
    #[serde(default)]
    pub beside: Vec<BesideRule>,
    /// Patterns of values by field.
    #[serde(default)]
    pub values: BTreeMap<Field, SniffRule>,
    #[serde(skip)]
    lexicon: Lexicon,
    #[serde(skip)]
    standing: StandingWords,
}

/// How sure (percent) each way of taking a column is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSureness {
    /// The whole header is a synonym.
    pub named: u8,
    /// The header holds a synonym, and its other words add nothing.
    pub contained: u8,
    /// The header holds a synonym beside words that are not known, and the values agree.
    pub supported: u8,
    /// A header that says nothing, taken by its values.
    pub unnamed: u8,
    /// A header in words that are not known, taken by its values.
    pub unknown: u8,
    /// The header says one field, the values plainly say another: the values win.
    pub retaken: u8,
    /// The whole header is a synonym, but the values are nothing of the kind, nor of any other.
    pub disbelieved: u8,
}

/// A header that means something else beside another column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BesideRule {
    /// These headers,
    pub headers: Vec<String>,
    /// beside a column for this field,
    pub field: Field,
    /// mean this one, if no other column does
    pub means: Field,
    /// and at least this share (percent) of the values is a single word.
    pub single_words: u8,
}

/// What the values of a field look like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SniffRule {
    /// A non-empty value that matches may be of this field.
    pub pattern: Pattern,
    /// A non-empty value that matches this can hardly be anything else; where missing, `pattern` is used.
    #[serde(default)]
    pub certain: Option<Pattern>,
    /// Least share (percent) of values that are `certain` to take an unnamed column for this field; 0 = never.
    #[serde(default)]
    pub take_at: u8,
    /// A column named so whose share of `pattern` is below this (percent) is not believed; 0 = always believed.
    #[serde(default)]
    pub veto_below: u8,
}

/// A regular expression written in a rule file; a wrong one is an error of that line.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl Pattern {
    /// Whether it occurs in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Regex::new(&text).map(Pattern)
    }
}

impl ColumnRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or gives one header two meanings.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut rules: ColumnRules = files.parse(FILE)?;
        rules.lexicon = Lexicon::new(&rules.phrases())
            .map_err(|conflict| RuleError::Meaning { path: FILE.to_owned(), message: conflict.to_string() })?;
        rules.standing = StandingWords::load(files)?;
        Ok(rules)
    }

    fn phrases(&self) -> Phrases<'_> {
        let ColumnRules { synonyms, alone, words, compounds, .. } = self;
        Phrases { synonyms, alone, words, compounds }
    }

    /// What a header says by itself.
    pub fn read_header(&self, header: &str) -> HeaderReading {
        let read = self.lexicon.read(&FoldedHeader::new(header));
        match header.split_once(['(', '[']) {
            // "Date of birth (dd.mm.yyyy)": a note in brackets takes nothing away from a header that is known without it.
            Some((before, _)) if matches!(read, HeaderReading::Unknown | HeaderReading::Partly(_)) => {
                match self.lexicon.read(&FoldedHeader::new(before)) {
                    HeaderReading::Named(field) => HeaderReading::Contained(field),
                    _ => read,
                }
            }
            _ => read,
        }
    }

    /// The words by which headers and values speak of contacting somebody.
    pub fn standing(&self) -> &StandingWords {
        &self.standing
    }

    /// The field that these values can hardly be anything but, if they are enough.
    pub fn take_by_values(&self, values: &[String]) -> Option<Field> {
        // In the order of `Field`, so that `mobile` is asked before `phone`, which would hold it too.
        let mut takers = self.values.iter().filter(|(_, rule)| rule.take_at > 0);
        takers
            .find(|(_, rule)| {
                let certain = rule.certain.as_ref().unwrap_or(&rule.pattern);
                self.share(certain, values).is_some_and(|share| share >= usize::from(rule.take_at))
            })
            .map(|(field, _)| *field)
    }

    /// Whether the values are nothing that a column of this field would hold.
    pub fn values_contradict(&self, field: Field, values: &[String]) -> bool {
        let Some(rule) = self.values.get(&field).filter(|rule| rule.veto_below > 0) else { return false };
        self.share(&rule.pattern, values).is_some_and(|share| share < usize::from(rule.veto_below))
    }

    /// Percent of the non-empty values that match; none where there are too few of them.
    fn share(&self, pattern: &Pattern, values: &[String]) -> Option<usize> {
        let (mut seen, mut hits) = (0, 0);
        for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            seen += 1;
            hits += usize::from(pattern.is_match(value));
        }
        (seen > 0 && seen >= self.least_values).then(|| hits * 100 / seen)
    }
}

#[cfg(test)]
mod tests;
