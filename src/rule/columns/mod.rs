//! `rules/columns.toml`: which headers and values mean which field.

mod lexicon;
mod wording;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

pub use lexicon::{Compound, HeaderReading, HeaderWords, ProgramHeaders};
use lexicon::{Lexicon, Phrases};
use regex::Regex;
use serde::Deserialize;
use wording::Vocabulary;
pub use wording::{Means, Meant, NoField, Wording};

use super::{PhoneLabels, RuleError, RuleFiles, StandingWords};
use crate::record::Field;
use crate::text::{FoldedHeader, without_brackets};

const FILE: &str = "columns.toml";

/// How headers and values are taken for fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRules {
    /// A mapping less sure than this (percent) stops `check` and an unattended `clean`.
    pub stop_below: u8,
    /// How many rows, spread through the file, values are looked at for.
    pub sample_rows: usize,
    /// Fewer non-empty values than this have to agree all of them.
    pub least_values: usize,
    /// So much (percent) of the values has to be of a kind to speak for a header that is known in part.
    pub fits_at: u8,
    /// So much (percent) of the values of a column that may be one of consents has to be answers.
    pub answers_at: u8,
    /// So many different whole numbers under a header of a way to reach somebody are counts, and no codes of answers.
    pub least_counts: usize,
    /// Columns behind an empty one are of another table where their rows end so many rows before or behind the others',
    pub ends_apart: usize,
    /// and so large a share (percent) of the rows.
    pub ends_apart_percent: usize,
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
    /// Headers that mean one thing or another, by their values.
    #[serde(default)]
    pub judged: Vec<JudgedRule>,
    /// Headers that mean something else beside another column.
    #[serde(default)]
    pub beside: Vec<BesideRule>,
    /// Headers of single programs.
    #[serde(default)]
    pub programs: Vec<ProgramHeaders>,
    /// Patterns of values by field.
    #[serde(default)]
    pub values: BTreeMap<Field, SniffRule>,
    #[serde(skip)]
    lexicon: Lexicon,
    #[serde(skip)]
    vocabulary: Vocabulary,
    /// Places in `judged` by header.
    #[serde(skip)]
    judges: HashMap<String, usize>,
    #[serde(skip)]
    standing: Arc<StandingWords>,
    #[serde(skip)]
    labels: PhoneLabels,
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
    /// The kinds of the header's words name a field, and none is unknown.
    pub worded: u8,
    /// The same, but a word is known only but for a letter.
    pub slipped: u8,
    /// The kinds of some words name a field, others are not known, and the values agree.
    pub partly: u8,
    /// The header means several things, and the values say which.
    pub judged: u8,
    /// Less than `least_values` values decided.
    pub few: u8,
    /// A header that says nothing, taken by its values.
    pub unnamed: u8,
    /// A header in words that are not known, taken by its values.
    pub unknown: u8,
    /// The header says one field, the values plainly say another: the values win.
    pub retaken: u8,
    /// The whole header is a synonym, but the values are nothing of the kind, nor of any other.
    pub disbelieved: u8,
}

/// A header that means one thing or another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedRule {
    /// These headers
    pub headers: Vec<String>,
    /// mean the first of these fields that most of the values look like,
    pub fields: Vec<Field>,
    /// if most of them match this, where it is given.
    #[serde(default)]
    pub pattern: Option<Pattern>,
}

