//! What an import could not take over: kept with its place, the reason and what to do, never dropped.

use crate::finding::Code;
use crate::record::{Quarantined, RecordPlace};
use crate::rule::Catalog;

/// A cell or a record that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Name of the file; empty where there is one alone.
    pub file: String,
    /// Where the record is in its source.
    pub place: RecordPlace,
    /// The column's header; empty where the whole record is meant.
    pub column: String,
    /// Why: a code of `tiuv rule list`, or one of the words that the command's help explains. Several are joined by `;`.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
    /// The record as written.
    pub record: String,
}

impl SetAside {
    /// A record for a reason of the command's own.
    pub fn row(place: RecordPlace, reason: &str, remedy: &str, record: &str) -> Self {
        SetAside::at(place, "", reason, remedy, record)
    }

    /// A cell, or a record where `column` is empty.
    pub fn at(place: RecordPlace, column: &str, reason: &str, remedy: &str, record: &str) -> Self {
        SetAside {
            file: String::new(),
            place,
            column: column.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
            record: record.to_owned(),
        }
    }

    /// A cell that could not be read, for the reasons that its reader gave.
    pub fn cell(place: RecordPlace, column: &str, codes: &[Code], catalog: &Catalog, record: &str) -> Self {
        let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let what = codes.iter().find_map(|code| catalog.rule(*code)).map_or("", |rule| rule.what.as_str());
        let remedy = format!("{what} Correct the cell and import the file again; what was taken over is not doubled.");
        SetAside::at(place, column, &words.join(";"), remedy.trim_start(), record)
    }

    /// A record that could not be read as a row.
    pub fn unread(record: &Quarantined) -> Self {
        let remedy = "Correct the record in the file and import it again; what was taken over is not doubled.";
        SetAside::at(record.place(), "", record.code.as_str(), remedy, &record.raw)
    }
}
