//! `[outreach.gateway.NAME]`: a gateway that takes messages, and how to speak to it.
//!
//! `docs/settings.md` shows it.
//!
//! ```toml
//! [outreach.gateway.texts]                       # takes what is to be sent by the channels of its kind
//! per_second = 10
//! [outreach.gateway.texts.twilio]
//! account = "AC00000000000000000000000000000000"
//! user_env = "TWILIO_API_KEY"                    # secrets stand in environment variables, never here
//! password_env = "TWILIO_API_SECRET"
//! messaging_service = "MG00000000000000000000000000000000"   # or from = "+97233760000"
//! status_callback = "https://club.example.org/webhooks/texts/status"
//!
//! [outreach.gateway.kannel.http]                 # any gateway that is spoken to over HTTP; this is Kannel's sendsms
//! url = "http://127.0.0.1:13013/cgi-bin/sendsms?to={digits}&text={body}&charset=UTF-8&coding=2"
//! query_env = { username = "KANNEL_USER", password = "KANNEL_PASSWORD" }
//! accepted = { status = [202], text = '^(0: Accepted|3: Queued)' }
//! busy = { status = [503] }                      # it says that it has not taken the message
//!
//! [outreach.gateway.sms019.http]                 # 019SMS
//! url = "https://019sms.co.il/api"
//! method = "POST"
//! header_env = { Authorization = "SMS019_AUTHORIZATION" }    # the header's whole value: Bearer …
//! body = '''{"sms": {"user": {"username": "club"}, "source": "Kalanit", "destinations": {"phone": [{"_": "{national}"}]},
//!          "message": "{body}"}}'''
//! accepted = { at = "/status", is = ["0"] }
//! id = { at = "/shipment_id" }
//!
//! [outreach.gateway.inforu.http]                 # InforU, JSON version 2
//! url = "https://capi.inforu.co.il/api/v2/SMS/SendSms"
//! method = "POST"
//! header_env = { Authorization = "INFORU_AUTHORIZATION" }    # Basic …
//! body = '''{"Data": {"Message": "{body}", "Recipients": [{"Phone": "{digits}"}], "Settings": {"Sender": "Kalanit"}}}'''
//! accepted = { at = "/StatusId", is = ["1"] }
//!
//! [outreach.gateway.other.http]                  # all that can be said of one
//! url = "https://api.example.com/v1/messages"
//! method = "POST"
//! header_env = { Authorization = "SMS_TOKEN" }
//! body = '{"to": "{e164}", "text": "{body}", "reference": "{id}"}'
//! accepted = { status = [200, 201] }
//! opted_out = { at = "/error", is = ["UNSUBSCRIBED"] }       # the person is suppressed, on all channels
//! invalid = { at = "/error", is = ["NO_SUCH_NUMBER"] }
//! refused = { status = [400] }
//! id = { at = "/id" }
//! find = { url = "https://api.example.com/v1/messages?reference={id}", found = { at = "/total", is = ["1"] }, absent = { at = "/total", is = ["0"] } }
//!
//! [outreach.gateway.mailer]                      # a file for a mailing program or a dialler
//! channels = ["email"]                           # a column `subject` is written for mails
//! file = { path = "mailings.csv" }                # as fast as it can be written, unless per_second says otherwise
//! ```
//!
//! Places: `{to}` (the number or the address), `{e164}`, `{digits}`, `{country_code}`, `{national}` (of a number alone), `{body}`,
//! `{subject}` (of a mail; without it the subject is the first line of `{body}`), `{id}` (the message's number in the outbox), `{token}`
//! (of its link), `{first_name}`, `{language}`, `{day}`. The examples follow what the gateways publish; try yours with
//! `tiuv outreach dispatch --send --most 1`. Without `find` nobody can ask the gateway, and a message that it may have is for
//! a person to settle.
//!
//! What a gateway does not say is not guessed: an answer that no rule here knows leaves the message `unknown`. What is left
//! out is said by `rules/outreach/dispatch.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{MessagePlace, Method, PaceSettings, Pointer, Template};
use crate::record::Channel;

/// How to speak to one gateway. It has exactly one of `twilio`, `http` and `file`.
#[derive(Debug, Clone, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadText {
    /// In JSON.
    pub at: Option<Pointer>,
    /// A regular expression with one group.
    pub text: Option<String>,
}

/// A file that messages are appended to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileConfig {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written; by the end of its name where nothing is said.
    pub format: Option<FileFormat>,
}

/// How a file of messages is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
        let text: String = include_str!("gateway.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("//! ").or_else(|| line.strip_prefix("//!")))
            .skip_while(|line| *line != "```toml")
            .skip(1)
            .take_while(|line| *line != "```")
            .map(|line| format!("{line}\n"))
            .collect();
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
