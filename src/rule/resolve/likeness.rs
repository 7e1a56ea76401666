//! Names that stand for each other, across scripts too, and words that are left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rule::{EmailClasses, RuleError, RuleFiles};
use crate::text::folded;

/// Nicknames and forms in other scripts.
#[derive(Debug, Clone, Default)]
pub struct NameForms {
    /// Nickname to names, folded.
    full: BTreeMap<String, Vec<String>>,
    /// Word in another script to its Latin forms, commoner ones first.
    latin: BTreeMap<String, Vec<String>>,
    /// Latin form to the words in other scripts that it is a usual form of.
    native: BTreeMap<String, Vec<String>>,
    /// Word in another script to its usual Latin forms.
    usual: BTreeMap<String, Vec<String>>,
}

/// A word and a Latin form are usual partners where neither is rarer among the other's partners than this.
const USUAL: f64 = 0.1;

/// The block of a word's first letter: what tells scripts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Script(u32);

impl Script {
    fn of(word: &str) -> Self {
        Script(word.chars().next().map_or(0, |letter| u32::from(letter) >> 8))
    }
}

impl NameForms {
    /// Reads the tables.
    ///
    /// # Errors
    /// When a line has no second column.
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut forms = NameForms::default();
        let mut counted: Vec<(String, String, f64)> = Vec::new();
        for path in files.names_below("resolve/").iter().filter(|path| path.ends_with(".tsv")) {
            let is_latin = path.ends_with("latin_forms.tsv");
            for (index, mut cells) in files.table(&files.text(path)).enumerate() {
                let (Some(name), Some(other)) = (cells.next(), cells.next()) else {
                    let message = format!("line {} of the table has one column", index + 1);
                    return Err(RuleError::Meaning { path: path.clone(), message });
                };
                let (map, key, value) =
                    if is_latin { (&mut forms.latin, name, other) } else { (&mut forms.full, other, name) };
                map.entry(key.to_owned()).or_default().push(value.to_owned());
                if let Some(Ok(count)) = cells.next().filter(|_| is_latin).map(str::parse::<f64>) {
                    counted.push((name.to_owned(), other.to_owned(), count));
                }
            }
        }
        // A word and a Latin form belong together where each is a usual partner of the other.
        let mut of_word: BTreeMap<&str, f64> = BTreeMap::new();
        let mut of_form: BTreeMap<(&str, Script), f64> = BTreeMap::new();
        for (word, form, count) in &counted {
            *of_word.entry(word).or_default() += count;
            *of_form.entry((form, Script::of(word))).or_default() += count;
        }
        for (word, form, count) in &counted {
            let is_usual =
                count / of_word[word.as_str()] >= USUAL && count / of_form[&(form.as_str(), Script::of(word))] >= USUAL;
            if is_usual {
                forms.native.entry(form.clone()).or_default().push(word.clone());
                forms.usual.entry(word.clone()).or_default().push(form.clone());
            }
        }
        Ok(forms)
    }

    /// The usual Latin forms of a word of another script.
    pub fn usual(&self, word: &str) -> &[String] {
        self.usual.get(word).map_or(&[], Vec::as_slice)
    }

    /// The names that a nickname stands for, written in its own script or as a Latin form of a nickname in another.
    pub fn short_for<'n>(&'n self, nickname: &'n str) -> impl Iterator<Item = &'n String> {
        self.full(nickname).iter().chain(self.native(nickname).iter().flat_map(|native| self.full(native)))
    }

    /// The words of other scripts that a Latin word is a usual form of: what two spellings of one name have in common.
    pub fn native(&self, latin: &str) -> &[String] {
        self.native.get(latin).map_or(&[], Vec::as_slice)
    }

    /// The names that a nickname stands for.
    pub fn full(&self, nickname: &str) -> &[String] {
        self.full.get(nickname).map_or(&[], Vec::as_slice)
    }

    /// How a word of another script is written in Latin letters, commoner forms first; empty where the tables don't
    /// know it.
    pub fn latin(&self, word: &str) -> &[String] {
        self.latin.get(word).map_or(&[], Vec::as_slice)
    }
}

/// Letters of other scripts in Latin ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatinLetters {
    letters: BTreeMap<char, String>,
}

impl LatinLetters {
    /// The Latin letters for one of another script; none where it is not known.
    pub fn of(&self, letter: char) -> Option<&str> {
        self.letters.get(&letter).map(String::as_str)
    }
}

/// Words that are left out before values are compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveWords {
    /// Kinds of streets.
    pub street: Vec<String>,
    /// Words in mailbox names that tell nobody apart.
    pub mailbox: Vec<String>,
    /// Words of mailboxes that a home shares.
    pub mailbox_of_many: Vec<String>,
    /// Legal forms of companies, and what else tells none apart.
    pub company: Vec<String>,
    /// Words for functions and departments.
    pub functions: Vec<String>,
    /// Mailbox names of functions, of `rules/email/classes.toml`.
    #[serde(skip)]
    pub roles: Vec<String>,
}

impl ResolveWords {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let classes: EmailClasses = files.parse("email/classes.toml")?;
        let words: ResolveWords = files.parse("resolve/words.toml")?;
        let mut functions: Vec<String> = words.functions.iter().map(|word| folded(word)).collect();
        functions.sort_unstable();
        functions.dedup();
        Ok(ResolveWords { functions, roles: classes.role, ..words })
    }

    /// Whether a folded name is that of a function: each of its words is one.
    pub fn is_function(&self, name: &str) -> bool {
        !name.is_empty() && name.split(' ').all(|word| self.is_function_word(word))
    }

    /// Whether a folded word may stand in the name of a function.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.functions.binary_search_by(|own| own.as_str().cmp(word)).is_ok()
    }
}
