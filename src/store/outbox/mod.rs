//! The outbox: what may be sent, what is being sent, and what came of it. `state` owns the changes of state.

mod account;
mod dispatch;
mod plan;
mod row;
mod state;
mod unknown;

pub use account::{OutboxAccount, StateSum};
pub use dispatch::{BeginSend, Begun, SendResult};
pub use plan::{Flag, KnownContact, KnownEvent, PlanChange, PlanStamp, PlannedContact};
pub use row::{DueFilter, OutboxRow};
pub use state::Changed;
pub(super) use state::change;
pub use unknown::UnknownRow;

#[cfg(test)]
mod tests;
