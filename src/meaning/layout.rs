//! What the same keys write on another keyboard: whoever forgets to switch it types `vxr` for הסר.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rule::{RuleError, RuleFiles};

/// Keyboards beside the Latin one.
#[derive(Debug, Clone)]
pub(super) struct Layouts {
    /// By what is typed, and what was meant.
    maps: Vec<BTreeMap<char, char>>,
    /// Longer texts are meant as they stand.
    longest: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    longest: usize,
    russian: BTreeMap<char, char>,
    arabic: BTreeMap<char, char>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HebrewFile {
    map: BTreeMap<char, char>,
}

impl Layouts {
    /// Reads `rules/meaning/layouts.toml`, and the Hebrew keyboard, which fields of lists share.
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: File = files.parse("meaning/layouts.toml")?;
        let hebrew: HebrewFile = files.parse("text/hebrew_layout.toml")?;
        let back = |map: &BTreeMap<char, char>| map.iter().map(|(latin, other)| (*other, *latin)).collect();
        let maps = [hebrew.map, file.russian, file.arabic].into_iter().flat_map(|map| [back(&map), map]).collect();
        Ok(Layouts { maps, longest: file.longest })
    }

    /// What a short text would be on each other keyboard.
    pub(super) fn others(&self, text: &str) -> impl Iterator<Item = String> {
        let text = text.trim().to_lowercase();
        let is_short = text.chars().nth(self.longest).is_none();
        let maps = self.maps.iter().filter(move |_| is_short);
        maps.filter_map(move |map| {
            let typed: String = text.chars().map(|key| map.get(&key).copied().unwrap_or(key)).collect();
            // Letters alone count: a comma is one of some keyboards.
            let goes = |letter: char| letter.is_alphabetic() && !map.contains_key(&letter);
            (typed != text && !text.contains(goes)).then_some(typed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_to_other_keyboards_and_back() {
        let layouts = Layouts::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (typed, meant) in [("vxr", "הסר"), ("דאםפ", "stop"), ("cnjg", "стоп"), ("ыещз", "stop"), (",xhru", "תסירו")]
        {
            assert!(layouts.others(typed).any(|text| text == meant), "{typed}");
        }
        assert_eq!(layouts.others(&"vxr ".repeat(100)).count(), 0);
    }
}
