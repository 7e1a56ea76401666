//! The lines above a header that the user named, however many they are.

use super::looks_like_data;
use super::top::{Line, read_lines};
use crate::ingest::csv::Dialect;

/// What counts of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct LineAbove {
    /// Where it starts, in bytes from where the reading began.
    pub(super) start: usize,
    /// How many of its cells hold something.
    pub(super) filled: usize,
    /// It looks like a row.
    pub(super) is_row: bool,
    /// A blank line, or bare delimiters.
    pub(super) is_blank: bool,
}

/// The lines of the first `length` bytes, of which `read` gives some from a place on, `step` at a time: the rows of another table may
/// stand there, and no more of them is held than what counts.
pub(in crate::ingest) fn lines_above(
    length: usize,
    step: usize,
    dialect: Dialect,
    read: impl Fn(usize, usize) -> Vec<u8>,
) -> Vec<LineAbove> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < length {
        let bytes = read(at, step.min(length - at));
        let is_cut = at + bytes.len() < length;
        let mut stretch = read_lines(&bytes, dialect, usize::MAX, is_cut);
        // Quotes that don't close may do so behind the cut.
        if let Some(broken) = stretch.iter().position(|line| line.is_broken).filter(|broken| is_cut && *broken > 0) {
            stretch.truncate(broken);
        }
        let Some(last) = stretch.last() else { break };
        let next = at + last.next;
        let of = |line: &Line| LineAbove {
            start: at + line.start,
            filled: line.filled,
            is_row: looks_like_data(&line.cells),
            is_blank: line.is_blank(),
        };
        lines.extend(stretch.iter().map(of));
        at = next;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_little_is_read_at_a_time() {
        let text = b"Old members\n\nkey,name,mail\nK1,Noa Gal,noa@example.com\nK2,\"Or,\nTal\",tal@example.com\n,,\n";
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let of = |step: usize| {
            lines_above(text.len(), step, dialect, |at, length| text[at..(at + length).min(text.len())].to_vec())
        };
        let whole = of(usize::MAX);
        assert_eq!(whole.iter().map(|line| line.filled).collect::<Vec<_>>(), [1, 0, 3, 3, 3, 0]);
        assert_eq!(whole.iter().map(|line| line.is_row).collect::<Vec<_>>(), [false, false, false, true, true, false]);
        assert_eq!(of(64), whole);
        assert_eq!(of(48), whole);
    }
}