/// A field that values can hardly be anything but.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub field: Field,
    /// There are few values, but they agree.
    pub is_few: bool,
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
    /// A column that is taken for this by the words of its header alone needs so large a share (percent) of `pattern`.
    #[serde(default)]
    pub guessed_at: u8,
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
    pub fn load(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<ColumnRules>> = OnceLock::new();
        files.shared(&SHIPPED, || Self::read(files))
    }

    fn read(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut rules: ColumnRules = files.parse(FILE)?;
        rules.lexicon = Lexicon::new(&rules.phrases())
            .map_err(|conflict| RuleError::Meaning { path: FILE.to_owned(), message: conflict.to_string() })?;
        rules.vocabulary = Vocabulary::load(files)?;
        rules.standing = StandingWords::load(files)?;
        rules.labels = PhoneLabels::load(files)?;
        for (place, judged) in rules.judged.iter().enumerate() {
            rules.judges.extend(judged.headers.iter().map(|header| (FoldedHeader::new(header).in_one_piece(), place)));
        }
        Ok(rules)
    }

    fn phrases(&self) -> Phrases<'_> {
        let ColumnRules { synonyms, alone, words, compounds, programs, .. } = self;
        Phrases { synonyms, alone, words, compounds, programs }
    }

    /// What a header says by itself.
    pub fn read_header(&self, header: &str) -> HeaderReading {
        let read = self.lexicon.read(&FoldedHeader::new(header));
        let is_known = matches!(read, HeaderReading::Named(_) | HeaderReading::Contained(_) | HeaderReading::Unnamed);
        // "Date of birth (dd.mm.yyyy)": a note in brackets takes nothing away from a header that is known without it.
        match header.split_once(['(', '[', '{']) {
            Some((before, _)) if !is_known => match self.lexicon.read(&FoldedHeader::new(before)) {
                HeaderReading::Named(field) => HeaderReading::Contained(field),
                _ => read,
            },
            _ => read,
        }
    }

    /// What a header means by the kinds of its words; notes in brackets count only where the rest means nothing.
    pub fn wording(&self, header: &str) -> Wording {
        let outer = without_brackets(header);
        let read = self.vocabulary.read(&outer);
        if read.means.is_empty() && outer != header { self.vocabulary.read(header) } else { read }
    }

    /// The name of a person that a header names beside that of a firm, as "Surname / company" does: one of the two stands there.
    pub fn name_or_firm(&self, header: &str, values: &[String]) -> Option<Field> {
        let is_or = |word: &&str| {
            let folded = FoldedHeader::new(word);
            self.words.or.iter().any(|or| FoldedHeader::new(or).all_words() == folded.all_words())
        };
        let parts = header.split(['/', '|', '\\']).flat_map(|part| {
            let words: Vec<&str> = part.split_whitespace().collect();
            words.split(is_or).map(|words| words.join(" ")).collect::<Vec<_>>()
        });
        let field_of = |part: String| match self.read_header(&part) {
            HeaderReading::Named(field) | HeaderReading::Contained(field) => Some(field),
            _ => {
                let means = self.wording(&part).means;
                let meant = means.iter().find(|meant| self.are_single_words(values, meant.single_words))?;
                if let Means::Field(field) = meant.means { Some(field) } else { None }
            }
        };
        let fields: Vec<Field> = parts.filter_map(field_of).collect();
        let name = fields.iter().copied().find(|field| field.is_name());
        name.filter(|_| fields.contains(&Field::Company))
    }

    /// What a header of several meanings means with these values.
    pub fn judge(&self, header: &str, values: &[String]) -> Option<Field> {
        let judged = &self.judged[*self.judges.get(&FoldedHeader::new(header).in_one_piece())?];
        let is_met = |pattern: &Pattern| share(pattern, values).is_some_and(|share| share >= usize::from(self.fits_at));
        if !judged.pattern.as_ref().is_none_or(is_met) {
            return None;
        }
        judged.fields.iter().copied().find(|field| self.values_fit(*field, values))
    }

    /// The words by which headers and values speak of contacting somebody.
    pub fn standing(&self) -> &Arc<StandingWords> {
        &self.standing
    }

    /// The field that these values can hardly be anything but.
    pub fn take_by_values(&self, values: &[String]) -> Option<Taken> {
        // In the order of `Field`, so that `mobile` is asked before `phone`, which would hold it too.
        let mut takers = self.values.iter().filter(|(_, rule)| rule.take_at > 0);
        let is_few = self.are_few(values);
        takers
            .find(|(_, rule)| {
                let share = share(rule.certain.as_ref().unwrap_or(&rule.pattern), values);
                share.is_some_and(|share| share >= if is_few { 100 } else { usize::from(rule.take_at) })
            })
            .map(|(field, _)| Taken { field: *field, is_few })
    }

    /// Whether the values are nothing that a column of this field would hold.
    pub fn values_contradict(&self, field: Field, values: &[String]) -> bool {
        let Some(rule) = self.values.get(&field).filter(|rule| rule.veto_below > 0) else { return false };
        let least = if self.are_few(values) { 1 } else { usize::from(rule.veto_below) };
        share(&rule.pattern, values).is_some_and(|share| share < least)
    }

    /// Whether there are values, and most of them are such as a column of this field holds.
    pub fn values_fit(&self, field: Field, values: &[String]) -> bool {
        let Some(rule) = self.values.get(&field) else { return are_filled(values) };
        share(&rule.pattern, values).is_some_and(|share| share >= usize::from(self.fits_at))
    }

    /// Whether so much (percent) of the values, if there are any, is a single word.
    pub fn are_single_words(&self, values: &[String], percent: u8) -> bool {
        let (mut all, mut single) = (0_usize, 0_usize);
        for value in filled(values) {
            all += 1;
            single += usize::from(!value.contains(char::is_whitespace));
        }
        single * 100 >= all * usize::from(percent)
    }

    /// Whether the values leave it open that a header whose words say so is of this field.
    pub fn values_allow(&self, field: Field, values: &[String]) -> bool {
        let needed = self.values.get(&field).map_or(0, |rule| usize::from(rule.guessed_at));
        let is_too_rare = |rule: &SniffRule| share(&rule.pattern, values).is_some_and(|share| share < needed);
        !self.values_contradict(field, values) && !self.values.get(&field).is_some_and(is_too_rare)
    }

    /// Whether there are values, and few of them are words.
    pub fn are_codes(&self, values: &[String]) -> bool {
        are_filled(values) && !self.values_fit(Field::ContactStatus, values)
    }

    /// Whether most of the values are answers to a question.
    pub fn are_answers(&self, values: &[String]) -> bool {
        let (mut seen, mut answers) = (0, 0);
        for value in filled(values) {
            seen += 1;
            answers += usize::from(self.standing.is_plain(value));
        }
        seen > 0 && answers * 100 >= seen * usize::from(self.fits_at)
    }

    /// Whether there are several values, and all of them are plain answers to a question.
    pub fn are_only_answers(&self, values: &[String]) -> bool {
        filled(values).nth(1).is_some() && filled(values).all(|value| self.standing.is_plain(value))
    }

    /// Whether the values are counts: whole numbers of which several differ, which no codes of answers do.
    pub fn are_counts(&self, values: &[String]) -> bool {
        let counts: Vec<Option<u32>> = filled(values).map(|value| value.parse().ok()).collect();
        let different: BTreeSet<u32> = counts.iter().copied().flatten().collect();
        counts.iter().all(Option::is_some) && different.len() >= self.least_counts
    }

    /// Whether most of the values are labels of telephones, and one at least says of which kind.
    pub fn are_phone_labels(&self, values: &[String]) -> bool {
        let (mut seen, mut fit) = (0, 0);
        for value in filled(values) {
            seen += 1;
            fit += usize::from(self.labels.is_label(value));
        }
        let tells = |value: &str| self.labels.read(value).is_some();
        seen > 0 && fit * 100 >= seen * usize::from(self.fits_at) && filled(values).any(tells)
    }

    /// Whether there are too few values to be told apart from chance.
    pub fn are_few(&self, values: &[String]) -> bool {
        filled(values).take(self.least_values).count() < self.least_values
    }
}

/// Percent of the non-empty values that match; none where there are none.
fn share(pattern: &Pattern, values: &[String]) -> Option<usize> {
    let (mut seen, mut hits) = (0, 0);
    for value in filled(values) {
        seen += 1;
        hits += usize::from(pattern.is_match(value));
    }
    (seen > 0).then(|| hits * 100 / seen)
}

/// The values that are not blank, trimmed.
pub(crate) fn filled(values: &[String]) -> impl Iterator<Item = &str> {
    values.iter().map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// Whether some value is not blank.
pub(crate) fn are_filled(values: &[String]) -> bool {
    filled(values).next().is_some()
}

#[cfg(test)]
mod tests;
