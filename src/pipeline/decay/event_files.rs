//! Event files: each record is given to the row that its key names; what becomes of the others.

use std::collections::BTreeMap;

use super::super::{ContactReader, RunError, Setup};
use crate::evidence::{Event, Events, Facts, KeyIndex, Owner, amount};
use crate::ingest::{EventFile, EventReading, EventRecord, SetAside};
use crate::record::{CellOut, CheckedList, ContactEvent, CustomerRows, Day, EventKind, Field, RowIndex, Rows, tag_of};
use crate::rule::{Context, EventRules};
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};
use crate::text::FoldedHeader;

/// How many records, and the numbers of the first few.
type CountsByReason = BTreeMap<SetAside, (u64, Vec<u32>)>;

/// What became of the records of all event files.
#[derive(Debug, Clone, Default)]
pub struct EventStats {
    /// Event files.
    pub files: u64,
    /// Records used.
    pub used: u64,
    /// Records dated on the day that counts as today, or later. They must leave no trace in any output.
    pub later: u64,
    /// By file: its name, and for each reason how many records were set aside and the numbers of the first few.
    pub set_aside: Vec<(String, CountsByReason)>,
    /// Events of the workspace that were used.
    pub remembered: u64,
}

impl EventStats {
    /// How many records were set aside, by reason.
    pub fn reasons(&self) -> BTreeMap<SetAside, u64> {
        let mut sums = BTreeMap::new();
        for (why, (count, _)) in self.set_aside.iter().flat_map(|(_, reasons)| reasons) {
            *sums.entry(*why).or_default() += count;
        }
        sums
    }
}

/// What events are read with.
pub(super) struct EventSources<'s> {
    pub(super) files: &'s [EventFile],
    pub(super) remembered: &'s [ContactEvent],
    pub(super) reader: &'s ContactReader<'s>,
}

impl EventSources<'_> {
    /// Reads all files and gives each event to its row.
    pub(super) fn read(
        self,
        facts: &Facts,
        rows: &Rows,
        customers: &CustomerRows,
        setup: &Setup,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(Events, EventStats), RunError> {
        let rules = EventRules::load(&setup.context.files)?;
        let mut stats = EventStats { files: self.files.len() as u64, ..EventStats::default() };
        let dates = Dates::new(&setup.context)?;
        let today = Day::of(setup.context.today);
        let mut parts: Vec<Vec<(RowIndex, Event)>> = Vec::new();
        for file in self.files {
            let index = KeyIndex::new(facts, rows, &lists_of(file, rows.lists()), customers);
            let make = |event: EventRecord<'_>| self.event(event, &index, &rules);
            let reading = EventReading { rules: &rules, today };
            let read = file.read(reading, &|text| dates.day(text), &make, |part| -> Result<(), RunError> {
                setup.go_on()?;
                parts.push(part);
                Ok(())
            })?;
            progress(file.text_bytes());
            stats.used += read.used;
            stats.later += read.later;
            let reasons = read
                .set_aside
                .into_iter()
                .map(|(why, (count, places))| (why, (count, places.into_iter().map(|row| row.number()).collect())));
            stats.set_aside.push((file.name().to_owned(), reasons.collect()));
        }
        let (events, counts) = Events::new(rules, parts, self.remembered, facts, today);
        if counts.repeated > 0 {
            stats.used -= counts.repeated;
            if let Some((_, reasons)) = stats.set_aside.last_mut() {
                reasons.entry(SetAside::Repeated).or_default().0 += counts.repeated;
            }
        }
        stats.remembered = counts.remembered;
        Ok((events, stats))
    }

    fn event(
        &self,
        event: EventRecord<'_>,
        index: &KeyIndex,
        rules: &EventRules,
    ) -> Result<(RowIndex, Event), SetAside> {
        let meaning = rules.meaning(event.channel, event.kind, event.code).ok_or(SetAside::SaysNothing)?;
        let row = match index.find(event.record) {
            Some(Owner::Row(row)) => row,
            Some(Owner::Several) => return Err(SetAside::AmbiguousRecord),
            None => return Err(SetAside::UnknownRecord),
        };
        let value = match event.value {
            "" => 0,
            sum if event.kind == EventKind::Purchase => amount(sum).map_or(0, |sum| (sum * 100.0) as u32),
            text => self.reader.hash_of(text).map_or(0, tag_of),
        };
        Ok((row, Event { day: event.day, meaning, value }))
    }
}

/// Which lists' rows a file's records are: those whose key column bears the same name; where there is none, all.
fn lists_of(file: &EventFile, lists: &[CheckedList]) -> Vec<bool> {
    let header = FoldedHeader::new(file.key_header());
    let has = |list: &CheckedList| {
        let mapping = &list.mapping;
        mapping.column_of(Field::Id).is_some_and(|column| FoldedHeader::new(mapping.header(column)) == header)
    };
    let own: Vec<bool> = lists.iter().map(has).collect();
    if own.contains(&true) { own } else { vec![true; lists.len()] }
}

/// Dates that are not written as ISO 8601 says. The order of day and month is that of the region, and not inferred: later
/// records must not change how earlier ones are read.
struct Dates(DateStandardizer);

impl Dates {
    fn new(context: &Context) -> Result<Self, RunError> {
        let order = DateOrder::infer(context, "", &[])?;
        Ok(Dates(DateStandardizer::new(context, Field::UpdatedAt, order)?))
    }

    fn day(&self, text: &str) -> Option<Day> {
        let mut out = CellOut::default();
        self.0.standardize(text, CellContext::default(), &mut out);
        out.detail.date()
    }
}

/// The headers of the lists' own keys.
pub fn key_headers<'l>(lists: impl IntoIterator<Item = &'l crate::ingest::List>) -> Vec<&'l str> {
    let key = |list: &'l crate::ingest::List| {
        let mapping = list.mapping();
        mapping.column_of(Field::Id).map(|column| mapping.header(column))
    };
    lists.into_iter().filter_map(key).collect()
}
