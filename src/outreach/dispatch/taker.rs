//! Whose a channel's messages are.

use super::error::DispatchError;
use crate::config::OutreachConfig;
use crate::error::closest;
use crate::record::Channel;

/// Whose a channel's messages are.
pub(super) enum Taker {
    /// This gateway's.
    One(String),
    /// Nobody's.
    None,
    /// Of one of these: which is not said.
    Many(Vec<String>),
}

impl Taker {
    /// Among the gateways of `tiuv.toml`, or of the one that was chosen.
    pub(super) fn of(config: &OutreachConfig, channel: Channel, chosen: Option<&str>) -> Self {
        let is_meant = |name: &str| chosen.is_none_or(|chosen| chosen == name);
        let takers = config.gateway.iter().filter(|(name, config)| is_meant(name) && config.takes(channel));
        let names: Vec<String> = takers.map(|(name, _)| name.clone()).collect();
        match &names[..] {
            [] => Taker::None,
            [name] => Taker::One(name.clone()),
            _ => Taker::Many(names),
        }
    }
}

/// Sees to it that `tiuv.toml` has a gateway of this name.
pub(super) fn known_gateway(config: &OutreachConfig, name: &str) -> Result<(), DispatchError> {
    if config.gateway.contains_key(name) {
        return Ok(());
    }
    let known: Vec<String> = config.gateway.keys().cloned().collect();
    let closest = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(DispatchError::NoSuchGateway { name: name.to_owned(), closest, known })
}
