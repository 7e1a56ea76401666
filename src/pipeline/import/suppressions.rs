//! A suppression list that `tiuv suppress export` wrote, in this or another workspace.

use std::collections::BTreeMap;

use super::SetAside;
use super::calls::read_all;
use crate::ingest::List;
use crate::person::KnownAs;
use crate::pipeline::{RunError, Setup};
use crate::record::{ColumnIndex, RawBatch, Suppressed, Suppression, SuppressionReason, SuppressionScope};
use crate::store::{Exported, Store};
use crate::text::without_guard;

/// The word for a line that says as whom the person of an entry was known.
pub const PERSON: &str = "person";

/// Columns of an exported list.
pub const EXPORTED_COLUMNS: [&str; 11] =
    ["number", "kind", "key", "scope", "reason", "source", "note", "checked_on", "added_at", "lifted_at", "of_entry"];

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportedSuppressions {
    /// Entries that did not stand in the list.
    pub new: u64,
    /// Entries that did.
    pub known: u64,
    /// Lines that could not be taken over.
    pub set_aside: Vec<SetAside>,
}

/// Whether a list is one that was exported.
pub fn is_exported(list: &List) -> bool {
    EXPORTED_COLUMNS.iter().all(|column| list.header().iter().any(|header| header == column))
}

/// Takes an exported list over, lifted entries left out: entries, and as whom their persons were known.
///
/// # Errors
/// When the list can't be read or the workspace can't be written.
pub fn import_suppressions(list: &List, store: &mut Store, setup: &Setup) -> Result<ImportedSuppressions, RunError> {
    let (batches, unread) = read_all(list)?;
    let mut imported = ImportedSuppressions { set_aside: unread, ..ImportedSuppressions::default() };
    let columns = EXPORTED_COLUMNS.map(|column| list.header().iter().position(|header| header == column));
    let mut entries: BTreeMap<i64, Exported> = BTreeMap::new();
    let mut persons: Vec<(i64, KnownAs)> = Vec::new();
    for raw in &batches {
        for row in 0..raw.len() {
            let line = Line { raw, row, columns: &columns };
            match line.read() {
                Ok(Some(Read::Entry(entry))) => {
                    drop(entries.insert(entry.number, Exported { entry, known: Vec::new() }))
                }
                Ok(Some(Read::Person(of, known))) => persons.push((of, known)),
                Ok(None) => {}
                Err((reason, remedy)) => {
                    imported.set_aside.push(SetAside::row(raw.place(row), reason, remedy, raw.record(row)));
                }
            }
        }
        setup.go_on()?;
    }
    for (of, known) in persons {
        if let Some(exported) = entries.get_mut(&of) {
            exported.known.push(known);
        }
    }
    let total = entries.len() as u64;
    imported.new = store.import_suppressions(entries.into_values())?;
    imported.known = total - imported.new;
    imported.set_aside.sort_by_key(|one| one.place);
    Ok(imported)
}

enum Read {
    Entry(Suppression),
    Person(i64, KnownAs),
}

type Broken = (&'static str, &'static str);

struct Line<'l> {
    raw: &'l RawBatch,
    row: usize,
    columns: &'l [Option<usize>; 11],
}

impl Line<'_> {
    /// A cell as it was before it was guarded against running as a formula.
    fn cell(&self, place: usize) -> &str {
        let cell = self.columns[place].map_or("", |column| self.raw.cell(self.row, ColumnIndex(column as u16)));
        without_guard(cell).trim()
    }

    /// None where it is lifted.
    fn read(&self) -> Result<Option<Read>, Broken> {
        if !self.cell(9).is_empty() {
            return Ok(None);
        }
        let number = |place: usize| self.cell(place).parse::<i64>().ok();
        let of = number(10);
        if self.cell(1) == PERSON {
            let known = of.zip(KnownAs::parse(self.cell(2)));
            let (of, known) =
                known.ok_or(("bad_person", "Its hashes or its entry can't be read: export the list again."))?;
            return Ok(Some(Read::Person(of, known)));
        }
        let what = Suppressed::parse(self.cell(1), self.cell(2)).filter(|what| !what.key().is_empty());
        let what =
            what.ok_or(("bad_entry", "Kind or key can't be read: write them as `tiuv suppress export` does."))?;
        let scope = SuppressionScope::parse(self.cell(3)).ok_or(("bad_scope", "Write all, sms, email or call."))?;
        let reason = SuppressionReason::parse(self.cell(4));
        let reason = reason.ok_or(("bad_reason", "The reason is none: `tiuv suppress add --help` names them."))?;
        let at = self.cell(8).parse::<jiff::Timestamp>();
        let at = at.map_err(|_| ("bad_time", "When it was added can't be read: write it as 2026-11-21T10:00:00Z."))?;
        let number = number(0).ok_or(("bad_number", "Its number can't be read: export the list again."))?;
        let text = |place: usize| self.cell(place).to_owned();
        Ok(Some(Read::Entry(Suppression {
            number,
            scope,
            note: text(6),
            checked_on: Some(text(7)).filter(|day| !day.is_empty()),
            of,
            ..Suppression::new(what, reason, self.cell(5), at.to_string())
        })))
    }
}
