//! Logs that are lines of text: the named parts of each become columns.

use std::io;

use regex::Regex;

use super::super::canonical::{CanonicalWriter, Converted, Room, Unread};
use super::super::error::IngestError;
use super::super::text::Text;
use crate::finding::Code;
use crate::record::{LineNumber, Quarantined, RowNumber};
use crate::rule::IngestRules;

/// Reads the lines of a log; what is none of its lines goes to quarantine.
pub(super) fn read_lines(text: &Text, line: &Regex, rules: &IngestRules) -> Result<Converted, IngestError> {
    let names: Vec<String> = line.capture_names().flatten().map(str::to_owned).collect();
    let mut rows = CanonicalWriter::new(Room::of(text.len(), rules));
    let mut unread = Unread::new(rules);
    let (mut number, mut offset, mut index) = (0_u32, 0_u64, 0_u32);
    let mut wrong = None;
    let read = text.each_line(0, |bytes| {
        let (place, length) = (LineNumber::from_index(number), bytes.len() as u64);
        let start = offset;
        offset += length;
        number = number.saturating_add(1);
        let own = bytes.trim_ascii_end();
        if own.is_empty() {
            return Ok(());
        }
        let row = RowNumber::from_index(index);
        index = index.saturating_add(1);
        let text = String::from_utf8_lossy(own);
        let pushed = match line.captures(&text) {
            Some(found) => {
                let cells: Vec<&str> =
                    names.iter().map(|name| found.name(name).map_or("", |part| part.as_str())).collect();
                rows.push(place, &cells)
            }
            None => {
                let code = Code::RowTextLine;
                let record = Quarantined { row, line: place, offset: start, length, code, raw: String::new() };
                unread.push(record, own)
            }
        };
        pushed.map_err(|error| {
            wrong = Some(error);
            io::Error::other("stopped")
        })
    });
    match (wrong, read) {
        (Some(error), _) => return Err(error),
        (None, read) => read?,
    }
    let table = rows.finish_with(&names)?;
    Ok(Converted { text: table.text, lines: table.lines, quarantined: unread.into_records() })
}

/// The first lines of a text that say something.
pub(super) fn first_lines(head: &str) -> impl Iterator<Item = &str> + Clone {
    const LOOKED_AT: usize = 20;
    head.lines().map(str::trim_end).filter(|line| !line.is_empty()).take(LOOKED_AT)
}
