//! Event files: each record is given to the row that its key names; what becomes of the others.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::super::{ContactReader, RunError, Setup};
use super::joining::{Joining, Owned, StrangersRefusal};
use crate::evidence::{Event, Events, Facts, KeyIndex};
use crate::ingest::{EventFile, EventReading, EventRecord, SetAside};
use crate::meaning::ReplyReader;
use crate::record::{
    CellOut, CheckedList, ContactEvent, CustomerRows, Day, Field, RowIndex, Rows, Suppressed, Suppression,
};
use crate::rule::{Context, EventRules, OutreachPolicy};
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
    /// The senders of files that have the form of one, by file.
    pub senders: BTreeMap<String, String>,
    /// By file: refusals by addresses and numbers that no row has. They hold whoever comes with one of them later.
    pub strangers: Vec<(String, Vec<StrangersRefusal>)>,
}

impl EventStats {
    /// The refusals of strangers as entries of the suppression list.
    pub fn refusals(&self) -> Vec<Suppression> {
        let entries = self.strangers.iter().flat_map(|(file, refusals)| {
            // A list's entries are named after its file as well, without the directory.
            let source =
                Path::new(file).file_name().map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned());
            refusals.iter().map(move |refusal| {
                let what = Suppressed::Contact(refusal.kind, refusal.key.clone());
                let at = format!("{}T00:00:00Z", refusal.day.date());
                Suppression { scope: refusal.scope, ..Suppression::new(what, refusal.reason, &source, at) }
            })
        });
        entries.collect()
    }

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
    /// More customers than this share no person's value.
    pub(super) shared_by: u32,
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
        let files = &setup.context.files;
        let rules = EventRules::load(files)?;
        // What customers wrote stands in the files of senders alone.
        let has_senders = self.files.iter().any(|file| file.sender().is_some());
        let replies = has_senders.then(|| ReplyReader::load(files)).transpose()?;
        let policy = OutreachPolicy::load(files)?;
        let mut stats = EventStats { files: self.files.len() as u64, ..EventStats::default() };
        let dates = Dates::new(&setup.context)?;
        let today = Day::of(setup.context.today);
        let mut parts: Vec<Vec<(RowIndex, Event)>> = Vec::new();
        let mut of_contacts: Vec<(u64, Event)> = Vec::new();
        let contacts = OnceLock::new();
        let joining = Joining {
            reader: self.reader,
            rules: &rules,
            replies: replies.as_ref(),
            reach: &policy.refusal,
            shared_by: self.shared_by,
            facts,
            customers,
            contacts: &contacts,
        };
        for file in self.files {
            let has_keys = !file.key_header().is_empty();
            let keys = has_keys.then(|| KeyIndex::new(facts, rows, &lists_of(file, rows.lists()), customers));
            let joined = joining.of_file(keys);
            let reading = EventReading { rules: &rules, today };
            let make = |event: EventRecord<'_>, owned: &mut Vec<Owned>| joined.add(event, owned);
            let read = file.read(reading, &|text| dates.day(text), &make, |part| -> Result<(), RunError> {
                setup.go_on()?;
                let mut of_rows = Vec::with_capacity(part.len());
                for owned in part {
                    match owned {
                        Owned::Row(row, event) => of_rows.push((row, event)),
                        Owned::Contact(key, event) => of_contacts.push((key, event)),
                    }
                }
                parts.push(of_rows);
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
            stats.senders.extend(file.sender().map(|sender| (file.name().to_owned(), sender.name.clone())));
            let strangers = joined.into_strangers();
            if !strangers.is_empty() {
                stats.strangers.push((file.name().to_owned(), strangers.into_iter().collect()));
            }
        }
        let (events, counts) = Events::new(rules.clone(), parts, of_contacts, self.remembered, facts, today);
        if counts.repeated > 0 {
            stats.used = stats.used.saturating_sub(counts.repeated);
            if let Some((_, reasons)) = stats.set_aside.last_mut() {
                reasons.entry(SetAside::Repeated).or_default().0 += counts.repeated;
            }
        }
        stats.remembered = counts.remembered;
        Ok((events, stats))
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
