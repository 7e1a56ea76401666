//! `List`: an opened source, and the waves of batches that it is read in.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::IngestError;
use super::blocks::{BlockReader, Limits, Piece};
use super::columns::{Given, map_columns};
use super::csv::{BlockParser, Dialect, ParsedBlock, TableShape};
use super::text::Text;
use crate::record::{ListRole, Mapping, Quarantined, RawBatch, RowNumber, Samples};
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
    pub(super) limits: Limits,
    /// Records that a converter could not read; they stand between the others.
    pub(super) unconverted: Vec<Quarantined>,
    /// What the file was when it was opened, to notice a change while it is read.
    pub(super) stamp: Option<Stamp>,
}

/// What was found out about a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputFacts {
    /// As the user named it (`-` for standard input).
    pub name: String,
    /// `csv`, `xlsx`, `ods`, `jsonl` or `parquet`.
    pub format: &'static str,
    /// `gzip`, `zstd` or empty.
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
        Ok(List { mapping, ..self })
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
        let mut read = RowsRead::default();
        let mut pending = self.unconverted.iter().peekable();
        let per_wave = rayon::current_num_threads() * 2;
        let mut pieces = self.next_pieces(&mut reader, per_wave)?;
        while !pieces.is_empty() {
            let (ahead, done) = rayon::join(
                || self.next_pieces(&mut reader, per_wave),
                || {
                    let wave = self.parse_wave(pieces, &parser, &mut pending, &mut read);
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
            // Records before this block, then the block's own, with those that a converter left out put between.
            let mut left_out: Vec<u32> = Vec::new();
            let first = read.records as u32;
            let mut records = block.records;
            while let Some(record) = pending.next_if(|record| record.row.number() <= first + records) {
                left_out.push(record.row.number() - 1 - first);
                records += 1;
                wave.quarantined.push(record.clone());
                read.quarantined += 1;
            }
            let number = |own: u32| RowNumber::from_index(first + shifted(own, &left_out));
            block.batch.renumber(number);
            for mut record in block.quarantined {
                record.row = number(record.row.number() - 1);
                wave.quarantined.push(record);
                read.quarantined += 1;
            }
            read.records += u64::from(records);
            read.blank_lines += u64::from(block.blank_lines);
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
            Piece::Unreadable { offset, length, head, code } => {
                let raw = String::from_utf8_lossy(&head).into_owned();
                let row = RowNumber::from_index(0);
                let quarantined = vec![Quarantined { row, offset, length, code, raw }];
                (ParsedBlock { batch: RawBatch::default(), quarantined, records: 1, blank_lines: 0 }, offset + length)
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

/// The index among all records of the `own`-th readable one, where `left_out` (ascending) stand between them.
fn shifted(own: u32, left_out: &[u32]) -> u32 {
    let mut index = own;
    for &gap in left_out {
        if gap > index {
            break;
        }
        index += 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::shifted;

    #[test]
    fn records_left_out_push_the_later_ones_back() {
        let indices: Vec<u32> = (0..4).map(|own| shifted(own, &[1, 2, 5])).collect();
        assert_eq!(indices, [0, 3, 4, 6]);
    }
}
