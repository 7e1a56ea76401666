//! What one run of dispatch came to.

use jiff::Timestamp;

use super::error::DispatchError;

/// Why a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ended {
    /// Nothing more is due.
    #[default]
    Done,
    /// `tiuv outreach stop`.
    Stopped,
    /// Ctrl-C.
    Interrupted,
    /// The next message would cost more than allowed.
    CostReached,
    /// As many were begun as allowed.
    MostReached,
    /// The gateway takes nothing from us: its code.
    Closed(String),
    /// So many failures in a row that the gateway must be down.
    Down,
    /// The gateway asked for a longer pause than we wait.
    Paused,
    /// Something failed on the way, as writing to the workspace.
    Broken,
}

impl Ended {
    /// Whether the gateway is to blame.
    pub const fn is_failure(&self) -> bool {
        matches!(self, Ended::Closed(_) | Ended::Down | Ended::Paused)
    }
}

/// What one run of dispatch came to. Each time that a message was begun is counted in exactly one of the sums of
/// the first group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DispatchStats {
    /// Taken by the gateway.
    pub sent: u64,
    /// Refused there because the recipient opted out.
    pub opted_out: u64,
    /// Refused there for good.
    pub failed: u64,
    /// Not taken now, and pending again.
    pub put_back: u64,
    /// Perhaps taken.
    pub unknown: u64,

    /// On their way when something failed: nobody knows yet whether they were taken.
    pub under_way: u64,
    /// Taken back before they left: suppressed, refused, no rules for their country.
    pub cancelled: u64,
    /// Put off, because the hour is quiet.
    pub put_off: u64,
    /// The moment to which the earliest of them was put off.
    pub open_at: Option<Timestamp>,
    /// Of what may have been sent, in millionths of the policy's currency.
    pub cost: i64,
    /// Why it ended.
    pub ended: Ended,
}

impl DispatchStats {
    /// How often a message was begun and what came of it is written down.
    pub const fn settled(&self) -> u64 {
        self.sent + self.opted_out + self.failed + self.put_back + self.unknown
    }

    /// Adds what another gateway came to; the worse end is told.
    pub fn add(&mut self, other: DispatchStats) {
        self.sent += other.sent;
        self.opted_out += other.opted_out;
        self.failed += other.failed;
        self.put_back += other.put_back;
        self.unknown += other.unknown;
        self.under_way += other.under_way;
        self.cancelled += other.cancelled;
        self.put_off += other.put_off;
        self.open_at = [self.open_at, other.open_at].into_iter().flatten().min();
        self.cost += other.cost;
        let is_worse = other.ended.is_failure() && !self.ended.is_failure();
        if self.ended == Ended::Done || is_worse || other.ended == Ended::Broken {
            self.ended = other.ended;
        }
    }
}

/// What a dispatch came to, whole or cut short.
#[derive(Debug, Default)]
pub struct Dispatched {
    /// What asking about unknown messages came to.
    pub reconciled: Reconciled,
    /// What became of the messages that were due.
    pub stats: DispatchStats,
    /// What cut it short.
    pub failed: Option<DispatchError>,
}

/// What asking about unknown messages came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// A process left so many behind as it died.
    pub swept: u64,
    /// The gateway has them.
    pub found: u64,
    /// It has them, and they will not arrive.
    pub failed: u64,
    /// It never got them: they are pending again.
    pub absent: u64,
    /// It does not know them, but may yet: ask again later.
    pub too_young: u64,
    /// It can't tell; a person must.
    pub unclear: u64,
}

impl Reconciled {
    /// How many are still unknown.
    pub const fn left(&self) -> u64 {
        self.too_young + self.unclear
    }
}
