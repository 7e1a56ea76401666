//! Every file that runs leave in the workspace. Each holds values of persons, so whoever keeps count of those or erases one
//! starts here. What each must look like is remembered, so that one that is damaged is known before it is believed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::workspace::SNAPSHOTS;
use super::{Store, StoreError};

/// A file that a run leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artefact {
    /// Its standardized rows.
    Snapshot,
    /// The compared values of its rows.
    People,
    /// Whose its rows are.
    Customers,
    /// Its customers as outreach and look-ups see them.
    Cards,
    /// When its values were first written down.
    Captures,
}

impl Artefact {
    /// All of them, in the order of [`RunFiles`](super::RunFiles).
    pub const ALL: [Artefact; 5] =
        [Artefact::Snapshot, Artefact::People, Artefact::Customers, Artefact::Cards, Artefact::Captures];

    /// What its name ends in, behind the run's.
    const fn ending(self) -> &'static str {
        match self {
            Artefact::Snapshot => "parquet",
            Artefact::People => "people.parquet",
            Artefact::Customers => "customers.parquet",
            Artefact::Cards => "customers.db",
            Artefact::Captures => "captures.zst",
        }
    }

    /// Where that of a run stands in a workspace, if the run left it.
    fn place(self, workspace: &Path, run: &str) -> PathBuf {
        workspace.join(SNAPSHOTS).join(format!("{run}.{}", self.ending()))
    }

    /// Forgets how that of a run must look: it is believed then, as it stands.
    pub(super) fn forget_look(self, connection: &Connection, run: &str) -> Result<(), StoreError> {
        connection.execute("DELETE FROM artefact WHERE run = ?1 AND kind = ?2", params![run, self.ending()])?;
        Ok(())
    }
}

impl Store {
    /// Where a file of a run stands, if the run left it.
    pub fn artefact(&self, artefact: Artefact, run: &str) -> PathBuf {
        artefact.place(&self.directory, run)
    }

    /// A file of a run that is as it was written; none where the run left none.
    ///
    /// # Errors
    /// When it is damaged: missing, of another length, or of other bytes.
    pub fn sound_artefact(&self, artefact: Artefact, run: &str) -> Result<Option<PathBuf>, StoreError> {
        Expected::of(&self.connection, &self.directory, artefact, run)?.sound()
    }
}

/// A file that a run may have left, and how it must look then.
pub(super) struct Expected {
    run: String,
    path: PathBuf,
    /// None where the run left no such file, or was made by a tiuv that did not remember how its files look.
    look: Option<Look>,
}

impl Expected {
    /// Whose file it is.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    /// That of a run, in the workspace of this database.
    pub(super) fn of(
        connection: &Connection,
        workspace: &Path,
        artefact: Artefact,
        run: &str,
    ) -> Result<Self, StoreError> {
        let look = connection
            .prepare_cached("SELECT length, sum FROM artefact WHERE run = ?1 AND kind = ?2")?
            .query_row(params![run, artefact.ending()], |row| Ok(Look { length: row.get(0)?, sum: row.get(1)? }))
            .optional()?;
        Ok(Expected { run: run.to_owned(), path: artefact.place(workspace, run), look })
    }

    /// The file, if it is as it was written; none where there is none and need not be.
    pub(super) fn sound(&self) -> Result<Option<PathBuf>, StoreError> {
        let path = || self.path.clone();
        let Some(expected) = &self.look else { return Ok(self.path.is_file().then(path)) };
        let wrong = match Look::of(&self.path) {
            Ok(found) if found == *expected => return Ok(Some(path())),
            Ok(found) if found.length != expected.length => {
                format!("it has {} bytes, and {} were written", found.length, expected.length)
            }
            Ok(_) => "it has other bytes than were written".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(StoreError::Damaged { path: self.path.display().to_string(), run: self.run.clone(), reason: wrong })
    }
}

/// By what a file is known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    length: i64,
    sum: i64,
}

/// Bytes that are read at a time.
const PIECE: u64 = 64 << 10;
/// A file of more pieces is looked at in so many, spread from its first to its last: what a power cut or a full disk takes is not
/// a piece or two, and look-ups of single customers must not read all of a large file.
const PIECES: u64 = 256;

impl Look {
    /// Of a file as it is now.
    pub(super) fn of(path: &Path) -> std::io::Result<Look> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut sum = crc32fast::Hasher::new();
        let pieces = length.div_ceil(PIECE);
        let mut bytes = Vec::with_capacity(PIECE as usize);
        for number in 0..pieces.min(PIECES) {
            let piece = if pieces <= PIECES { number } else { number * (pieces - 1) / (PIECES - 1) };
            file.seek(SeekFrom::Start(piece * PIECE))?;
            bytes.clear();
            (&mut file).take(PIECE).read_to_end(&mut bytes)?;
            sum.update(&bytes);
        }
        Ok(Look { length: length as i64, sum: sum.finalize().into() })
    }

    /// Remembers it as that of a run's file.
    pub(super) fn remember(&self, connection: &Connection, artefact: Artefact, run: &str) -> Result<(), StoreError> {
        connection.execute(
            "INSERT OR REPLACE INTO artefact (run, kind, length, sum) VALUES (?1, ?2, ?3, ?4)",
            params![run, artefact.ending(), self.length, self.sum],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_length_or_other_bytes_is_known_and_one_of_an_older_tiuv_believed() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let place = store.artefact(Artefact::People, "r");
        assert_eq!(store.sound_artefact(Artefact::People, "r").expect("none"), None);
        for length in [0, 1, 100_000, 40 << 20] {
            std::fs::write(&place, vec![7_u8; length]).expect("written");
            let look = Look::of(&place).expect("looked at");
            look.remember(&store.connection, Artefact::People, "r").expect("remembered");
            assert_eq!(store.sound_artefact(Artefact::People, "r").expect("sound"), Some(place.clone()));
            std::fs::write(&place, vec![7_u8; length + 1]).expect("written");
            store.sound_artefact(Artefact::People, "r").expect_err("is longer");
            if length > 0 {
                let mut torn = vec![7_u8; length];
                torn[length / 2..].fill(0);
                std::fs::write(&place, torn).expect("written");
                store.sound_artefact(Artefact::People, "r").expect_err("its end was lost");
            }
        }
        store.connection.execute("DELETE FROM artefact", []).expect("forgotten");
        store.sound_artefact(Artefact::People, "r").expect("is believed");
    }
}
