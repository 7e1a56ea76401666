//! Codes that confirm a new number or address: single messages, sent at once to whoever asked for one, by the gateways of their
//! channels. They are no rows of the outbox; who may get one is for the workspace to say.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::error::{DispatchError, wrong};
use super::gateway::{self, Answer, Gateway, Message};
use super::taker::{Taker, known_gateway};
use crate::config::OutreachConfig;
use crate::record::Channel;
use crate::rule::DispatchPolicy;

/// Sends codes.
pub struct CodeSender {
    gateways: Vec<CodeGateway>,
}

/// A gateway of a channel.
struct CodeGateway {
    channel: Channel,
    gateway: Box<dyn Gateway>,
    /// What it takes stands in a file until another program sends it.
    is_file: bool,
}

/// A code as a message. What is formatted for a log says its number alone.
pub struct CodeMessage {
    /// Its number among codes.
    pub id: i64,
    /// How.
    pub channel: Channel,
    /// To whom: E.164 or an address.
    pub to: String,
    /// The text, the code in it.
    pub body: String,
    /// ISO 639.
    pub language: String,
    /// When it was made.
    pub at: Timestamp,
}

/// Numbers of codes as gateways are told them lie far behind those of the outbox, so that no report of a code is taken for one of
/// a planned contact; a number of JSON still holds them.
const BEHIND_OUTBOX: i64 = 1 << 52;
/// Whoever waits for the next page waits no longer than this for the gateway: two codes may be asked for by one form, and a request
/// is answered within ten seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// Codes leave by these; nobody calls to read one out.
const CHANNELS: [Channel; 2] = [Channel::Sms, Channel::Email];

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSent {
    /// The gateway took it.
    Yes,
    /// It may have taken it; it is not sent again.
    Perhaps,
    /// It certainly did not leave.
    No,
}

impl CodeSender {
    /// Opens the gateways of both channels, where `tiuv.toml` has one, with their secrets from `environment`; where it has several,
    /// those that were `chosen`, one for a channel.
    ///
    /// # Errors
    /// When no channel has a gateway, one has several and not one of them was chosen, or a gateway's settings can't be.
    pub fn open(
        config: &OutreachConfig,
        policy: &DispatchPolicy,
        chosen: &[String],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DispatchError> {
        let mut gateways = Vec::new();
        for name in chosen {
            known_gateway(config, name)?;
            if !CHANNELS.iter().any(|channel| config.gateway[name].takes(*channel)) {
                return Err(wrong(name, "channels", "it takes no codes", "name one that takes \"sms\" or \"email\""));
            }
        }
        for channel in CHANNELS {
            // Named twice is named once.
            let own: BTreeSet<&String> = chosen.iter().filter(|name| config.gateway[*name].takes(channel)).collect();
            if own.len() > 1 {
                let names = own.into_iter().cloned().collect();
                return Err(DispatchError::ManyGateways { channel: channel.as_str(), names });
            }
            match Taker::of(config, channel, own.first().map(|name| name.as_str())) {
                Taker::One(name) => {
                    let config = &config.gateway[&name];
                    let gateway = gateway::open(&name, config, policy, environment)?;
                    gateways.push(CodeGateway { channel, gateway, is_file: config.file.is_some() });
                }
                Taker::None => {}
                Taker::Many(names) => return Err(DispatchError::ManyGateways { channel: channel.as_str(), names }),
            }
        }
        if gateways.is_empty() {
            return Err(DispatchError::NoGateway { channel: Channel::Sms.as_str() });
        }
        Ok(CodeSender { gateways })
    }

    /// Whether a channel has a gateway.
    pub fn takes(&self, channel: Channel) -> bool {
        self.of(channel).is_some()
    }

    /// Whether a channel's gateway is a file, from which another program sends, sooner or later.
    pub fn is_file(&self, channel: Channel) -> bool {
        self.of(channel).is_some_and(|own| own.is_file)
    }

    fn of(&self, channel: Channel) -> Option<&CodeGateway> {
        self.gateways.iter().find(|own| own.channel == channel)
    }

    /// Hands a code to its gateway.
    pub async fn send(&self, code: CodeMessage) -> CodeSent {
        let Some(CodeGateway { gateway, .. }) = self.of(code.channel) else { return CodeSent::No };
        let message = Message {
            id: BEHIND_OUTBOX + code.id,
            channel: code.channel,
            to: code.to,
            body: code.body,
            token: String::new(),
            first_name: String::new(),
            language: code.language,
            campaign: "code".to_owned(),
            key: String::new(),
            begun_at: code.at,
        };
        let limit = gateway.terms().timeout.min(PATIENCE);
        let answer = tokio::time::timeout(limit, gateway.send(&message)).await;
        let (why, sent) = match answer {
            Ok(Answer::Accepted(_)) => return CodeSent::Yes,
            Ok(Answer::Unclear(why)) => (why, CodeSent::Perhaps),
            Err(_) => ("no answer in time".to_owned(), CodeSent::Perhaps),
            Ok(Answer::OptedOut(why) | Answer::Invalid(why) | Answer::Failed(why) | Answer::Closed(why)) => {
                (why, CodeSent::No)
            }
            Ok(Answer::NotTaken { why, .. }) => (why, CodeSent::No),
        };
        tracing::warn!(gateway = gateway.name(), why, "a code was not taken");
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{RuleFiles, parse_toml};

    fn opened(gateways: &str, chosen: &[&str]) -> Result<CodeSender, DispatchError> {
        let config: OutreachConfig = parse_toml("tiuv.toml", gateways).expect("is of its form");
        let policy = DispatchPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form");
        let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
        CodeSender::open(&config, &policy, &chosen, &|_| None)
    }

    #[test]
    fn each_gateway_that_is_chosen_is_used_or_told_why_not() {
        let gateways = "
            [gateway.one]
            file = { path = \"one.csv\" }
            [gateway.two]
            file = { path = \"two.csv\" }
            [gateway.mail]
            channels = [\"email\"]
            file = { path = \"mail.csv\" }
            [gateway.none]
            channels = []
            file = { path = \"none.csv\" }";
        for chosen in [&["one"][..], &["two", "mail"], &["one", "one", "mail"]] {
            let sender = opened(gateways, chosen).map_err(|error| error.to_string()).expect("opens");
            assert!(sender.takes(Channel::Sms) && sender.is_file(Channel::Sms), "{chosen:?}");
        }
        for (chosen, said) in [
            (&["one", "two"][..], "several gateways take sms messages: one, two"),
            (&[], "several gateways take sms messages: one, two"),
            (&["one", "none"], "outreach.gateway.none.channels"),
            (&["one", "tow"], "no gateway is named \"tow\""),
        ] {
            let error = opened(gateways, chosen).err().expect("is refused").to_string();
            assert!(error.contains(said), "{chosen:?}: {error}");
        }
    }
}
