//! Writing cells as CSV text that a spreadsheet can open without running anything.

use std::borrow::Cow;

use crate::pipeline::RunError;
use crate::text::is_formula;

/// The byte order mark by which Excel knows UTF-8.
pub(super) const BOM: &[u8] = crate::text::BYTE_ORDER_MARK.as_bytes();

/// Appends a cell, quoted where RFC 4180 asks for it.
pub(super) fn push_cell(line: &mut Vec<u8>, cell: &str) {
    let bytes = cell.as_bytes();
    // Cells are short: a look at each byte, several at a time, is over before a search has begun.
    let needs_quotes = |found: bool, byte: &u8| found | matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !bytes.iter().fold(false, needs_quotes) {
        line.extend_from_slice(bytes);
        return;
    }
    line.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}

/// Appends a whole line of cells.
pub(super) fn push_line<'a>(line: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        push_cell(line, cell);
    }
    line.push(b'\n');
}

/// Cells of one written line. Nearly free where nothing is quoted, as in most lines.
pub(super) fn fields(line: &[u8]) -> usize {
    if memchr::memchr(b'"', line).is_none() {
        return memchr::memchr_iter(b',', line).count() + 1;
    }
    let (mut fields, mut at) = (1, 0);
    loop {
        if line.get(at) == Some(&b'"') {
            at += 1;
            while let Some(found) = memchr::memchr(b'"', &line[at..]) {
                at += found + 1;
                if line.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        match memchr::memchr(b',', &line[at..]) {
            Some(found) => at += found + 1,
            None => return fields,
        }
        fields += 1;
    }
}

/// Holds a written line to its header's width: a table of which one row is shifted is worse than none.
///
/// # Errors
/// When it has more or fewer cells.
pub(super) fn assert_aligned(what: &'static str, line: &[u8], width: usize) -> Result<(), RunError> {
    let found = fields(line);
    if found == width { Ok(()) } else { Err(RunError::Misaligned { what, width, found }) }
}

/// The cell with an apostrophe before it where a spreadsheet would run it as a formula.
pub(super) fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A word of tiuv's own (a status, codes, a number in E.164): nothing in it has to be quoted.
pub(super) fn push_word(line: &mut Vec<u8>, word: &str) {
    line.push(b',');
    line.extend_from_slice(word.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_it_was(cells in prop::collection::vec("[a,\"\n\r א]{0,6}", 2..6)) {
            let mut line = Vec::new();
            push_line(&mut line, cells.iter().map(String::as_str));
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&line[..]);
            let record = reader.records().next().expect("a record").expect("valid");
            prop_assert_eq!(record.iter().map(str::to_owned).collect::<Vec<_>>(), cells.clone());
            prop_assert_eq!(fields(&line[..line.len() - 1]), cells.len());
        }
    }

    #[test]
    fn formulas_are_guarded_and_telephone_numbers_are_not() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+972-50-1234567", "+972-50-1234567"),
            ("-12.5", "-12.5"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("דנה", "דנה"),
        ] {
            assert_eq!(guarded(cell), written);
        }
    }
}
