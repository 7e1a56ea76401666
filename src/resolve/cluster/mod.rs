//! From pairs to customers: average link within groups that hang together; then households.

mod average;
mod components;
mod household;

pub(super) use average::{ALWAYS, ASK, Group, Merging, NEVER, Place, merge};
pub(super) use components::{Components, Sets, components};
pub(super) use household::households;
