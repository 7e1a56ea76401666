//! The outbox: what may be sent, what is being sent, and what came of it. `state` owns the changes of state.

pub(super) mod asked;
mod calls;
mod dispatch;
mod funnel;
mod plan;
mod row;
pub(super) mod state;
mod stats;
mod unknown;

pub use asked::AskedContact;
pub use calls::{Call, CallList, HandedOut};
pub use dispatch::{BeginSend, Begun, SendResult};
pub use plan::{Flag, KnownContact, KnownEvent, PlanChange, PlanStamp, PlannedContact};
pub use row::{DueCount, DueFilter, OutboxRow};
pub use state::Changed;
pub use stats::{OutboxStats, StateSum};
pub use unknown::UnknownRow;

#[cfg(test)]
mod tests;
