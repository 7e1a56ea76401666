//! Files of outcomes: what was found out about contacts that were asked. Columns record, field, outcome, at.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::events::iso_day;
use super::{IngestError, IngestOptions, List};
use crate::record::{ColumnIndex, ContactKind, Day};
use crate::rule::{EventColumn, EventRules, RuleFiles};
use crate::text::FoldedHeader;

/// What was found out about one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRecord {
    /// Its number in the file.
    pub number: u32,
    /// Whose contact, as the file writes it.
    pub record: String,
    /// The field that was asked.
    pub kind: ContactKind,
    /// Whether it no longer reached its owner.
    pub stale: bool,
    /// The day on which it was asked.
    pub day: Day,
}

/// The outcomes of a file, and how many of its records were none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomesRead {
    /// Records without a known field, outcome or day.
    pub set_aside: u64,
    /// Records dated on the day that counts as today, or later: they count from the day after on.
    pub later: u64,
}

/// Reads a file of outcomes.
///
/// # Errors
/// When it can't be read, or lacks a column.
pub fn read_outcomes(
    path: &Path,
    options: &IngestOptions,
    files: &RuleFiles,
    keys: &[&str],
    today: Day,
) -> Result<(Vec<OutcomeRecord>, OutcomesRead), IngestError> {
    let list = List::open(path, options, files)?;
    let rules = EventRules::load(files)?;
    let keys: Vec<FoldedHeader> = keys.iter().map(|key| FoldedHeader::new(key)).collect();
    let place = |is_it: &dyn Fn(&str) -> bool| {
        list.header().iter().position(|header| is_it(header)).map(|index| ColumnIndex(index as u16))
    };
    let own_key = place(&|header| keys.contains(&FoldedHeader::new(header)));
    let record = own_key.or_else(|| place(&|header| rules.column(header) == Some(EventColumn::Record)));
    let at = place(&|header| rules.column(header) == Some(EventColumn::At));
    let field = place(&|header| is_named(header, &["field", "kind", "contact", "שדה", "סוג"]));
    let outcome = place(&|header| is_named(header, &["outcome", "found", "result", "תוצאה", "ממצא"]));
    let (Some(record), Some(field), Some(outcome), Some(at)) = (record, field, outcome, at) else {
        let columns = [("record", record), ("field", field), ("outcome", outcome), ("at", at)];
        let missing: Vec<&str> = columns.iter().filter(|(_, place)| place.is_none()).map(|(name, _)| *name).collect();
        return Err(IngestError::not_outcomes(&path.display().to_string(), &missing));
    };
    let mut found = Vec::new();
    let mut read = OutcomesRead::default();
    list.read(|wave| -> Result<(), IngestError> {
        read.set_aside += wave.quarantined.len() as u64;
        for batch in &wave.batches {
            for row in 0..batch.len() {
                let cell = |column: ColumnIndex| batch.cell(row, column).trim();
                let kind = kind_of(cell(field));
                let stale = stale_of(cell(outcome));
                match (kind, stale, iso_day(cell(at))) {
                    (Some(_), Some(_), Some(day)) if day >= today => read.later += 1,
                    (Some(kind), Some(stale), Some(day)) => found.push(OutcomeRecord {
                        number: batch.number(row).number(),
                        record: cell(record).to_owned(),
                        kind,
                        stale,
                        day,
                    }),
                    _ => read.set_aside += 1,
                }
            }
        }
        Ok(())
    })?;
    Ok((found, read))
}

fn is_named(header: &str, names: &[&str]) -> bool {
    let header = FoldedHeader::new(header);
    names.iter().any(|name| FoldedHeader::new(name) == header)
}

fn kind_of(word: &str) -> Option<ContactKind> {
    match word.to_lowercase().as_str() {
        "email" | "e-mail" | "mail" | "דוא\"ל" | "מייל" => Some(ContactKind::Email),
        "phone" | "mobile" | "sms" | "call" | "טלפון" | "נייד" => Some(ContactKind::Phone),
        _ => None,
    }
}

fn stale_of(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "stale" | "dead" | "wrong" | "gone" | "1" | "מיושן" | "שגוי" => Some(true),
        "alive" | "ok" | "confirmed" | "right" | "0" | "תקין" | "נכון" => Some(false),
        _ => None,
    }
}
