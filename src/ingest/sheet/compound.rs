//! A look at an old Excel workbook before its reader takes it into memory: a compound file ([MS-CFB]) with a stream of records
//! ([MS-XLS]). Chains of sectors that never end and grids of billions of cells are refused here.

use super::kind::locked;
use crate::ingest::error::{IngestError, IngestProblem};
use crate::ingest::foreign::damaged;
use crate::ingest::text::Text;
use crate::rule::IngestRules;

/// Fails where the file is no workbook, has a password, is damaged, or would take more memory than the rules allow.
pub(super) fn check(text: &Text, rules: &IngestRules) -> Result<(), IngestError> {
    if text.len() > rules.max_held_bytes {
        return Err(IngestProblem::Expansion { read: text.len(), limit: rules.max_held_bytes }.into());
    }
    let mut bytes = vec![0; text.len() as usize];
    let filled = text.read_at(0, &mut bytes)?;
    bytes.truncate(filled);
    let stream = CompoundFile::read(&bytes).ok_or_else(broken)?.workbook()?;
    check_records(&stream, rules.max_grid_cells)
}

fn broken() -> IngestError {
    damaged("XLS", None, "a part of it is missing or makes no sense")
}

/// The sectors of a compound file, and which one follows which.
struct CompoundFile<'b> {
    bytes: &'b [u8],
    sector: usize,
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'b> CompoundFile<'b> {
    /// None where it is damaged.
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = CompoundFile { bytes, sector, next: Vec::new(), directory: Vec::new() };
        let most = bytes.len() / sector + 1;
        // Which sectors hold the table of what follows what: 109 stand in the header, the rest in sectors of their own.
        let mut tables: Vec<u32> = (0..109).map(|place| u32_at(bytes, 76 + 4 * place)).collect::<Option<_>>()?;
        let mut more = u32_at(bytes, 68)?;
        let mut gone_by = 0;
        while more < LAST_SECTOR {
            gone_by += 1;
            let own = file.sector(more)?;
            let (entries, last) = own.split_at(sector - 4);
            tables.extend((0..entries.len() / 4).filter_map(|place| u32_at(entries, 4 * place)));
            more = u32_at(last, 0)?;
            if gone_by > most {
                return None;
            }
        }
        tables.retain(|table| *table < LAST_SECTOR);
        if tables.len() > most {
            return None;
        }
        for table in tables {
            let own = file.sector(table)?;
            file.next.extend((0..sector / 4).filter_map(|place| u32_at(own, 4 * place)));
        }
        file.directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        Some(file)
    }

    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize + 1).checked_mul(self.sector)?;
        self.bytes.get(start..start + self.sector)
    }

    /// The bytes of a chain of sectors; the last sector of a file may be cut. None where it does not end.
    fn chain(&self, mut id: u32, length: usize) -> Option<Vec<u8>> {
        let mut chain = Vec::new();
        let mut sectors = 0;
        while id < LAST_SECTOR && chain.len() < length {
            sectors += 1;
            if sectors > self.next.len() {
                return None;
            }
            let start = (id as usize + 1).checked_mul(self.sector)?;
            let own = self.bytes.get(start..)?;
            chain.extend_from_slice(&own[..own.len().min(self.sector)]);
            id = *self.next.get(id as usize)?;
        }
        chain.truncate(length);
        Some(chain)
    }

    /// The streams: name, first sector, length.
    fn entries(&self) -> impl Iterator<Item = (String, u32, usize)> {
        self.directory.as_chunks::<128>().0.iter().filter_map(|entry| {
            let units: Vec<u16> = entry[..64].as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
            let name = String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default());
            let length = u64::from_le_bytes(entry[120..128].as_chunks::<8>().0[0]);
            // Version 3 leaves the upper half to chance.
            let length = if self.sector == 512 { length & 0xFFFF_FFFF } else { length };
            Some((name, u32_at(entry, 116)?, usize::try_from(length).ok()?))
        })
    }

    fn has(&self, name: &str) -> bool {
        self.entries().any(|(entry, ..)| entry.eq_ignore_ascii_case(name))
    }

    /// The stream of the workbook's records.
    fn workbook(&self) -> Result<Vec<u8>, IngestError> {
        if self.has("EncryptedPackage") {
            return Err(locked());
        }
        let found = |name: &str| self.entries().find(|(entry, ..)| entry.eq_ignore_ascii_case(name));
        let Some((_, first, length)) = found("Workbook").or_else(|| found("Book")) else {
            let what = if self.has("WordDocument") {
                "an old Word document"
            } else if self.has("PowerPoint Document") {
                "an old presentation"
            } else if self.has("__properties_version1.0") {
                "a message of Outlook"
            } else {
                "a file of an old Office program, but no workbook"
            };
            return Err(IngestProblem::Unsupported { what, remedy: "export the list as CSV or XLSX" }.into());
        };
        // Short streams lie in a stream of their own, the root entry's; its chain and its table must end as well.
        let (_, root, root_length) = self.entries().next().ok_or_else(broken)?;
        let small = self.chain(root, root_length).ok_or_else(broken)?;
        let small_next = u32_at(self.bytes, 60).and_then(|id| self.chain(id, usize::MAX)).ok_or_else(broken)?;
        if length >= SHORT_STREAM {
            return self.chain(first, length).ok_or_else(broken);
        }
        let mut stream = Vec::new();
        let mut id = first;
        while id < LAST_SECTOR && stream.len() < length {
            let own = small.get(id as usize * 64..).ok_or_else(broken)?;
            stream.extend_from_slice(&own[..own.len().min(64)]);
            id = u32_at(&small_next, id as usize * 4).ok_or_else(broken)?;
        }
        stream.truncate(length);
        Ok(stream)
    }
}

