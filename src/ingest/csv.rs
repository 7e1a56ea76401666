//! Splits CSV text into records and cells: RFC 4180 as the `csv` crate reads it, over bytes in memory.
//!
//! A quote opens a quoted cell only as the cell's first byte, so gershayim inside a word (`בע"מ`) are plain text.
//! The `csv` crate is the reference: a property test compares the two on every kind of input.

use memchr::{memchr, memchr2};

use super::dialect::Dialect;
use crate::finding::Code;
use crate::record::{ColumnIndex, Quarantined, RawBatch, RawBatchBuilder, RowNumber, Span};

const QUOTE: u8 = b'"';

/// One cell as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawCell {
    /// The cell's bytes; for a quoted one those between its quotes (see `rest`).
    pub(crate) span: Span,
    /// It has doubled quotes inside.
    doubled: bool,
    /// Bytes that follow the closing quote up to the delimiter; they belong to the cell as they stand.
    rest: Span,
}

impl RawCell {
    /// Nothing between the delimiters.
    pub(crate) fn is_empty(&self) -> bool {
        self.span.start == self.span.end && self.rest.start == self.rest.end
    }

    /// Whether the cell is just `span`, byte for byte.
    fn is_plain(&self) -> bool {
        !self.doubled && self.rest.start == self.rest.end
    }

    /// The cell's text with quotes undone.
    pub(crate) fn unquoted<'a>(&self, text: &'a str) -> std::borrow::Cow<'a, str> {
        let inner = &text[self.span.start as usize..self.span.end as usize];
        if self.is_plain() {
            return inner.into();
        }
        let rest = &text[self.rest.start as usize..self.rest.end as usize];
        (inner.replace("\"\"", "\"") + rest).into()
    }
}

/// Reads records off a piece of text that starts at a record's first byte.
#[derive(Debug, Clone)]
pub(crate) struct RecordReader<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordSpan {
    /// Its bytes without the terminator.
    pub(crate) span: Span,
    /// A quoted cell was not closed before the text ended, or went over a line end and was closed in the middle of a
    /// cell: the mark of a stray quote that swallowed what follows.
    pub(crate) unbalanced: bool,
}

impl<'a> RecordReader<'a> {
    pub(crate) fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        RecordReader { bytes, at: 0, dialect }
    }

    /// Where the next record starts.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes on at the line after the one that starts at `start`, whatever quotes say.
    pub(crate) fn resume_after_line(&mut self, start: usize) -> usize {
        let end = memchr(self.dialect.terminator, &self.bytes[start..]).map_or(self.bytes.len(), |found| start + found);
        self.at = (end + 1).min(self.bytes.len());
        end
    }

    /// Reads the next record's cells; none at the end of the text. A blank line is a record of one empty cell.
    pub(crate) fn read(&mut self, cells: &mut Vec<RawCell>) -> Option<RecordSpan> {
        cells.clear();
        if self.at >= self.bytes.len() {
            return None;
        }
        let Dialect { delimiter, terminator } = self.dialect;
        let bytes = self.bytes;
        let start = self.at;
        let mut at = start;
        let mut unbalanced = false;
        loop {
            let (mut cell, mut end) = if bytes.get(at) == Some(&QUOTE) {
                let (cell, end, broken) = self.quoted_cell(at);
                unbalanced |= broken;
                (cell, end)
            } else {
                let end = memchr2(delimiter, terminator, &bytes[at..]).map_or(bytes.len(), |found| at + found);
                (plain(at, end), end)
            };
            let ends_record = end >= bytes.len() || bytes[end] == terminator;
            let content_end =
                if ends_record && terminator == b'\n' && end > at && bytes[end - 1] == b'\r' { end - 1 } else { end };
            if content_end != end {
                trim_carriage_return(&mut cell, content_end as u32);
            }
            cells.push(cell);
            if ends_record {
                self.at = (end + 1).min(bytes.len());
                end = content_end;
                return Some(RecordSpan { span: span(start, end), unbalanced });
            }
            at = end + 1;
            if at == bytes.len() {
                // A delimiter as the text's very last byte: one more cell, empty.
                cells.push(plain(at, at));
                self.at = at;
                return Some(RecordSpan { span: span(start, at), unbalanced });
            }
        }
    }

    /// A cell whose first byte is a quote: the cell, the index of the delimiter, terminator or end behind it, and
    /// whether its quotes are unbalanced.
    fn quoted_cell(&self, open: usize) -> (RawCell, usize, bool) {
        let Dialect { delimiter, terminator } = self.dialect;
        let bytes = self.bytes;
        let mut at = open + 1;
        let mut doubled = false;
        let close = loop {
            match memchr(QUOTE, &bytes[at..]) {
                None => {
                    let cell = RawCell { span: span(open + 1, bytes.len()), doubled, rest: Span::default() };
                    return (cell, bytes.len(), true);
                }
                Some(found) if bytes.get(at + found + 1) == Some(&QUOTE) => {
                    doubled = true;
                    at += found + 2;
                }
                Some(found) => break at + found,
            }
        };
        let after = close + 1;
        let end = memchr2(delimiter, terminator, &bytes[after..]).map_or(bytes.len(), |found| after + found);
        let is_line_end = end == after + 1 && bytes[after] == b'\r';
        let dirty = end > after && !is_line_end;
        let broken = dirty && memchr(terminator, &bytes[open..close]).is_some();
        (RawCell { span: span(open + 1, close), doubled, rest: span(after, end) }, end, broken)
    }
}

