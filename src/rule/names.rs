//! `rules/names/`: how often a word is a given name or a family name, and what stands around names.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use unicode_script::{Script, UnicodeScript};

use super::{Lookup, RuleError, RuleFiles};
use crate::text::{folded, plain_spelling, with_finals};

/// How common a word is as either kind of name, as a logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NameUse {
    /// As a given name: eight times the binary logarithm of one more than its bearers in a million; 0 = not listed.
    pub first: u8,
    /// As a family name, likewise.
    pub last: u8,
}

/// How much one doubling of the bearers counts in a [`NameUse`].
pub const DOUBLING: i32 = 8;

impl NameUse {
    /// Listed as either.
    pub const fn is_known(self) -> bool {
        self.first > 0 || self.last > 0
    }

    /// So many of a million or more bear it as one of the two.
    pub fn is_common(self, per_million: u32) -> bool {
        self.first.max(self.last) >= weight(per_million)
    }

    /// By how much it is rather a given name (positive) or a family name (negative).
    pub fn lean_to_first(self) -> i32 {
        i32::from(self.first) - i32::from(self.last)
    }
}

/// Which of its two lists a name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Given names.
    Given,
    /// Family names.
    Family,
}

/// The lists of names.
#[derive(Debug, Clone)]
pub struct NameLists {
    names: Lookup<NameUse>,
    /// Names that folding changes, in their folded form; Hebrew ones are found by their final letters.
    folded: Lookup<NameUse>,
    /// By list and script: how many of a million people bear each name, the commonest first.
    bearers: HashMap<(NameKind, Script), Vec<f64>>,
    /// How many people in a million the names of a list and script add up to: more where the list was put together of several.
    all: HashMap<(NameKind, Script), f64>,
}

impl NameLists {
    /// Reads both lists.
    ///
    /// # Errors
    /// When a line has no number in its third column.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut names = Lookup::with_capacity(32_768);
        let mut folded_names = Lookup::default();
        let mut bearers: HashMap<(NameKind, Script), Vec<f64>> = HashMap::new();
        for (path, kind) in [("names/first_names.tsv", NameKind::Given), ("names/surnames.tsv", NameKind::Family)] {
            for (index, mut cells) in files.table(&files.text(path)).enumerate() {
                let name = cells.next().unwrap_or_default();
                let Some(count) = cells.nth(1).and_then(|count| count.parse::<u32>().ok()) else {
                    let message = format!("name {} has no number in its third column", index + 1);
                    return Err(RuleError::Meaning { path: path.to_owned(), message });
                };
                let note = |table: &mut Lookup<NameUse>, name: &str| {
                    let usage: &mut NameUse = table.entry(name, NameUse::default());
                    let side = if kind == NameKind::Given { &mut usage.first } else { &mut usage.last };
                    *side = (*side).max(weight(count));
                };
                note(&mut names, name);
                if has_other_spellings(script(name)) {
                    note(&mut names, &plain_spelling(name));
                    note(&mut folded_names, &plain_spelling(&folded(name)));
                }
                if let Some(script) = script(name) {
                    bearers.entry((kind, script)).or_default().push(f64::from(count));
                }
            }
        }
        bearers.values_mut().for_each(|counts| counts.sort_unstable_by(|a, b| b.total_cmp(a)));
        let all = bearers.iter().map(|(list, counts)| (*list, counts.iter().sum::<f64>().max(1e6))).collect();
        Ok(NameLists { names, folded: folded_names, bearers, all })
    }

    /// The share of the people who write their names in this script that bear each listed name, the commonest first.
    pub fn shares(&self, kind: NameKind, script: Script) -> impl Iterator<Item = f64> + '_ {
        let all = self.all.get(&(kind, script)).copied().unwrap_or(1e6);
        self.bearers.get(&(kind, script)).into_iter().flatten().map(move |count| count / all)
    }

    /// The share of the people who write their names in its script that bear this name, in its usual spelling or without final
    /// letters; 0 where it is not listed.
    pub fn share(&self, kind: NameKind, name: &str) -> f64 {
        let of = |usage: NameUse| if kind == NameKind::Given { usage.first } else { usage.last };
        let most = of(self.usage_of_folded(name));
        let all = script(name).and_then(|script| self.all.get(&(kind, script))).copied().unwrap_or(1e6);
        ((f64::from(most) / f64::from(DOUBLING)).exp2() - 1.0) / all
    }

    /// How common a name is; the case of ASCII letters does not matter.
    pub fn usage(&self, name: &str) -> NameUse {
        let plain = || match plain_spelling(name) {
            Cow::Owned(plain) => self.names.find(&plain),
            Cow::Borrowed(_) => None,
        };
        self.names.find(name).or_else(plain).unwrap_or_default()
    }

    /// How common a folded name is.
    pub fn usage_of_folded(&self, name: &str) -> NameUse {
        let uses = [self.usage(name), self.usage(&with_finals(name))];
        let other = has_other_spellings(script(name)).then(|| self.folded.find(&plain_spelling(name))).flatten();
        let most = |one: NameUse, other: NameUse| NameUse {
            first: one.first.max(other.first),
            last: one.last.max(other.last),
        };
        uses.into_iter().chain(other).fold(NameUse::default(), most)
    }

    /// Whether either list has it.
    pub fn has(&self, name: &str) -> bool {
        self.usage(name).is_known()
    }
}

