//! `[webhooks]` of `tiuv.toml`: gateways that report to `tiuv serve --webhooks`, and how it is told that it is them.
//!
//! `docs/settings.md` shows it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::record::{InboundMeaning, ReportMeaning};

/// Who reports.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Where gateways reach the server, without `/webhooks`: what they sign begins so.
    pub public_url: Option<String>,
    /// Gateways by name.
    #[serde(default)]
    pub gateway: BTreeMap<String, WebhookConfig>,
}

/// How one gateway reports. It has exactly one of `twilio` and `http`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Twilio.
    pub twilio: Option<TwilioHook>,
    /// Any other.
    pub http: Option<HttpHook>,
}

/// Twilio's reports are signed with the account's token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwilioHook {
    /// The environment variable with the account's auth token.
    pub auth_token_env: String,
}

/// A gateway whose fields are named here. It has exactly one of `secret_header`, `secret_query` and `signature_header`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpHook {
    /// The environment variable with the secret that it shares with us.
    pub secret_env: String,
    /// The header that brings the secret.
    pub secret_header: Option<String>,
    /// The query parameter that brings the secret.
    pub secret_query: Option<String>,
    /// The header that brings the HMAC-SHA256 of the body.
    pub signature_header: Option<String>,
    /// Whether it reports by GET.
    #[serde(default)]
    pub get: bool,
    /// Fields of a report.
    pub status: Option<StatusFields>,
    /// Fields of a message.
    pub inbound: Option<InboundFields>,
}

/// Fields of a report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusFields {
    /// The gateway's own name of the message.
    pub id: Option<String>,
    /// The message's number in the outbox, which the gateway was told by `{id}` and gives back.
    pub reference: Option<String>,
    /// Its word.
    pub status: String,
    /// Its error code.
    pub code: Option<String>,
    /// What its words mean.
    #[serde(default)]
    pub words: BTreeMap<String, ReportMeaning>,
}

/// Fields of a message.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundFields {
    /// The gateway's own name of the message; without it the sender, the text and the time tell messages apart.
    pub id: Option<String>,
    /// The sender.
    pub from: String,
    /// The text.
    pub text: String,
    /// The charset of the text, where neither the content type nor the bytes themselves tell it.
    pub charset: Option<String>,
    /// What the gateway itself says of the message, beside those fields that `rules/outreach/reports.toml` knows.
    pub own_word: Option<String>,
    /// What its words mean: `opt_out`, `reply` …
    #[serde(default)]
    pub words: BTreeMap<String, InboundMeaning>,
}

impl WebhooksConfig {
    /// What is wrong with it, or not said, and what to write.
    pub fn problem(&self) -> Option<(String, String)> {
        if self.gateway.is_empty() {
            return Some((
                "no gateway reports here".to_owned(),
                "write into tiuv.toml, for example:\n\n[webhooks]\npublic_url = \"https://club.example.org\"\n\n[webhooks.gateway.texts.twilio]\nauth_token_env = \"TWILIO_AUTH_TOKEN\"".to_owned(),
            ));
        }
        for (name, gateway) in &self.gateway {
            let table = format!("[webhooks.gateway.{name}]");
            match (&gateway.twilio, &gateway.http) {
                (Some(_), None) if self.public_url.is_none() => {
                    return Some((
                        format!(
                            "{table}: what Twilio signs begins with the address that it calls, and `public_url` is not said"
                        ),
                        "write under [webhooks]: public_url = \"https://club.example.org\"".to_owned(),
                    ));
                }
                (Some(_), None) => {}
                (None, Some(http)) => {
                    let ways = [&http.secret_header, &http.secret_query, &http.signature_header];
                    if ways.iter().filter(|way| way.is_some()).count() != 1 {
                        return Some((
                            format!("{table}: it is not said in one way how the gateway is known"),
                            "write one of secret_header, secret_query and signature_header".to_owned(),
                        ));
                    }
                    if http.get && http.signature_header.is_some() {
                        return Some((
                            format!("{table}: a GET has no body to sign"),
                            "write secret_header or secret_query in place of signature_header".to_owned(),
                        ));
                    }
                    if http.status.as_ref().is_some_and(|status| status.id.is_none() && status.reference.is_none()) {
                        return Some((
                            format!("{table}: no field of `status` says which message is meant"),
                            "write id = \"…\", the gateway's name of it, or reference = \"…\", ours".to_owned(),
                        ));
                    }
                    if http.status.is_none() && http.inbound.is_none() {
                        return Some((
                            format!("{table}: neither `status` nor `inbound` names its fields"),
                            "write for example: status = { id = \"id\", status = \"status\" }".to_owned(),
                        ));
                    }
                }
                _ => {
                    return Some((
                        format!("{table} has both `twilio` and `http`, or neither"),
                        "say how the gateway speaks: [webhooks.gateway.NAME.twilio] or [webhooks.gateway.NAME.http]"
                            .to_owned(),
                    ));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::parse_toml;

    #[test]
    fn the_example_of_the_documentation_is_read_and_nothing_is_wrong_with_it() {
        let text = crate::config::shown_below("## Gateways that report");
        let config: super::super::Config = parse_toml("tiuv.toml", &text).expect("is of the form");
        assert_eq!(config.webhooks.gateway.len(), 3);
        assert_eq!(config.webhooks.problem(), None);
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_write() {
        for (text, part) in [
            ("", "no gateway"),
            ("[gateway.a.twilio]\nauth_token_env = \"T\"", "public_url"),
            ("[gateway.a]", "neither"),
            ("[gateway.a.http]\nsecret_env = \"S\"\nstatus = { id = \"i\", status = \"s\" }", "not said in one way"),
            ("[gateway.a.http]\nsecret_env = \"S\"\nsecret_query = \"k\"", "names its fields"),
            (
                "[gateway.a.http]\nsecret_env = \"S\"\nsecret_query = \"k\"\nstatus = { status = \"s\" }",
                "which message",
            ),
            (
                "[gateway.a.http]\nsecret_env = \"S\"\nsignature_header = \"X\"\nget = true\ninbound = { from = \"f\", text = \"t\" }",
                "no body",
            ),
        ] {
            let config: WebhooksConfig = parse_toml("tiuv.toml", text).expect("is of the form");
            assert!(config.problem().expect("it is wrong").0.contains(part), "{text}");
        }
    }
}
