//! Plain files, one thing a line, for commands that read single values as well as lists.

use std::io::{BufRead, Read};

use super::failure::Failure;
use crate::ingest::IngestError;
use crate::text::BYTE_ORDER_MARK;

/// Endings of files, which no single value has: a misspelt file name is not taken for one.
const FILE_ENDINGS: [&str; 10] =
    [".csv", ".tsv", ".txt", ".xlsx", ".ods", ".jsonl", ".ndjson", ".parquet", ".gz", ".zst"];
/// Bytes of the longest line that can be one value with words around it.
const LONGEST_LINE: u64 = 64 << 10;

/// Whether a text ends as file names do.
pub(super) fn ends_as_a_file(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    FILE_ENDINGS.iter().any(|ending| text.ends_with(ending))
}

/// Hands over each line with its number and its length in bytes, without its end and without a byte order mark; `what`
/// is what a line should be.
pub(super) fn each_line(
    name: &str,
    mut lines: Box<dyn BufRead>,
    what: &str,
    mut take: impl FnMut(u64, u64, &str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = lines
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|error| IngestError::unreadable(name, &error))? as u64;
        if read == 0 {
            break;
        }
        if read == LONGEST_LINE && line.last() != Some(&b'\n') {
            return Err(Failure::usage(
                &format!("{name}: line {number} is far too long for {what}"),
                &format!("give {what} a line, or a list whose columns can be named"),
            ));
        }
        let text = String::from_utf8_lossy(&line);
        let text = if number == 1 { text.trim_start_matches(BYTE_ORDER_MARK) } else { &text };
        take(number, read, text.trim_end_matches(['\n', '\r']))?;
    }
    Ok(())
}
