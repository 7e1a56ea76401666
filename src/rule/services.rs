//! `rules/lookup.toml`: how services that know phone numbers are asked where their owner does not say otherwise.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// How services that know phone numbers are asked where `tiuv.toml` does not say otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupPolicy {
    /// Requests a second.
    pub per_second: f64,
    /// Requests that may wait for their answers at a time.
    pub max_in_flight: u32,
    /// For a request and its answer.
    pub timeout_seconds: u32,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// The pause before the first further try; each one after is twice as long.
    pub retry_wait_ms: u32,
    /// The longest pause that a service may ask for.
    pub max_wait_seconds: u32,
    /// Failures in a row after which nothing more is asked.
    pub give_up_after: u32,
    /// How long an answer is used again.
    pub max_age_days: u32,
    /// The longest answer that is read.
    pub max_response_kib: u32,
    /// Words in the names of headers and query parameters that carry secrets.
    pub secret_names: Vec<String>,
}

impl LookupPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("lookup.toml")
    }

    /// Whether a header or query parameter of this name carries a secret.
    pub fn is_secret(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.secret_names.iter().any(|word| name.contains(word.as_str()))
    }
}
