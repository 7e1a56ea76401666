//! Event files: one event a record, in any form that lists come in.
//!
//! A file is read in waves as lists are; each record becomes a small fact by a function of the caller, in parallel, and what
//! can't become one is counted with its reason and its first places. Nothing is dropped silently.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::IngestProblem;
use super::{IngestError, IngestOptions, List};
use crate::record::{ColumnIndex, Day, EventChannel, EventKind, RawBatch, RowNumber};
use crate::rule::{EventColumn, EventRules, RuleFiles};
use crate::text::FoldedHeader;

/// An event file that was opened and whose columns were found.
#[derive(Debug)]
pub struct EventFile {
    list: Option<List>,
    name: String,
    columns: [Option<ColumnIndex>; 6],
}

/// A record of an event file, its words read.
#[derive(Debug, Clone, Copy)]
pub struct EventRecord<'a> {
    /// Whose it is, as the file writes it.
    pub record: &'a str,
    /// When it happened.
    pub day: Day,
    /// By what channel.
    pub channel: EventChannel,
    /// What happened.
    pub kind: EventKind,
    /// The address or number concerned, or what a purchase came to; mostly empty.
    pub value: &'a str,
    /// The provider's code; mostly empty.
    pub code: &'a str,
}

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
    /// The same event stands there more than once.
    Repeated,
}

