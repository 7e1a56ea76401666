//! A look at an old Excel workbook before its reader takes it into memory: a compound file ([MS-CFB]) with a stream of
//! [records](super::records). Chains of sectors that never end are refused here.

use super::kind::locked;
use super::records::{self, broken, u16_at, u32_at};
use crate::ingest::error::{IngestError, IngestProblem};
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
    records::check(&stream, rules)
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

/// Numbers from here on are no sectors (MS-CFB 2.1).
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Shorter streams lie in the root entry's (MS-CFB 2.2).
const SHORT_STREAM: usize = 4096;
