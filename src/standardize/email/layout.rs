//! Addresses typed while the keyboard was still in Hebrew mode.

use std::collections::BTreeMap;

use super::class::{Directory, has_known_suffix};
use super::syntax;
use crate::finding::Code;
use crate::rule::EmailRules;
use crate::text::script::has_hebrew;

/// The keys, from what was typed to what was meant.
#[derive(Debug)]
pub(super) struct HebrewLayout {
    meant: BTreeMap<char, char>,
}

/// An address as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// Only the domain was typed in Hebrew mode, and it is a provider's: there is no second reading.
    Certain(String),
    /// The local part was, too: Hebrew letters there may as well be a name that was meant as it stands.
    Probable(String),
}

impl HebrewLayout {
    pub(super) fn new(rules: &EmailRules) -> Self {
        // A dot, comma or semicolon was either typed in Latin mode or stands for a key that no domain needs.
        let is_decoded = |typed: char| has_hebrew(typed.encode_utf8(&mut [0; 4])) || matches!(typed, '/' | '\'');
        let pairs = rules.hebrew_layout.iter().filter(|(_, typed)| is_decoded(**typed));
        HebrewLayout { meant: pairs.map(|(meant, typed)| (*typed, *meant)).collect() }
    }

    /// What a cell that is no address (or whose domain can't exist) would be in Latin mode.
    pub(super) fn decode(&self, text: &str, directory: &Directory) -> Option<Meant> {
        let (local, domain) = syntax::split(text).ok()?;
        if !has_hebrew(domain) {
            return None;
        }
        let domain = self.in_latin(domain);
        let is_provider = directory.is_provider(&domain);
        if !is_provider && !has_known_suffix(&domain) {
            return None;
        }
        let is_typed_in_latin = local.is_ascii() && !local.contains(['/', '\'']);
        let address = format!("{}@{domain}", if is_typed_in_latin { local.to_owned() } else { self.in_latin(local) });
        match syntax::parse(&address) {
            Ok(parsed) if !parsed.unusual.contains(&Code::EmailEaiLocal) => {
                let is_certain = is_provider && is_typed_in_latin;
                let address = parsed.text();
                Some(if is_certain { Meant::Certain(address) } else { Meant::Probable(address) })
            }
            _ => None,
        }
    }

    fn in_latin(&self, text: &str) -> String {
        text.chars().map(|typed| self.meant.get(&typed).copied().unwrap_or(typed)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn a_provider_typed_in_hebrew_mode_is_read_back() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let (layout, directory) = (HebrewLayout::new(&rules), Directory::new(&rules));
        let certain = |text: &str| Some(Meant::Certain(text.to_owned()));
        let probable = |text: &str| Some(Meant::Probable(text.to_owned()));
        for (text, meant) in [
            ("dana.l@עצשןךץבםצ", certain("dana.l@gmail.com")),
            ("dana@עצשןך.בםצ", certain("dana@gmail.com")),
            ("טםדדן914@'שךךשץבםץןך", probable("yossi914@walla.co.il")),
            ("dana@דיםפץבםץןך", probable("dana@shop.co.il")),
            ("dana@דיםפSHOPץבםץןך", probable("dana@shopshop.co.il")),
            ("דנה@012.net.il", None),
            ("דנה לוי", None),
            ("dana@שלום", None),
        ] {
            assert_eq!(layout.decode(text, &directory), meant, "{text}");
        }
    }
}
