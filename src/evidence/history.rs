//! What is known of one contact of one row, in time order: all that the model sees.

use crate::record::{ContactClass, ContactKind, Day, Signal};

/// A signal on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatedSignal {
    /// When it was.
    pub day: Day,
    /// What it was.
    pub signal: Signal,
}

/// What is known of one contact of one row.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// An address or a number.
    pub kind: ContactKind,
    /// Its class.
    pub class: ContactClass,
    /// The owner's age in whole years on the day that is asked for.
    pub age: Option<u8>,
    /// How often this field of the row changed before it held this value.
    pub changes: u8,
    /// The day on which the value was first captured; none where nothing says it.
    pub captured: Option<Day>,
    /// Signals of this value in their order. Those before the capture belong to the value it replaced, those on or after
    /// the day that is asked for are not known then; both are passed over, and so is the same signal of the same day again.
    pub signals: &'a [DatedSignal],
    /// Its domain is dead: NXDOMAIN or null MX, confirmed.
    pub dead_domain: bool,
    /// A note or a status says that the owner died.
    pub deceased: bool,
}
