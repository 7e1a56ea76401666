//! A record of an event file as it is handed on, and how it is read.

use crate::record::{Day, EventChannel, EventKind};
use crate::rule::EventRules;

/// A record of an event file, its words read.
#[derive(Debug, Clone, Copy)]
pub struct EventRecord<'a> {
    /// Whose it is, as the list's own key has it; empty where the file has none.
    pub record: &'a str,
    /// The addresses and numbers that it names, to be tried in this order; empty ones behind them.
    pub contacts: [&'a str; 4],
    /// When it happened.
    pub day: Day,
    /// By what channel.
    pub channel: EventChannel,
    /// What happened.
    pub kind: EventKind,
    /// What a purchase came to; mostly empty.
    pub amount: &'a str,
    /// The provider's code; mostly empty.
    pub code: &'a str,
    /// What the customer wrote; mostly empty.
    pub text: &'a str,
}

/// How the records of an event file are read.
#[derive(Debug, Clone, Copy)]
pub struct EventReading<'r> {
    /// Words of channels and events.
    pub rules: &'r EventRules,
    /// The day that counts as today: what is dated then or later has not happened.
    pub today: Day,
}
