//! `[outreach.gateway.NAME]`: a gateway that takes messages, and how to speak to it.
//!
//! `docs/settings.md` shows it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{MessagePlace, Method, PaceSettings, Pointer, Template};
use crate::record::Channel;

/// How to speak to one gateway. It has exactly one of `twilio`, `http` and `file`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// What it takes; text messages where nothing is said.
    pub channels: Option<Vec<GatewayChannel>>,
    /// Messages a second; 0 is as fast as it goes.
    pub per_second: Option<f64>,
    /// Messages that may wait for the gateway's answer at a time.
    pub max_in_flight: Option<u32>,
    /// For a request and its answer.
    pub timeout_seconds: Option<u32>,
    /// Twilio.
    pub twilio: Option<TwilioConfig>,
    /// One that is spoken to over HTTP.
    pub http: Option<HttpConfig>,
    /// A file.
    pub file: Option<FileConfig>,
}

impl GatewayConfig {
    /// Whether it takes messages of a channel.
    pub fn takes(&self, channel: Channel) -> bool {
        match &self.channels {
            Some(channels) => channels.iter().any(|own| Channel::from(*own) == channel),
            None => channel == Channel::Sms,
        }
    }

    /// The pace as it is written.
    pub fn pace(&self) -> PaceSettings {
        let GatewayConfig { per_second, max_in_flight, timeout_seconds, .. } = *self;
        PaceSettings { per_second, max_in_flight, timeout_seconds }
    }
}

/// What can be dispatched: a call is made by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GatewayChannel {
    Sms,
    Email,
}

impl From<GatewayChannel> for Channel {
    fn from(channel: GatewayChannel) -> Self {
        match channel {
            GatewayChannel::Sms => Channel::Sms,
            GatewayChannel::Email => Channel::Email,
        }
    }
}

/// Twilio's Messages resource.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwilioConfig {
    /// The account's SID; no secret.
    pub account: String,
    /// The environment variable with the API key's SID, or the account's.
    pub user_env: String,
    /// The environment variable with the API key's secret, or the account's token.
    pub password_env: String,
    /// The sender: a number, a short code or a name.
    pub from: Option<String>,
    /// The messaging service that chooses the sender.
    pub messaging_service: Option<String>,
    /// Where reports are sent to.
    pub status_callback: Option<String>,
    /// Where the API is; Twilio's own address where nothing is said.
    pub base_url: Option<String>,
}

/// A gateway that is spoken to over HTTP.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Where messages are sent to.
    pub url: Template<MessagePlace>,
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
    /// What is sent with POST: JSON, or a form or XML where the header Content-Type says so.
    pub body: Option<Template<MessagePlace>>,
    /// How it says that it took the message; any status 2xx where nothing is said.
    #[serde(default)]
    pub accepted: Says,
    /// How it says that the recipient opted out.
    #[serde(default)]
    pub opted_out: Says,
    /// How it says that nothing can ever reach the recipient.
    #[serde(default)]
    pub invalid: Says,
    /// How it says that it did not take the message and wants to be asked again.
    #[serde(default)]
    pub busy: Says,
    /// How it says that it will not take the message.
    #[serde(default)]
    pub refused: Says,
    /// Where its own name of the message stands in the answer; the message's number here where nothing is said.
    pub id: Option<ReadText>,
    /// How it is asked whether it has a message.
    pub find: Option<FindConfig>,
    /// Whether messages may travel unencrypted to another machine.
    #[serde(default)]
    pub allow_http: bool,
}

/// How a gateway is asked whether it has a message; headers and secrets are those of the message.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindConfig {
    /// Where it is asked.
    pub url: Template<MessagePlace>,
    /// How.
    #[serde(default)]
    pub method: Method,
    /// What is sent with POST.
    pub body: Option<Template<MessagePlace>>,
    /// How it says that it has the message.
    pub found: Says,
    /// How it says that it never got it.
    pub absent: Says,
    /// Where its own name of the message stands.
    pub id: Option<ReadText>,
}

/// How an answer of a certain kind is told from others; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// HTTP status codes.
    #[serde(default)]
    pub status: Vec<u16>,
    /// A place in an answer in JSON.
    pub at: Option<Pointer>,
    /// The words there, in any case.
    #[serde(default)]
    pub is: Vec<String>,
    /// A regular expression that is found in the answer.
    pub text: Option<String>,
}

/// A place in an answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadText {
    /// In JSON.
    pub at: Option<Pointer>,
    /// A regular expression with one group.
    pub text: Option<String>,
}

/// A file that messages are appended to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileConfig {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written; by the end of its name where nothing is said.
    pub format: Option<FileFormat>,
}

/// How a file of messages is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// With a header, UTF-8 with the mark that Excel needs.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::rule::parse_toml;

    #[test]
    fn the_examples_of_the_documentation_are_read() {
        let text = crate::config::shown_below("## Gateways that take messages");
        let config: Config = parse_toml("tiuv.toml", &text).unwrap_or_else(|error| panic!("{error}"));
        let names: Vec<&str> = config.outreach.gateway.keys().map(String::as_str).collect();
        assert_eq!(names, ["inforu", "kannel", "mailer", "other", "sms019", "texts"]);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let text =
            "[outreach.gateway.g.http]\nurl = \"https://x.test/{digits}?{body}\"\nacepted = { status = [202] }\n";
        let error = parse_toml::<Config>("tiuv.toml", text).expect_err("is unknown").to_string();
        assert!(error.contains("acepted") && error.contains("line 3"), "{error}");
    }
}
