//! Whether a text is UTF-8.

use std::io;
use std::ops::ControlFlow;

use super::blocks::{BLOCK_BYTES, each_block};
use crate::ingest::text::Text;
use crate::rule::IngestRules;

/// Sequences beyond ASCII when a text is read as UTF-8. `valid` is only counted when something is invalid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Utf8Count {
    pub(super) valid: u64,
    pub(super) invalid: u64,
}

pub(super) fn count_utf8(text: &Text, start: u64) -> io::Result<Utf8Count> {
    let mut all_valid = true;
    each_block(text, start, incomplete_utf8, |block| {
        all_valid = simdutf8::basic::from_utf8(block).is_ok();
        if all_valid { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let mut count = Utf8Count::default();
    if all_valid {
        return Ok(count);
    }
    each_block(text, start, incomplete_utf8, |block| {
        for chunk in block.utf8_chunks() {
            count.valid += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count() as u64;
            count.invalid += u64::from(!chunk.invalid().is_empty());
        }
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

/// A long text that has many valid sequences of UTF-8 in its first block, and no invalid one, is UTF-8: letters of a
/// one-byte encoding form such sequences by chance in one of a hundred words at most. What is invalid further on is
/// found when it is read, and costs its own record.
pub(super) fn is_plainly_utf8(text: &Text, rules: &IngestRules) -> io::Result<bool> {
    let mut first = vec![0; BLOCK_BYTES];
    let filled = text.read_at(0, &mut first)?;
    let block = &first[..filled - incomplete_utf8(&first[..filled])];
    let sequences = block.iter().filter(|byte| **byte >= 0xC0).count();
    Ok(sequences >= rules.utf8_plain_sequences && simdutf8::basic::from_utf8(block).is_ok())
}

/// Lines with letters beyond ASCII, by what they are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LineCount {
    pub(super) utf8: u64,
    pub(super) others: u64,
}

pub(super) fn count_lines(text: &Text, rules: &IngestRules) -> io::Result<LineCount> {
    let mut count = LineCount::default();
    text.each_line(0, |line| {
        if is_utf8_line(line, rules.utf8_line_sequences) {
            count.utf8 += 1;
        } else if !line.is_ascii() {
            count.others += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

/// Whether a line is UTF-8 beyond doubt: all of it, with so many letters that have several bytes. Those of a one-byte encoding hardly
/// ever make one such sequence after the other.
pub(super) fn is_utf8_line(line: &[u8], sequences: usize) -> bool {
    line.iter().filter(|byte| **byte >= 0xC0).count() >= sequences && simdutf8::basic::from_utf8(line).is_ok()
}

/// How many bytes at the end begin a sequence that goes on in the next block.
fn incomplete_utf8(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let Some(back) = bytes[tail..].iter().rev().position(|byte| *byte & 0xC0 != 0x80) else { return 0 };
    let (held, lead) = (back + 1, bytes[bytes.len() - 1 - back]);
    let wanted = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    if held < wanted { held } else { 0 }
}
