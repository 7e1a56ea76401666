//! Cuts a text into blocks of whole records, respecting quotes, in bounded memory.

use std::io;

use memchr::{memchr, memchr_iter, memrchr};

use super::csv::{Block, Dialect};
use super::text::Text;
use crate::finding::Code;

const QUOTE: u8 = b'"';

/// A piece of a text in source order.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Whole records.
    Block(Block),
    /// One record that is too long, or whose quote never closes.
    Unreadable {
        /// Where it starts.
        offset: u64,
        /// Its length in bytes, without its terminator.
        length: u64,
        /// Lines that it takes.
        lines: u32,
        /// Its first bytes.
        head: Vec<u8>,
        /// Why.
        code: Code,
    },
}

/// Reads a text from an offset to its end as [`Piece`]s of about `block_bytes`.
#[derive(Debug)]
pub(crate) struct BlockReader<'a> {
    text: &'a Text,
    dialect: Dialect,
    /// Offset of `pending`'s first byte.
    offset: u64,
    /// Bytes read and not handed out; always starts at a record's first byte.
    pending: Vec<u8>,
    at_end: bool,
    block_bytes: usize,
    max_record: usize,
    most_lines: usize,
    preview: usize,
}

impl<'a> BlockReader<'a> {
    pub(crate) fn new(text: &'a Text, dialect: Dialect, start: u64, limits: Limits) -> Self {
        let Limits { block_bytes, max_record, most_lines, preview } = limits;
        let pending = Vec::new();
        BlockReader {
            text,
            dialect,
            offset: start,
            pending,
            at_end: false,
            block_bytes,
            max_record,
            most_lines,
            preview,
        }
    }

    /// The next piece; none at the end of the text.
    pub(crate) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        let mut wanted = self.block_bytes;
        loop {
            self.fill(wanted)?;
            if self.pending.is_empty() {
                return Ok(None);
            }
            let cut = complete_prefix(&self.pending, self.dialect, self.at_end);
            match cut {
                Cut::At(length) if length > 0 => {
                    let length = self.few_lines(length);
                    return Ok(Some(Piece::Block(self.take(length))));
                }
                // Nothing but one record that may go on: read more of it, unless it is too long already.
                _ if self.pending.len() > self.max_record => return self.unreadable(cut).map(Some),
                Cut::OpenQuote(_) if self.at_end => return self.unreadable(cut).map(Some),
                _ => wanted = (wanted * 2).min(self.max_record + 1),
            }
        }
    }

    /// Takes the first record out as unreadable: a never-closed quote costs its own line, a too long one goes whole.
    fn unreadable(&mut self, cut: Cut) -> io::Result<Piece> {
        let offset = self.offset;
        let terminator = self.dialect.terminator;
        let quoted = matches!(cut, Cut::OpenQuote(_));
        let head = self.pending[..self.preview.min(self.pending.len())].to_vec();
        let from = if let Cut::OpenQuote(quote) = cut { quote } else { 0 };
        if let Some(found) = memchr(terminator, &self.pending[from..]) {
            let length = from + found;
            let lines = memchr_iter(terminator, &self.take(length + 1).bytes).count() as u32;
            let code = if quoted { Code::RowUnbalancedQuote } else { Code::RowTooLong };
            let head = head[..head.len().min(length)].to_vec();
            return Ok(Piece::Unreadable { offset, length: length as u64, lines, head, code });
        }
        // No line end in sight: skip to it without keeping what is skipped.
        let mut length = 0u64;
        loop {
            match memchr(terminator, &self.pending) {
                Some(found) => {
                    length += found as u64;
                    self.take(found + 1);
                    break;
                }
                None => {
                    length += self.pending.len() as u64;
                    self.offset += self.pending.len() as u64;
                    self.pending.clear();
                    self.fill(self.block_bytes)?;
                    if self.pending.is_empty() {
                        break;
                    }
                }
            }
        }
        let code = if length > self.max_record as u64 { Code::RowTooLong } else { Code::RowUnbalancedQuote };
        Ok(Piece::Unreadable { offset, length, lines: 1, head, code })
    }

    /// How many of so many bytes of whole records a block takes: no more lines than it may have, or one record.
    fn few_lines(&self, length: usize) -> usize {
        if length <= self.most_lines {
            return length;
        }
        let mut ends = memchr_iter(self.dialect.terminator, &self.pending[..length]);
        let Some(end) = ends.nth(self.most_lines - 1) else { return length };
        let whole = |end: usize| match complete_prefix(&self.pending[..=end], self.dialect, false) {
            Cut::At(cut) => cut,
            Cut::OpenQuote(_) => 0,
        };
        let cut = whole(end);
        if cut > 0 {
            return cut;
        }
        // The first record alone has more.
        let later: Vec<usize> = ends.collect();
        let first = later.partition_point(|end| whole(*end) == 0);
        later.get(first).map_or(length, |end| whole(*end))
    }

    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while !self.at_end && self.pending.len() < wanted {
            let have = self.pending.len();
            self.pending.resize(wanted, 0);
            let read = self.text.read_at(self.offset + have as u64, &mut self.pending[have..]);
            self.pending.truncate(have + *read.as_ref().unwrap_or(&0));
            self.at_end = read? == 0;
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> Block {
        let offset = self.offset;
        let rest = self.pending[length..].to_vec();
        let mut bytes = std::mem::replace(&mut self.pending, rest);
        bytes.truncate(length);
        self.offset += length as u64;
        Block { offset, bytes }
    }
}

