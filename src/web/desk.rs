//! The one thread that has the workspace: it does what the rooms ask for, one thing after the other.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::steward::Stewardship;
use crate::clock;
use crate::pipeline::{Confirmer, MessageReader};
use crate::store::Store;

/// What is at hand there.
pub(super) struct Desk<'a> {
    pub(super) store: &'a mut Store,
    pub(super) messages: MessageReader<'a>,
    /// What links are about, where they are served.
    pub(super) confirmer: Option<Confirmer<'a>>,
    /// What stewards decide by, where they are served.
    pub(super) stewardship: Option<Stewardship>,
    /// Reports wait for the gateway's answer that names their message.
    pub(super) waits: bool,
}

/// Something to do there.
type Job = Box<dyn FnOnce(&mut Desk<'_>) + Send>;

/// The way there, for whoever answers requests.
#[derive(Clone)]
pub(super) struct ToDesk {
    jobs: SyncSender<Job>,
    limit: Duration,
    ahead: SignedDuration,
}

/// What was asked for and is not done yet.
pub(super) struct Jobs(Receiver<Job>);

/// Requests that may wait for the workspace; more are asked to come again.
const WAITING: usize = 1024;
/// How long reports that overtook the gateway's answer wait before they are looked at again.
const AGAIN: Duration = Duration::from_secs(2);

/// A way to the workspace; nobody waits for it longer than the limit. What comes in is of a day so far ahead of the clock's.
pub(super) fn way(limit: Duration, ahead: SignedDuration) -> (ToDesk, Jobs) {
    let (jobs, waiting) = sync_channel(WAITING);
    (ToDesk { jobs, limit, ahead }, Jobs(waiting))
}

impl ToDesk {
    /// The moment of whatever comes in now, in all rooms.
    pub(super) fn now(&self) -> Timestamp {
        clock::timestamp() + self.ahead
    }

    /// What came of something that is to be done; none where too much waits already, or it takes too long: then it may be
    /// done all the same, but nobody knows.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk<'_>) -> T + Send + 'static,
    ) -> Option<T> {
        let (done, written) = oneshot::channel();
        let job: Job = Box::new(move |desk| {
            // Whoever waited may have gone; it is done all the same.
            let _ = done.send(work(desk));
        });
        // Never waits for room: whoever sends comes again when asked to.
        self.jobs.try_send(job).ok()?;
        tokio::time::timeout(self.limit, written).await.ok()?.ok()
    }
}

impl Jobs {
    /// Does what is asked for until nobody can ask for anything more.
    pub(super) fn work(&self, mut desk: Desk<'_>) {
        loop {
            match self.0.recv_timeout(AGAIN) {
                Ok(job) => job(&mut desk),
                Err(RecvTimeoutError::Timeout) => desk.look_again(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

impl Desk<'_> {
    /// Looks whether reports that wait can be told their message by now.
    fn look_again(&mut self) {
        if !std::mem::take(&mut self.waits) {
            return;
        }
        match self.store.apply_waiting_reports() {
            Ok(0) => {}
            Ok(found) => tracing::info!(found, "reports found the messages that they are about"),
            Err(error) => {
                self.waits = true;
                tracing::error!(%error, "waiting reports could not be looked at; it is tried again");
            }
        }
    }
}
