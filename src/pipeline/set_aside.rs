//! What an import could not take over: kept with its place, the reason and what to do, never dropped.

use crate::finding::Code;
use crate::record::{Quarantined, RowNumber};
use crate::rule::Catalog;

/// A cell or a record that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The record's number in its source.
    pub row: RowNumber,
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
    pub fn row(row: RowNumber, reason: &str, remedy: &str, record: &str) -> Self {
        SetAside::at(row, "", reason, remedy, record)
    }

    /// A cell, or a record where `column` is empty.
    pub fn at(row: RowNumber, column: &str, reason: &str, remedy: &str, record: &str) -> Self {
        SetAside {
            row,
            column: column.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
            record: record.to_owned(),
        }
    }

    /// A cell that could not be read, for the reasons that its reader gave.
    pub fn cell(row: RowNumber, column: &str, codes: &[Code], catalog: &Catalog, record: &str) -> Self {
        let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        let what = codes.iter().find_map(|code| catalog.rule(*code)).map_or("", |rule| rule.what.as_str());
        let remedy = format!("{what} Correct the cell and import the file again; what was taken over is not doubled.");
        SetAside::at(row, column, &words.join(";"), remedy.trim_start(), record)
    }

    /// A record that could not be read as a row.
    pub fn unread(record: &Quarantined) -> Self {
        let remedy = "Correct the record in the file and import it again; what was taken over is not doubled.";
        SetAside::at(record.row, "", record.code.as_str(), remedy, &record.raw)
    }
}
