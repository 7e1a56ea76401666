//! Codes that confirm a new number or address: single messages, sent at once to whoever asked for one, by the gateways of their
//! channels. They are no rows of the outbox; who may get one is for the workspace to say.

use std::time::Duration;

use jiff::Timestamp;

use super::error::DispatchError;
use super::gateway::{self, Answer, Gateway, Message};
use super::taker::{Taker, known_gateway};
use crate::config::OutreachConfig;
use crate::record::Channel;
use crate::rule::DispatchPolicy;

/// Sends codes.
pub struct CodeSender {
    gateways: Vec<(Channel, Box<dyn Gateway>)>,
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
    /// those that were `chosen`.
    ///
    /// # Errors
    /// When no channel has a gateway, one has several and none was chosen, or a gateway's settings can't be.
    pub fn open(
        config: &OutreachConfig,
        policy: &DispatchPolicy,
        chosen: &[String],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DispatchError> {
        let mut gateways = Vec::new();
        for name in chosen {
            known_gateway(config, name)?;
        }
        for channel in [Channel::Sms, Channel::Email] {
            let own = chosen.iter().find(|name| config.gateway[*name].takes(channel));
            match Taker::of(config, channel, own.map(String::as_str)) {
                Taker::One(name) => {
                    gateways.push((channel, gateway::open(&name, &config.gateway[&name], policy, environment)?));
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
        self.gateways.iter().any(|(own, _)| *own == channel)
    }

    /// Hands a code to its gateway.
    pub async fn send(&self, code: CodeMessage) -> CodeSent {
        let Some((_, gateway)) = self.gateways.iter().find(|(own, _)| *own == code.channel) else {
            return CodeSent::No;
        };
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
