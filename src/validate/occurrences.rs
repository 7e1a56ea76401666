//! Where values occur: an exact-enough multiset that stays within a memory budget by spilling to temporary files.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use crate::record::{RowNumber, text_hash};

/// Entries kept in memory before they are spilled: 12 bytes each, so 24 MiB, of which a list has one a contact column.
const IN_MEMORY: usize = 2 << 20;
const PARTITIONS: usize = 64;

/// One value at one row: 48 bits of the value's hash, 16 of its owner's.
///
/// Two different values share 48 bits with a chance of one in 2.8·10^14 a pair; a finding needs several such rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    high: u32,
    low: u32,
    row: u32,
}

impl Entry {
    fn value(self) -> u64 {
        (u64::from(self.high) << 16) | u64::from(self.low >> 16)
    }

    fn key(self) -> u64 {
        (u64::from(self.high) << 32) | u64::from(self.low)
    }
}

/// Collects values with the rows they stand in.
#[derive(Debug, Default)]
pub struct Occurrences {
    entries: Vec<Entry>,
    spilled: Vec<BufWriter<File>>,
}

/// All rows of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Hash of the value (what [`value_hash`] gives).
    pub value: u64,
    /// Rows in ascending order.
    pub rows: Vec<RowNumber>,
    /// Different owners among them.
    pub owners: usize,
}

/// The 48 bits by which a value is known here.
pub(super) fn value_hash(value: &str) -> u64 {
    text_hash(value) >> 16
}

impl Occurrences {
    /// Adds a value that belongs to `owner` (0 where owners don't matter) at a row.
    pub fn push(&mut self, value: u64, owner: u64, row: RowNumber) {
        let key = (value << 16) | (owner & 0xffff);
        self.entries.push(Entry { high: (key >> 32) as u32, low: key as u32, row: row.number() });
    }

    /// Adds a value known by all 64 bits of its hash, owners not told apart.
    pub fn push_exact(&mut self, hash: u64, row: RowNumber) {
        self.entries.push(Entry { high: (hash >> 32) as u32, low: hash as u32, row: row.number() });
    }

    /// Takes over another collection's entries.
    ///
    /// # Errors
    /// When temporary files can't be written.
    pub fn append(&mut self, other: Occurrences) -> io::Result<()> {
        debug_assert!(other.spilled.is_empty(), "parts are small");
        self.entries.extend_from_slice(&other.entries);
        if self.entries.len() > IN_MEMORY {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        if self.spilled.is_empty() {
            for _ in 0..PARTITIONS {
                self.spilled.push(BufWriter::new(tempfile::tempfile()?));
            }
        }
        for entry in self.entries.drain(..) {
            let partition = entry.high as usize % PARTITIONS;
            let mut bytes = [0; 12];
            bytes[..4].copy_from_slice(&entry.high.to_le_bytes());
            bytes[4..8].copy_from_slice(&entry.low.to_le_bytes());
            bytes[8..].copy_from_slice(&entry.row.to_le_bytes());
            self.spilled[partition].write_all(&bytes)?;
        }
        Ok(())
    }

    /// Values (by 48 bits) that stand in more than one row, each with its rows, in an order that depends only on the values.
    ///
    /// # Errors
    /// When temporary files can't be read.
    pub fn repeated(self, visit: impl FnMut(Group)) -> io::Result<()> {
        self.visit_groups(Entry::value, visit)
    }

    /// The same by all 64 bits, for values added with [`Occurrences::push_exact`].
    ///
    /// # Errors
    /// When temporary files can't be read.
    pub fn repeated_exact(self, visit: impl FnMut(Group)) -> io::Result<()> {
        self.visit_groups(Entry::key, visit)
    }

    fn visit_groups(mut self, value: fn(Entry) -> u64, mut visit: impl FnMut(Group)) -> io::Result<()> {
        if self.spilled.is_empty() {
            visit_sorted(&mut self.entries, value, &mut visit);
            return Ok(());
        }
        self.spill()?;
        self.entries = Vec::new();
        for writer in self.spilled {
            let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            let mut entries = Vec::new();
            let mut reader = BufReader::new(file);
            let mut bytes = [0; 12];
            while read_entry(&mut reader, &mut bytes)? {
                let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
                entries.push(Entry { high: word(0), low: word(4), row: word(8) });
            }
            visit_sorted(&mut entries, value, &mut visit);
        }
        Ok(())
    }
}

fn read_entry(reader: &mut impl Read, bytes: &mut [u8; 12]) -> io::Result<bool> {
    match reader.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Sorts by value, owner and row. Values are hashes, so their first byte deals them out evenly, and what is dealt out is
/// sorted within the cache.
fn sort(entries: &mut [Entry]) {
    const FEW: usize = 1 << 14;
    if entries.len() < FEW {
        entries.sort_unstable();
        return;
    }
    let bucket = |entry: &Entry| (entry.high >> 24) as usize;
    let mut ends = [0usize; 257];
    for entry in entries.iter() {
        ends[bucket(entry) + 1] += 1;
    }
    for index in 0..256 {
        ends[index + 1] += ends[index];
    }
    let starts = ends;
    let mut dealt = vec![Entry { high: 0, low: 0, row: 0 }; entries.len()];
    for entry in entries.iter() {
        let place = &mut ends[bucket(entry)];
        dealt[*place] = *entry;
        *place += 1;
    }
    entries.copy_from_slice(&dealt);
    drop(dealt);
    for bounds in starts.windows(2) {
        entries[bounds[0]..bounds[1]].sort_unstable();
    }
}

fn visit_sorted(entries: &mut [Entry], value: fn(Entry) -> u64, visit: &mut impl FnMut(Group)) {
    sort(entries);
    for group in entries.chunk_by(|left, right| value(*left) == value(*right)) {
        if group.len() < 2 {
            continue;
        }
        let owners = group.chunk_by(|left, right| left.low & 0xffff == right.low & 0xffff).count();
        let mut rows: Vec<RowNumber> = group.iter().map(|entry| RowNumber::from_index(entry.row - 1)).collect();
        rows.sort_unstable();
        visit(Group { value: value(group[0]), rows, owners });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_several_rows_comes_back_with_its_rows_and_owners() {
        let mut occurrences = Occurrences::default();
        for (index, (value, owner)) in [("a", 1), ("b", 1), ("a", 2), ("a", 2)].into_iter().enumerate() {
            occurrences.push(value_hash(value), owner, RowNumber::from_index(index as u32));
        }
        let mut groups = Vec::new();
        occurrences.repeated(|group| groups.push(group)).expect("memory");
        let [group] = &groups[..] else { panic!("{groups:?}") };
        assert_eq!((group.value, group.owners), (value_hash("a"), 2));
        assert_eq!(group.rows.iter().map(|row| row.number()).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn spilling_changes_nothing() {
        let fill = |spill_at: usize| {
            let mut occurrences = Occurrences::default();
            for index in 0..5_000u32 {
                occurrences.push_exact(text_hash(&(index % 3_000).to_string()), RowNumber::from_index(index));
                if spill_at > 0 && occurrences.entries.len() >= spill_at {
                    occurrences.spill().expect("a temporary file");
                }
            }
            let mut groups = Vec::new();
            occurrences.repeated_exact(|group| groups.push((group.value, group.rows))).expect("readable");
            groups.sort();
            groups
        };
        assert_eq!(fill(0), fill(700));
        assert_eq!(fill(0).len(), 2_000);
    }
}
