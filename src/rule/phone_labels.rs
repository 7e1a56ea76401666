//! `rules/phone/labels.toml`: what a label beside a number says of it.

use serde::Deserialize;

use super::class_words::{ClassSet, ClassWords};
use super::{LineReach, PhonePolicy, RuleError, RuleFiles};
use crate::record::PhoneKind;

const FILE: &str = "phone/labels.toml";
/// A label is a few words.
const MOST_WORDS: usize = 8;

/// The class of words that say only where a number is.
const PLACE: ClassSet = 1 << 3;

/// What a label says of the number beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneLabel {
    /// Nobody can be called or texted there: a fax, a pager.
    NotToCall,
    /// It is a line of this kind, reached so.
    Line(PhoneKind, LineReach),
}

/// Reads labels beside numbers.
#[derive(Debug, Clone, Default)]
pub struct PhoneLabels {
    words: ClassWords,
    lines: Vec<(PhoneKind, LineReach)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    not_to_call: Vec<String>,
    mobile: Vec<String>,
    fixed: Vec<String>,
    place: Vec<String>,
}

impl PhoneLabels {
    /// Reads the file, and how lines are reached.
    ///
    /// # Errors
    /// When one of the files is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: File = files.parse(FILE)?;
        let policy: PhonePolicy = files.parse("phone/policy.toml")?;
        let mut words = ClassWords::default();
        for (class, entries) in (0..).zip([file.not_to_call, file.mobile, file.fixed, file.place]) {
            if let Some(entry) = entries.iter().find(|entry| !words.learn(entry, class)) {
                return Err(RuleError::Meaning { path: FILE.to_owned(), message: format!("`{entry}` holds no word") });
            }
        }
        let line = |kind: PhoneKind| Some((kind, *policy.reach.get(kind.as_str())?));
        Ok(PhoneLabels { words, lines: [PhoneKind::Mobile, PhoneKind::Fixed].into_iter().filter_map(line).collect() })
    }

    /// Whether a text is a label: words of labels and no others.
    pub fn is_label(&self, text: &str) -> bool {
        let classes = self.classes(text);
        !classes.is_empty() && classes.iter().all(|classes| *classes != 0)
    }

    /// What a label says; none where it says nothing that counts. "Home fax" is a fax.
    pub fn read(&self, label: &str) -> Option<PhoneLabel> {
        let said = self.classes(label).into_iter().fold(0, |all, classes| all | classes) & !PLACE;
        if said & 1 != 0 {
            return Some(PhoneLabel::NotToCall);
        }
        let kind = match said >> 1 {
            1 => PhoneKind::Mobile,
            2 => PhoneKind::Fixed,
            _ => return None,
        };
        let line = self.lines.iter().find(|(own, _)| *own == kind);
        line.map(|(kind, reach)| PhoneLabel::Line(*kind, *reach))
    }

    /// Of each word, the classes of the entry that begins there; 0 where none does.
    fn classes(&self, text: &str) -> Vec<ClassSet> {
        let words = self.words.words(text, MOST_WORDS);
        (0..words.len()).map(|at| self.words.longest(&words[at..]).1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_of_which_kind_the_number_beside_it_is() {
        let labels = PhoneLabels::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for label in ["Home Fax", "* Work Fax", "Pager", "פקס", "Telefax privat", "факс рабочий", "فاكس", "Faxnummer"]
        {
            assert_eq!(labels.read(label), Some(PhoneLabel::NotToCall), "{label}");
        }
        for label in ["Mobile", "נייד", "Handy privat", "iPhone", "моб."] {
            assert!(matches!(labels.read(label), Some(PhoneLabel::Line(PhoneKind::Mobile, _))), "{label}");
        }
        for label in ["Home", "* Work", "בית", "Other", "", "mobile or landline"] {
            assert_eq!(labels.read(label), None, "{label}");
        }
    }
}
