//! A block of CSV text becomes a batch; records that can't be rows are set apart.

use memchr::{memchr, memchr_iter};

use super::dialect::Dialect;
use super::positions::each_position;
use super::reader::{QUOTE, RawCell, RecordReader, span};
use crate::finding::Code;
use crate::record::{ColumnIndex, LineNumber, Quarantined, RawBatch, RawBatchBuilder, RowNumber, Span};

/// A block of complete records, ready to be parsed on any thread.
#[derive(Debug)]
pub(crate) struct Block {
    /// Where it starts in the source's text.
    pub(crate) offset: u64,
    /// Its bytes; a multi-byte character is never cut.
    pub(crate) bytes: Vec<u8>,
}

/// What a block's parsing yields; record numbers and lines still count from the block's first.
#[derive(Debug)]
pub(crate) struct ParsedBlock {
    pub(crate) batch: RawBatch,
    pub(crate) quarantined: Vec<Quarantined>,
    /// Rows and quarantined records together.
    pub(crate) records: u32,
    pub(crate) blank_lines: u32,
    /// Lines that the block takes.
    pub(crate) lines: u32,
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
            ParsedBlock { batch: RawBatch::default(), quarantined: Vec::new(), records: 0, blank_lines: 0, lines: 0 };
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
                let line = LineNumber::from_index(parsed.lines);
                builder.push_row(RowNumber::from_index(parsed.records), line, record, &spans);
                parsed.records += 1;
                parsed.lines += 1;
                at = next;
                continue;
            }
            // Unquoted cells are kept behind the block's text; the records stand before.
            let mut reader = RecordReader::new(&builder.text().as_bytes()[..length], self.dialect);
            reader.go_to(at);
            let Some(record) = reader.read(&mut cells) else { break };
            let mut span = record.span;
            let mut fault = None;
            if record.unbalanced {
                span.end = reader.resume_after_line(at) as u32;
                fault = Some(Code::RowUnbalancedQuote);
            }
            let line = LineNumber::from_index(parsed.lines);
            let taken = &builder.text().as_bytes()[at..reader.position()];
            parsed.lines += memchr_iter(self.dialect.terminator, taken).count() as u32;
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
                    parsed.quarantined.push(self.quarantine(builder.text(), (number, line), offset, span, code));
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
                    builder.push_row(number, line, span, &spans);
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

    fn quarantine(
        &self,
        text: &str,
        (row, line): (RowNumber, LineNumber),
        offset: u64,
        record: Span,
        code: Code,
    ) -> Quarantined {
        let whole = &text[record.start as usize..record.end as usize];
        let raw = whole[..whole.floor_char_boundary(self.preview)].to_owned();
        let offset = offset + u64::from(record.start);
        Quarantined { row, line, offset, length: u64::from(record.end - record.start), code, raw }
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

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic_and_every_record_is_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let header: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
            let parser = BlockParser { dialect: Dialect::CANONICAL, header: &header, preview: 16 };
            let parsed = parser.parse(Block { offset: 0, bytes });
            prop_assert_eq!(parsed.records as usize, parsed.batch.len() + parsed.quarantined.len());
        }
    }
}
