//! Writing a text list again in its own dialect and encoding, with some records changed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::IngestError;
use super::csv::{RecordReader, UnusualForm, joined};
use super::encoding::Charset;
use super::error::IngestProblem;
use super::list::{List, Written};
use crate::record::ColumnIndex;

/// Copies a list's text and puts changed records in place; made by [`List::writer`].
pub struct ListWriter<'a> {
    list: &'a List,
    out: &'a mut dyn Write,
    encoding: Charset,
    /// How far the list's text is copied.
    at: u64,
    /// What is copied in place of it, if the list is in an unusual form.
    unusual: Option<Unusual<'a>>,
}

/// A list in an unusual form, line by line.
struct Unusual<'a> {
    form: UnusualForm,
    /// As it is read.
    read: Box<dyn BufRead + 'a>,
    /// As it is stored: the same lines.
    stored: Box<dyn BufRead + 'a>,
}

impl Unusual<'_> {
    /// How long the next line is as it is read, and the line as it is stored.
    fn next(&mut self) -> io::Result<(u64, Vec<u8>)> {
        let (mut read, mut stored) = (Vec::new(), Vec::new());
        self.read.read_until(b'\n', &mut read)?;
        self.stored.read_until(b'\n', &mut stored)?;
        if read.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok((read.len() as u64, stored)) }
    }
}

impl List {
    /// Starts writing the list again.
    ///
    /// # Errors
    /// When it is no plain text list: a workbook, Parquet, JSON Lines, a compressed file, or one in two encodings or in visual order
    /// can't be repaired in place.
    pub fn writer<'a>(&'a self, out: &'a mut dyn Write) -> Result<ListWriter<'a>, IngestError> {
        let facts = self.facts();
        let encoding = Charset::for_label(facts.encoding);
        let is_text =
            facts.format == "csv" && facts.compression.is_empty() && !matches!(self.written, Written::Otherwise);
        let Some(encoding) = encoding.filter(|_| is_text) else {
            return Err(IngestError::new(facts.name.clone(), IngestProblem::NotRewritable));
        };
        if facts.encoding_basis == "bom" && encoding != Charset::UTF_8 {
            let mark = if encoding == Charset::Standard(UTF_16LE) { [0xff, 0xfe] } else { [0xfe, 0xff] };
            out.write_all(&mark).map_err(|error| IngestError::unreadable(&facts.name, &error))?;
        }
        let mut writer = ListWriter { list: self, out, encoding, at: 0, unusual: None };
        if let Written::Unusual { form, text, start } = &self.written {
            let failed = |error: io::Error| IngestError::unreadable(&facts.name, &error);
            let mut stored = Box::new(text.reader());
            let mut mark = Vec::new();
            stored.by_ref().take(*start).read_to_end(&mut mark).map_err(failed)?;
            writer.put(&mark)?;
            writer.unusual = Some(Unusual { form: *form, read: Box::new(self.text.reader()), stored });
        }
        Ok(writer)
    }

    /// Whether the list's encoding has all letters of a value.
    pub fn can_hold(&self, value: &str) -> bool {
        Charset::for_label(self.facts().encoding).is_none_or(|encoding| encoding.encoded(value).is_some())
    }
}

