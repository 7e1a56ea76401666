//! A block of CSV text becomes a batch; records that can't be rows are set apart.

use memchr::{memchr, memchr_iter};

use super::dialect::Dialect;
use super::positions::each_position;
use super::reader::{QUOTE, RecordReader, span};
use super::shape::{Judged, TableShape};
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
#[derive(Debug, Default)]
pub(crate) struct ParsedBlock {
    pub(crate) batch: RawBatch,
    pub(crate) quarantined: Vec<Quarantined>,
    /// Rows and quarantined records together.
    pub(crate) records: u32,
    pub(crate) blank_lines: u32,
    /// Lines that the block takes.
    pub(crate) lines: u32,
    /// Cells that its rows had fewer than the header.
    pub(crate) missing: u64,
}

/// What every block of a list is parsed with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockParser<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) shape: &'a TableShape,
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
        let TableShape { width, named, .. } = *self.shape;
        let mut known = self.shape.known_in(offset, offset + length as u64).iter().peekable();
        let mut builder = RawBatchBuilder::new(text, offset, width).named(named);
        let mut parsed = ParsedBlock::default();
        let mut cells = Vec::with_capacity(width);
        let mut spans = Vec::with_capacity(width);
        let mut at = 0;
        let mut next_quote = 0;
        while at < length {
            if next_quote < at || at == 0 {
                let block = &builder.text().as_bytes()[..length];
                next_quote = memchr(QUOTE, &block[at..]).map_or(length, |found| at + found);
            }
            let start = offset + at as u64;
            if damage.places.is_empty()
                && let Some((record, next)) = self.plain_record(builder.text(), at, length.min(next_quote), &mut spans)
            {
                let written = spans.len();
                if self.shape.cut(builder.text(), &mut spans) {
                    at = next;
                    let line = LineNumber::from_index(parsed.lines);
                    parsed.lines += 1;
                    let known = known.next_if(|(place, _)| *place == start).map(|(_, judged)| *judged);
                    match known.unwrap_or_else(|| self.shape.judge(builder.text(), &spans)) {
                        Judged::Row => {
                            builder.push_row(RowNumber::from_index(parsed.records), line, record, &spans);
                            builder.note_width(written);
                            parsed.missing += width.saturating_sub(written) as u64;
                            parsed.records += 1;
                        }
                        judged => self.set_aside(&mut parsed, judged, builder.text(), offset, (record, line)),
                    }
                    continue;
                }
            }
            // Unquoted cells are kept behind the block's text; the records stand before.
            let mut reader = RecordReader::new(&builder.text().as_bytes()[..length], self.dialect);
            reader.go_to(at);
            let Some(record) = reader.read(&mut cells) else { break };
            let mut span = record.span;
            let mut judged = known.next_if(|(place, _)| *place == start).map(|(_, judged)| *judged);
            if record.unbalanced {
                span.end = reader.resume_after_line(at) as u32;
                judged = Some(Judged::Aside(Code::RowUnbalancedQuote));
            }
            let line = LineNumber::from_index(parsed.lines);
            let taken = &builder.text().as_bytes()[at..reader.position()];
            parsed.lines += memchr_iter(self.dialect.terminator, taken).count() as u32;
            at = reader.position();
            if judged.is_none() && cells.len() == 1 && cells[0].is_empty() && width > 0 && span.start == span.end {
                parsed.blank_lines += 1;
                continue;
            }
            let judged = judged.or_else(|| damage.within(span).map(Judged::Aside));
            spans.clear();
            if judged.is_none() {
                for cell in &cells {
                    spans.push(if cell.is_plain() {
                        cell.span
                    } else {
                        let unquoted = cell.unquoted(builder.text()).into_owned();
                        builder.push_unquoted(&unquoted)
                    });
                }
            }
            let judged = match judged {
                Some(judged) => judged,
                None if self.shape.cut(builder.text(), &mut spans) => self.shape.judge(builder.text(), &spans),
                None => Judged::Aside(Code::RowRaggedLong),
            };
            if judged == Judged::Row {
                builder.push_row(RowNumber::from_index(parsed.records), line, span, &spans);
                builder.note_width(cells.len());
                parsed.missing += width.saturating_sub(cells.len()) as u64;
                parsed.records += 1;
            } else {
                self.set_aside(&mut parsed, judged, builder.text(), offset, (span, line));
            }
        }
        parsed.batch = builder.finish();
        parsed
    }

    /// A record without any quote, as most are: its span, its cells' spans, and where the next one starts. None where
    /// it is blank or does not end before `limit`.
    fn plain_record(&self, text: &str, at: usize, limit: usize, spans: &mut Vec<Span>) -> Option<(Span, usize)> {
        let Dialect { delimiter, terminator } = self.dialect;
        let bytes = &text.as_bytes()[at..limit];
        let found = memchr(terminator, bytes)?;
        let is_crlf = terminator == b'\n' && found > 0 && bytes[found - 1] == b'\r';
        let end = if is_crlf { found - 1 } else { found };
        let record = &bytes[..end];
        if record.is_empty() {
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

    /// Counts a record that is no row, or a blank line.
    fn set_aside(
        &self,
        parsed: &mut ParsedBlock,
        judged: Judged,
        text: &str,
        offset: u64,
        (record, line): (Span, LineNumber),
    ) {
        match judged {
            Judged::Aside(code) => {
                let number = RowNumber::from_index(parsed.records);
                parsed.records += 1;
                parsed.quarantined.push(self.quarantine(text, (number, line), offset, record, code));
            }
            Judged::Header => {}
            Judged::Blank | Judged::Row => parsed.blank_lines += 1,
        }
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
    use crate::rule::{LayoutRules, RuleFiles};
    use proptest::prelude::*;

    fn rows(text: &str) -> (Vec<Vec<String>>, Vec<Code>) {
        let shape = TableShape::of_header(&["a", "b", "c"]);
        let parser = BlockParser { dialect: Dialect::CANONICAL, shape: &shape, preview: 100 };
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
        let shape = TableShape::of_header(&["a", "b"]);
        let parser = BlockParser { dialect: Dialect::CANONICAL, shape: &shape, preview: 100 };
        let parsed = parser.parse(Block { offset: 0, bytes: b"1,\0\n2,\xff\n3,x\n".to_vec() });
        let codes: Vec<_> = parsed.quarantined.iter().map(|record| record.code).collect();
        assert_eq!(codes, [Code::RowNulByte, Code::RowUndecodable]);
        assert_eq!(parsed.batch.cell(0, ColumnIndex(1)), "x");
        assert_eq!(parsed.batch.number(0).number(), 3);
    }

    #[test]
    fn bare_delimiters_are_no_rows_and_cells_too_many_are_cut_where_nothing_is_in_them() {
        let (read, faults) = rows("1,2,3,\n,,\n , \u{a0},\n1,2,3, ,\n");
        // Below a header that the format itself names, every record is a row.
        assert_eq!(read.len(), 4);
        assert!(faults.is_empty());
        let mut shape = TableShape::of_header(&["a", "b", "c"]);
        shape.lines.rules = Some(LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules"));
        let parser = BlockParser { dialect: Dialect::CANONICAL, shape: &shape, preview: 100 };
        let parsed = parser.parse(Block { offset: 0, bytes: "1,2,3,\n,,\n , \u{a0},\n\"4\",5,6, ,\n".into() });
        assert_eq!((parsed.batch.len(), parsed.blank_lines, parsed.records), (2, 2, 2));
        assert_eq!(parsed.batch.uneven_rows(), [0, 1]);
        assert!(parsed.batch.short_rows().is_empty());
    }

    proptest! {
        #[test]
        fn a_record_that_is_not_uneven_has_as_many_cells_as_the_header(
            text in "([a-c ]{0,2}[,;\n]|\"[a,;\n]{0,3}\"[,;\n]|\r\n){0,40}",
            delimiter in prop::sample::select(vec![b',', b';']),
            width in 1usize..5,
        ) {
            let names: Vec<String> = (0..width).map(|column| format!("name {column}")).collect();
            let shape = TableShape::of_header(&names.iter().map(String::as_str).collect::<Vec<_>>());
            let dialect = Dialect { delimiter, terminator: b'\n' };
            let parsed = BlockParser { dialect, shape: &shape, preview: 16 }.parse(Block { offset: 0, bytes: text.into_bytes() });
            for row in (0..parsed.batch.len()).filter(|row| !parsed.batch.uneven_rows().contains(&(*row as u32))) {
                let mut cells = Vec::new();
                RecordReader::new(parsed.batch.record(row).as_bytes(), dialect).read(&mut cells);
                prop_assert_eq!(cells.len().max(1), width);
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic_and_every_record_is_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let shape = TableShape::of_header(&["a", "b"]);
            let parser = BlockParser { dialect: Dialect::CANONICAL, shape: &shape, preview: 16 };
            let parsed = parser.parse(Block { offset: 0, bytes });
            prop_assert_eq!(parsed.records as usize, parsed.batch.len() + parsed.quarantined.len());
        }
    }
}
