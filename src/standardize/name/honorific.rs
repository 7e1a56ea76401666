//! Titles before and after a name: `ד"ר`, `גב'`, `Mr.`.

use crate::rule::{Honorifics, Lookup, RuleError, RuleFiles};

/// The titles of all languages.
#[derive(Debug)]
pub(super) struct HonorificRules {
    before: Lookup<()>,
    after: Lookup<()>,
}

impl HonorificRules {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let titles = Honorifics::load(files)?;
        Ok(HonorificRules {
            before: Lookup::of_words(titles.before.iter().map(String::as_str)),
            after: Lookup::of_words(titles.after.iter().map(String::as_str)),
        })
    }

    /// Whether the first or the last word is a title: a quick look at a name of several words.
    pub(super) fn may_be_in(&self, name: &str) -> bool {
        let first = name.split(' ').next().is_some_and(|word| self.before.has(word));
        first || name.rsplit(' ').next().is_some_and(|word| self.after.has(word))
    }

    /// The name without its titles; none where it has none, or where nothing else would remain.
    pub(super) fn strip(&self, name: &str) -> Option<String> {
        let mut rest = name;
        while let Some(shorter) = self.without_first(rest).or_else(|| self.without_last(rest)) {
            rest = shorter;
        }
        (rest.len() < name.len()).then(|| rest.to_owned())
    }

    fn without_first<'a>(&self, name: &'a str) -> Option<&'a str> {
        // `Dr.Cohen` is written without the space, too.
        let glued = name.find('.').filter(|&dot| !name[dot + 1..].starts_with(' ')).map(|dot| name.split_at(dot + 1));
        let spaced = name.split_once(' ');
        [spaced, glued].into_iter().flatten().find_map(|(title, rest)| {
            let rest = rest.trim_start_matches([' ', ',']);
            (self.before.has(bare(title)) && is_name(rest)).then_some(rest)
        })
    }

    fn without_last<'a>(&self, name: &'a str) -> Option<&'a str> {
        let (rest, title) = name.rsplit_once([' ', ','])?;
        let rest = rest.trim_end_matches([' ', ',']);
        (self.after.has(bare(title)) && is_name(rest)).then_some(rest)
    }
}

/// A title without the full stop or comma at its end.
fn bare(title: &str) -> &str {
    title.trim_end_matches(['.', ',', ':'])
}

/// Two letters at least: an initial alone is no name to keep.
fn is_name(rest: &str) -> bool {
    rest.chars().filter(|character| character.is_alphabetic()).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_taken_off_where_a_name_remains() {
        let rules = HonorificRules::load(&RuleFiles::embedded()).expect("loads");
        for (name, rest) in [
            ("ד\"ר דנה כהן", Some("דנה כהן")),
            ("גב' לוי", Some("לוי")),
            ("פרופ' ד\"ר לוי", Some("לוי")),
            ("מר כהן", Some("כהן")),
            ("יוסי כהן ז\"ל", None),
            ("Mr. John Smith", Some("John Smith")),
            ("Dr.Cohen", Some("Cohen")),
            ("ИП Котова Анна", Some("Котова Анна")),
            ("Котов Илья, ИП", Some("Котов Илья")),
            ("DR COHEN", Some("COHEN")),
            ("Dana Levi, PhD", Some("Dana Levi")),
            ("Prof. Dr. A", Some("Dr. A")),
            ("מר", None),
            ("ד\"ר", None),
            ("דר כהן", None),
            ("מרים כהן", None),
            ("J.R. Smith", None),
        ] {
            assert_eq!(rules.strip(name).as_deref(), rest, "{name}");
        }
    }
}
