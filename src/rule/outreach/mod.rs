//! `rules/outreach/`: whom one may ask, when and in which words.

mod by_channel;
mod confirm;
mod etiquette;
mod listed;
mod messages;
mod policy;
mod zones;

pub use by_channel::ByChannel;
pub use confirm::{
    AskWords, ClientLimits, CodeLimits, CodeWords, ConfirmPolicy, DoneWords, NoticeWords, PageFile, PageWords,
    RefusedValues, SelfAccepted, UpdateWords,
};
pub use etiquette::{Basis, Etiquette, Quiet};
pub use messages::{Purpose, Slots, Texts};
pub use policy::{
    Capacity, GreetingRules, Ladder, OutreachPolicy, PermissionRules, PersonalCall, Prices, RefusalReach,
};
pub use zones::{Area, Areas};

use super::{RuleError, RuleFiles};

/// All of it.
#[derive(Debug, Clone)]
pub struct OutreachRules {
    /// Limits, chances and prices.
    pub policy: OutreachPolicy,
    /// Laws and customs by country.
    pub etiquettes: Vec<Etiquette>,
    /// Messages by language.
    pub texts: Vec<Texts>,
    /// Clocks of numbers by their first digits.
    pub areas: Areas,
}

impl OutreachRules {
    /// Reads the files.
    ///
    /// # Errors
    /// When one is not of its form, or a message is not one that may be sent.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let policy = OutreachPolicy::load(files)?;
        let etiquettes = policy.etiquettes.iter().map(|name| Etiquette::load(files, name)).collect::<Result<_, _>>()?;
        let texts = Texts::load_all(files, &policy.languages)?;
        Ok(OutreachRules { policy, etiquettes, texts, areas: Areas::load(files)? })
    }

    /// The etiquette that holds in a country, with the country's name in it.
    pub fn country(&self, code: &str) -> Option<(&Etiquette, &str)> {
        self.etiquettes.iter().find_map(|etiquette| Some((etiquette, etiquette.country(code)?.0)))
    }

    /// The messages in a language.
    pub fn texts_in(&self, language: &str) -> Option<&Texts> {
        self.texts.iter().find(|texts| texts.language == language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_the_etiquette_that_names_it() {
        let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        for (country, name) in [("DE", "eu"), ("GB", "gb"), ("GU", "us"), ("CH", "ch")] {
            assert!(rules.country(country).is_some_and(|(etiquette, _)| etiquette.name == name), "{country}");
        }
        assert!(rules.country("").is_none() && rules.country("ZZ").is_none());
    }

    #[test]
    fn a_language_or_country_without_a_file_is_named() {
        let text = RuleFiles::embedded().text("outreach/policy.toml").replace("\"ru\"", "\"ru\", \"fr\"");
        let files = RuleFiles::embedded().with("outreach/policy.toml", text);
        let error = OutreachRules::load(&files).expect_err("there is none").to_string();
        assert!(error.contains("outreach/messages/fr.toml"), "{error}");
    }
}