/// Whether names of this script are written with and without marks on their letters.
fn has_other_spellings(script: Option<Script>) -> bool {
    matches!(script, Some(Script::Cyrillic | Script::Arabic))
}

/// The script of a word: that of its first letter.
fn script(word: &str) -> Option<Script> {
    word.chars().next().map(|letter| letter.script())
}

/// Tables of logarithms would be exact on every machine; `log2` of small integers rounded to an eighth is as well.
fn weight(per_million: u32) -> u8 {
    (f64::from(per_million + 1).log2() * f64::from(DOUBLING)).round() as u8
}

/// `rules/names/shape.toml`: limits and words that names are judged by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameShape {
    /// More characters than this are no name.
    pub longest: usize,
    /// So many digits or more, with few letters, are a telephone number.
    pub phone_digits: usize,
    /// So many equal letters in a row are a slip or a filler.
    pub repeated: usize,
    /// Words and marks of companies and institutions.
    pub company: Vec<String>,
    /// Words that stay in lower case inside a name, except at its start.
    pub lower: Vec<String>,
    /// Words that begin a two-word name.
    pub prefixes: Vec<String>,
    /// Words written in capitals: numerals of generations.
    pub capitals: Vec<String>,
    /// How many doublings more likely the other order must be before first and last name are called swapped.
    pub swap_margin: i32,
    /// How many doublings more likely a word must be a family name to be taken for one in a given-name cell.
    pub merge_margin: i32,
    /// How many doublings more likely the order "family given" must be to split a full name so.
    pub order_margin: i32,
    /// A word in the wrong keyboard layout is put right without asking from so many bearers in a million.
    pub layout_least: u32,
    /// Words that decode to a common name by chance.
    pub layout_exceptions: Vec<String>,
    /// A placeholder that so many of a million or more are called is a name,
    pub placeholder_name: u32,
    /// unless it stands so often among the values of its column.
    pub placeholder_repeats: usize,
}

impl NameShape {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("names/shape.toml")
    }
}

/// `rules/names/honorifics.toml`: titles before and after a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Honorifics {
    /// Before the name.
    pub before: Vec<String>,
    /// After the name.
    pub after: Vec<String>,
}

impl Honorifics {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("names/honorifics.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_tell_given_from_family_names() {
        let lists = NameLists::load(&RuleFiles::embedded()).expect("loads");
        for (name, is_first) in [("דנה", true), ("כהן", false), ("dana", true), ("COHEN", false), ("بن", true)]
        {
            let lean = lists.usage(name).lean_to_first();
            assert!(if is_first { lean >= 0 } else { lean < 0 }, "{name}: {lean}");
        }
        assert!(!lists.has("akuo"));
    }

    #[test]
    fn shares_are_of_the_people_of_a_script() {
        let lists = NameLists::load(&RuleFiles::embedded()).expect("loads");
        for script in [Script::Hebrew, Script::Latin, Script::Arabic, Script::Cyrillic] {
            for kind in [NameKind::Given, NameKind::Family] {
                let all: f64 = lists.shares(kind, script).sum();
                assert!(all > 0.1 && all < 1.000_001, "{kind:?} {script:?}: {all}");
            }
        }
        let most = lists.shares(NameKind::Family, Script::Hebrew).next().unwrap_or_default();
        let cohen = lists.share(NameKind::Family, "כהנ");
        assert!(
            (cohen / most - 1.0).abs() < 0.1,
            "the commonest name, written without its final letter: {cohen} {most}"
        );
        assert!(lists.share(NameKind::Family, "akuo") == 0.0);
        assert!(lists.share(NameKind::Given, "иван") > 0.0, "folded names of other scripts are known, too");
    }

    #[test]
    fn a_name_is_known_however_its_letters_are_marked() {
        let lists = NameLists::load(&RuleFiles::embedded()).expect("loads");
        for (name, other) in [("Семён", "Семен"), ("أحمد", "احمد"), ("فاطمة", "فاطمه"), ("منى", "مني"), ("علي", "على")]
        {
            assert!(lists.usage(name).first > 0, "{name}");
            assert_eq!(lists.usage(name).first, lists.usage(other).first, "{other}");
        }
        for name in ["Алексей", "Лиза", "أحمد", "دانا", "דנה", "יעקב", "Marie"] {
            assert!(lists.usage_of_folded(&folded(name)).first > 0, "{name}");
        }
        assert_eq!(lists.usage("דנה"), lists.usage_of_folded("דנה"));
    }

    #[test]
    fn a_list_line_without_its_number_is_an_error() {
        assert_eq!(weight(0), 0);
        assert_eq!(weight(1_000_000), 159);
    }
}
