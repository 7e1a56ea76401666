//! Asks gateways about messages of which nobody knows whether they were sent. None of them is sent again before that.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::crash::crash_point;
use super::error::DispatchError;
use super::gateway::{Found, Gateway, Message};
use super::limits::Gateways;
use super::link::Links;
use super::stats::Reconciled;
use crate::rule::DispatchPolicy;
use crate::store::{DispatchLock, SendResult, Store, UnknownRow};

/// What is needed to ask.
pub(super) struct Reconcile<'a> {
    pub(super) store: &'a mut Store,
    pub(super) gateways: &'a Gateways,
    pub(super) policy: &'a DispatchPolicy,
    pub(super) links: Links<'a>,
    pub(super) now: fn() -> Timestamp,
    /// Ends asking between two groups of questions.
    pub(super) stop: &'a AtomicBool,
}

impl Reconcile<'_> {
    /// Makes what a dead process left `unknown`, then asks about everything that is. What was found out is added to `came_to`.
    pub(super) async fn run(&mut self, lock: &DispatchLock, came_to: &mut Reconciled) -> Result<(), DispatchError> {
        came_to.swept += self.store.sweep_sending(lock, (self.now)())?;
        crash_point("swept");
        (came_to.too_young, came_to.unclear) = (0, 0);
        let mut behind = 0;
        while !self.stop.load(Ordering::Relaxed) {
            let rows = self.store.unknown_outbox(behind, AT_A_TIME)?;
            let Some(last) = rows.last() else { break };
            behind = last.id;
            let asked = rows.iter().map(|row| self.ask(row)).collect::<Result<Vec<_>, _>>()?;
            let said = join_all(asked.into_iter().map(|(gateway, message)| async move {
                match gateway {
                    Some(gateway) => gateway.find(&message).await,
                    None => Found::Unclear,
                }
            }))
            .await;
            crash_point("found");
            for (row, found) in rows.iter().zip(said) {
                self.settle(row, found, came_to)?;
            }
        }
        Ok(())
    }

    fn ask(&self, row: &UnknownRow) -> Result<(Option<&dyn Gateway>, Message), DispatchError> {
        Ok((self.gateways.get(&row.gateway).map(AsRef::as_ref), self.links.sent(row)?))
    }

    fn settle(&mut self, row: &UnknownRow, found: Found, came_to: &mut Reconciled) -> Result<(), DispatchError> {
        let now = (self.now)();
        let result = match found {
            Found::Sent(gateway_id) => SendResult::Sent { gateway_id },
            Found::Delivered(gateway_id) => SendResult::Delivered { gateway_id },
            Found::Failed(_, reason) => SendResult::Failed { reason, is_invalid: false },
            Found::OptedOut(code) => SendResult::OptedOut { code },
            Found::Absent if self.is_settled(row, now) => {
                SendResult::NotSent { reason: "not_at_gateway".to_owned(), due_at: now }
            }
            Found::Absent => {
                came_to.too_young += 1;
                return Ok(());
            }
            Found::Unclear => {
                came_to.unclear += 1;
                return Ok(());
            }
        };
        if self.store.settle_unknown(row.id, &result, now)? {
            match result {
                SendResult::NotSent { .. } => came_to.absent += 1,
                SendResult::Failed { .. } | SendResult::OptedOut { .. } => came_to.failed += 1,
                _ => came_to.found += 1,
            }
            crash_point("settled");
        }
        Ok(())
    }

    /// Whether the message is so old that a gateway which does not know it never will.
    fn is_settled(&self, row: &UnknownRow, now: Timestamp) -> bool {
        let age = row.begun_at.parse().map(|begun: Timestamp| now.duration_since(begun));
        age.is_ok_and(|age| age >= SignedDuration::from_secs(self.policy.settle_seconds.into()))
    }
}

/// Questions under way at a time.
const AT_A_TIME: usize = 8;
