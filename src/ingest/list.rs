//! `List`: an opened source, and the waves of batches that it is read in.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::IngestError;
use super::blocks::{BlockReader, Limits, Piece};
use super::columns::{Given, columns_read, map_columns};
use super::csv::{BlockParser, Dialect, ParsedBlock, TableShape, UnusualForm};
use super::error::IngestProblem;
use super::sheet::column_letters;
use super::text::Text;
use crate::record::{ColumnIndex, LineNumber, LineTable, ListRole, Mapping, Quarantined, RawBatch, RowNumber, Samples};
use crate::rule::{ColumnRules, RuleFiles};

/// A source that was opened, recognized and mapped; nothing but its head and some samples was parsed yet.
#[derive(Debug)]
pub struct List {
    pub(super) facts: InputFacts,
    pub(super) text: Text,
    pub(super) dialect: Dialect,
    /// Where the first record after the header starts.
    pub(super) body: u64,
    pub(super) header: Vec<String>,
    pub(super) shape: TableShape,
    pub(super) samples: Samples,
    pub(super) mapping: Mapping,
    pub(super) role: Option<ListRole>,
    /// What somebody calls it, whatever its file is called.
    pub(super) given_name: Option<String>,
    pub(super) limits: Limits,
    /// How many cells may be missing in its rows; each of them is filled in.
    pub(super) room: u64,
    /// Records that a converter could not read; they stand between the others.
    pub(super) unconverted: Vec<Quarantined>,
    /// Which lines of the source those of the text are from; none where the text is the source.
    pub(super) lines: Option<LineTable>,
    /// Blank columns of a sheet, left of the first one.
    pub(super) first_column: u32,
    /// What its text was before it was written anew to be read.
    pub(super) written: Written,
    /// What the file was when it was opened, to notice a change while it is read.
    pub(super) stamp: Option<Stamp>,
}

/// How a list's text stands beside what is read.
#[derive(Debug)]
pub(super) enum Written {
    /// As it is read.
    AsRead,
    /// In an unusual form: the text in it, from `start` on, has the same lines.
    Unusual { form: UnusualForm, text: Text, start: u64 },
    /// In two encodings, or in visual order.
    Otherwise,
}

/// What was found out about a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputFacts {
    /// As the user named it (`-` for standard input).
    pub name: String,
    /// `csv`, `xlsx`, `xlsb`, `xls`, `ods`, `jsonl`, `vcard` or `parquet`.
    pub format: &'static str,
    /// The workbook's sheet that is read; none where the source is no workbook.
    pub sheet: Option<String>,
    /// The sheets that are not read.
    pub other_sheets: Vec<String>,
    /// Titles above the header.
    pub titles: Vec<String>,
    /// What else the source holds that is not read, and how it was understood, each in a sentence.
    pub remarks: Vec<String>,
    /// `gzip`, `zstd`, `zip` or empty.
    pub compression: &'static str,
    /// The encoding's WHATWG name; empty for formats that are not text.
    pub encoding: &'static str,
    /// How the encoding was found.
    pub encoding_basis: &'static str,
    /// The delimiter; empty for formats that have none.
    pub delimiter: String,
    /// Size as stored, in bytes.
    pub bytes: u64,
    /// Byte sequences that are invalid in the encoding.
    pub invalid_sequences: u64,
    /// The line in which the header begins, as an editor counts; 0 where there is none.
    pub header_line: u32,
    /// Lines of titles and notes above it.
    pub lines_above: u32,
}

impl InputFacts {
    /// The name of the file without the directories it lies in.
    pub fn file_name(&self) -> Cow<'_, str> {
        Path::new(&self.name).file_name().map_or(Cow::Borrowed(&self.name), |name| name.to_string_lossy())
    }
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) path: PathBuf,
    pub(super) length: u64,
    pub(super) modified: Option<SystemTime>,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> io::Result<Stamp> {
        let metadata = std::fs::metadata(path)?;
        let modified = metadata.modified().ok();
        Ok(Stamp { path: path.to_path_buf(), length: metadata.len(), modified })
    }
}