impl SetAside {
    /// All of them.
    pub const ALL: [SetAside; 8] = [
        SetAside::Unreadable,
        SetAside::BadDate,
        SetAside::UnknownChannel,
        SetAside::UnknownEvent,
        SetAside::SaysNothing,
        SetAside::UnknownRecord,
        SetAside::AmbiguousRecord,
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
            SetAside::Repeated => "repeated",
        }
    }

    /// The column that is to blame.
    pub const fn column(self) -> Option<EventColumn> {
        match self {
            SetAside::BadDate => Some(EventColumn::At),
            SetAside::UnknownChannel => Some(EventColumn::Channel),
            SetAside::UnknownEvent => Some(EventColumn::Event),
            SetAside::UnknownRecord | SetAside::AmbiguousRecord => Some(EventColumn::Record),
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

    fn append(&mut self, next: EventsRead) {
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

/// How the records of an event file are read.
#[derive(Debug, Clone, Copy)]
pub struct EventReading<'r> {
    /// Words of channels and events.
    pub rules: &'r EventRules,
    /// The day that counts as today: what is dated then or later has not happened.
    pub today: Day,
}

impl EventFile {
    /// Opens a file and finds its columns; `keys` are the headers of the lists' own keys.
    ///
    /// # Errors
    /// When it can't be read, or lacks a column that it needs.
    pub fn open(
        path: &Path,
        options: &IngestOptions,
        files: &RuleFiles,
        rules: &EventRules,
        keys: &[&str],
    ) -> Result<EventFile, IngestError> {
        let name = path.display().to_string();
        let list = match List::open(path, options, files) {
            // A log of nothing is a log.
            Err(error) if matches!(error.problem(), IngestProblem::HeaderOnly) => {
                return Ok(EventFile { list: None, name, columns: [None; 6] });
            }
            list => list?,
        };
        let mut columns = [None; 6];
        let keys: Vec<FoldedHeader> = keys.iter().map(|header| FoldedHeader::new(header)).collect();
        for (index, header) in list.header().iter().enumerate() {
            let place = Some(ColumnIndex(index as u16));
            if keys.contains(&FoldedHeader::new(header)) {
                // The list's own name for its key says more than a word that may mean anything.
                columns[EventColumn::Record as usize] = place;
            } else if let Some(column) = rules.column(header) {
                columns[column as usize] = columns[column as usize].or(place);
            }
        }
        let missing = |column: &EventColumn| column.is_needed() && columns[*column as usize].is_none();
        let missing: Vec<&str> =
            EventColumn::ALL.iter().filter(|column| missing(column)).map(|column| column.as_str()).collect();
        if missing.is_empty() {
            Ok(EventFile { list: Some(list), name, columns })
        } else {
            Err(IngestError::not_events(&name, &missing))
        }
    }

    /// As the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size of its text, for progress.
    pub fn text_bytes(&self) -> u64 {
        self.list.as_ref().map_or(0, List::text_bytes)
    }

    /// The header of its column of keys.
    pub fn key_header(&self) -> &str {
        let column = self.columns[EventColumn::Record as usize];
        self.list.as_ref().zip(column).map_or("", |(list, column)| &list.header()[column.as_usize()])
    }

    /// Reads all records; `make` turns each into a fact, `date` reads a date in another form than ISO 8601, and `take` gets
    /// the facts in the order of the file, a part at a time.
    ///
    /// # Errors
    /// When the file can't be read to its end, or `take` fails.
    pub fn read<T: Send, E: From<IngestError> + Send>(
        &self,
        reading: EventReading<'_>,
        date: &(dyn Fn(&str) -> Option<Day> + Sync),
        make: &(dyn Fn(EventRecord<'_>) -> Result<T, SetAside> + Sync),
        mut take: impl FnMut(Vec<T>) -> Result<(), E> + Send,
    ) -> Result<EventsRead, E> {
        let mut stats = EventsRead::default();
        let Some(list) = &self.list else { return Ok(stats) };
        let read = list.read(|wave| -> Result<(), E> {
            let parts: Vec<(Vec<T>, EventsRead)> =
                wave.batches.par_iter().map(|batch| self.facts(batch, reading, date, make)).collect();
            for (facts, read) in parts {
                stats.append(read);
                take(facts)?;
            }
            wave.quarantined.iter().for_each(|record| stats.set_aside(SetAside::Unreadable, Some(record.row)));
            Ok(())
        })?;
        assert_eq!(read.records, stats.records(), "every record is used, later, or set aside");
        Ok(stats)
    }

    fn facts<T>(
        &self,
        batch: &RawBatch,
        reading: EventReading<'_>,
        date: &(dyn Fn(&str) -> Option<Day> + Sync),
        make: &(dyn Fn(EventRecord<'_>) -> Result<T, SetAside> + Sync),
    ) -> (Vec<T>, EventsRead) {
        let mut facts = Vec::with_capacity(batch.len());
        let mut stats = EventsRead::default();
        for row in 0..batch.len() {
            let cell = |column: EventColumn| {
                self.columns[column as usize].map_or("", |column| batch.cell(row, column).trim_ascii())
            };
            let at = cell(EventColumn::At);
            // The day first: what has not happened yet is not even looked at, so that it can't leave a trace.
            let outcome = match iso_day(at).or_else(|| date(at)) {
                None => Err(SetAside::BadDate),
                Some(day) if day >= reading.today => {
                    stats.later += 1;
                    continue;
                }
                Some(day) => {
                    let words = (
                        reading.rules.channel(cell(EventColumn::Channel)),
                        reading.rules.kind(cell(EventColumn::Event)),
                    );
                    match words {
                        (None, _) => Err(SetAside::UnknownChannel),
                        (_, None) => Err(SetAside::UnknownEvent),
                        (Some(channel), Some(kind)) => make(EventRecord {
                            record: cell(EventColumn::Record),
                            day,
                            channel,
                            kind,
                            value: cell(EventColumn::Value),
                            code: cell(EventColumn::Code),
                        }),
                    }
                }
            };
            match outcome {
                Ok(fact) => {
                    stats.used += 1;
                    facts.push(fact);
                }
                Err(why) => stats.set_aside(why, Some(batch.number(row))),
            }
        }
        (facts, stats)
    }
}

/// The day of `2026-03-01`, `2026-03-01T09:30:00Z` or `2026-03-01 09:30`; the time and its zone are let go.
pub(super) fn iso_day(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    let (date, rest) = bytes.split_at_checked(10)?;
    if date[4] != b'-' || date[7] != b'-' || !matches!(rest.first(), None | Some(b'T' | b't' | b' ')) {
        return None;
    }
    let number = |from: usize, to: usize| {
        date[from..to]
            .iter()
            .try_fold(0i32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let date = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok()?;
    Some(Day::of(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, Day, EventKind)>, EventsRead) {
        let files = RuleFiles::embedded();
        let rules = EventRules::load(&files).expect("loads");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("events.csv");
        std::fs::write(&path, text).expect("writes");
        let file = EventFile::open(&path, &IngestOptions::default(), &files, &rules, &["מספר לקוח"]).expect("opens");
        let mut facts = Vec::new();
        let reading = EventReading { rules: &rules, today: Day::new(20_000) };
        let make = |event: EventRecord<'_>| Ok((event.record.to_owned(), event.day, event.kind));
        let stats = file
            .read(reading, &|_| None, &make, |part| -> Result<(), IngestError> {
                facts.extend(part);
                Ok(())
            })
            .expect("reads");
        (facts, stats)
    }

    #[test]
    fn every_record_is_used_later_or_set_aside_with_its_place() {
        let (facts, stats) = read(
            "מספר לקוח,at,channel,event\n17,2020-01-02T10:00:00Z,email,open\n18,yesterday,email,open\n19,2020-01-02,fax,open\n\
             20,2020-01-02,sms,levitated\n21,2030-01-01,email,open\n22,2020-01-02 08:00,דוא\"ל,נפתח\n",
        );
        assert_eq!(
            facts,
            [
                ("17".to_owned(), Day::new(18_263), EventKind::Open),
                ("22".to_owned(), Day::new(18_263), EventKind::Open)
            ]
        );
        assert_eq!((stats.used, stats.later, stats.records()), (2, 1, 6));
        for (why, row) in [(SetAside::BadDate, 2), (SetAside::UnknownChannel, 3), (SetAside::UnknownEvent, 4)] {
            let (count, places) = &stats.set_aside[&why];
            assert_eq!((*count, places[0].number()), (1, row), "{why:?}");
        }
    }

    #[test]
    fn an_event_that_has_not_happened_is_not_looked_at() {
        let (_, stats) = read("record,at,channel,event\n17,2031-05-01,telepathy,levitated\n");
        assert_eq!((stats.later, stats.set_aside.len()), (1, 0));
    }

    #[test]
    fn a_log_of_nothing_is_a_log() {
        let (facts, stats) = read("record,at,channel,event\n");
        assert!(facts.is_empty() && stats.records() == 0);
    }

    #[test]
    fn days_are_read_off_times() {
        assert_eq!(iso_day("1970-01-02T23:59:59+02:00"), Some(Day::new(1)));
        assert_eq!(iso_day("1970-02-30"), None);
        assert_eq!(iso_day("02/01/1970"), None);
        assert_eq!(iso_day("1970-01-021"), None);
    }
}
