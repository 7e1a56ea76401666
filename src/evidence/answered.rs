//! Addresses and numbers that customers gave themselves and that were accepted: known from the day on which they were given, whether
//! or not a row has them by now.

use super::{DatedSignal, History};
use crate::record::{ContactClass, ContactKind, Day, Detail, Signal, Verdict};

/// An address or a number that a customer gave.
#[derive(Debug, Clone)]
pub(crate) struct AnsweredContact {
    /// What it is.
    pub(crate) kind: ContactKind,
    /// The value.
    pub(crate) value: String,
    /// What equal contacts share.
    pub(crate) key: u64,
    /// Its class.
    pub(crate) class: ContactClass,
    /// What validation says of it.
    pub(crate) verdict: Verdict,
    /// What was learnt of it as it was read.
    pub(crate) detail: Detail,
    /// When it was given.
    pub(crate) day: Day,
}

/// The newest of each kind.
pub(crate) type Answered = [Option<AnsweredContact>; 2];

impl AnsweredContact {
    /// What is known of it, for a model: it was given on its day by its owner.
    pub(crate) fn ask<T>(&self, work: impl FnOnce(&History<'_>) -> T) -> T {
        let signals = [DatedSignal { day: self.day, signal: Signal::Answered }];
        work(&History {
            kind: self.kind,
            class: self.class,
            age: None,
            changes: 0,
            captured: Some(self.day),
            signals: &signals,
            dead_domain: false,
            deceased: false,
        })
    }
}
