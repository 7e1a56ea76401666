//! The door to services that know phone numbers: what kind of line one is, and whether it can be reached.
//!
//! Nothing is asked unless a command names a service of `tiuv.toml` (`[lookup.NAME]`, see [`crate::config::LookupConfig`]).
//! [`Door::open`] checks what is written there and reads the secrets from the environment; [`Door::ask`] then
//!
//! - takes each distinct number once, and none that is not E.164;
//! - uses answers again that the workspace keeps, for as many days as the owner says, and keeps each new one as it
//!   comes, so that a run that was stopped goes on where it was;
//! - keeps to the pace, to the requests in flight, and to the budget: the request that would exceed it is not sent;
//! - tries again what may pass (429, 5xx, no connection), waiting as the service asks;
//! - leaves a service alone that refuses, asks for a long pause, or fails many times in a row.
//!
//! What comes back keeps apart what a reader must not confuse: an [`Answer`](Outcome::Answered), a number that the
//! service does [not know](Outcome::Unknown), a failure that [may pass](Outcome::Temporary), a
//! [refusal](Outcome::Refused), a [spent budget](Outcome::BudgetSpent), and a number that was [never
//! asked](Outcome::NotAsked). Only an answer says anything about a line; no failure ever makes one unreachable, and no
//! carrier is ever named.
//!
//! Numbers leave the machine for the named service alone: TLS unless its owner allows otherwise, no redirects, no
//! number in a log line or an error.

mod ask;
mod error;
mod gate;
mod http;
mod number;
mod outcome;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use ask::{Asked, Door};
pub use error::LookupError;
pub use http::HttpLookup;
pub use number::Number;
pub use outcome::{Attempt, LookupStats, NotAsked, Outcome, Refusal, Temporary};

use crate::config::Money;

/// A service that knows phone numbers.
pub trait NumberLookup: Send + Sync {
    /// The name that its answers are kept under.
    fn name(&self) -> &str;

    /// Changes whenever the same number might be answered differently because it is asked or read differently.
    fn version(&self) -> &str;

    /// How it wants to be asked.
    fn terms(&self) -> &Terms;

    /// Asks once. Pace, budget, time limit and further tries are the door's business.
    fn ask<'a>(&'a self, number: &'a Number) -> Asking<'a>;
}

/// A question under way.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Attempt> + Send + 'a>>;

/// How a service wants to be asked, and what its owner will pay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The time between two requests.
    pub interval: Duration,
    /// Requests that may wait for their answers at a time; at least one.
    pub max_in_flight: usize,
    /// For a request and its answer.
    pub timeout: Duration,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// The pause before the first further try; each one after is twice as long.
    pub retry_wait: Duration,
    /// The longest pause that the service may ask for.
    pub max_wait: Duration,
    /// Failures in a row after which nothing more is asked.
    pub give_up_after: u32,
    /// Of one request.
    pub cost: Money,
    /// Of all requests through one door; none: whatever it costs.
    pub budget: Option<Money>,
    /// How many days an answer is used again.
    pub max_age_days: u32,
}
