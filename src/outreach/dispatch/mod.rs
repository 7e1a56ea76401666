//! Hands planned messages to gateways: the one door through which outreach reaches the network.
//!
//! - [`Dispatcher::preview`] says what would be sent, and sends nothing.
//! - [`Dispatcher::send`] first looks at all that can be looked at without a request, then asks gateways about what an earlier process
//!   left `unknown`, then begins what is due. A row
//!   is `sending`, durably, before its request leaves; what came of it is written down before the next group is begun.
//! - Right before a message leaves, suppression, consent and the hour are looked at again, the stop switch and the ceiling
//!   of costs between two messages.
//! - What was certainly not taken (429, no connection) is pending again and tried later. What may have been taken (a
//!   time-out, 5xx, a process that died) is `unknown`: the gateway is asked, and where it can't tell, a person is. Nothing
//!   of it is ever sent again blindly.
//!
//! No text, number or address stands in a log line or an error.

mod codes;
mod crash;
mod error;
mod gateway;
mod limits;
mod link;
mod pace;
mod preview;
mod recheck;
mod reconcile;
mod round;
mod run;
mod stats;
mod taker;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

pub use codes::{CodeMessage, CodeSender, CodeSent};
pub use crash::CRASH_POINTS;
pub use error::DispatchError;
pub use gateway::{Answer, Asking, Found, Gateway, Message, Terms};
pub use limits::Limits;
pub use preview::Preview;
pub use stats::{DispatchStats, Dispatched, Ended, Reconciled};

use crate::config::OutreachConfig;
use crate::record::Channel;
use crate::rule::{DispatchPolicy, OutreachRules};
use crate::store::{DispatchLock, Store};
use limits::Gateways;
use round::{Round, prepare};
use taker::{Taker, known_gateway};

/// Everything that dispatch needs beside the workspace.
pub struct Dispatcher<'a> {
    config: &'a OutreachConfig,
    policy: &'a DispatchPolicy,
    rules: &'a OutreachRules,
    gateways: Gateways,
    /// Who takes the messages of each channel, where anybody does.
    takers: Vec<(Channel, Taker)>,
}

