//! One dispatch from the first question to the last report, and the account of it: told as far as it came.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::error::DispatchError;
use super::gateway::Gateway;
use super::limits::{Gateways, Limits};
use super::link::Links;
use super::recheck::Recheck;
use super::reconcile::Reconcile;
use super::run::{Queue, Run};
use super::stats::{DispatchStats, Dispatched, Ended};
use crate::config::OutreachConfig;
use crate::record::Channel;
use crate::rule::{DispatchPolicy, OutreachRules};
use crate::store::{DispatchLock, Secret, Store};

/// What one dispatch goes by.
pub(super) struct Round<'a> {
    pub(super) config: &'a OutreachConfig,
    pub(super) policy: &'a DispatchPolicy,
    pub(super) rules: &'a OutreachRules,
    pub(super) gateways: &'a Gateways,
    pub(super) lock: &'a DispatchLock,
    pub(super) limits: &'a Limits,
    pub(super) stop: &'a AtomicBool,
    pub(super) now: fn() -> Timestamp,
    pub(super) secret: &'a Secret,
    pub(super) runtime: &'a Runtime,
}

/// Asks a gateway whether it can be spoken to at all.
pub(super) fn prepare(gateway: &dyn Gateway) -> Result<(), DispatchError> {
    gateway.prepare().map_err(|why| DispatchError::NotReady { gateway: gateway.name().to_owned(), why })
}

impl Round<'_> {
    pub(super) fn run(
        &self,
        store: &mut Store,
        takers: &[(Channel, &dyn Gateway)],
        progress: &mut dyn FnMut(&DispatchStats),
    ) -> Dispatched {
        let mut came_to = Dispatched::default();
        if let Err(error) = self.go(store, takers, progress, &mut came_to) {
            came_to.stats.ended = Ended::Broken;
            came_to.failed = Some(error);
        }
        came_to
    }

    fn go(
        &self,
        store: &mut Store,
        takers: &[(Channel, &dyn Gateway)],
        progress: &mut dyn FnMut(&DispatchStats),
        came_to: &mut Dispatched,
    ) -> Result<(), DispatchError> {
        self.reconcile(store, came_to)?;
        for (channel, gateway) in takers {
            if self.stop.load(Ordering::Relaxed) {
                came_to.stats.add(DispatchStats { ended: Ended::Interrupted, ..DispatchStats::default() });
            }
            if matches!(came_to.stats.ended, Ended::Stopped | Ended::Interrupted) {
                break;
            }
            // What was unknown may have come back untaken, so that something is due that was not when all was looked at.
            if store.due_count(*channel, self.limits.campaign.as_deref(), (self.now)())?.rows == 0 {
                continue;
            }
            prepare(*gateway)?;
            let stats = &mut came_to.stats;
            let rest = Limits {
                max_cost: self.limits.max_cost.map(|max| max - stats.cost),
                most: self.limits.most.map(|most| most.saturating_sub(stats.settled())),
                ..self.limits.clone()
            };
            let recheck = Recheck::new(store, self.rules)?;
            let run = Run {
                store: &mut *store,
                gateway: *gateway,
                channel: *channel,
                policy: self.policy,
                recheck,
                links: self.links(),
                limits: &rest,
                stop: self.stop,
                now: self.now,
                progress: &mut *progress,
                stats: DispatchStats::default(),
                queue: Queue::default(),
                failures: 0,
            };
            let (of_gateway, failed) = self.runtime.block_on(run.run());
            stats.add(of_gateway);
            failed.map_or(Ok(()), Err)?;
        }
        if came_to.stats.unknown > 0 {
            self.reconcile(store, came_to)?;
        }
        // Reports that came before it was known which message they are about.
        store.apply_waiting_reports()?;
        Ok(())
    }

    fn reconcile(&self, store: &mut Store, came_to: &mut Dispatched) -> Result<(), DispatchError> {
        let Round { gateways, policy, now, stop, .. } = *self;
        let mut reconcile = Reconcile { store, gateways, policy, links: self.links(), now, stop };
        self.runtime.block_on(reconcile.run(self.lock, &mut came_to.reconciled))
    }

    fn links(&self) -> Links<'_> {
        Links { secret: self.secret, config: self.config }
    }
}
