//! Writing a text list again in its own dialect and encoding, with some records changed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::IngestError;
use super::csv::RecordReader;
use super::encoding::Charset;
use super::error::IngestProblem;
use super::list::List;
use crate::record::ColumnIndex;

/// Copies a list's text and puts changed records in place; made by [`List::writer`].
pub struct ListWriter<'a> {
    list: &'a List,
    out: &'a mut dyn Write,
    encoding: Charset,
    /// How far the list's text is copied.
    at: u64,
}

impl List {
    /// Starts writing the list again.
    ///
    /// # Errors
    /// When it is no plain text list: a workbook, Parquet, JSON Lines, a compressed file, or one in an unusual form can't be repaired in place.
    pub fn writer<'a>(&'a self, out: &'a mut dyn Write) -> Result<ListWriter<'a>, IngestError> {
        let facts = self.facts();
        let encoding = Charset::for_label(facts.encoding);
        let is_as_stored = facts.format == "csv" && facts.compression.is_empty() && !self.is_rewritten;
        let Some(encoding) = encoding.filter(|_| is_as_stored) else {
            return Err(IngestError::new(facts.name.clone(), IngestProblem::NotRewritable));
        };
        if facts.encoding_basis == "bom" && encoding != Charset::UTF_8 {
            let mark = if encoding == Charset::Standard(UTF_16LE) { [0xff, 0xfe] } else { [0xfe, 0xff] };
            out.write_all(&mark).map_err(|error| IngestError::unreadable(&facts.name, &error))?;
        }
        Ok(ListWriter { list: self, out, encoding, at: 0 })
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
        let delimiter = char::from(self.list.dialect.delimiter);
        let mut record = String::with_capacity(length);
        let mut at = 0;
        for (index, cell) in (0..).zip(&cells) {
            if index > 0 {
                record.push(delimiter);
                at += 1;
            }
            match changed.get(&ColumnIndex(index)) {
                Some(new) if new.contains([delimiter, '\n', '\r']) || new.starts_with('"') => {
                    record.push('"');
                    record.push_str(&new.replace('"', "\"\""));
                    record.push('"');
                }
                Some(new) => record.push_str(new),
                None => record.push_str(&text[at..cell.end()]),
            }
            at = cell.end();
        }
        record.push_str(&text[at..]);
        self.at += length as u64;
        self.put_text(&record)
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
