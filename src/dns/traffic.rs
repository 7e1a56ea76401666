//! How much passed between us and a resolver.

use std::sync::atomic::{AtomicU64, Ordering};

/// What passed between us and a resolver.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    pub(super) queries: AtomicU64,
    pub(super) replies: AtomicU64,
    pub(super) strays: AtomicU64,
    pub(super) by_tcp: AtomicU64,
}

impl Traffic {
    pub(super) fn heard(&self) {
        self.replies.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stray(&self) {
        self.strays.fetch_add(1, Ordering::Relaxed);
    }
}