/// Sizes that bound the reader's memory, from `rules/ingest.toml`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Size of a block.
    pub(crate) block_bytes: usize,
    /// Longest record that is read.
    pub(crate) max_record: usize,
    /// Most lines of a block. A row takes room for all columns of the list, and can be two bytes long.
    pub(crate) most_lines: usize,
    /// How much of an unreadable record is kept.
    pub(crate) preview: usize,
}

impl Limits {
    /// For a list of so many columns.
    pub(crate) fn of_width(self, width: usize) -> Limits {
        Limits { most_lines: (CELLS_OF_A_BLOCK / width.max(1)).max(1), ..self }
    }
}

/// Sixteen times as many as whole rows of an ordinary block can have.
const CELLS_OF_A_BLOCK: usize = 4 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// So many bytes are whole records (perhaps none).
    At(usize),
    /// There is no whole record, and the first one has a quote, here, that isn't closed.
    OpenQuote(usize),
}

/// How much of `bytes`, which start at a record, is whole records.
fn complete_prefix(bytes: &[u8], dialect: Dialect, at_end: bool) -> Cut {
    let Dialect { delimiter, terminator } = dialect;
    // One past the last terminator seen outside quotes.
    let mut complete = 0;
    // One past the last quoted cell: terminators before it were seen, or are inside quotes.
    let mut outside = 0;
    let mut at = 0;
    while let Some(found) = memchr(QUOTE, &bytes[at..]) {
        let quote = at + found;
        if quote > 0 && bytes[quote - 1] != delimiter && bytes[quote - 1] != terminator {
            at = quote + 1;
            continue;
        }
        if let Some(end) = memrchr(terminator, &bytes[outside..quote]) {
            complete = outside + end + 1;
        }
        match closing_quote(bytes, quote, at_end) {
            Some(close) => {
                at = close + 1;
                if let Some(next) = next_boundary(bytes, at, dialect) {
                    if bytes[next] == terminator {
                        complete = next + 1;
                    }
                    at = next + 1;
                    outside = at;
                } else {
                    return if at_end { Cut::At(bytes.len()) } else { Cut::At(complete) };
                }
            }
            None if complete > 0 => return Cut::At(complete),
            None => return Cut::OpenQuote(quote),
        }
    }
    if at_end {
        return Cut::At(bytes.len());
    }
    match memrchr(terminator, &bytes[outside..]) {
        Some(end) => Cut::At(outside + end + 1),
        None => Cut::At(complete),
    }
}

/// The delimiter or terminator that ends the cell whose closing quote stands before `at`.
fn next_boundary(bytes: &[u8], at: usize, dialect: Dialect) -> Option<usize> {
    memchr::memchr2(dialect.delimiter, dialect.terminator, &bytes[at..]).map(|found| at + found)
}

