//! Words and phrases in classes, and the words of a text by them: what headers and cells are understood by.

use std::collections::HashMap;

use crate::text::FoldedHeader;

/// Glued words are taken apart between these lengths.
const GLUED: std::ops::RangeInclusive<usize> = 5..=40;
/// What German puts between the parts of a word.
const JOINTS: [&str; 5] = ["", "s", "n", "en", "e"];
/// A stem at the end of a compound may have so many letters behind it ("Telefonnummern").
const LONGEST_ENDING: usize = 3;
/// An ending that changes nothing of a word has fewer letters.
const CLOSE_ENDING: usize = 3;
/// Words as long as this may hold a slip of one letter.
const SLIP_FROM: usize = 6;

/// What French and Italian shorten before a vowel has so many letters ("l'", "qu'", "dell'" is longer and no loss).
const LONGEST_ELISION: usize = 2;

/// A set of classes, one bit each.
pub(super) type ClassSet = u128;

/// Words and phrases of all languages; compared folded, `*` at the end of a word stands for any ending.
#[derive(Debug, Clone, Default)]
pub(super) struct ClassWords {
    /// Entries by their first word.
    exact: HashMap<String, Vec<Entry>>,
    /// Entries whose first word is a stem.
    stems: HashMap<String, Vec<Entry>>,
    longest_stem: usize,
}

/// One entry behind its first word.
#[derive(Debug, Clone)]
struct Entry {
    rest: Vec<Pattern>,
    class: ClassSet,
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

impl ClassWords {
    /// Adds an entry to a class; `false` where it holds no word.
    pub(super) fn learn(&mut self, entry: &str, class: u8) -> bool {
        let patterns = patterns(entry);
        let Some((first, rest)) = patterns.split_first() else { return false };
        let by = if first.is_stem { &mut self.stems } else { &mut self.exact };
        by.entry(first.text.clone()).or_default().push(Entry { rest: rest.to_vec(), class: 1 << class });
        if first.is_stem {
            self.longest_stem = self.longest_stem.max(first.text.len());
        }
        true
    }

    /// The words of a text, glued ones taken apart, no more than `most`.
    pub(super) fn words(&self, text: &str, most: usize) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in folded(text).all_words().iter().take(most) {
            match self.taken_apart(word) {
                Some(parts) => words.extend(parts),
                None => words.push(word.clone()),
            }
        }
        words
    }

    /// Whether a word is an entry as it stands.
    pub(super) fn has(&self, word: &str) -> bool {
        self.exact.get(word).is_some_and(|entries| entries.iter().any(is_single))
    }

    /// Whether a word is known only by a stem with more behind it than an ending: "cellar" begins as "cell" does. Words of other
    /// alphabets have longer endings.
    pub(super) fn is_loose(&self, word: &str) -> bool {
        let endings = (0..CLOSE_ENDING).filter_map(|length| word.get(..word.len().checked_sub(length)?));
        word.is_ascii()
            && !self.has(word)
            && self.stems_of(word).next().is_some()
            && !endings.into_iter().any(|stem| self.stems.contains_key(stem))
            && self.compound(word, 2).is_none()
    }

    /// How many words the longest entry takes that begins here, and its classes; none for a word that is not known.
    pub(super) fn longest(&self, words: &[String]) -> (usize, ClassSet) {
        let (mut length, mut classes) = (1, 0);
        for form in forms(&words[0]) {
            for entry in self.exact.get(form).into_iter().chain(self.stems_of(form)).flatten() {
                let whole = 1 + entry.rest.len();
                let goes_on =
                    words.len() >= whole && entry.rest.iter().zip(&words[1..]).all(|(own, word)| own.fits(word));
                if !goes_on || whole < length {
                    continue;
                }
                if whole > length {
                    (length, classes) = (whole, 0);
                }
                classes |= entry.class;
            }
            // A word that is known as it stands has no letter before it.
            if classes != 0 {
                break;
            }
        }
        (length, classes)
    }

    fn stems_of<'s>(&'s self, form: &'s str) -> impl Iterator<Item = &'s Vec<Entry>> {
        (1..=form.len().min(self.longest_stem))
            .filter(|end| form.is_char_boundary(*end))
            .filter_map(|end| self.stems.get(&form[..end]))
    }

