//! A look at a Parquet file before its reader takes it into memory: a few bytes can announce pages of gigabytes, or groups within
//! groups without end, and the reader believes them. The file's own description and the heads of its pages are read here, which are
//! written in Thrift's compact protocol (parquet.thrift of the format's repository; THRIFT compact protocol, "Struct encoding").

use parquet::file::metadata::ParquetMetaData;

use crate::ingest::error::{IngestError, IngestProblem};
use crate::ingest::foreign::damaged;
use crate::ingest::text::Text;
use crate::rule::IngestRules;

fn refused(reason: &str) -> IngestError {
    damaged("Parquet", None, reason)
}

fn broken() -> IngestError {
    refused("it is not as the format wants it, or a part of it is missing")
}

/// Looks at the columns that the file says it has.
pub(super) fn check_schema(text: &Text, rules: &IngestRules) -> Result<(), IngestError> {
    let mut end = [0; 8];
    let length = text.len();
    if length < 12 || text.read_at(length - 8, &mut end)? < 8 || !end.ends_with(b"PAR1") {
        return Err(broken());
    }
    let own = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    if own > length - 12 {
        return Err(broken());
    }
    // What becomes of a description in memory is many times as large.
    if own.saturating_mul(DESCRIBED) > rules.max_held_bytes {
        return Err(refused("its description of itself is longer than is read"));
    }
    let mut bytes = vec![0; own as usize];
    let filled = text.read_at(length - 8 - own, &mut bytes)?;
    bytes.truncate(filled);
    let elements = Thrift::new(&bytes).schema().ok_or_else(broken)?;
    let mut open: Vec<(u64, u64)> = Vec::new();
    let (mut leaves, mut path_bytes) = (0, 0_u64);
    for element in &elements {
        let above = open.last().map_or(0, |(_, path)| *path);
        let path = above + element.name;
        if let Some((children, _)) = open.last_mut() {
            *children -= 1;
        }
        if element.children > elements.len() as u64 || open.len() > DEEPEST {
            return Err(refused("its columns are nested deeper than is read, or make no sense"));
        }
        if element.children > 0 {
            open.push((element.children, path));
        } else {
            leaves += 1;
            path_bytes = path_bytes.saturating_add(path);
        }
        while open.last().is_some_and(|(children, _)| *children == 0) {
            open.pop();
        }
    }
    if leaves > rules.max_columns {
        return Err(IngestProblem::TooManyColumns { columns: leaves, limit: rules.max_columns }.into());
    }
    if path_bytes > rules.max_held_bytes {
        return Err(refused("the names of its columns are longer than is read"));
    }
    Ok(())
}

/// Looks at what the pages of all columns come to: together, and of each column the largest, which the reader holds.
pub(super) fn check_pages(text: &Text, metadata: &ParquetMetaData, rules: &IngestRules) -> Result<(), IngestError> {
    let limit = rules.grows_to(text.len());
    // A byte a cell, at least.
    let rows = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or_default());
    let columns = metadata.file_metadata().schema().get_fields().len() as u64;
    let cells = rows.fold(0_u64, u64::saturating_add).saturating_mul(columns);
    if cells > limit {
        return Err(IngestProblem::Expansion { read: text.len(), limit }.into());
    }
    let mut all = 0_u64;
    for group in metadata.row_groups() {
        let mut held = 0_u64;
        for column in group.columns() {
            let (mut largest, mut dictionary, mut values) = (0, 0, 0_u64);
            let (start, length) = column.byte_range();
            let end = start.saturating_add(length).min(text.len());
            let mut at = start;
            while at < end {
                let (page, head) = read_head(text, at, end)?;
                at = at.saturating_add(head).saturating_add(page.packed);
                all = all.saturating_add(page.unpacked);
                match page.dictionary_values {
                    Some(count) if count > page.unpacked => return Err(broken()),
                    Some(_) => dictionary = page.unpacked.max(dictionary),
                    None => largest = page.held().max(largest),
                }
                values = values.saturating_add(page.values);
            }
            held = held.saturating_add(largest).saturating_add(dictionary);
            if column.column_descr().max_rep_level() > 0 && values > rules.max_grid_cells {
                return Err(refused("its lists have more values than are read"));
            }
        }
        if held > rules.max_held_bytes {
            return Err(IngestProblem::Expansion { read: text.len(), limit: rules.max_held_bytes }.into());
        }
    }
    if all > limit {
        return Err(IngestProblem::Expansion { read: text.len(), limit }.into());
    }
    Ok(())
}

/// The head of the page at a place, and how long it is.
fn read_head(text: &Text, at: u64, end: u64) -> Result<(Page, u64), IngestError> {
    // Most are short; some hold the least and the greatest value of the page.
    for most in [1 << 10, 64 << 10, 16 << 20] {
        let length = most.min(end - at);
        let mut bytes = vec![0; length as usize];
        let filled = text.read_at(at, &mut bytes)?;
        let mut thrift = Thrift::new(&bytes[..filled]);
        if let Some(page) = thrift.page() {
            return Ok((page, thrift.at as u64));
        }
        if length < most {
            break;
        }
    }
    Err(broken())
}

