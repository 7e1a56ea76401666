//! When the values of rows were first written down, as far as a run could tell: so that a later run knows for how long a
//! contact has been the same, and how often it changed.
//!
//! One small record a row, compressed: `snapshots/RUN.captures.zst`.

use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::workspace::SNAPSHOTS;
use super::{Artefact, Store, StoreError};
use crate::disk::temporary_in;
use crate::record::{Captured, Day, RowCaptures, RowId};

/// The first bytes of a file; another number means other records.
const MAGIC: &[u8; 8] = b"tiuvcap1";
/// Bytes of a record.
const RECORD: usize = 26;
/// Files of earlier runs that are looked at: those of other lists may stand between.
const FILES: usize = 4;

impl Store {
    /// Writes the captures of a run's rows; [`Store::record_run`] gives the file its name.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_captures(
        workspace: &Path,
        rows: impl Iterator<Item = (RowId, RowCaptures)>,
    ) -> Result<NamedTempFile, StoreError> {
        let failed = |error: std::io::Error| StoreError::Snapshot(error.to_string());
        let file = temporary_in(&workspace.join(SNAPSHOTS)).map_err(failed)?;
        let write = || -> std::io::Result<()> {
            let mut out = zstd::Encoder::new(BufWriter::new(file.reopen()?), 1)?;
            out.write_all(MAGIC)?;
            for (row, [email, phone]) in rows {
                let mut record = [0; RECORD];
                record[..8].copy_from_slice(&row.0.to_le_bytes());
                for (at, captured) in [(8, email), (17, phone)] {
                    record[at..at + 4].copy_from_slice(&captured.tag.to_le_bytes());
                    record[at + 4..at + 8].copy_from_slice(&Day::stored(captured.first).to_le_bytes());
                    record[at + 8] = captured.changes;
                }
                out.write_all(&record)?;
            }
            out.finish()?.flush()
        };
        write().map_err(failed)?;
        Ok(file)
    }

    /// What runs of days before `today` (`YYYY-MM-DD`) knew, the newest first: the run's day, row and captures. A row comes
    /// once for each run.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn earlier_captures(
        &self,
        today: &str,
        take: &mut dyn FnMut(&str, RowId, RowCaptures),
    ) -> Result<(), StoreError> {
        let mut earlier: Vec<_> = self.runs()?.into_iter().filter(|run| run.as_of.as_str() < today).collect();
        earlier.sort_by(|left, right| (&right.as_of, &left.id).cmp(&(&left.as_of, &right.id)));
        let files = earlier.into_iter().filter_map(|run| {
            let sound = self.sound_artefact(Artefact::Captures, &run.id).transpose()?;
            Some(sound.map(|path| (path, run.as_of)))
        });
        for found in files.take(FILES) {
            let (path, as_of) = found?;
            read(&path, &mut |row, captures| take(&as_of, row, captures)).map_err(|error| StoreError::Unreadable {
                path: path.display().to_string(),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }
}

fn read(path: &Path, take: &mut dyn FnMut(RowId, RowCaptures)) -> std::io::Result<()> {
    let mut input = BufReader::new(zstd::Decoder::new(std::fs::File::open(path)?)?);
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic)?;
    if magic != *MAGIC {
        return Err(std::io::Error::other("it is not of this version's form"));
    }
    let mut record = [0; RECORD];
    loop {
        match input.read_exact(&mut record) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let word = |at: usize| [record[at], record[at + 1], record[at + 2], record[at + 3]];
        let captured = |at: usize| Captured {
            tag: u32::from_le_bytes(word(at)),
            first: Day::from_stored(i32::from_le_bytes(word(at + 4))),
            changes: record[at + 8],
        };
        let row = u64::from(u32::from_le_bytes(word(0))) | u64::from(u32::from_le_bytes(word(4))) << 32;
        take(RowId(row), [captured(8), captured(17)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_come_back_and_a_file_that_ends_early_or_is_none_is_no_panic() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(directory.path().join("snapshots")).expect("made");
        let email = Captured { tag: 7, first: Some(Day::new(19_000)), changes: 2 };
        let phone = Captured { tag: 0, first: None, changes: 0 };
        let rows = [(RowId(u64::MAX - 1), [email, phone]), (RowId(3), [phone, email])];
        let file = Store::write_captures(directory.path(), rows.into_iter()).expect("written");
        let mut back = Vec::new();
        read(file.path(), &mut |row, captures| back.push((row, captures))).expect("read");
        assert_eq!(back, rows);
        std::fs::write(file.path(), b"something else").expect("written");
        assert!(read(file.path(), &mut |_, _| ()).is_err());
    }
}