/// Walks the records of a workbook and of each sheet that it names.
fn check_records(stream: &[u8], max_cells: u64) -> Result<(), IngestError> {
    let mut cells = 0;
    for (kind, data) in Records(stream).take_while(|(kind, _)| *kind != END) {
        match kind {
            PASSWORD if u16_at(data, 0).is_some_and(|method| method != 0) => return Err(locked()),
            SHEET => {
                let start = u32_at(data, 0).ok_or_else(broken)? as usize;
                let records = Records(stream.get(start..).ok_or_else(broken)?);
                cells += grid_of(records, max_cells).ok_or_else(broken)?;
            }
            _ => {}
        }
        if cells > max_cells {
            let reason = "its sheets have more cells than are read; is there a cell in a far corner?";
            return Err(damaged("XLS", None, reason));
        }
    }
    Ok(())
}

/// Cells of the grid that spans a sheet, or all that are written where that is more; none where it makes no sense.
fn grid_of(records: Records<'_>, max_cells: u64) -> Option<u64> {
    let (mut top, mut bottom, mut left, mut right) = (u64::MAX, 0, u64::MAX, 0);
    let mut written = 0;
    let mut depth = 0_u32;
    for (kind, data) in records {
        match kind {
            BEGIN => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ if depth > 1 => {}
            DIMENSIONS if data.len() > 10 => {
                let rows = u64::from(u32_at(data, 4)?).checked_sub(u64::from(u32_at(data, 0)?));
                // Readers make room for that many.
                if rows.is_none_or(|rows| rows > 65_536) {
                    return None;
                }
            }
            CELLS_OF_A_ROW => {
                let (row, first, last) =
                    (u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, data.len().checked_sub(2)?)?);
                (top, bottom) = (top.min(row.into()), bottom.max(row.into()));
                (left, right) = (left.min(first.into()), right.max(last.into()));
                written += u64::from(last.checked_sub(first)?) + 1;
            }
            _ if ONE_CELL.contains(&kind) => {
                let (row, column) = (u16_at(data, 0)?, u16_at(data, 2)?);
                (top, bottom) = (top.min(row.into()), bottom.max(row.into()));
                (left, right) = (left.min(column.into()), right.max(column.into()));
                written += 1;
            }
            _ => {}
        }
        if (depth == 0 && kind == END) || written > max_cells {
            break;
        }
    }
    let grid = if written == 0 { 0 } else { (bottom - top + 1) * (right - left + 1) };
    Some(grid.max(written))
}

/// Records one after the other: kind and content; it ends where one is cut.
struct Records<'b>(&'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.0, 0)?;
        let length = usize::from(u16_at(self.0, 2)?);
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Numbers from here on are no sectors (MS-CFB 2.1).
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Shorter streams lie in the root entry's (MS-CFB 2.2).
const SHORT_STREAM: usize = 4096;

// Kinds of records (MS-XLS 2.3).
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const PASSWORD: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const CELLS_OF_A_ROW: u16 = 0x00BD;
/// Number, label, text, Boolean or error, result of a formula, packed number, shared text, formula.
const ONE_CELL: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x0207, 0x027E, 0x00FD, 0x0006];
