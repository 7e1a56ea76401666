//! `rules/notes.toml`: what notes and statuses say against contacting a customer.

use std::collections::HashMap;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::text::{folded, push_folded};

/// What a note can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoteKind {
    /// The customer died.
    Deceased,
    /// A lawyer or a court is concerned.
    Legal,
    /// The customer does not want to be contacted.
    DoNotContact,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteFile {
    deceased: Phrases,
    legal: Phrases,
    do_not_contact: Phrases,
    status: Statuses,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    phrases: Vec<String>,
    whole: Vec<String>,
    unless_before: Vec<String>,
    unless_after: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statuses {
    deceased: Vec<String>,
    legal: Vec<String>,
    do_not_contact: Vec<String>,
}

/// So many words before and after a phrase are looked at.
const NEAR: usize = 3;

/// Folded words.
type Phrase = Vec<String>;

/// Reads notes and statuses.
#[derive(Debug, Clone)]
pub struct NoteWords {
    /// Phrases by their first word.
    phrases: HashMap<String, Vec<(Phrase, NoteKind)>>,
    whole: HashMap<String, NoteKind>,
    statuses: HashMap<String, NoteKind>,
    /// For each kind what unsays it before, and after.
    unless: [(Vec<Phrase>, Vec<Phrase>); 3],
}

impl NoteWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: NoteFile = files.parse("notes.toml")?;
        let mut words = NoteWords {
            phrases: HashMap::new(),
            whole: HashMap::new(),
            statuses: HashMap::new(),
            unless: std::array::from_fn(|_| (Vec::new(), Vec::new())),
        };
        let kinds = [NoteKind::Deceased, NoteKind::Legal, NoteKind::DoNotContact];
        for (kind, list) in kinds.into_iter().zip([file.deceased, file.legal, file.do_not_contact]) {
            for phrase in list.phrases.iter().map(|phrase| words_of(phrase)) {
                if let Some(first) = phrase.first().cloned() {
                    words.phrases.entry(first).or_default().push((phrase, kind));
                }
            }
            words.whole.extend(list.whole.iter().map(|note| (folded(note), kind)));
            let read = |list: &[String]| list.iter().map(|phrase| words_of(phrase)).collect();
            words.unless[kind as usize] = (read(&list.unless_before), read(&list.unless_after));
        }
        let statuses = [file.status.deceased, file.status.legal, file.status.do_not_contact];
        for (kind, list) in kinds.into_iter().zip(statuses) {
            words.statuses.extend(list.iter().map(|status| (folded(status), kind)));
        }
        Ok(words)
    }

    /// What a note says; `said` hears each kind, perhaps twice. `buffer` is written over.
    pub fn read_note(&self, note: &str, buffer: &mut String, mut said: impl FnMut(NoteKind)) {
        buffer.clear();
        push_folded(note, buffer);
        if let Some(kind) = self.whole.get(buffer.as_str()) {
            said(*kind);
            return;
        }
        let begins = |word: &str| self.phrases.contains_key(word);
        if !buffer.split(' ').any(|word| begins(word) || begins(bare(word))) {
            return;
        }
        let words: Vec<&str> = buffer.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            let phrases = self.phrases.get(*word).or_else(|| self.phrases.get(bare(word)));
            for (phrase, kind) in phrases.into_iter().flatten() {
                let goes_on = starts_with(&words[at + 1..], &phrase[1..]);
                if goes_on && !self.is_unsaid(*kind, &words, at, at + phrase.len()) {
                    said(*kind);
                }
            }
        }
    }

    /// What a status says.
    pub fn read_status(&self, status: &str, buffer: &mut String) -> Option<NoteKind> {
        buffer.clear();
        push_folded(status, buffer);
        self.statuses.get(buffer.as_str()).copied()
    }

    /// Whether something near a phrase, which stands from `start` to `end`, says that it means something else.
    fn is_unsaid(&self, kind: NoteKind, words: &[&str], start: usize, end: usize) -> bool {
        let (before, after) = &self.unless[kind as usize];
        let near = &words[start.saturating_sub(NEAR)..start];
        let begins = |word: &str, phrase: &[String]| phrase.first().is_some_and(|own| own == word || own == bare(word));
        let stands_before = |phrase: &Vec<String>| {
            (0..near.len()).any(|at| begins(near[at], phrase) && starts_with(&near[at + 1..], &phrase[1..]))
        };
        before.iter().any(stands_before) || after.iter().any(|phrase| starts_with(&words[end..], phrase))
    }
}

/// A word without the letter that Hebrew writes before it for "and", "the", "in", "to", "that", "of", "as".
fn bare(word: &str) -> &str {
    let rest = word.strip_prefix(['ו', 'ה', 'ב', 'ל', 'ש', 'מ', 'כ']).unwrap_or(word);
    if rest.chars().count() > 2 { rest } else { word }
}

fn starts_with(words: &[&str], phrase: &[String]) -> bool {
    words.len() >= phrase.len() && words.iter().zip(phrase).all(|(word, own)| word == own)
}

fn words_of(text: &str) -> Vec<String> {
    folded(text).split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(note: &str) -> Vec<NoteKind> {
        let words = NoteWords::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut said = Vec::new();
        words.read_note(note, &mut String::new(), |kind| said.push(kind));
        said.sort_unstable();
        said.dedup();
        said
    }

    #[test]
    fn deaths_are_read_and_streets_schools_and_relatives_are_none() {
        for note in ["נפטר 3/2024", "הלקוחה נפטרה", "כהן משה ז״ל", "Deceased per daughter", "умер в 2022", "متوفى"]
        {
            assert_eq!(read(note), [NoteKind::Deceased], "{note}");
        }
        for note in [
            "גר ברחוב יצחק רבין ז\"ל",
            "לאסוף מביה\"ס ע\"ש משה כהן ז\"ל",
            "בעלה נפטר",
            "husband passed away in 2019",
            "לא נפטר, טעות",
            "מזל טוב",
            "улица имени Ленина",
        ] {
            assert!(read(note).is_empty(), "{note}: {:?}", read(note));
        }
    }

    #[test]
    fn refusals_are_read_and_times_to_call_are_none() {
        for note in ["לא להתקשר!", "ביקש הסרה מהדיוור", "STOP", "הסר", "Do NOT call", "לא לפנות יותר", "не звонить"]
        {
            assert_eq!(read(note), [NoteKind::DoNotContact], "{note}");
        }
        for note in
            ["לא להתקשר בערב", "do not call before 10", "stop by the shop", "מעדיפה הודעות בבוקר", "ביקש חשבונית במייל"]
        {
            assert!(read(note).is_empty(), "{note}");
        }
        assert_eq!(read("בהליך משפטי מול הרשת"), [NoteKind::Legal]);
        assert!(read("עו\"ד במקצועו").is_empty());
    }

    #[test]
    fn a_status_counts_as_a_whole_cell() {
        let words = NoteWords::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut buffer = String::new();
        assert_eq!(words.read_status("נפטר/ה", &mut buffer), Some(NoteKind::Deceased));
        assert_eq!(words.read_status("Blocked", &mut buffer), Some(NoteKind::DoNotContact));
        assert_eq!(words.read_status("פעיל", &mut buffer), None);
    }
}
