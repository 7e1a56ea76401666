//! What whole names hold: people or something else, and where the family's name stands.

use crate::rule::{FatherNames, NameLists, ResolveRules};
use crate::text::folded;

/// Parts whole names in which the father's name stands behind the given one, as Arabic ones do: the family's is the last word,
/// however many names stand before it.
#[derive(Debug)]
pub(super) struct FamilyLast {
    fathers: FatherNames,
    /// Words that are a name only with the word behind them.
    prefixes: Vec<String>,
}

impl FamilyLast {
    pub(super) fn new(rules: &ResolveRules) -> Self {
        FamilyLast { fathers: rules.fathers.clone(), prefixes: rules.prefixes.clone() }
    }

    /// Whether names are written so that begin like this one.
    pub(super) fn is_written_so(&self, name: &str) -> bool {
        self.fathers.is_written_behind(name)
    }

    /// The given name with those of the fathers, and the family's, of a whole name that was taken apart behind its given name;
    /// none where it was taken apart otherwise.
    pub(super) fn parts(&self, given: &str, family: &str, whole: &str) -> Option<(String, String)> {
        let [given, family, whole] = [given, family, whole].map(folded);
        if given.is_empty() || whole != format!("{given} {family}") {
            return None;
        }
        let last = family.rfind(' ').map_or(0, |space| space + 1);
        let before = family[..last].trim_end().rfind(' ').map_or(0, |space| space + 1);
        let has_prefix = last > 0 && self.prefixes.iter().any(|prefix| prefix == family[before..last].trim_end());
        let (fathers, own) = family.split_at(if has_prefix { before } else { last });
        Some((format!("{given} {fathers}").trim_end().to_owned(), own.to_owned()))
    }
}

/// Whether whole names are those of people: half of them begin or end with a known given name.
pub(super) fn are_people(samples: &[String], lists: &NameLists) -> bool {
    let (mut seen, mut known) = (0, 0);
    for name in samples.iter().map(|sample| sample.trim()).filter(|sample| !sample.is_empty()) {
        let mut words = name.split_whitespace();
        let ends = [words.next(), words.next_back()];
        seen += 1;
        known += usize::from(ends.into_iter().flatten().any(|word| lists.usage(word).first > 0));
    }
    seen > 0 && known * 2 >= seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn the_last_word_is_the_familys() {
        let names = FamilyLast::new(&ResolveRules::load(&RuleFiles::embedded()).expect("loads"));
        for (given, family, parts) in [
            ("سعيد", "كمال ناطور", Some(("سعيد كمال", "ناطور"))),
            ("سعيد كمال", "ناطور", Some(("سعيد كمال", "ناطور"))),
            ("سعيد", "كمال وليد أبو حمد", Some(("سعيد كمال وليد", "ابو حمد"))),
            ("سعيد", "أبو حمد", Some(("سعيد", "ابو حمد"))),
        ] {
            let whole = format!("{given} {family}");
            let parts = parts.map(|(given, family): (&str, &str)| (given.to_owned(), family.to_owned()));
            assert_eq!(names.parts(given, family, &whole), parts, "{whole}");
        }
        assert_eq!(names.parts("سعيد", "ناطور", "ناطور سعيد"), None, "the family's name stands first");
        assert!(!names.is_written_so("דוד"));
    }
}