impl<'a> Dispatcher<'a> {
    /// Opens the gateways of `tiuv.toml`, with their secrets from `environment` (usually `std::env::var(_).ok()`). Nothing
    /// is sent.
    ///
    /// # Errors
    /// When there is no such gateway, its settings can't be, or the system lacks something.
    pub fn open(
        config: &'a OutreachConfig,
        policy: &'a DispatchPolicy,
        rules: &'a OutreachRules,
        chosen: Option<&str>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DispatchError> {
        if let Some(name) = chosen {
            known_gateway(config, name)?;
        }
        let takers = [Channel::Sms, Channel::Email].map(|channel| (channel, Taker::of(config, channel, chosen)));
        let mut gateways = Gateways::new();
        for (name, config) in &config.gateway {
            let is_needed = takers.iter().any(|(_, taker)| matches!(taker, Taker::One(one) if one == name));
            match gateway::open(name, config, policy, environment) {
                Ok(gateway) => drop(gateways.insert(name.clone(), gateway)),
                Err(error) if is_needed => return Err(error),
                // It could only have been asked about what it may have got earlier.
                Err(error) => tracing::warn!("gateway {name} is left out: {error}"),
            }
        }
        Ok(Dispatcher { config, policy, rules, gateways, takers: takers.into() })
    }

    /// The same with gateways of any kind, each with the channel that it takes.
    pub fn with(
        config: &'a OutreachConfig,
        policy: &'a DispatchPolicy,
        rules: &'a OutreachRules,
        gateways: Vec<(Channel, Box<dyn Gateway>)>,
    ) -> Self {
        let takers =
            gateways.iter().map(|(channel, gateway)| (*channel, Taker::One(gateway.name().to_owned()))).collect();
        let gateways = gateways.into_iter().map(|(_, gateway)| (gateway.name().to_owned(), gateway)).collect();
        Dispatcher { config, policy, rules, gateways, takers }
    }

    /// What would be sent now, and what would not; nothing is sent or changed.
    ///
    /// # Errors
    /// When the workspace can't be read, or what is due can't be sent as things are set up.
    pub fn preview(&self, store: &Store, limits: &Limits, now: Timestamp) -> Result<Preview, DispatchError> {
        let due = self.due(store, limits, now)?;
        let mut preview = Preview { skipped: due.skipped, ..Preview::default() };
        for (channel, gateway) in due.taken {
            preview.look(store, self.rules, channel, gateway.name(), limits, now)?;
        }
        Ok(preview)
    }

    /// Asks about what is unknown and sends what is due, waiting for the network, so it is not for use within an
    /// asynchronous runtime. `progress` sees the account as it grows; `stop` ends it when what is under way is written down.
    /// What fails behind the first request is told beside the account of what was done until then.
    ///
    /// # Errors
    /// Before the first request: when outreach is stopped, what is due can't be sent as things are set up, a gateway can't be used, or the
    /// workspace can't be read or contradicts itself.
    pub fn send(
        &self,
        store: &mut Store,
        lock: &DispatchLock,
        limits: &Limits,
        stop: &AtomicBool,
        now: fn() -> Timestamp,
        progress: &mut dyn FnMut(&DispatchStats),
    ) -> Result<Dispatched, DispatchError> {
        if let Some(switch) = store.outreach_stopped()? {
            return Err(DispatchError::Stopped { at: switch.at, why: switch.value });
        }
        store.outbox_stats(limits.campaign.as_deref(), now(), None)?;
        let due = self.due(store, limits, now())?;
        due.taken.iter().try_for_each(|(_, gateway)| prepare(*gateway))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| DispatchError::System(error.to_string()))?;
        let secret = store.secret()?;
        let round = Round {
            config: self.config,
            policy: self.policy,
            rules: self.rules,
            gateways: &self.gateways,
            lock,
            limits,
            stop,
            now,
            secret: &secret,
            runtime: &runtime,
        };
        let takers: Vec<(Channel, &dyn Gateway)> = self
            .takers
            .iter()
            .filter_map(|(channel, taker)| match taker {
                Taker::One(name) => Some((*channel, self.gateways[name].as_ref())),
                Taker::None | Taker::Many(_) => None,
            })
            .collect();
        let dispatched = round.run(store, &takers, progress);
        // A name that is being resolved can't be stopped; nobody waits for it.
        runtime.shutdown_background();
        Ok(dispatched)
    }

    /// What is due, by whom it is taken. A channel for which there is no gateway is passed over, unless nothing else is due.
    fn due(&self, store: &Store, limits: &Limits, now: Timestamp) -> Result<Due<'_>, DispatchError> {
        let mut due = Due { taken: Vec::new(), skipped: BTreeMap::new() };
        let mut has_links = false;
        for (channel, taker) in &self.takers {
            let count = store.due_count(*channel, limits.campaign.as_deref(), now)?;
            if count.rows == 0 || !link::is_dispatched(*channel) {
                continue;
            }
            match taker {
                Taker::One(name) => {
                    due.taken.push((*channel, self.gateways[name].as_ref()));
                    has_links |= count.with_link > 0;
                }
                Taker::None => drop(due.skipped.insert(channel.as_str(), count.rows)),
                Taker::Many(names) => {
                    return Err(DispatchError::ManyGateways { channel: channel.as_str(), names: names.clone() });
                }
            }
        }
        if let (true, Some(channel)) = (due.taken.is_empty(), due.skipped.keys().next()) {
            return Err(DispatchError::NoGateway { channel });
        }
        match self.config.link_problem().filter(|_| has_links) {
            Some(_) if self.config.link_base.is_none() => Err(DispatchError::NoLinkBase),
            Some((message, help)) => Err(DispatchError::Link { message, help }),
            None => Ok(due),
        }
    }
}

/// What is due.
struct Due<'g> {
    /// By channel and gateway.
    taken: Vec<(Channel, &'g dyn Gateway)>,
    /// Messages by channels for which there is no gateway.
    skipped: BTreeMap<&'static str, u64>,
}