    /// `donotbulkemail` as `do`, `not`, `bulk`, `email`: the fewest known words that make it up.
    fn taken_apart(&self, word: &str) -> Option<Vec<String>> {
        if !word.is_ascii()
            || !GLUED.contains(&word.len())
            || self.longest(std::slice::from_ref(&word.to_owned())).1 != 0
        {
            return None;
        }
        let is_known = |part: &str| part.len() > 1 && self.has(part);
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

    /// The classes of the parts of an unknown word: `Rechnungsnummer` is what `Rechnung` and `Nummer` are. Of several ways to
    /// part it the one of fewest parts counts; each has `least` letters.
    pub(super) fn compound(&self, word: &str, least: usize) -> Option<ClassSet> {
        if !word.is_ascii() || !GLUED.contains(&word.len()) {
            return None;
        }
        let mut best: Vec<Option<(usize, ClassSet)>> = vec![None; word.len() + 1];
        best[0] = Some((0, 0));
        for start in 0..word.len() {
            let Some((count, classes)) = best[start] else { continue };
            // The whole word is no part of itself.
            for end in (start + 2..=word.len()).filter(|end| end - start < word.len()) {
                let part = &word[start..end];
                let own = self.part(part, least, end == word.len());
                if own == 0 {
                    continue;
                }
                for joint in JOINTS.iter().filter(|joint| word[end..].starts_with(**joint)) {
                    let next = end + joint.len();
                    let is_fewer = best[next].is_none_or(|(known, _)| count + 1 < known);
                    if is_fewer && (joint.is_empty() || next < word.len()) {
                        best[next] = Some((count + 1, classes | own));
                    }
                }
            }
        }
        best[word.len()].filter(|(count, _)| *count > 1).map(|(_, classes)| classes)
    }

    fn part(&self, part: &str, least: usize, is_end: bool) -> ClassSet {
        if part.len() < least {
            return 0;
        }
        let exact = self.exact.get(part).into_iter().flatten();
        let from = part.len().saturating_sub(if is_end { LONGEST_ENDING } else { 0 }).max(least);
        let stems = (from..=part.len()).filter_map(|end| self.stems.get(&part[..end])).flatten();
        exact.chain(stems).filter(|entry| is_single(entry)).fold(0, |all, entry| all | entry.class)
    }

    /// The classes of a known word from which this one differs by one letter, left out, put in, changed or swapped.
    pub(super) fn slip(&self, word: &str) -> Option<ClassSet> {
        let length = word.chars().count();
        if length < SLIP_FROM {
            return None;
        }
        let is_near = |known: &str| {
            known.chars().count() + 1 >= SLIP_FROM
                && known.len().abs_diff(word.len()) <= 2
                && rapidfuzz::distance::osa::distance(known.chars(), word.chars()) == 1
        };
        let all = self.exact.iter().chain(&self.stems);
        let near = all.filter(|(known, entries)| entries.iter().any(is_single) && is_near(known));
        let classes = near
            .flat_map(|(_, entries)| entries.iter().filter(|entry| is_single(entry)))
            .fold(0, |all, entry| all | entry.class);
        (classes != 0).then_some(classes)
    }
}

fn is_single(entry: &Entry) -> bool {
    entry.rest.is_empty()
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
        let folded = folded(word.trim_end_matches('*'));
        let count = folded.all_words().len();
        for (at, text) in folded.all_words().iter().enumerate() {
            patterns.push(Pattern { text: text.clone(), is_stem: is_stem && at + 1 == count });
        }
    }
    patterns
}

/// Folded, with ß as the two letters that stand for it where it can't be written, a cross as what it says of a person, and
/// "d'inscription" as two words. The small o of "Nº" would make a "no" of it.
fn folded(text: &str) -> FoldedHeader {
    if !text.contains(['ß', 'º', 'ª', '№', '†', '✝', '\'', '’']) {
        return FoldedHeader::new(text);
    }
    let mut plain = String::with_capacity(text.len() + 2);
    let mut letters = 0;
    for letter in text.chars() {
        let is_elision = matches!(letter, '\'' | '’') && (1..=LONGEST_ELISION).contains(&letters);
        letters = if letter.is_ascii_alphabetic() { letters + 1 } else { 0 };
        match letter {
            'ß' => plain.push_str("ss"),
            '№' => plain.push_str(" nr "),
            '†' | '✝' => plain.push_str(" deceased "),
            'º' | 'ª' => plain.push(' '),
            _ if is_elision => plain.push(' '),
            other => plain.push(other),
        }
    }
    FoldedHeader::new(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> ClassWords {
        let mut words = ClassWords::default();
        for (entry, class) in [("rechnung*", 0), ("nummer*", 1), ("nr", 1), ("kunde", 2), ("do not", 3), ("email", 4)] {
            assert!(words.learn(entry, class));
        }
        words
    }

    #[test]
    fn a_compound_is_what_its_parts_are() {
        let words = words();
        for (word, classes) in [
            ("rechnungsnummer", Some(0b11)),
            ("kundennr", Some(0b110)),
            ("kundennummern", Some(0b110)),
            ("kunde", None),
            ("kundenfarbe", None),
            ("מספרלקוח", None),
        ] {
            assert_eq!(words.compound(word, 2), classes, "{word}");
        }
    }

    #[test]
    fn a_slip_of_one_letter_is_forgiven_in_long_words_only() {
        let mut words = words();
        assert!(words.learn("telephone", 5) && !words.learn("*", 5));
        assert_eq!(words.slip("telefhone"), Some(1 << 5));
        assert_eq!(words.slip("tlephone"), Some(1 << 5));
        assert_eq!(words.slip("email"), None);
        assert_eq!(words.slip("kumde"), None);
    }
}
