//! Gateways: whatever takes a message and can say what became of it.

mod answer;
mod file;
mod http;
mod records;
mod reply;
mod twilio;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

use super::DispatchError;
use crate::config::GatewayConfig;
use crate::record::Channel;
use crate::rule::DispatchPolicy;

/// A gateway.
pub trait Gateway: Send + Sync {
    /// Its name in `tiuv.toml` and in the workspace.
    fn name(&self) -> &str;

    /// How it wants to be spoken to.
    fn terms(&self) -> &Terms;

    /// Whether it can be spoken to at all, as far as can be told without a message; asked before the first one is begun.
    fn prepare(&self) -> bool {
        true
    }

    /// Hands it one message, once. Pace, time limit and further tries are dispatch's business.
    fn send<'a>(&'a self, message: &'a Message) -> Asking<'a, Answer>;

    /// Asks whether it has a message.
    fn find<'a>(&'a self, message: &'a Message) -> Asking<'a, Found>;
}

/// A question under way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a gateway wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Messages a second; none: as fast as it goes.
    pub per_second: Option<f64>,
    /// Messages that may wait for its answer at a time; at least one.
    pub max_in_flight: usize,
    /// For a request and its answer.
    pub timeout: Duration,
}

/// A message, ready to be sent. What is formatted for a log says its number alone.
#[derive(Clone)]
pub struct Message {
    /// Its number in the outbox.
    pub id: i64,
    /// By text message or e-mail.
    pub channel: Channel,
    /// E.164 or an address.
    pub to: String,
    /// With its link.
    pub body: String,
    /// The token of its link; empty where it has none.
    pub token: String,
    /// Given name.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// Of which campaign.
    pub campaign: String,
    /// The list's own key of the customer.
    pub key: String,
    /// When it was begun.
    pub begun_at: Timestamp,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({})", self.id)
    }
}

/// What a gateway said of a message that it was handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took it, and calls it so.
    Accepted(String),
    /// The recipient wants no more messages: its code.
    OptedOut(String),
    /// Nothing can ever reach the recipient: its code.
    Invalid(String),
    /// It will not take this message: its code.
    Failed(String),
    /// It certainly did not take it; it may be tried again, after a pause that it asked for.
    NotTaken {
        /// Its code.
        why: String,
        /// The pause it asked for.
        wait: Option<Duration>,
    },
    /// It takes nothing from us: its code.
    Closed(String),
    /// It may have taken it: why that is not known.
    Unclear(String),
}

/// What a gateway said of a message that it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It has it, and calls it so.
    Sent(String),
    /// It has delivered it.
    Delivered(String),
    /// It has it, and it will not arrive: its name and code.
    Failed(String, String),
    /// The recipient wants no more messages: its code.
    OptedOut(String),
    /// It never got it.
    Absent,
    /// It can't tell, or did not answer.
    Unclear,
}

/// Makes the gateway that `[outreach.gateway.NAME]` tells of, with its secrets from `environment`. Nothing is sent.
///
/// # Errors
/// With the key that is wrong; or when the system lacks what a connection needs.
pub(super) fn open(
    name: &str,
    config: &GatewayConfig,
    policy: &DispatchPolicy,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Box<dyn Gateway>, DispatchError> {
    let terms = terms(name, config, policy)?;
    match config {
        GatewayConfig { twilio: Some(twilio), http: None, file: None, .. } => {
            Ok(Box::new(twilio::Twilio::new(name, twilio, terms, policy, environment)?))
        }
        GatewayConfig { twilio: None, http: Some(http), file: None, .. } => {
            Ok(Box::new(http::Http::new(name, http, terms, policy, environment)?))
        }
        GatewayConfig { twilio: None, http: None, file: Some(file), .. } => {
            Ok(Box::new(file::FileGateway::new(name, file, terms)))
        }
        _ => Err(wrong(
            name,
            "",
            "it must have exactly one of `twilio`, `http` and `file`",
            "write for example file = { path = \"messages.csv\" }",
        )),
    }
}

fn terms(name: &str, config: &GatewayConfig, policy: &DispatchPolicy) -> Result<Terms, DispatchError> {
    let per_second = config.per_second.unwrap_or(policy.per_second);
    let is_pace = per_second == 0.0 || (SLOWEST..=FASTEST).contains(&per_second);
    if !is_pace {
        let help = format!("write a number from {SLOWEST} to {FASTEST}, or 0 for as fast as it goes");
        return Err(wrong(name, "per_second", &format!("{per_second} is no pace"), &help));
    }
    let at_least_one = |key: &str, value: u32| match value {
        0 => Err(wrong(name, key, "0 would send nothing", "write 1 or more, or leave it out")),
        value => Ok(value),
    };
    let max_in_flight = at_least_one("max_in_flight", config.max_in_flight.unwrap_or(policy.max_in_flight))?;
    let timeout = at_least_one("timeout_seconds", config.timeout_seconds.unwrap_or(policy.timeout_seconds))?;
    Ok(Terms {
        per_second: (per_second > 0.0).then_some(per_second),
        max_in_flight: max_in_flight as usize,
        timeout: Duration::from_secs(timeout.into()),
    })
}

fn wrong(gateway: &str, key: &str, message: &str, help: &str) -> DispatchError {
    let key = if key.is_empty() { String::new() } else { format!(".{key}") };
    DispatchError::Setting { gateway: gateway.to_owned(), key, message: message.to_owned(), help: help.to_owned() }
}

/// One message in nearly three hours.
const SLOWEST: f64 = 0.0001;
/// Beyond what timers can keep apart.
const FASTEST: f64 = 100_000.0;
