//! Hands planned messages to gateways: the one door through which outreach reaches the network.
//!
//! - [`Dispatcher::preview`] says what would be sent, and sends nothing.
//! - [`Dispatcher::send`] first asks gateways about what an earlier process left `unknown`, then begins what is due. A row
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
mod run;
mod stats;

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

pub use codes::{CodeMessage, CodeSender};
pub use crash::CRASH_POINTS;
pub use error::DispatchError;
pub use gateway::{Answer, Asking, Found, Gateway, Message, Terms};
pub use limits::Limits;
pub use preview::Preview;
pub use stats::{DispatchStats, Ended, Reconciled};

use crate::config::{GatewayConfig, OutreachConfig};
use crate::error::closest;
use crate::record::Channel;
use crate::rule::{DispatchPolicy, OutreachRules};
use crate::store::{DispatchLock, Store};
use limits::Gateways;
use link::Links;
use recheck::Recheck;
use reconcile::Reconcile;
use run::{Queue, Run};

/// Everything that dispatch needs beside the workspace.
pub struct Dispatcher<'a> {
    config: &'a OutreachConfig,
    policy: &'a DispatchPolicy,
    rules: &'a OutreachRules,
    gateways: Gateways,
    /// Who takes the messages of each channel, where anybody does.
    takers: Vec<(Channel, Result<String, DispatchError>)>,
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
        if let Some(name) = chosen.filter(|name| !config.gateway.contains_key(*name)) {
            let known: Vec<String> = config.gateway.keys().cloned().collect();
            let closest = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(DispatchError::NoSuchGateway { name: name.to_owned(), closest, known });
        }
        let takers = [Channel::Sms, Channel::Email].map(|channel| (channel, taker(config, channel, chosen)));
        let mut gateways = Gateways::new();
        for (name, config) in &config.gateway {
            let is_needed = takers.iter().any(|(_, taker)| taker.as_ref().is_ok_and(|taker| taker == name));
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
        let takers = gateways.iter().map(|(channel, gateway)| (*channel, Ok(gateway.name().to_owned()))).collect();
        let gateways = gateways.into_iter().map(|(_, gateway)| (gateway.name().to_owned(), gateway)).collect();
        Dispatcher { config, policy, rules, gateways, takers }
    }

    /// What would be sent now, and what would not; nothing is sent or changed.
    ///
    /// # Errors
    /// When the workspace can't be read, or messages are due that no gateway takes.
    pub fn preview(&self, store: &Store, limits: &Limits, now: Timestamp) -> Result<Preview, DispatchError> {
        let mut preview = Preview::default();
        for (channel, taker) in &self.takers {
            if self.is_due(store, *channel, limits, now)? {
                let gateway = self.taker_of(taker)?;
                preview.look(store, self.rules, *channel, gateway.name(), limits, now)?;
            }
        }
        if preview.has_links && self.config.link_base.is_none() {
            return Err(DispatchError::NoLinkBase);
        }
        Ok(preview)
    }

    /// Asks about what is unknown and sends what is due, waiting for the network, so it is not for use within an
    /// asynchronous runtime. `progress` sees the account as it grows; `stop` ends it when what is under way is written down.
    ///
    /// # Errors
    /// When outreach is stopped, messages are due that no gateway takes, or the workspace can't be read or written.
    pub fn send(
        &self,
        store: &mut Store,
        lock: &DispatchLock,
        limits: &Limits,
        stop: &AtomicBool,
        now: fn() -> Timestamp,
        progress: &mut dyn FnMut(&DispatchStats),
    ) -> Result<(Reconciled, DispatchStats), DispatchError> {
        if let Some(switch) = store.outreach_stopped()? {
            return Err(DispatchError::Stopped { at: switch.at, why: switch.value });
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| DispatchError::System(error.to_string()))?;
        let secret = store.secret()?;
        let links = || Links { secret: &secret, config: self.config };
        let reconcile = |store: &mut Store| {
            let mut reconcile = Reconcile { store, gateways: &self.gateways, policy: self.policy, links: links(), now };
            runtime.block_on(reconcile.run(lock))
        };
        let mut reconciled = reconcile(store)?;
        let mut stats = DispatchStats::default();
        for (channel, taker) in &self.takers {
            if !self.is_due(store, *channel, limits, now())? {
                continue;
            }
            let gateway = self.taker_of(taker)?;
            if !gateway.prepare() {
                stats.add(DispatchStats { ended: Ended::Closed("not_ready".to_owned()), ..DispatchStats::default() });
                continue;
            }
            let rest = Limits {
                max_cost: limits.max_cost.map(|max| max - stats.cost),
                most: limits.most.map(|most| most.saturating_sub(stats.settled())),
                ..limits.clone()
            };
            let recheck = Recheck::new(store, self.rules)?;
            let run = Run {
                store,
                gateway,
                channel: *channel,
                policy: self.policy,
                recheck,
                links: links(),
                limits: &rest,
                stop,
                now,
                progress,
                stats: DispatchStats::default(),
                queue: Queue::default(),
                failures: 0,
            };
            stats.add(runtime.block_on(run.run())?);
            if matches!(stats.ended, Ended::Stopped | Ended::Interrupted) {
                break;
            }
        }
        if stats.unknown > 0 {
            let again = reconcile(store)?;
            let swept = reconciled.swept;
            reconciled = Reconciled {
                swept,
                found: reconciled.found + again.found,
                failed: reconciled.failed + again.failed,
                absent: reconciled.absent + again.absent,
                ..again
            };
        }
        // Reports that came before it was known which message they are about.
        store.apply_waiting_reports()?;
        // A name that is being resolved can't be stopped; nobody waits for it.
        runtime.shutdown_background();
        Ok((reconciled, stats))
    }

    fn is_due(&self, store: &Store, channel: Channel, limits: &Limits, now: Timestamp) -> Result<bool, DispatchError> {
        let due = store.next_due(channel, limits.campaign.as_deref())?;
        Ok(link::is_dispatched(channel) && due.is_some_and(|due| due <= now))
    }

    fn taker_of(&self, taker: &Result<String, DispatchError>) -> Result<&dyn Gateway, DispatchError> {
        match taker {
            Ok(name) => Ok(self.gateways[name].as_ref()),
            Err(DispatchError::NoGateway { channel }) => Err(DispatchError::NoGateway { channel }),
            Err(DispatchError::ManyGateways { channel, names }) => {
                Err(DispatchError::ManyGateways { channel, names: names.clone() })
            }
            Err(other) => Err(DispatchError::System(other.to_string())),
        }
    }
}

/// Whose a channel's messages are.
fn taker(config: &OutreachConfig, channel: Channel, chosen: Option<&str>) -> Result<String, DispatchError> {
    let takes = |config: &GatewayConfig| match &config.channels {
        Some(channels) => channels.iter().any(|own| Channel::from(*own) == channel),
        None => channel == Channel::Sms,
    };
    let names: Vec<String> = config
        .gateway
        .iter()
        .filter(|(name, config)| chosen.is_none_or(|chosen| chosen == name.as_str()) && takes(config))
        .map(|(name, _)| name.clone())
        .collect();
    match &names[..] {
        [name] => Ok(name.clone()),
        [] => Err(DispatchError::NoGateway { channel: channel.as_str() }),
        _ => Err(DispatchError::ManyGateways { channel: channel.as_str(), names }),
    }
}