/// Some batches in input order, read at the same time.
#[derive(Debug, Default)]
pub struct Wave {
    /// The rows.
    pub batches: Vec<RawBatch>,
    /// Records that could not be read as rows.
    pub quarantined: Vec<Quarantined>,
    /// How far into the text this wave ends, in bytes, for progress.
    pub read_to: u64,
}

/// How many records a reading met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowsRead {
    /// Rows and quarantined records together.
    pub records: u64,
    /// Records that could not be read as rows.
    pub quarantined: u64,
    /// Blank lines; they are no records.
    pub blank_lines: u64,
    /// Lines of the text that were gone by.
    lines: u32,
    /// Cells that rows had fewer than the header.
    missing: u64,
}

impl List {
    /// What was found out about the source.
    pub fn facts(&self) -> &InputFacts {
        &self.facts
    }

    /// Column names, made unique; `column 3` where the source names none.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// What each column was taken for.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// What its people are, where somebody said so.
    pub fn role(&self) -> Option<ListRole> {
        self.role
    }

    /// The list with what its people are.
    #[must_use]
    pub fn taken_as(self, role: Option<ListRole>) -> List {
        List { role, ..self }
    }

    /// The list under the name that somebody gives it: exports of one name are one list.
    #[must_use]
    pub fn named(self, given_name: Option<String>) -> List {
        List { given_name, ..self }
    }

    /// Whether somebody said which list it is.
    pub fn is_named(&self) -> bool {
        self.given_name.is_some()
    }

