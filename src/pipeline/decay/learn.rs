//! Learning from outcomes: what was found out about contacts, beside what was known of them on the day before.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::Decay;
use crate::contact::ContactKeys;
use crate::decay::{Fit, Label, Outcome, Quality};
use crate::evidence::{DatedSignal, History, key_hash};
use crate::ingest::OutcomeRecord;
use crate::record::{ContactEvent, ContactIndex, ContactKind, Day, EventKind, RowIndex, mix};
use crate::text::plain_key;

/// What was found out about one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundOut {
    /// Place of the contact.
    place: ContactIndex,
    /// The day on which it was asked.
    day: Day,
    stale: bool,
}

/// What became of outcomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStats {
    /// Used as labels.
    pub used: u64,
    /// No row has the key, or the row has no such contact.
    pub unknown: u64,
    /// The value was written down after the customer was asked: the outcome is of the one before it.
    pub newer: u64,
    /// They came on the day of the run or later: they count from the day after on.
    pub later: u64,
}

/// A history that owns its signals.
struct Known {
    history: History<'static>,
    signals: Vec<DatedSignal>,
}

impl Decay {
    /// Gives outcomes of a file to the contacts that they are of.
    pub fn found_out(&self, outcomes: &[OutcomeRecord]) -> (Vec<FoundOut>, FoundStats) {
        let mut rows: HashMap<u64, RowIndex> = HashMap::new();
        let keyed = RowIndex::first(self.evidence.facts.keys.len())
            .zip(&self.evidence.facts.keys)
            .filter(|(_, key)| **key != 0);
        for (row, key) in keyed {
            rows.entry(*key).or_insert(row);
        }
        let found = outcomes.iter().map(|outcome| {
            let row =
                rows.get(&key_hash(&outcome.record)).or_else(|| rows.get(&key_hash(&plain_key(&outcome.record))))?;
            let place = self.evidence.facts.primary(*row, outcome.kind)?;
            Some(FoundOut { place, day: outcome.day, stale: outcome.stale })
        });
        self.dated(found)
    }

    /// What the workspace knows of contacts that were asked at random. A label belongs to the contact that was asked, to those that
    /// the customer looked at and called right, and to those in whose place it gave others; deliveries are evidence and no labels,
    /// and whoever is silent says nothing.
    pub fn found_by_audit(&self, events: &[ContactEvent]) -> (Vec<FoundOut>, FoundStats) {
        if !events.iter().any(|event| event.is_audit) {
            return (Vec::new(), FoundStats::default());
        }
        let mut places: HashMap<u64, ContactIndex> = HashMap::new();
        let contacts = self.evidence.facts.contacts();
        for (place, contact) in ContactIndex::first(contacts.len()).zip(contacts) {
            places.entry(contact.key).or_insert(place);
        }
        let label = |event: &ContactEvent| match event.event {
            EventKind::Confirmed => Some(false),
            EventKind::WrongPerson | EventKind::Replaced => Some(true),
            // Whoever answered by it is there; an address that was given anew on a call is not the one that was called.
            EventKind::Updated => Some(event.kind != event.channel.contact()?),
            _ => None,
        };
        let audited = events.iter().filter(|event| event.is_audit);
        let labels = audited.filter_map(|event| Some((event, label(event)?)));
        let (known, later): (Vec<_>, Vec<_>) = labels.partition(|(event, _)| event.day < self.evidence.today);
        let found = known.into_iter().map(|(event, stale)| {
            let place = places.get(&ContactKeys::hash(event.kind, &event.key)).copied();
            place.map(|place| FoundOut { place, day: event.day, stale })
        });
        let (found, stats) = self.dated(found);
        (found, FoundStats { later: later.len() as u64, ..stats })
    }

    /// Leaves out what is not of a value that is there, each contact once, with what was found last.
    fn dated(&self, found: impl Iterator<Item = Option<FoundOut>>) -> (Vec<FoundOut>, FoundStats) {
        let mut stats = FoundStats::default();
        let mut last: BTreeMap<ContactIndex, FoundOut> = BTreeMap::new();
        for one in found {
            let Some(one) = one else {
                stats.unknown += 1;
                continue;
            };
            let captured = self.scores.captured[one.place.get()];
            if captured >= Some(one.day) {
                stats.newer += 1;
                continue;
            }
            let known = last.entry(one.place).or_insert(one);
            if one.day >= known.day {
                *known = one;
            }
        }
        stats.used = last.len() as u64;
        (last.into_values().collect(), stats)
    }

    fn known(&self, one: &FoundOut) -> Known {
        self.evidence.ask(one.place, one.day, |history| Known {
            signals: history.signals.iter().copied().filter(|signal| signal.day < one.day).collect(),
            history: History { signals: &[], ..*history },
        })
    }

    /// Fits the coefficients of both kinds of contact; none for a kind without labels.
    pub fn learn(&self, found: &[FoundOut]) -> [Option<Fit>; 2] {
        let known: Vec<Known> = found.iter().map(|one| self.known(one)).collect();
        let labels: Vec<Label<'_>> = found
            .iter()
            .zip(&known)
            .map(|(one, known)| Label {
                history: History { signals: &known.signals, ..known.history },
                asked: one.day,
                stale: one.stale,
                customer: mix(
                    self.evidence.customers.customer_of(self.evidence.facts.contact(one.place).row).get() as u64
                ),
            })
            .collect();
        [ContactKind::Email, ContactKind::Phone].map(|kind| self.model.fit(kind, &labels))
    }

    /// How good the probabilities of the model in force were where something was found out; none for fewer than `least`.
    pub(super) fn quality(&self, found: &[FoundOut], kind: ContactKind, least: usize) -> Option<Quality> {
        let of_kind: Vec<&FoundOut> =
            found.iter().filter(|one| self.evidence.facts.contact(one.place).kind() == kind).collect();
        if of_kind.len() < least {
            return None;
        }
        let outcomes: Vec<Outcome> = of_kind
            .into_iter()
            .map(|one| {
                let known = self.known(one);
                let history = History { signals: &known.signals, ..known.history };
                Outcome { p: self.model.score(&history, one.day).p, stale: one.stale }
            })
            .collect();
        Some(Quality::of(&outcomes))
    }
}