/// Calls `found` with each position of a byte, 64 bytes at a time: cells are short, and a search started anew for
/// each of them costs more than it finds.
fn each_position(bytes: &[u8], wanted: u8, mut found: impl FnMut(usize)) {
    let (blocks, rest) = bytes.as_chunks::<64>();
    for (index, block) in blocks.iter().enumerate() {
        each_bit(block.as_chunks::<8>().0, wanted, |bit| found(index * 64 + bit));
    }
    let start = blocks.len() * 64;
    let (chunks, rest) = rest.as_chunks::<8>();
    each_bit(chunks, wanted, |bit| found(start + bit));
    let start = start + chunks.len() * 8;
    rest.iter().enumerate().filter(|(_, byte)| **byte == wanted).for_each(|(index, _)| found(start + index));
}

/// The same for at most eight words of eight bytes: one bit a byte, gathered first, so that the branch that depends on
/// the data comes once in 64 bytes.
fn each_bit(words: &[[u8; 8]], wanted: u8, mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let pattern = u64::from_ne_bytes([wanted; 8]);
    let mut bits = 0u64;
    for (index, word) in words.iter().enumerate() {
        let different = u64::from_le_bytes(*word) ^ pattern;
        // The high bit of each byte that is zero, and of no other.
        let hits = !(((different & LOW) + LOW) | different | LOW);
        // The eight high bits, side by side in the top byte.
        let gathered = (hits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (index * 8);
    }
    while bits != 0 {
        found(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

fn plain(start: usize, end: usize) -> RawCell {
    RawCell { span: span(start, end), doubled: false, rest: Span::default() }
}

fn trim_carriage_return(cell: &mut RawCell, end: u32) {
    if cell.rest.end > end {
        cell.rest.end = end;
    } else if cell.span.end > end {
        cell.span.end = end;
    }
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

/// A block of complete records, ready to be parsed on any thread.
#[derive(Debug)]
pub(crate) struct Block {
    /// Where it starts in the source's text.
    pub(crate) offset: u64,
    /// Its bytes; a multi-byte character is never cut.
    pub(crate) bytes: Vec<u8>,
}

/// What a block's parsing yields; record numbers still count from the block's first record.
#[derive(Debug)]
pub(crate) struct ParsedBlock {
    pub(crate) batch: RawBatch,
    pub(crate) quarantined: Vec<Quarantined>,
    /// Rows and quarantined records together.
    pub(crate) records: u32,
    pub(crate) blank_lines: u32,
}

/// What every block of a list is parsed with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockParser<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) header: &'a [String],
    /// How much of a record that can't be read is kept, in bytes.
    pub(crate) preview: usize,
}

impl BlockParser<'_> {
    pub(crate) fn parse(&self, block: Block) -> ParsedBlock {
        let Block { offset, mut bytes } = block;
        let damage = Damage::find_and_mask(&mut bytes);
        // Masked bytes are valid; the copy leaves room behind for unquoted cells.
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
        text.push_str(simdutf8::basic::from_utf8(&bytes).expect("invalid bytes were masked"));
        drop(bytes);
        let length = text.len();
        let width = self.header.len();
        let mut builder = RawBatchBuilder::new(text, offset, width);
        let mut parsed =
            ParsedBlock { batch: RawBatch::default(), quarantined: Vec::new(), records: 0, blank_lines: 0 };
        let mut cells = Vec::with_capacity(width);
        let mut spans = Vec::with_capacity(width);
        let mut at = 0;
        let mut next_quote = 0;
        while at < length {
            if next_quote < at || at == 0 {
                let block = &builder.text().as_bytes()[..length];
                next_quote = memchr(QUOTE, &block[at..]).map_or(length, |found| at + found);
            }
            if damage.places.is_empty()
                && let Some((record, next)) = self.plain_record(builder.text(), at, length.min(next_quote), &mut spans)
                && spans.len() <= width
            {
                builder.push_row(RowNumber::from_index(parsed.records), record, &spans);
                parsed.records += 1;
                at = next;
                continue;
            }
            // Unquoted cells are kept behind the block's text; the records stand before.
            let mut reader = RecordReader::new(&builder.text().as_bytes()[..length], self.dialect);
            reader.at = at;
            let Some(record) = reader.read(&mut cells) else { break };
            let mut span = record.span;
            let mut fault = None;
            if record.unbalanced {
                span.end = reader.resume_after_line(at) as u32;
                fault = Some(Code::RowUnbalancedQuote);
            }
            at = reader.position();
            if fault.is_none() && cells.len() == 1 && cells[0].is_empty() && width > 0 && span.start == span.end {
                parsed.blank_lines += 1;
                continue;
            }
            let fault = fault.or_else(|| self.fault_of(builder.text(), span, &mut cells, &damage));
            let number = RowNumber::from_index(parsed.records);
            parsed.records += 1;
            match fault {
                Some(code) => {
                    parsed.quarantined.push(self.quarantine(builder.text(), number, offset, span, code));
                }
                None => {
                    spans.clear();
                    for cell in &cells {
                        spans.push(if cell.is_plain() {
                            cell.span
                        } else {
                            let unquoted = cell.unquoted(builder.text()).into_owned();
                            builder.push_unquoted(&unquoted)
                        });
                    }
                    builder.push_row(number, span, &spans);
                }
            }
        }
        parsed.batch = builder.finish();
        parsed
    }

    /// A record without any quote, as most are: its span, its cells' spans, and where the next one starts. None where
    /// it is blank, may repeat the header, or does not end before `limit`.
    fn plain_record(&self, text: &str, at: usize, limit: usize, spans: &mut Vec<Span>) -> Option<(Span, usize)> {
        let Dialect { delimiter, terminator } = self.dialect;
        let bytes = &text.as_bytes()[at..limit];
        let found = memchr(terminator, bytes)?;
        let is_crlf = terminator == b'\n' && found > 0 && bytes[found - 1] == b'\r';
        let end = if is_crlf { found - 1 } else { found };
        let record = &bytes[..end];
        if record.is_empty() || self.header.first().is_some_and(|name| record.starts_with(name.as_bytes())) {
            return None;
        }
        spans.clear();
        let mut start = at;
        each_position(record, delimiter, |position| {
            spans.push(span(start, at + position));
            start = at + position + 1;
        });
        spans.push(span(start, at + end));
        Some((span(at, at + end), at + found + 1))
    }

    /// Why a record can't be a row, if it can't. Empty cells beyond the header's width are cut off.
    fn fault_of(&self, text: &str, record: Span, cells: &mut Vec<RawCell>, damage: &Damage) -> Option<Code> {
        if let Some(code) = damage.within(record) {
            return Some(code);
        }
        let width = self.header.len();
        if cells.len() > width {
            if cells[width..].iter().any(|cell| !cell.is_empty()) {
                return Some(Code::RowRaggedLong);
            }
            cells.truncate(width);
        }
        let repeats_header = cells.len() == width
            && width > 1
            && cells.iter().zip(self.header).all(|(cell, name)| cell.unquoted(text).trim() == name);
        repeats_header.then_some(Code::RowRepeatedHeader)
    }

    fn quarantine(&self, text: &str, row: RowNumber, offset: u64, record: Span, code: Code) -> Quarantined {
        let whole = &text[record.start as usize..record.end as usize];
        let raw = whole[..whole.floor_char_boundary(self.preview)].to_owned();
        let offset = offset + u64::from(record.start);
        Quarantined { row, offset, length: u64::from(record.end - record.start), code, raw }
    }
}

/// Bytes of a block that no text can hold: invalid UTF-8 and NUL.
#[derive(Debug, Default)]
struct Damage {
    places: Vec<(u32, Code)>,
}

impl Damage {
    /// Finds them and writes `?` in their place, byte for byte, so that all offsets stay true.
    fn find_and_mask(bytes: &mut [u8]) -> Damage {
        let mut places = Vec::new();
        let mut from = 0;
        while let Err(error) = simdutf8::compat::from_utf8(&bytes[from..]) {
            let start = from + error.valid_up_to();
            let length = error.error_len().unwrap_or(bytes.len() - start);
            places.push((start as u32, Code::RowUndecodable));
            bytes[start..start + length].fill(b'?');
            from = start + length;
        }
        let nuls: Vec<usize> = memchr::memchr_iter(0, bytes).collect();
        for at in nuls {
            places.push((at as u32, Code::RowNulByte));
            bytes[at] = b'?';
        }
        places.sort_unstable_by_key(|(at, _)| *at);
        Damage { places }
    }

    fn within(&self, record: Span) -> Option<Code> {
        let first = self.places.partition_point(|(at, _)| *at < record.start);
        self.places.get(first).filter(|(at, _)| *at < record.end).map(|(_, code)| *code)
    }
}

/// The cells of one record, for explanations.
pub(crate) fn cells_of(batch: &RawBatch, row: usize) -> Vec<&str> {
    (0..batch.width()).map(|column| batch.cell(row, ColumnIndex(column as u16))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> (Vec<Vec<String>>, Vec<Code>) {
        let header: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let parser = BlockParser { dialect: Dialect::CANONICAL, header: &header, preview: 100 };
        let parsed = parser.parse(Block { offset: 0, bytes: text.as_bytes().to_vec() });
        let rows = (0..parsed.batch.len())
            .map(|row| cells_of(&parsed.batch, row).into_iter().map(str::to_owned).collect())
            .collect();
        (rows, parsed.quarantined.iter().map(|record| record.code).collect())
    }

    #[test]
    fn quotes_are_undone_only_where_a_cell_starts_with_one() {
        let (rows, faults) = rows("חברה בע\"מ,\"a,b\",\"x \"\"y\"\"\"\n");
        assert_eq!(rows, [["חברה בע\"מ", "a,b", "x \"y\""]]);
        assert!(faults.is_empty());
    }

    #[test]
    fn short_records_are_filled_and_long_ones_set_apart() {
        let (rows, faults) = rows("1,2\n1,2,3,\n1,2,3,4\n");
        assert_eq!(rows, [["1", "2", ""], ["1", "2", "3"]]);
        assert_eq!(faults, [Code::RowRaggedLong]);
    }

    #[test]
    fn a_stray_quote_costs_its_own_line_and_no_other() {
        let (rows, faults) = rows("1,\"open,3\n4,5,6\n7,\"8\",9\n");
        assert_eq!(faults, [Code::RowUnbalancedQuote]);
        assert_eq!(rows, [["4", "5", "6"], ["7", "8", "9"]]);
    }

    #[test]
    fn a_record_with_a_nul_or_invalid_utf_8_is_set_apart_and_the_next_is_read() {
        let header: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
        let parser = BlockParser { dialect: Dialect::CANONICAL, header: &header, preview: 100 };
        let parsed = parser.parse(Block { offset: 0, bytes: b"1,\0\n2,\xff\n3,x\n".to_vec() });
        let codes: Vec<_> = parsed.quarantined.iter().map(|record| record.code).collect();
        assert_eq!(codes, [Code::RowNulByte, Code::RowUndecodable]);
        assert_eq!(parsed.batch.cell(0, ColumnIndex(1)), "x");
        assert_eq!(parsed.batch.number(0).number(), 3);
    }

    /// What the reference reader makes of a text, with the same rule for line ends.
    fn reference(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(::csv::Terminator::Any(b'\n'))
            .from_reader(text);
        let mut rows = Vec::new();
        for record in reader.byte_records() {
            let mut cells: Vec<Vec<u8>> = record.expect("bytes in memory").iter().map(<[u8]>::to_vec).collect();
            if let Some(last) = cells.last_mut()
                && last.last() == Some(&b'\r')
            {
                last.pop();
            }
            rows.push(cells);
        }
        rows.retain(|cells| !(cells.len() == 1 && cells[0].is_empty()));
        rows
    }

    fn own(text: &str) -> Option<Vec<Vec<Vec<u8>>>> {
        let mut reader = RecordReader::new(text.as_bytes(), Dialect::CANONICAL);
        let mut cells = Vec::new();
        let mut rows = Vec::new();
        while let Some(record) = reader.read(&mut cells) {
            if record.unbalanced {
                return None;
            }
            rows.push(cells.iter().map(|cell| cell.unquoted(text).into_owned().into_bytes()).collect::<Vec<_>>());
        }
        rows.retain(|cells| !(cells.len() == 1 && cells[0].is_empty()));
        Some(rows)
    }

    proptest! {
        #[test]
        fn positions_are_all_of_a_byte_and_no_others(bytes in prop::collection::vec(prop_oneof![Just(b','), any::<u8>()], 0..40)) {
            let mut found = Vec::new();
            each_position(&bytes, b',', |position| found.push(position));
            prop_assert_eq!(found, memchr::memchr_iter(b',', &bytes).collect::<Vec<_>>());
        }

        #[test]
        fn records_are_those_that_the_csv_crate_reads(text in "([a-cא-ג \"]{0,3}[,\n\"]|\r\n|\"[^\"]{0,4}\"[,\n]){0,40}") {
            // The reference's emulated line end would trim a quoted "\r" too; it is no line end.
            prop_assume!(!text.contains("\"\r") && !text.contains("\r\""));
            if let Some(own) = own(&text) {
                prop_assert_eq!(own, reference(text.as_bytes()));
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic_and_every_record_is_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let header: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
            let parser = BlockParser { dialect: Dialect::CANONICAL, header: &header, preview: 16 };
            let parsed = parser.parse(Block { offset: 0, bytes });
            prop_assert_eq!(parsed.records as usize, parsed.batch.len() + parsed.quarantined.len());
        }
    }
}