impl ListWriter<'_> {
    /// Copies everything before `offset`.
    ///
    /// # Errors
    /// When the list can't be read or the copy can't be written.
    pub fn copy_until(&mut self, offset: u64) -> Result<(), IngestError> {
        const STEP: u64 = 1 << 20;
        while self.at < offset
            && let Some(unusual) = &mut self.unusual
        {
            let next = unusual.next();
            let (length, line) = next.map_err(|error| self.failed(&error))?;
            self.at += length;
            self.put_line(&line)?;
        }
        let mut carried: Vec<u8> = Vec::new();
        while self.at < offset {
            let length = STEP.min(offset - self.at) as usize;
            let bytes = self.list.text_at(self.at, length)?;
            self.at += length as u64;
            if self.encoding == Charset::UTF_8 {
                self.put(&bytes)?;
                continue;
            }
            // Decoded texts are valid UTF-8; only a character may be cut at the end of a step.
            carried.extend_from_slice(&bytes);
            let whole = match std::str::from_utf8(&carried) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            };
            let rest = carried.split_off(whole);
            let text = String::from_utf8_lossy(&carried).into_owned();
            self.put_text(&text)?;
            carried = rest;
        }
        Ok(())
    }

    /// Writes the record of the next `length` bytes of the list's text with some of its cells changed, all else of it as it
    /// stands.
    ///
    /// # Errors
    /// When the list can't be read, a cell can't be written in its encoding, or writing fails.
    pub fn replace_cells(
        &mut self,
        length: usize,
        changed: &BTreeMap<ColumnIndex, Cow<'_, str>>,
    ) -> Result<(), IngestError> {
        let bytes = self.list.text_at(self.at, length)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut cells = Vec::new();
        RecordReader::new(text.as_bytes(), self.list.dialect).read(&mut cells);
        if self.unusual.is_some() {
            return self.replace_unusual(self.at + length as u64, cells.len(), changed);
        }
        let mut at = 0;
        let cells: Vec<&[u8]> = (0..)
            .zip(&cells)
            .map(|(index, cell): (usize, _)| {
                // Behind the delimiter.
                let begin = at + usize::from(index > 0);
                at = cell.end();
                &text.as_bytes()[begin..at]
            })
            .collect();
        let mut record = joined(&cells, &[self.list.dialect.delimiter], changed);
        record.extend_from_slice(&text.as_bytes()[at..]);
        self.at += length as u64;
        self.put_line(&record)
    }

    /// The same in an unusual form: the record ends at `end` and has so many cells.
    fn replace_unusual(
        &mut self,
        end: u64,
        width: usize,
        changed: &BTreeMap<ColumnIndex, Cow<'_, str>>,
    ) -> Result<(), IngestError> {
        let mut record = Vec::new();
        let mut form = None;
        while self.at < end
            && let Some(unusual) = &mut self.unusual
        {
            form = Some(unusual.form);
            let next = unusual.next();
            let (length, line) = next.map_err(|error| self.failed(&error))?;
            self.at += length;
            record.extend(line);
        }
        let content = record.strip_suffix(b"\n").unwrap_or(&record);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let written = form.and_then(|form| form.with_cells(content, self.list.dialect, width, changed));
        let Some(mut written) = written else {
            return Err(IngestError::new(self.list.facts().name.clone(), IngestProblem::NotRewritable));
        };
        written.extend_from_slice(&record[content.len()..]);
        self.put_line(&written)
    }

    /// Copies the rest.
    ///
    /// # Errors
    /// When the list can't be read, has changed, or the copy can't be written.
    pub fn finish(mut self) -> Result<(), IngestError> {
        self.copy_until(self.list.text_bytes())?;
        self.list.assert_unchanged()?;
        self.out.flush().map_err(|error| self.failed(&error))
    }

    /// Text of the list, which is in UTF-8 unless it was decoded.
    fn put_line(&mut self, line: &[u8]) -> Result<(), IngestError> {
        if self.encoding == Charset::UTF_8 { self.put(line) } else { self.put_text(&String::from_utf8_lossy(line)) }
    }

    fn put_text(&mut self, text: &str) -> Result<(), IngestError> {
        let is_little = self.encoding == Charset::Standard(UTF_16LE);
        if is_little || self.encoding == Charset::Standard(UTF_16BE) {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() })
                .collect();
            return self.put(&bytes);
        }
        let Some(bytes) = self.encoding.encoded(text) else {
            let encoding = self.encoding.name();
            return Err(IngestError::new(self.list.facts().name.clone(), IngestProblem::Unencodable { encoding }));
        };
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), IngestError> {
        self.out.write_all(bytes).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> IngestError {
        IngestError::unreadable(&self.list.facts().name, error)
    }
}
