//! What every request passes: the pace, the budget, and whether the service is still to be asked.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Attempt, NotAsked, Refusal, Terms};
use crate::config::Money;

/// What every request to one service passes.
///
/// The pace is kept here rather than by a general rate limiter because a pause that the service asks for (Retry-After)
/// must hold back every request, not only the one that was told.
#[derive(Debug)]
pub(super) struct Gate {
    terms: Terms,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The earliest moment of the next request; none before the first.
    next: Option<Instant>,
    /// The end of a pause that the service asked for.
    held_until: Option<Instant>,
    /// Set aside for requests that are about to be sent.
    reserved: Money,
    /// For requests that were sent.
    spent: Money,
    requests: u64,
    /// Failures since the last answer.
    failures: u32,
    closed: Option<NotAsked>,
}

impl Gate {
    pub(super) fn new(terms: Terms) -> Self {
        Gate { terms, state: Mutex::default() }
    }

    /// Sets the cost of a request aside; false where the budget does not hold it.
    pub(super) fn reserve(&self) -> bool {
        let mut state = self.state();
        let Some(reserved) = state.reserved.plus(self.terms.cost) else { return false };
        let Some(all) = state.spent.plus(reserved) else { return false };
        let is_affordable = self.terms.budget.is_none_or(|budget| all <= budget);
        if is_affordable {
            state.reserved = reserved;
        }
        is_affordable
    }

    /// Takes a request back that never reached the service.
    pub(super) fn refund(&self) {
        let mut state = self.state();
        state.requests = state.requests.saturating_sub(1);
        state.spent = state.spent.minus(self.terms.cost);
    }

    /// Waits for the turn of a request whose cost is set aside, and counts it; why not, where nothing more is to be
    /// asked.
    pub(super) async fn pass(&self) -> Result<(), NotAsked> {
        loop {
            let turn = {
                let mut state = self.state();
                if let Some(why) = state.closed {
                    state.reserved = state.reserved.minus(self.terms.cost);
                    return Err(why);
                }
                let now = Instant::now();
                let turn = state.next.map_or(now, |next| next.max(now));
                state.next = Some(turn + self.terms.interval);
                turn
            };
            sleep_until(turn).await;
            let mut state = self.state();
            if state.closed.is_some() {
                continue;
            }
            // A pause that began meanwhile puts all turns off.
            if state.held_until.is_none_or(|end| end <= turn) {
                state.reserved = state.reserved.minus(self.terms.cost);
                // `reserve` saw that the sum can be counted.
                state.spent = state.spent.plus(self.terms.cost).unwrap_or(state.spent);
                state.requests += 1;
                return Ok(());
            }
        }
    }

    /// Holds all requests back for a while.
    pub(super) fn hold(&self, pause: Duration) {
        let mut state = self.state();
        let end = Instant::now() + pause;
        state.held_until = state.held_until.max(Some(end));
        state.next = state.next.max(Some(end));
    }

    /// Learns from what a request came to: whether to go on with this service.
    pub(super) fn learn(&self, attempt: &Attempt) {
        let mut state = self.state();
        let has_failed = match attempt {
            Attempt::Answered { .. } | Attempt::Unknown => false,
            Attempt::Temporary { why, .. } => !why.is_an_answer(),
            Attempt::Refused(Refusal::Request(_)) => true,
            Attempt::Refused(Refusal::Everything(_)) => {
                state.closed.get_or_insert(NotAsked::ServiceRefused);
                true
            }
        };
        state.failures = if has_failed { state.failures + 1 } else { 0 };
        if state.failures >= self.terms.give_up_after {
            state.closed.get_or_insert(NotAsked::ServiceDown);
        }
    }

    /// Lets no further request through.
    pub(super) fn close(&self, why: NotAsked) {
        self.state().closed.get_or_insert(why);
    }

    /// Why nothing more is asked, where that is so.
    pub(super) fn closed(&self) -> Option<NotAsked> {
        self.state().closed
    }

    /// Requests sent and what they cost.
    pub(super) fn sums(&self) -> (u64, Money) {
        let state = self.state();
        (state.requests, state.spent)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held, and figures are sound at every step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::Temporary;

    fn gate(cost: u64, budget: Option<u64>) -> Gate {
        Gate::new(Terms {
            interval: Duration::from_millis(10),
            max_in_flight: 4,
            timeout: Duration::from_secs(1),
            retries: 0,
            retry_wait: Duration::ZERO,
            max_wait: Duration::from_secs(1),
            give_up_after: 3,
            cost: Money::from_ten_thousandths(cost),
            budget: budget.map(Money::from_ten_thousandths),
            max_age_days: 1,
        })
    }

    #[test]
    fn the_last_request_may_spend_the_budget_to_the_end_but_not_beyond() {
        let gate = gate(45, Some(100));
        assert!(gate.reserve() && gate.reserve());
        assert!(!gate.reserve());
        assert_eq!(gate.sums(), (0, Money::ZERO), "nothing was sent yet");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(gate.pass()).expect("is open");
        runtime.block_on(gate.pass()).expect("is open");
        assert_eq!(gate.sums(), (2, Money::from_ten_thousandths(90)));
        assert!(!gate.reserve());
        gate.refund();
        assert!(gate.reserve());
    }

    #[test]
    fn a_sum_beyond_counting_is_beyond_the_budget_too() {
        let gate = gate(u64::MAX, None);
        assert!(gate.reserve());
        assert!(!gate.reserve());
    }

    #[test]
    fn failures_in_a_row_close_and_an_answer_between_them_does_not() {
        let gate = gate(0, None);
        let failed = Attempt::Temporary { why: Temporary::Server(500), wait: None };
        for attempt in [failed, failed, Attempt::Unknown, failed, failed] {
            gate.learn(&attempt);
            assert_eq!(gate.closed(), None);
        }
        gate.learn(&failed);
        assert_eq!(gate.closed(), Some(NotAsked::ServiceDown));
    }
}