    /// The name that it was given, else that of its file.
    pub fn own_name(&self) -> Cow<'_, str> {
        self.given_name.as_deref().map_or_else(|| self.facts.file_name(), Cow::Borrowed)
    }

    /// Values from rows spread through the list.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Size of the decoded text in bytes, for progress.
    pub fn text_bytes(&self) -> u64 {
        self.text.len()
    }

    /// Whether a record can be copied into comma-separated output as it stands.
    pub fn is_comma_separated(&self) -> bool {
        self.dialect.delimiter == b','
    }

    /// The same list with its columns mapped anew by what was said of them.
    ///
    /// # Errors
    /// When that does not fit the list.
    pub fn remapped(self, given: &[Given], files: &RuleFiles) -> Result<List, IngestError> {
        let rules = ColumnRules::load(files).map_err(IngestError::other)?;
        let mapping = map_columns(&self.header, &self.samples, &rules, given).map_err(IngestError::other)?;
        let shape = TableShape { own: columns_read(mapping.columns()), ..self.shape };
        Ok(List { mapping, shape, ..self })
    }

    /// Reads all rows, wave after wave in input order, while the next wave's bytes are read ahead. Works on
    /// `threads` batches at a time at least, whatever that number is the batches are the same.
    ///
    /// # Errors
    /// When the source can't be read or changed while it was, or `work` fails.
    pub fn read<E: From<IngestError> + Send>(
        &self,
        mut work: impl FnMut(Wave) -> Result<(), E> + Send,
    ) -> Result<RowsRead, E> {
        let parser = BlockParser { dialect: self.dialect, shape: &self.shape, preview: self.limits.preview };
        let mut reader = BlockReader::new(&self.text, self.dialect, self.body, self.limits);
        let mut read = RowsRead { lines: self.lines_above()?, ..RowsRead::default() };
        let mut pending = self.unconverted.iter().peekable();
        let per_wave = rayon::current_num_threads() * 2;
        let mut pieces = self.next_pieces(&mut reader, per_wave)?;
        while !pieces.is_empty() {
            let (ahead, done) = rayon::join(
                || self.next_pieces(&mut reader, per_wave),
                || {
                    let wave = self.parse_wave(pieces, &parser, &mut pending, &mut read);
                    if read.missing > self.room {
                        let problem = IngestProblem::Sparse { width: self.header.len(), limit: self.room };
                        return Err(IngestError::new(&*self.facts.name, problem).into());
                    }
                    work(wave)
                },
            );
            done?;
            pieces = ahead?;
        }
        let rest: Vec<Quarantined> = pending.cloned().collect();
        if !rest.is_empty() {
            read.records += rest.len() as u64;
            read.quarantined += rest.len() as u64;
            work(Wave { batches: Vec::new(), quarantined: rest, read_to: self.text.len() })?;
        }
        self.assert_unchanged()?;
        Ok(read)
    }

    /// Lines of the text above its first record.
    fn lines_above(&self) -> Result<u32, IngestError> {
        const STEP: u64 = 64 << 10;
        let mut lines = 0;
        let mut at = 0;
        while at < self.body {
            let bytes = self.text_at(at, STEP.min(self.body - at) as usize)?;
            lines += memchr::memchr_iter(self.dialect.terminator, &bytes).count() as u32;
            at += bytes.len() as u64;
        }
        Ok(lines)
    }

    /// What a line of the text is in the source.
    fn source_line(&self, text_line: LineNumber) -> LineNumber {
        let found = self.lines.as_ref().and_then(|lines| lines.line(text_line.number() - 1));
        found.unwrap_or(text_line)
    }

    /// The 1-based number of a column as the source counts it, blank columns at the left of a sheet included.
    pub fn column_number(&self, column: ColumnIndex) -> u32 {
        self.first_column + u32::from(column.0) + 1
    }

    /// A cell's name in a workbook, such as `Sheet1!C17`; none where the source is no workbook.
    pub fn cell_name(&self, line: LineNumber, column: ColumnIndex) -> Option<String> {
        let sheet = self.facts.sheet.as_deref()?;
        Some(format!("{}!{}{line}", quoted_sheet(sheet), column_letters(self.column_number(column))))
    }

    fn next_pieces(&self, reader: &mut BlockReader<'_>, count: usize) -> Result<Vec<Piece>, IngestError> {
        let mut pieces = Vec::with_capacity(count);
        while pieces.len() < count {
            match reader.next_piece().map_err(|error| IngestError::unreadable(&self.facts.name, &error))? {
                Some(piece) => pieces.push(piece),
                None => break,
            }
        }
        Ok(pieces)
    }

    fn parse_wave<'a>(
        &self,
        pieces: Vec<Piece>,
        parser: &BlockParser<'_>,
        pending: &mut std::iter::Peekable<impl Iterator<Item = &'a Quarantined>>,
        read: &mut RowsRead,
    ) -> Wave {
        let parsed: Vec<(ParsedBlock, u64)> =
            pieces.into_par_iter().map(|piece| self.parse_piece(piece, parser)).collect();
        let mut wave = Wave::default();
        for (mut block, end) in parsed {
            // Records before this block, then the block's own, with those that a converter left out put between: how many of
            // the block's own stand before each.
            let mut left_out: Vec<u32> = Vec::new();
            let first = read.records as u32;
            let mut records = block.records;
            while let Some(record) = pending.next_if(|record| record.row.number() <= first + records) {
                left_out.push(record.row.number() - 1 - first - left_out.len() as u32);
                records += 1;
                wave.quarantined.push(record.clone());
                read.quarantined += 1;
            }
            let number = |own: u32| RowNumber::from_index(first + shifted(own, &left_out));
            let gone_by = read.lines;
            let line = |own: LineNumber| self.source_line(own.below(gone_by));
            block.batch.renumber(number);
            block.batch.place_lines(line);
            for mut record in block.quarantined {
                record.row = number(record.row.number() - 1);
                record.line = line(record.line);
                wave.quarantined.push(record);
                read.quarantined += 1;
            }
            read.records += u64::from(records);
            read.blank_lines += u64::from(block.blank_lines);
            read.missing += block.missing;
            read.lines = read.lines.saturating_add(block.lines);
            if !block.batch.is_empty() {
                wave.batches.push(block.batch);
            }
            wave.read_to = end;
        }
        wave.quarantined.sort_by_key(|record| record.row);
        wave
    }

    fn parse_piece(&self, piece: Piece, parser: &BlockParser<'_>) -> (ParsedBlock, u64) {
        match piece {
            Piece::Block(block) => {
                let end = block.offset + block.bytes.len() as u64;
                (parser.parse(block), end)
            }
            Piece::Unreadable { offset, length, lines, head, code } => {
                let raw = String::from_utf8_lossy(&head).into_owned();
                let (row, line) = (RowNumber::from_index(0), LineNumber::from_index(0));
                let quarantined = vec![Quarantined { row, line, offset, length, code, raw }];
                let batch = RawBatch::default();
                (ParsedBlock { batch, quarantined, records: 1, blank_lines: 0, lines, missing: 0 }, offset + length)
            }
        }
    }

    /// Reads a stretch of the source's text again, for writing rows out as they stood.
    ///
    /// # Errors
    /// When the source can't be read or has changed.
    pub fn text_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, IngestError> {
        let mut bytes = vec![0; length];
        let mut have = 0;
        while have < length {
            match self.text.read_at(offset + have as u64, &mut bytes[have..]) {
                Ok(0) => return Err(IngestError::changed(&self.facts.name)),
                Ok(read) => have += read,
                Err(error) => return Err(IngestError::unreadable(&self.facts.name, &error)),
            }
        }
        Ok(bytes)
    }

    /// The cells of one record as text, quotes undone, cut or filled to the header's width.
    pub fn cells_of<'a>(&self, record: &'a str) -> Vec<Cow<'a, str>> {
        let mut cells = Vec::new();
        super::csv::RecordReader::new(record.as_bytes(), self.dialect).read(&mut cells);
        let mut texts: Vec<_> = cells.iter().map(|cell| cell.unquoted(record)).collect();
        texts.resize(self.header.len(), "".into());
        texts
    }

    /// Notices that the file is not the one that was opened.
    ///
    /// # Errors
    /// When it changed.
    pub fn assert_unchanged(&self) -> Result<(), IngestError> {
        match &self.stamp {
            Some(stamp) if Stamp::of(&stamp.path).ok().as_ref() != Some(stamp) => {
                Err(IngestError::changed(&self.facts.name))
            }
            _ => Ok(()),
        }
    }
}

