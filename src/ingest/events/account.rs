//! What became of the records of an event file: used, not happened yet, or set aside with the reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::RowNumber;
use crate::rule::EventColumn;

/// Why a record of an event file is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetAside {
    /// It could not be read as a record.
    Unreadable,
    /// Its date can't be read.
    BadDate,
    /// No rule knows the channel.
    UnknownChannel,
    /// No rule knows the event.
    UnknownEvent,
    /// No rule says what such an event means in that channel, or with that code.
    SaysNothing,
    /// No row of any list has this key.
    UnknownRecord,
    /// Rows of different customers have this key.
    AmbiguousRecord,
    /// It names neither a key nor an address or number that can be read.
    UnreadableContact,
    /// No row of any list has this address or number.
    UnknownContact,
    /// The same event stands there more than once.
    Repeated,
}

impl SetAside {
    /// All of them.
    pub const ALL: [SetAside; 10] = [
        SetAside::Unreadable,
        SetAside::BadDate,
        SetAside::UnknownChannel,
        SetAside::UnknownEvent,
        SetAside::SaysNothing,
        SetAside::UnknownRecord,
        SetAside::AmbiguousRecord,
        SetAside::UnreadableContact,
        SetAside::UnknownContact,
        SetAside::Repeated,
    ];

    /// The word in `run.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SetAside::Unreadable => "unreadable",
            SetAside::BadDate => "bad_date",
            SetAside::UnknownChannel => "unknown_channel",
            SetAside::UnknownEvent => "unknown_event",
            SetAside::SaysNothing => "says_nothing",
            SetAside::UnknownRecord => "unknown_record",
            SetAside::AmbiguousRecord => "ambiguous_record",
            SetAside::UnreadableContact => "unreadable_contact",
            SetAside::UnknownContact => "unknown_contact",
            SetAside::Repeated => "repeated",
        }
    }

    /// The column that is to blame, in a file of the form that tiuv writes.
    pub const fn column(self) -> Option<EventColumn> {
        match self {
            SetAside::BadDate => Some(EventColumn::At),
            SetAside::UnknownChannel => Some(EventColumn::Channel),
            SetAside::UnknownEvent => Some(EventColumn::Event),
            SetAside::UnknownRecord | SetAside::AmbiguousRecord => Some(EventColumn::Record),
            SetAside::UnreadableContact | SetAside::UnknownContact => Some(EventColumn::Value),
            SetAside::Unreadable | SetAside::SaysNothing | SetAside::Repeated => None,
        }
    }
}

/// What became of the records of an event file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventsRead {
    /// Records that became facts.
    pub used: u64,
    /// Records dated on the day that counts as today, or later: they have not happened yet.
    pub later: u64,
    /// The others, by reason: how many, and the numbers of the first few.
    pub set_aside: BTreeMap<SetAside, (u64, Vec<RowNumber>)>,
}

/// So many places of a reason are named.
const NAMED: usize = 5;

impl EventsRead {
    /// Counts a record that is not used.
    pub fn set_aside(&mut self, why: SetAside, number: Option<RowNumber>) {
        let (count, places) = self.set_aside.entry(why).or_default();
        *count += 1;
        places.extend(number.filter(|_| places.len() < NAMED));
    }

    /// Records read: every one is used, later, or set aside.
    pub fn records(&self) -> u64 {
        self.used + self.later + self.set_aside.values().map(|(count, _)| count).sum::<u64>()
    }

    pub(super) fn append(&mut self, next: EventsRead) {
        self.used += next.used;
        self.later += next.later;
        for (why, (count, places)) in next.set_aside {
            let (known, named) = self.set_aside.entry(why).or_default();
            *known += count;
            let room = NAMED.saturating_sub(named.len());
            named.extend(places.into_iter().take(room));
        }
    }
}
