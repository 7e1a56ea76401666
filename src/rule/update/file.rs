//! The text of a list's file: where it came from, what it is, its entries.

use std::fmt::Write;

use jiff::civil::Date;

use super::{ListForm, Row, UpdatableList};

/// Where a new list came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// File or address, without secrets.
    pub from: String,
    /// Of the bytes as they came.
    pub sha256: String,
    /// The day on which they came.
    pub day: Date,
}

/// The file with its header.
pub(super) fn write(list: &UpdatableList, rows: &[Row], origin: &Origin) -> String {
    let mut text = String::new();
    let what = first_upper(&list.what);
    let Origin { from, sha256, day } = origin;
    // An address or a name is one line, whatever it holds.
    let from: String = from.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let _ = writeln!(text, "# {what}.");
    let _ = writeln!(text, "# Source: {from}, taken on {day}; {} entries.", rows.len());
    let _ = writeln!(text, "# SHA-256 of the source: {sha256}");
    let _ = writeln!(text, "# Written by `tiuv rule update {}`, which puts another list in its place.", list.name);
    match list.form {
        ListForm::Lines => text.push('\n'),
        ListForm::Table => {
            let _ = writeln!(text, "{}", list.header().join("\t"));
        }
    }
    for row in rows {
        let _ = writeln!(text, "{}", row.join("\t"));
    }
    text
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
