//! Something for each channel.

use serde::Deserialize;

use crate::record::Channel;

/// Something for each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "app", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ByChannel<T> {
    pub sms: T,
    pub email: T,
    pub call: T,
}

impl<T> ByChannel<T> {
    /// What there is for a channel.
    pub const fn of(&self, channel: Channel) -> &T {
        match channel {
            Channel::Sms => &self.sms,
            Channel::Email => &self.email,
            Channel::Call => &self.call,
        }
    }

    /// The same, to change it.
    pub const fn of_mut(&mut self, channel: Channel) -> &mut T {
        match channel {
            Channel::Sms => &mut self.sms,
            Channel::Email => &mut self.email,
            Channel::Call => &mut self.call,
        }
    }
}
