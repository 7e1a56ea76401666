//! `rules/outreach/dispatch.toml`: how messages are handed to gateways where their owner does not say otherwise.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// How messages are handed to gateways where `tiuv.toml` does not say otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchPolicy {
    /// Messages a second; 0 is as fast as it goes.
    pub per_second: f64,
    /// Messages that may wait for the gateway's answer at a time.
    pub max_in_flight: u32,
    /// For a request and its answer.
    pub timeout_seconds: u32,
    /// The pause before a message that was not taken is tried again; each one after is twice as long.
    pub retry_wait_seconds: u32,
    /// How often a message is tried.
    pub max_attempts: u32,
    /// The longest pause that a gateway may ask for.
    pub max_wait_seconds: u32,
    /// Failures in a row after which nothing more is tried.
    pub give_up_after: u32,
    /// The age from which a gateway that does not know a message is believed.
    pub settle_seconds: u32,
    /// How long a link is good.
    pub link_days: u32,
    /// The longest answer that is read.
    pub max_response_kib: u32,
    /// Words in the names of headers and query parameters that carry secrets.
    pub secret_names: Vec<String>,
    /// What Twilio's error codes mean.
    pub twilio: TwilioCodes,
}

/// What Twilio's error codes mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioCodes {
    /// The recipient wants no more messages.
    pub opted_out: Vec<u32>,
    /// Nothing can ever reach the recipient.
    pub invalid: Vec<u32>,
    /// No message can be sent at all.
    pub closed: Vec<u32>,
    /// Not taken now.
    pub busy: Vec<u32>,
}

impl DispatchPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("outreach/dispatch.toml")
    }

    /// Whether a header or query parameter of this name carries a secret.
    pub fn is_secret(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.secret_names.iter().any(|word| name.contains(word.as_str()))
    }
}