/// A sheet's name as formulas write it: in quotes unless it is a plain word (ECMA-376 part 1, 18.17.2.2).
fn quoted_sheet(name: &str) -> Cow<'_, str> {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_numeric());
    if is_plain { Cow::Borrowed(name) } else { Cow::Owned(format!("'{}'", name.replace('\'', "''"))) }
}

/// The index among all records of the `own`-th readable one; `left_out` says of each other how many of those stand before it.
fn shifted(own: u32, left_out: &[u32]) -> u32 {
    own + left_out.partition_point(|before| *before <= own) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_formulas() {
        let letters: Vec<String> = [1, 3, 26, 27, 702, 703, 16_384].map(column_letters).into();
        assert_eq!(letters, ["A", "C", "Z", "AA", "ZZ", "AAA", "XFD"]);
        let names: Vec<_> = ["Sheet1", "לקוחות", "all customers", "Dana's", "2025"].map(quoted_sheet).into();
        assert_eq!(names, ["Sheet1", "לקוחות", "'all customers'", "'Dana''s'", "'2025'"]);
    }

    #[test]
    fn records_left_out_push_the_later_ones_back() {
        let indices: Vec<u32> = (0..4).map(|own| shifted(own, &[1, 1, 3])).collect();
        assert_eq!(indices, [0, 3, 4, 6]);
    }
}
