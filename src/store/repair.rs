//! Repairing a workspace: what damaged runs left for later ones is dropped, and what people decided, refused and were asked is
//! kept.

use rusqlite::TransactionBehavior;

use super::{Artefact, Store, StoreError};

/// A run whose files were damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The run.
    pub run: String,
    /// What was wrong.
    pub why: String,
}

impl Store {
    /// Runs of which a file is damaged.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn damaged_runs(&self) -> Result<Vec<Repaired>, StoreError> {
        let mut damaged = Vec::new();
        for run in self.run_ids()? {
            let wrong = Artefact::ALL.into_iter().find_map(|artefact| self.sound_artefact(artefact, &run).err());
            let wrong = wrong.or_else(|| self.read_customers(&run).err());
            match wrong {
                Some(StoreError::Damaged { path, reason, .. }) => {
                    damaged.push(Repaired { run, why: format!("{path}: {reason}") });
                }
                Some(error) => return Err(error),
                None => {}
            }
        }
        Ok(damaged)
    }

    /// Reads all customers of a run: what is looked at of a large file need not be what is damaged.
    fn read_customers(&self, run: &str) -> Result<(), StoreError> {
        let Some(profiles) = self.profiles(run)? else { return Ok(()) };
        profiles.all(|_| Ok::<(), StoreError>(()))?;
        profiles.check_index()
    }

    /// Drops all files of a run, and with them that its lists were read: the next run reads them as new ones. Its record stays, as
    /// do decisions, the suppression list and the outbox.
    ///
    /// # Errors
    /// When the database can't be written or a file can't be removed.
    pub fn drop_files_of(&mut self, run: &str) -> Result<(), StoreError> {
        let places = Artefact::ALL.map(|artefact| self.artefact(artefact, run));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM known_list WHERE run = ?1", [run])?;
        for path in places {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Unreadable { path: path.display().to_string(), reason: error.to_string() });
                }
                _ => {}
            }
        }
        transaction.execute("DELETE FROM artefact WHERE run = ?1", [run])?;
        Ok(transaction.commit()?)
    }
}
