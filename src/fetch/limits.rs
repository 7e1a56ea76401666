//! How much may come in.

use std::time::Duration;

/// How much may come, how long it may take, how often an address may send us to another.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// Of what came, and of what it unpacks to.
    pub bytes: u64,
    /// From the start of a request to the last byte of its answer, with what lies between.
    pub timeout: Duration,
    /// Addresses after the first.
    pub redirects: usize,
}
