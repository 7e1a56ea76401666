//! The records that a check refuses, as they were written, each with its reasons.

use std::io::{self, Write};

use super::writer::CheckWriter;
use crate::finding::{Code, Severity};
use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckReport, RunError};
use crate::record::{RawBatch, RecordPlace, RowNumber};
use crate::report::csv_text::{guarded, push_cell, push_line};

/// Remembers which records have a finding at or above a severity, and why (8 bytes a finding).
pub struct Rejects<'a> {
    list: &'a List,
    least: Severity,
    refused: Vec<(RowNumber, Code)>,
}

impl<'a> Rejects<'a> {
    /// For findings of `least` severity and above.
    pub fn new(list: &'a List, least: Severity) -> Self {
        Rejects { list, least, refused: Vec::new() }
    }
}

impl CheckWriter for Rejects<'_> {
    fn finding(&mut self, _: &List, event: &CheckEvent<'_>, _: &mut (dyn Write + Send)) -> io::Result<()> {
        if let Some(row) = event.row.filter(|_| event.severity >= self.least) {
            self.refused.push((row, event.code));
        }
        Ok(())
    }

    /// Reads the list again and writes the refused records in input order: number, line, codes, then the list's columns.
    fn end(&mut self, _: &List, _: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let failed = |error: io::Error| RunError::write("the rejects", &error);
        let list = self.list;
        let mut refused = std::mem::take(&mut self.refused);
        refused.sort_unstable();
        refused.dedup();
        let mut line = Vec::new();
        let header: Vec<_> = list.header().iter().map(|name| guarded(name)).collect();
        let own = ["tiuv_row", "tiuv_line", "tiuv_codes"];
        push_line(&mut line, own.into_iter().chain(header.iter().map(|name| &**name)));
        out.write_all(&line).map_err(failed)?;
        list.read(|wave| -> Result<(), RunError> {
            let mut unread = wave.quarantined.iter().peekable();
            for (raw, index) in wave.batches.iter().flat_map(|raw| (0..raw.len()).map(move |index| (raw, index))) {
                let row = raw.number(index);
                while let Some(record) = unread.next_if(|record| record.row < row) {
                    write_record(record.place(), &refused, list, &record.raw, out).map_err(failed)?;
                }
                write_row(raw, index, &refused, list, out).map_err(failed)?;
            }
            for record in unread {
                write_record(record.place(), &refused, list, &record.raw, out).map_err(failed)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

fn write_row(
    raw: &RawBatch,
    index: usize,
    refused: &[(RowNumber, Code)],
    list: &List,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    write_record(raw.place(index), refused, list, raw.record(index), out)
}

fn write_record(
    place: RecordPlace,
    refused: &[(RowNumber, Code)],
    list: &List,
    record: &str,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let row = place.row;
    let first = refused.partition_point(|(refused, _)| *refused < row);
    let codes: Vec<&str> =
        refused[first..].iter().take_while(|(refused, _)| *refused == row).map(|(_, code)| code.as_str()).collect();
    if codes.is_empty() {
        return Ok(());
    }
    let mut line = Vec::new();
    push_cell(&mut line, &row.to_string());
    line.push(b',');
    push_cell(&mut line, &place.line.to_string());
    line.push(b',');
    push_cell(&mut line, &codes.join(";"));
    for cell in &list.cells_of(record) {
        line.push(b',');
        push_cell(&mut line, &guarded(cell));
    }
    line.push(b'\n');
    out.write_all(&line)
}