/// What matters here of an element of the schema: children, and the length of its name.
struct Element {
    children: u64,
    name: u64,
}

/// What matters here of a page's head.
#[derive(Default)]
struct Page {
    unpacked: u64,
    packed: u64,
    values: u64,
    encoding: u64,
    dictionary_values: Option<u64>,
}

impl Page {
    /// What the reader holds of it at a time. Of texts that begin as the one before, each of a batch may be as long as the page.
    fn held(&self) -> u64 {
        let times = if self.encoding == DELTA_BYTE_ARRAY { self.values.min(BATCH as u64) + 1 } else { 1 };
        self.unpacked.saturating_mul(times)
    }
}

/// A reader of Thrift's compact protocol; none where the bytes end too early or make no sense.
struct Thrift<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Thrift<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Thrift { bytes, at: 0 }
    }

    /// The elements of the schema, field 2 of the file's description.
    fn schema(&mut self) -> Option<Vec<Element>> {
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            if (id, kind) != (2, LIST) {
                self.skip(kind, 0)?;
                continue;
            }
            let (count, of) = self.list()?;
            let mut elements = Vec::new();
            for _ in 0..count {
                if of != STRUCT {
                    return None;
                }
                elements.push(self.element()?);
            }
            return Some(elements);
        }
        None
    }

    fn element(&mut self) -> Option<Element> {
        let mut element = Element { children: 0, name: 0 };
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (4, BINARY) => element.name = self.binary()? as u64,
                (5, I32) => element.children = self.count()?,
                _ => self.skip(kind, 0)?,
            }
        }
        Some(element)
    }

    fn page(&mut self) -> Option<Page> {
        let mut page = Page::default();
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (2, I32) => page.unpacked = self.count()?,
                (3, I32) => page.packed = self.count()?,
                (5, STRUCT) => (page.values, page.encoding) = self.values_and_encoding(2)?,
                (8, STRUCT) => (page.values, page.encoding) = self.values_and_encoding(4)?,
                (7, STRUCT) => page.dictionary_values = Some(self.values_and_encoding(2)?.0),
                _ => self.skip(kind, 0)?,
            }
        }
        Some(page)
    }

    /// How many values a page has, its first field, and how they are encoded, which stands in another.
    fn values_and_encoding(&mut self, place: i64) -> Option<(u64, u64)> {
        let (mut count, mut encoding, mut id) = (0, 0, 0);
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (1, I32) => count = self.count()?,
                (own, I32) if own == place => encoding = self.count()?,
                _ => self.skip(kind, 0)?,
            }
        }
        Some((count, encoding))
    }

    /// The kind of the next field, whose number follows from the last one's; `Some(None)` at the end of the struct.
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *id = match i64::from(byte >> 4) {
            0 => self.signed()?,
            step => id.checked_add(step)?,
        };
        Some(Some(byte & 15))
    }

    /// How many elements a list has, and their kind.
    fn list(&mut self) -> Option<(u64, u8)> {
        let byte = self.byte()?;
        let count = if byte >> 4 == 15 { self.varint()? } else { u64::from(byte >> 4) };
        Some((count, byte & 15))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            // A field of truth has its value in its kind.
            1 | 2 => Some(()),
            3 => self.byte().map(drop),
            4 | I32 | 6 => self.varint().map(drop),
            7 => self.pass(8),
            BINARY => self.binary().map(drop),
            LIST | 10 => {
                let (count, of) = self.list()?;
                (0..count).try_for_each(|_| self.skip_element(of, depth))
            }
            11 => {
                let count = self.varint()?;
                if count == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..count).try_for_each(|_| {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 15, depth)
                })
            }
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            13 => self.pass(16),
            _ => None,
        }
    }

    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.pass(1) } else { self.skip(kind, depth + 1) }
    }

    /// Goes by a text and says how long it is.
    fn binary(&mut self) -> Option<usize> {
        let length = usize::try_from(self.varint()?).ok()?;
        self.pass(length)?;
        Some(length)
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    /// A number that must not be negative.
    fn count(&mut self) -> Option<u64> {
        u64::try_from(self.signed()?).ok()
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }
}

// Kinds of fields.
const I32: u8 = 5;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// How many values of a column are decoded at a time.
pub(super) const BATCH: usize = 64;

/// An encoding: each text by how many bytes it has in common with the one before, and the rest.
const DELTA_BYTE_ARRAY: u64 = 7;

/// Groups within groups.
const DEEPEST: usize = 64;
/// Bytes in memory for one of the description.
const DESCRIBED: u64 = 32;
