//! Whose a channel's messages are.

use crate::config::OutreachConfig;
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
