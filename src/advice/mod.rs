//! The one decision about a customer: may it be contacted by each channel or not and why, is it likely reached, and what to do
//! next. Outputs of a run, plans, dispatch, call lists and look-ups all ask it.
//!
//! [`Adviser::case`] is pure: what is known of a customer in, [`Case`] out, which says of each contact and channel whether it is
//! [`Open`] or [`Closed`]; [`Case::advice`] sums it up.

mod bar;
mod case;
mod consent;
mod next_step;
mod refusal;
#[cfg(test)]
mod tests;

pub use bar::{Bar, Closed};
pub(crate) use case::stale;
pub use case::{Adviser, Case, Channels, NotHeld, Open, Subject, Suppressing};
pub use consent::{Consents, Ground, Permission};
pub use next_step::NextStep;
pub use refusal::{Refusal, refusals};

use crate::record::Channel;

/// The channels in the order in which they are tried: what costs little and is read comes first.
pub const CHANNELS: [Channel; 3] = [Channel::Sms, Channel::Call, Channel::Email];

/// The decision in short, as outputs tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// What closes each of [`CHANNELS`]; none where it is open.
    pub bars: [Option<Bar>; 3],
    /// What to do next.
    pub next: NextStep,
}

impl Advice {
    /// Whether a channel is open.
    pub fn may(&self, channel: Channel) -> bool {
        CHANNELS.contains(&channel) && self.bar(channel).is_none()
    }

    /// What closes a channel; none where it is open.
    pub fn bar(&self, channel: Channel) -> Option<Bar> {
        CHANNELS.iter().zip(self.bars).find(|(one, _)| **one == channel).and_then(|(_, bar)| bar)
    }

    /// Why no channel is open; none where one is.
    pub fn closed(&self) -> Option<Bar> {
        let [sms, call, email] = self.bars;
        Some(sms?.or_nearer(call?).or_nearer(email?))
    }

    /// Writes why channels are closed: `sms.no_consent;email.only_dead`, or one word where the same closes all.
    pub fn push_why(&self, text: &mut String) {
        if let [Some(first), second, third] = self.bars
            && second == Some(first)
            && third == Some(first)
        {
            text.push_str(first.as_str());
            return;
        }
        for (channel, bar) in CHANNELS.iter().zip(self.bars) {
            let Some(bar) = bar else { continue };
            if !text.is_empty() {
                text.push(';');
            }
            text.push_str(channel.as_str());
            text.push('.');
            text.push_str(bar.as_str());
        }
    }
}
