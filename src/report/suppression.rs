//! The suppression list for people and for files.

use std::io::{self, Write};

use super::csv_text::{guarded, push_line};
use crate::person::KnownAs;
use crate::pipeline::{EXPORTED_COLUMNS, PERSON};
use crate::record::Suppression;
use crate::text::isolated;

/// Writes entries as CSV, one a line.
#[derive(Debug)]
pub struct SuppressionWriter<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> SuppressionWriter<W> {
    /// Starts with the header; a byte order mark tells spreadsheets that it is UTF-8.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn start(mut out: W) -> io::Result<Self> {
        let mut line = Vec::new();
        push_line(&mut line, EXPORTED_COLUMNS);
        out.write_all(super::csv_text::BOM)?;
        out.write_all(&line)?;
        Ok(SuppressionWriter { out, line })
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn push(&mut self, entry: &Suppression) -> io::Result<()> {
        self.line.clear();
        let (number, key) = (entry.number.to_string(), entry.what.key());
        let of = entry.of.map(|of| of.to_string()).unwrap_or_default();
        let cells: [&str; 11] = [
            &number,
            entry.what.kind(),
            &key,
            entry.scope.as_str(),
            entry.reason.as_str(),
            &entry.source,
            &entry.note,
            entry.checked_on.as_deref().unwrap_or_default(),
            &entry.added_at,
            entry.lifted_at.as_deref().unwrap_or_default(),
            &of,
        ];
        let cells = cells.map(guarded);
        push_line(&mut self.line, cells.iter().map(|cell| &**cell));
        self.out.write_all(&self.line)
    }

    /// Adds as whom the person of an entry was known, by salted hashes.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn push_person(&mut self, entry: &Suppression, known: &KnownAs) -> io::Result<()> {
        self.line.clear();
        let (number, text) = (entry.number.to_string(), known.text());
        let lifted = entry.lifted_at.as_deref().unwrap_or_default();
        let (scope, reason) = (entry.scope.as_str(), entry.reason.as_str());
        push_line(&mut self.line, ["", PERSON, &text, scope, reason, "", "", "", "", lifted, &number]);
        self.out.write_all(&self.line)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One entry as a line for a terminal.
pub fn suppression_text(entry: &Suppression) -> String {
    let day = |at: &str| at.get(..10).unwrap_or(at).to_owned();
    let mut text = format!(
        "{:>5}  {}  {:<5} {:<12} {}  {}",
        entry.number,
        day(&entry.added_at),
        entry.scope.as_str(),
        entry.reason.as_str(),
        isolated(&entry.what.key()),
        isolated(&entry.source)
    );
    if let Some(of) = entry.of {
        text.push_str(&format!("  (with {of})"));
    }
    if let Some(day) = &entry.checked_on {
        text.push_str(&format!("  checked {day}"));
    }
    if let Some(at) = &entry.lifted_at {
        text.push_str(&format!("  lifted {}", day(at)));
        if !entry.lifted_by.is_empty() {
            text.push_str(&format!(" by {}", isolated(&entry.lifted_by)));
        }
    }
    if !entry.note.is_empty() {
        text.push_str(&format!("  “{}”", isolated(&entry.note)));
    }
    text.push('\n');
    text
}
