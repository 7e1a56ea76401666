//! `[lookup.NAME]`: a service that knows what kind of line a phone number is, and how to ask it.
//!
//! `docs/settings.md` shows it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Money, PaceSettings, Template};
use crate::record::PhoneKind;

/// How to ask one service.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupConfig {
    /// Where it is asked.
    pub url: Template,
    /// How.
    #[serde(default)]
    pub method: Method,
    /// Headers as they stand; never secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers whose values stand in environment variables.
    #[serde(default)]
    pub header_env: BTreeMap<String, String>,
    /// Query parameters whose values stand in environment variables.
    #[serde(default)]
    pub query_env: BTreeMap<String, String>,
    /// What is sent with POST: JSON, or a form where the header Content-Type says so.
    pub body: Option<Template>,
    /// Where the answer tells the kind of line, and what its words mean.
    pub line_type: Option<ReadAt<PhoneKind>>,
    /// Where the answer tells whether the line can be reached; without a map, JSON's own `true` and `false` count.
    pub reachable: Option<ReadAt<bool>>,
    /// How the service says that it doesn't know the number.
    #[serde(default)]
    pub unknown: Sign,
    /// How the service says that it can't tell today.
    #[serde(default)]
    pub temporary: Sign,
    /// Requests a second.
    pub per_second: Option<f64>,
    /// Requests that may wait for their answers at a time.
    pub max_in_flight: Option<u32>,
    /// For a request and its answer.
    pub timeout_seconds: Option<u32>,
    /// Further tries after 429, 5xx and failed connections.
    pub retries: Option<u32>,
    /// The pause before the first further try; each one after is twice as long.
    pub retry_wait_ms: Option<u32>,
    /// The longest pause that the service may ask for.
    pub max_wait_seconds: Option<u32>,
    /// Failures in a row after which nothing more is asked.
    pub give_up_after: Option<u32>,
    /// Of one request.
    #[serde(default)]
    pub cost: Money,
    /// Of all requests of a run.
    pub budget: Option<Money>,
    /// How long an answer is used again.
    pub max_age_days: Option<u32>,
    /// The longest answer that is read.
    pub max_response_kib: Option<u32>,
    /// Whether numbers may travel unencrypted to another machine.
    #[serde(default)]
    pub allow_http: bool,
}

impl LookupConfig {
    /// The pace as it is written.
    pub fn pace(&self) -> PaceSettings {
        let LookupConfig { per_second, max_in_flight, timeout_seconds, .. } = *self;
        PaceSettings { per_second, max_in_flight, timeout_seconds }
    }
}

/// How a service is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "HTTP's own words")]
pub enum Method {
    #[default]
    #[serde(rename = "GET")]
    Get,
    #[serde(rename = "POST")]
    Post,
}

/// A place in an answer and what the words found there mean.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadAt<T> {
    /// The place.
    pub at: Pointer,
    /// The service's words, matched exactly first and then in any case; others mean nothing.
    #[serde(default = "BTreeMap::<String, T>::new")]
    pub map: BTreeMap<String, T>,
}

/// How an answer of a certain kind is told from others.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// HTTP status codes that say it.
    #[serde(default)]
    pub status: Vec<u16>,
    /// A place in a successful answer.
    pub at: Option<Pointer>,
    /// The words there that say it, in any case.
    #[serde(default)]
    pub is: Vec<String>,
}

/// A JSON Pointer (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl Pointer {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(format!("a JSON Pointer begins with a slash: write `/{}`", text.replace('.', "/")));
        }
        let is_escape = |behind: &str| behind.starts_with(['0', '1']);
        if text.split('~').skip(1).any(|behind| !is_escape(behind)) {
            return Err("in a JSON Pointer `~` is written `~0` and a slash in a name `~1`".to_owned());
        }
        Ok(Pointer(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;
    use crate::rule::{RuleError, parse_toml};

    fn read(text: &str) -> Result<LookupConfig, RuleError> {
        parse_toml("tiuv.toml", text)
    }

    #[test]
    fn the_example_of_the_documentation_is_read() {
        let text = crate::config::shown_below("## Services that know telephone numbers");
        let config: super::super::Config = parse_toml("tiuv.toml", &text).expect("is of the form");
        let hlr = &config.lookup["hlr"];
        assert_eq!(hlr.line_type.as_ref().expect("is there").map["landline"], PhoneKind::Fixed);
        assert_eq!(hlr.budget, Some(Money::from_ten_thousandths(200_000)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_the_closest_key() {
        let cases = [
            ("url = \"https://x.test/{digit}\"", 1, "did you mean {digits}?"),
            ("url = \"https://x.test\"\nper_secnd = 3", 2, "per_second"),
            ("url = \"https://x.test\"\nline_type = { at = \"carrier.type\" }", 2, "write `/carrier/type`"),
            ("url = \"https://x.test\"\nline_type = { at = \"/t~2\" }", 2, "~0"),
            ("url = \"https://x.test\"\nline_type = { at = \"/t\", map = { a = \"mobil\" } }", 2, "mobile"),
            ("url = \"https://x.test\"\ncost = 0.0045", 2, "in quotes"),
            ("url = \"https://x.test\"\nmethod = \"get\"", 2, "GET"),
            ("method = \"GET\"", 1, "url"),
        ];
        for (text, line, part) in cases {
            let error = read(text).expect_err(text);
            let said = format!("{error} {}", error.help());
            assert!(said.contains(part), "{text}: {said}");
            assert!(said.contains(&format!("line {line}")), "{text}: {said}");
        }
    }
}
