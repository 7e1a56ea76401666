//! `rules/outreach/`: whom one may ask, when and in which words.

mod by_channel;
mod etiquette;
mod listed;
mod messages;
mod policy;

pub use by_channel::ByChannel;
pub use etiquette::{Basis, Etiquette, Quiet};
pub use messages::{Purpose, Slots, Texts};
pub use policy::{
    Capacity, GreetingRules, Ladder, OutreachPolicy, PermissionRules, PersonalCall, Prices, RefusalReach,
};

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
        Ok(OutreachRules { policy, etiquettes, texts })
    }

    /// The etiquette that holds in a country, with the country's name in it.
    pub fn country(&self, code: &str) -> Option<(&Etiquette, &str)> {
        self.etiquettes.iter().find_map(|etiquette| Some((etiquette, etiquette.country(code)?.0)))
    }

    /// The country whose number this is: `home` where that may be so, else the first that has its calling code.
    pub fn country_of_number(&self, e164: &str, home: &str) -> Option<(&Etiquette, &str)> {
        let digits = e164.strip_prefix('+')?;
        let has_code = |etiquette: &Etiquette, name: &str| {
            etiquette.country(name).is_some_and(|(_, country)| digits.starts_with(&country.calling_code))
        };
        let home = self.country(home).filter(|(etiquette, name)| has_code(etiquette, name));
        home.or_else(|| {
            self.etiquettes.iter().find_map(|etiquette| {
                etiquette.names().find(|name| has_code(etiquette, name)).map(|name| (etiquette, name))
            })
        })
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
    fn a_number_is_of_the_country_that_its_code_says() {
        let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        let country = |number: &str, home: &str| rules.country_of_number(number, home).map(|(_, name)| name.to_owned());
        assert_eq!(country("+972502345678", "IL").as_deref(), Some("IL"));
        assert_eq!(country("+12025550123", "IL").as_deref(), Some("US"));
        assert_eq!(country("+447700900123", "US").as_deref(), Some("GB"));
        assert_eq!(country("+81312345678", "IL"), None);
        assert!(rules.country("DE").is_some_and(|(etiquette, _)| etiquette.name == "eu"));
        assert!(rules.country("").is_none());
    }

    #[test]
    fn a_language_or_country_without_a_file_is_named() {
        let text = RuleFiles::embedded().text("outreach/policy.toml").replace("\"ru\"", "\"ru\", \"fr\"");
        let files = RuleFiles::embedded().with("outreach/policy.toml", text);
        let error = OutreachRules::load(&files).expect_err("there is none").to_string();
        assert!(error.contains("outreach/messages/fr.toml"), "{error}");
    }
}
