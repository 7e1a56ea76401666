//! Names typed with the wrong keyboard layout: `akuo` for `שלום`, `דשרשי` for `Sarah`.

use crate::rule::{HebrewLayout, Lookup, NameLists, NameShape, RuleError, RuleFiles};

/// What the wrong layout may have hidden.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LayoutReading {
    /// The name is what it looks like.
    Nothing,
    /// Every word decodes to a common name and is none itself.
    Certain(String),
    /// Some word decodes to a known name and none is one itself.
    Likely(String),
}

#[derive(Debug)]
pub(super) struct LayoutRules {
    layout: HebrewLayout,
    least: u32,
    exceptions: Lookup<()>,
}

impl LayoutRules {
    pub(super) fn load(files: &RuleFiles, shape: &NameShape) -> Result<Self, RuleError> {
        Ok(LayoutRules {
            layout: HebrewLayout::load(files)?,
            least: shape.layout_least,
            exceptions: Lookup::of_words(shape.layout_exceptions.iter().map(String::as_str)),
        })
    }

    pub(super) fn read(&self, name: &str, lists: &NameLists) -> LayoutReading {
        let Some(decoded) = self.decode(name) else { return LayoutReading::Nothing };
        let is_word = |word: &str| !word.is_empty();
        if name.split(' ').any(|word| lists.has(word) || self.exceptions.has(word)) || lists.has(name) {
            return LayoutReading::Nothing;
        }
        let mut words = decoded.split([' ', '-']).filter(|word| is_word(word));
        let mut some_known = false;
        let all_common = words.all(|word| {
            let usage = lists.usage(word);
            some_known |= usage.is_known();
            // Two letters decode to a name by chance.
            usage.is_common(self.least) && word.chars().nth(2).is_some()
        });
        match (all_common, some_known || words.any(|word| lists.has(word))) {
            (true, true) => LayoutReading::Certain(decoded),
            (_, true) => LayoutReading::Likely(decoded),
            (_, false) => LayoutReading::Nothing,
        }
    }

    /// Letters of one case decode to Hebrew: a capital at the start shows that Latin letters were meant.
    fn decode(&self, name: &str) -> Option<String> {
        let letters = || name.chars().filter(char::is_ascii_alphabetic);
        let is_one_case = letters().all(|letter| letter.is_ascii_lowercase())
            || letters().all(|letter| letter.is_ascii_uppercase()) && letters().nth(1).is_some();
        if letters().next().is_some() {
            if is_one_case { self.layout.hebrew(name) } else { None }
        } else {
            self.layout.latin(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_wrong_layout_decode_when_they_are_no_names_themselves() {
        let files = RuleFiles::embedded();
        let lists = NameLists::load(&files).expect("loads");
        let rules = LayoutRules::load(&files, &NameShape::load(&files).expect("loads")).expect("loads");
        for (typed, meant) in
            [("akuo", "שלום"), ("fvi", "כהן"), ("FVI", "כהן"), ("sbv fvi", "דנה כהן"), ("דשרשי", "sarah")]
        {
            assert_eq!(rules.read(typed, &lists), LayoutReading::Certain(meant.to_owned()), "{typed}");
        }
        for typed in ["dana", "rubi", "Akuo", "דנה", "שלום", "", "-", "xqzj", "ג'ורג'", "dana5", "דנה כהן"]
        {
            assert_eq!(rules.read(typed, &lists), LayoutReading::Nothing, "{typed}");
        }
        assert_eq!(rules.read("sbv fvii", &lists), LayoutReading::Likely("דנה כהןן".to_owned()));
    }
}