/// Index of the quote that closes the cell opened at `open`; none where it is not certain within `bytes`.
fn closing_quote(bytes: &[u8], open: usize, at_end: bool) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = at + memchr(QUOTE, bytes.get(at..)?)?;
        match bytes.get(quote + 1) {
            Some(&QUOTE) => at = quote + 2,
            None if !at_end => return None,
            _ => return Some(quote),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DIALECT: Dialect = Dialect::CANONICAL;

    fn pieces(text: &[u8], block_bytes: usize, max_record: usize) -> Vec<Piece> {
        let text = Text::from_bytes(text.to_vec());
        let limits = Limits { block_bytes, max_record, most_lines: 1000, preview: 8 };
        let mut reader = BlockReader::new(&text, DIALECT, 0, limits);
        std::iter::from_fn(|| reader.next_piece().expect("memory")).collect()
    }

    #[test]
    fn blocks_end_at_record_ends_and_never_inside_quotes() {
        let text = b"1,\"a\nb\"\n2,c\n3,\"d\"\n";
        for block_bytes in 1..30 {
            let joined: Vec<Vec<u8>> = pieces(text, block_bytes, 1000)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Block(block) => block.bytes,
                    Piece::Unreadable { .. } => panic!("all of it is readable"),
                })
                .collect();
            assert_eq!(joined.concat(), text);
            for block in &joined {
                assert!(block.ends_with(b"\n"), "{block_bytes}: {joined:?}");
                assert!(!block.starts_with(b"b\""), "cut inside quotes");
            }
        }
    }

    #[test]
    fn a_record_over_the_limit_is_skipped_without_being_kept() {
        let mut text = b"1,a\n".to_vec();
        text.extend(vec![b'x'; 5000]);
        text.extend(b"\n2,b\n");
        let pieces = pieces(&text, 64, 100);
        let Some(Piece::Unreadable { length, code, head, offset, .. }) = pieces.get(1) else { panic!("{pieces:?}") };
        assert_eq!((*length, *code, head.len(), *offset), (5000, Code::RowTooLong, 8, 4));
        assert!(matches!(pieces.last(), Some(Piece::Block(block)) if block.bytes == b"2,b\n"));
    }

    #[test]
    fn a_line_end_in_a_quoted_cell_before_another_ends_no_block() {
        let text = b"1,\"a\nb\",\"c\nd\"\n2,e,f\n";
        for block_bytes in 1..30 {
            let Some(Piece::Block(first)) = pieces(text, block_bytes, 1000).into_iter().next() else {
                panic!("all of it is readable")
            };
            assert!(first.bytes == text[..14] || first.bytes == text, "{block_bytes}: {first:?}");
        }
    }

    #[test]
    fn a_block_has_no_more_lines_than_it_may_or_is_one_record() {
        let text = Text::from_bytes(b"1\n2\n3\n\"4\n\n\n\"\n5\n6\n".to_vec());
        let limits = Limits { block_bytes: 1000, max_record: 1000, most_lines: 2, preview: 8 };
        let mut reader = BlockReader::new(&text, DIALECT, 0, limits);
        let blocks: Vec<_> = std::iter::from_fn(|| reader.next_piece().expect("memory"))
            .map(|piece| match piece {
                Piece::Block(block) => String::from_utf8(block.bytes).expect("ASCII"),
                Piece::Unreadable { .. } => panic!("all of it is readable"),
            })
            .collect();
        assert_eq!(blocks, ["1\n2\n", "3\n", "\"4\n\n\n\"\n", "5\n6\n"]);
    }

    #[test]
    fn a_quote_that_never_closes_costs_its_own_line() {
        let pieces = pieces(b"1,a\n2,\"b\n3,c\n", 6, 1000);
        let codes: Vec<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Unreadable { code, length, .. } => Some((*code, *length)),
                Piece::Block(_) => None,
            })
            .collect();
        assert_eq!(codes, [(Code::RowUnbalancedQuote, 4)]);
        assert!(matches!(pieces.last(), Some(Piece::Block(block)) if block.bytes == b"3,c\n"));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_read_twice(text in "[ab,\"\n]{0,60}", block_bytes in 1usize..40) {
            let mut length = 0u64;
            for piece in pieces(text.as_bytes(), block_bytes, 20) {
                match piece {
                    Piece::Block(block) => {
                        prop_assert_eq!(block.offset, length);
                        length += block.bytes.len() as u64;
                    }
                    Piece::Unreadable { offset, length: unread, .. } => {
                        prop_assert_eq!(offset, length);
                        // Its terminator, where it had one, is passed over with it.
                        length = (length + unread + 1).min(text.len() as u64);
                    }
                }
            }
            prop_assert_eq!(length, text.len() as u64);
        }

        #[test]
        fn records_are_the_same_wherever_blocks_are_cut(text in "([a-c]{0,2}[,\n]|\"[a,\n]{0,3}\"[,\n]){0,30}", block_bytes in 1usize..40) {
            let shape = super::super::csv::TableShape::of_header(&["a", "b"]);
            let parser = super::super::csv::BlockParser { dialect: DIALECT, shape: &shape, preview: 8 };
            let records = |pieces: Vec<Piece>| {
                pieces.into_iter().map(|piece| match piece {
                    Piece::Block(block) => { let parsed = parser.parse(block); (parsed.records, parsed.batch.len()) }
                    Piece::Unreadable { .. } => (1, 0),
                }).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
            };
            prop_assert_eq!(
                records(pieces(text.as_bytes(), block_bytes, 10_000)),
                records(pieces(text.as_bytes(), 10_000, 10_000))
            );
        }
    }
}
