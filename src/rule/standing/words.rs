//! `rules/standing.toml`: words by which headers and cells speak of contacting somebody, in classes.

use std::collections::HashMap;

use serde::Deserialize;

use super::super::{RuleError, RuleFiles};
use super::class::{Class, Classes};
use crate::text::FoldedHeader;

const FILE: &str = "standing.toml";

/// Texts longer than this many words are read to here only.
const MOST_WORDS: usize = 40;
/// Glued words are taken apart between these lengths.
const GLUED: std::ops::RangeInclusive<usize> = 5..=40;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: HashMap<Class, Vec<String>>,
}

/// One entry behind its first word.
#[derive(Debug, Clone)]
struct Entry {
    rest: Vec<Pattern>,
    class: Class,
}

/// A word of an entry.
#[derive(Debug, Clone)]
struct Pattern {
    text: String,
    is_stem: bool,
}

impl Pattern {
    fn fits(&self, word: &str) -> bool {
        forms(word).any(|form| if self.is_stem { form.starts_with(&self.text) } else { form == self.text })
    }
}

/// The words of all languages.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Entries by their first word.
    exact: HashMap<String, Vec<Entry>>,
    /// Entries whose first word is a stem.
    stems: HashMap<String, Vec<Entry>>,
    longest_stem: usize,
}

/// One word of a text, or several that are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// What it says; nothing for a word that is not known.
    pub(super) classes: Classes,
    /// Its value, where it is a number.
    pub(super) number: Option<u64>,
}

impl Words {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: File = files.parse(FILE)?;
        let mut words = Words::default();
        for (class, entries) in file.words {
            for entry in entries {
                let patterns = patterns(&entry);
                let Some((first, rest)) = patterns.split_first() else {
                    let message = format!("`{entry}` holds no word");
                    return Err(RuleError::Meaning { path: FILE.to_owned(), message });
                };
                let by = if first.is_stem { &mut words.stems } else { &mut words.exact };
                by.entry(first.text.clone()).or_default().push(Entry { rest: rest.to_vec(), class });
                if first.is_stem {
                    words.longest_stem = words.longest_stem.max(first.text.len());
                }
            }
        }
        Ok(words)
    }

    /// The words of a text with what they say.
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        let folded = FoldedHeader::new(text);
        let mut words: Vec<String> = Vec::new();
        for word in folded.all_words().iter().take(MOST_WORDS) {
            match self.taken_apart(word) {
                Some(parts) => words.extend(parts),
                None => words.push(word.clone()),
            }
        }
        let mut tokens = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let (length, classes) = self.longest(&words[at..]);
            let number = if classes.is_none() { words[at].parse().ok() } else { None };
            // Initials of programs, endings behind a slash.
            let is_scrap = classes.is_none() && number.is_none() && words[at].chars().count() <= 2;
            let classes = if is_scrap { Classes::of(&[Class::Filler]) } else { classes };
            tokens.push(Token { classes, number });
            at += length;
        }
        tokens
    }

    /// How many words the longest entry takes that begins here, and what it says.
    fn longest(&self, words: &[String]) -> (usize, Classes) {
        let (mut length, mut classes) = (1, Classes::NONE);
        for form in forms(&words[0]) {
            let stems = (1..=form.len().min(self.longest_stem))
                .filter(|end| form.is_char_boundary(*end))
                .filter_map(|end| self.stems.get(&form[..end]));
            for entry in self.exact.get(form).into_iter().chain(stems).flatten() {
                let whole = 1 + entry.rest.len();
                let goes_on =
                    words.len() >= whole && entry.rest.iter().zip(&words[1..]).all(|(own, word)| own.fits(word));
                if !goes_on || whole < length {
                    continue;
                }
                if whole > length {
                    (length, classes) = (whole, Classes::NONE);
                }
                classes = classes.with(entry.class);
            }
            // A word that is known as it stands has no letter before it.
            if !classes.is_none() {
                break;
            }
        }
        (length, classes)
    }

    /// `donotbulkemail` as `do`, `not`, `bulk`, `email`: the fewest known words that make it up.
    fn taken_apart(&self, word: &str) -> Option<Vec<String>> {
        if !word.is_ascii()
            || !GLUED.contains(&word.len())
            || !self.longest(std::slice::from_ref(&word.to_owned())).1.is_none()
        {
            return None;
        }
        let is_known = |part: &str| {
            part.len() > 1 && self.exact.get(part).is_some_and(|own| own.iter().any(|one| one.rest.is_empty()))
        };
        let mut best: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
        best[0] = Some((0, 0));
        for end in 2..=word.len() {
            let parts = (0..end - 1).filter(|start| is_known(&word[*start..end]));
            best[end] = parts.filter_map(|start| best[start].map(|(count, _)| (count + 1, start))).min();
        }
        let mut parts = Vec::new();
        let mut end = word.len();
        while end > 0 {
            let (_, start) = best[end]?;
            parts.push(word[start..end].to_owned());
            end = start;
        }
        parts.reverse();
        Some(parts)
    }
}

/// A word as it stands, and without the letters that Hebrew and Arabic write before it.
fn forms(word: &str) -> impl Iterator<Item = &str> {
    const ARABIC: [&str; 9] = ["وال", "بال", "فال", "كال", "ال", "لل", "و", "ب", "ل"];
    let once = strip_hebrew(word);
    let twice = once.and_then(strip_hebrew);
    let arabic =
        ARABIC.into_iter().find_map(|article| word.strip_prefix(article)).filter(|rest| rest.chars().count() > 1);
    std::iter::once(word).chain(once).chain(twice).chain(arabic)
}

fn strip_hebrew(word: &str) -> Option<&str> {
    word.strip_prefix(['ו', 'ש', 'ה', 'ב', 'ל', 'מ', 'כ']).filter(|rest| rest.chars().count() > 2)
}

fn patterns(entry: &str) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for word in entry.split_whitespace() {
        let is_stem = word.ends_with('*');
        let folded = FoldedHeader::new(word.trim_end_matches('*'));
        let count = folded.all_words().len();
        for (at, text) in folded.all_words().iter().enumerate() {
            patterns.push(Pattern { text: text.clone(), is_stem: is_stem && at + 1 == count });
        }
    }
    patterns
}
