//! `rules/headers.toml`: what a header means by the kinds of its words, in any order and any language.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::class_words::{ClassSet, ClassWords};
use super::super::{RuleError, RuleFiles};
use crate::record::Field;

const FILE: &str = "headers.toml";

/// Headers longer than this many words are sentences; only their beginning is read.
const MOST_WORDS: usize = 24;
/// A part of a glued word is at least so long ("Kundennr").
const SHORTEST_PART: usize = 2;

/// What the kinds of a header's words mean together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// The meanings that fit, the likeliest first; the values choose.
    pub means: Vec<Meant>,
    /// Words that no list knows.
    pub unknown: usize,
    /// Words that are known but for a letter.
    pub slips: usize,
    /// Words that only begin as known ones do.
    pub loose: usize,
}

/// A meaning, and what it asks of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// What the header means,
    pub means: Means,
    /// if so much (percent) of the values is a single word.
    pub single_words: u8,
}

/// What a header may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Means {
    /// A field.
    Field(Field),
    /// None of them.
    NoField(NoField),
}

/// What a header speaks of that is no field of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoField {
    /// Somebody else: an agent, a relative, whoever keeps the list.
    SomebodyElse,
    /// Whoever answers for the child that a row is about.
    Parent,
    /// In which group somebody is: a type, a segment, a level.
    Grouping,
    /// A thing: an order, a bill, a campaign.
    SomethingElse,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kinds: BTreeMap<String, Vec<String>>,
    readings: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    means: Means,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(default)]
    single_words: u8,
}

/// The kinds of words, and what they mean together.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    words: ClassWords,
    readings: Vec<Reading>,
}

#[derive(Debug, Clone)]
struct Reading {
    meant: Meant,
    has: ClassSet,
    any: ClassSet,
    lacks: ClassSet,
}

impl Reading {
    fn fits(&self, kinds: ClassSet) -> bool {
        kinds & self.has == self.has && (self.any == 0 || kinds & self.any != 0) && kinds & self.lacks == 0
    }
}

impl Wording {
    /// What the header means if the values agree.
    pub fn first(&self) -> Option<Means> {
        self.means.first().map(|meant| meant.means)
    }
}

impl Vocabulary {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let File { kinds, readings } = files.parse(FILE)?;
        let wrong = |message: String| RuleError::Meaning { path: FILE.to_owned(), message };
        if kinds.len() > ClassSet::BITS as usize {
            return Err(wrong(format!("{} kinds of words; {} are the most", kinds.len(), ClassSet::BITS)));
        }
        let mut words = ClassWords::default();
        for (bit, entries) in (0_u8..).zip(kinds.values()) {
            if let Some(entry) = entries.iter().find(|entry| !words.learn(entry, bit)) {
                return Err(wrong(format!("`{entry}` holds no word")));
            }
        }
        let set = |names: &[String]| {
            names.iter().try_fold(0, |set: ClassSet, name| match kinds.keys().position(|kind| kind == name) {
                Some(bit) => Ok(set | 1 << bit),
                None => Err(wrong(format!("no kind of words is called `{name}`"))),
            })
        };
        let reading = |line: &Line| -> Result<Reading, RuleError> {
            Ok(Reading {
                meant: Meant { means: line.means, single_words: line.single_words },
                has: set(&line.has)?,
                any: set(&line.any)?,
                lacks: set(&line.lacks)?,
            })
        };
        let readings = readings.iter().map(reading).collect::<Result<_, RuleError>>()?;
        Ok(Vocabulary { words, readings })
    }

    pub(super) fn read(&self, header: &str) -> Wording {
        // "Membership #".
        let words = self.words.words(&header.replace('#', " number "), MOST_WORDS);
        let (mut kinds, mut wording, mut at) = (0, Wording::default(), 0);
        while at < words.len() {
            let (length, own) = self.words.longest(&words[at..]);
            let word = &words[at];
            at += length;
            // "Mitgliedsnummer" begins as "Mitglied" does, and is a number.
            let parts =
                if length == 1 && !self.words.has(word) { self.words.compound(word, SHORTEST_PART) } else { None };
            if own != 0 || parts.is_some() {
                kinds |= own | parts.unwrap_or(0);
                wording.loose += usize::from(length == 1 && parts.is_none() && self.words.is_loose(word));
            } else if let Some(near) = self.words.slip(word) {
                kinds |= near;
                wording.slips += 1;
            } else if word.chars().count() > 2 && !word.chars().all(char::is_numeric) {
                wording.unknown += 1;
            }
        }
        wording.means =
            self.readings.iter().filter(|reading| reading.fits(kinds)).map(|reading| reading.meant).collect();
        wording
    }
}
