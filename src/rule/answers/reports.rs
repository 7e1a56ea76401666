//! `rules/outreach/reports.toml`: what gateways report of messages, and the guards of the server that takes reports.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::record::{InboundMeaning, ReportMeaning};
use crate::rule::{RuleError, RuleFiles};

/// Words and codes of gateways.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWords {
    /// Twilio's words.
    pub twilio: BTreeMap<String, ReportMeaning>,
    /// Words of other gateways, in small letters.
    pub words: BTreeMap<String, ReportMeaning>,
    /// Codes that say more than the word.
    pub codes: BTreeMap<String, ReportMeaning>,
    /// Messages of customers.
    #[serde(default)]
    pub inbound: InboundWords,
    /// Guards of the server.
    pub server: ServerGuards,
}

/// How messages that customers write come in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundWords {
    /// The same words of the same sender under the same name are one message within so many days.
    pub same_name_days: u16,
    /// Without a name within so many minutes.
    pub same_words_minutes: u16,
    /// What gateways say themselves of a message: field, word, meaning.
    #[serde(default)]
    pub own_words: BTreeMap<String, BTreeMap<String, InboundMeaning>>,
}

impl Default for InboundWords {
    fn default() -> Self {
        InboundWords { same_name_days: 7, same_words_minutes: 60, own_words: BTreeMap::new() }
    }
}

impl InboundWords {
    /// What a gateway says itself of a message by one of its fields; `field` gives their texts.
    pub fn own_word(&self, field: impl Fn(&str) -> Option<String>) -> Option<InboundMeaning> {
        self.own_words.iter().find_map(|(name, words)| {
            let said = field(name)?;
            words.iter().find(|(word, _)| word.eq_ignore_ascii_case(said.trim())).map(|(_, meaning)| *meaning)
        })
    }
}

/// How much the server bears.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerGuards {
    /// Bytes of a request's body.
    pub most_bytes: usize,
    /// Requests of gateways a second in the long run; what nobody signed counts elsewhere.
    pub per_second: std::num::NonZeroU32,
    /// Requests of gateways at once.
    pub burst: std::num::NonZeroU32,
    /// Requests a minute that nobody signed; more of them are told to come later, so that whoever tries secrets is slow.
    pub unsigned_per_minute: std::num::NonZeroU32,
    /// Letters of a message that are kept.
    pub most_body_letters: usize,
    /// Time for a request.
    pub seconds_to_answer: u32,
    /// Connections at once.
    pub most_connections: usize,
    /// Connections of one client at once; who calls from this machine may be a proxy, and is any number of them.
    pub most_connections_of_client: usize,
    /// Time in which a whole request comes.
    pub seconds_to_request: u32,
    /// Time from a wish to stop to the end.
    pub seconds_to_end: u32,
}

impl ReportWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("outreach/reports.toml")
    }

    /// What a report of Twilio's means.
    pub fn twilio(&self, status: &str, code: &str) -> Option<ReportMeaning> {
        let word = self.twilio.get(&status.to_ascii_lowercase()).copied();
        word.map(|meaning| self.with_code(meaning, code))
    }

    /// What a report means: by the words that are said of the gateway, else by those that are known of any.
    pub fn other(&self, own: &BTreeMap<String, ReportMeaning>, status: &str, code: &str) -> Option<ReportMeaning> {
        let word = own.get(status).or_else(|| self.words.get(&status.trim().to_ascii_lowercase())).copied();
        word.map(|meaning| self.with_code(meaning, code))
    }

    fn with_code(&self, meaning: ReportMeaning, code: &str) -> ReportMeaning {
        self.codes.get(code).copied().unwrap_or(meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_more_than_the_word() {
        let words = ReportWords::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        assert_eq!(words.twilio("failed", ""), Some(ReportMeaning::Failed));
        assert_eq!(words.twilio("failed", "21610"), Some(ReportMeaning::OptedOut));
        assert_eq!(words.twilio("vanished", ""), None);
        let own = BTreeMap::from([("OK".to_owned(), ReportMeaning::Delivered)]);
        assert_eq!(words.other(&own, "OK", ""), Some(ReportMeaning::Delivered));
        assert_eq!(words.other(&own, "UNDELIV", ""), Some(ReportMeaning::Undelivered));
        assert_eq!(words.other(&own, "16", ""), Some(ReportMeaning::Failed));
        assert_eq!(words.other(&own, "?", ""), None);
    }
}
