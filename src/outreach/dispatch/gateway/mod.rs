//! Gateways as `tiuv.toml` tells of them: which there are, and how each is made.

mod answer;
mod contract;
mod file;
mod http;
mod records;
mod reply;
mod twilio;

use super::error::{DispatchError, wrong};
use crate::config::{GatewayConfig, Paced, UsualPace};
use crate::record::Channel;
use crate::rule::DispatchPolicy;

pub use contract::{Answer, Asking, Found, Gateway, Message, Terms};

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
    let takes_mail = config.takes(Channel::Email);
    match config {
        GatewayConfig { twilio: Some(_), http: None, file: None, .. } if takes_mail => Err(wrong(
            name,
            "channels",
            "Twilio's messages are no mail",
            "leave `email` out, and name a gateway for it",
        )),
        GatewayConfig { twilio: Some(twilio), http: None, file: None, .. } => {
            Ok(Box::new(twilio::Twilio::new(name, twilio, terms, policy, environment)?))
        }
        GatewayConfig { twilio: None, http: Some(http), file: None, .. } => {
            Ok(Box::new(http::Http::new(name, http, terms, takes_mail, policy, environment)?))
        }
        GatewayConfig { twilio: None, http: None, file: Some(file), .. } => {
            Ok(Box::new(file::FileGateway::new(name, file, terms, takes_mail)))
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
    let DispatchPolicy { per_second, max_in_flight, timeout_seconds, .. } = *policy;
    // A file takes what it is given as fast as it can be written.
    let per_second = if config.file.is_some() { 0.0 } else { per_second };
    let usual = UsualPace { per_second, max_in_flight, timeout_seconds };
    let pace = Paced::Sending.pace(config.pace(), usual);
    let pace = pace.map_err(|setting| wrong(name, &setting.key, &setting.message, &setting.help))?;
    Ok(Terms { per_second: pace.per_second, max_in_flight: pace.max_in_flight, timeout: pace.timeout })
}
