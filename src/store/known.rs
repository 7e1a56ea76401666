//! Which lists the workspace knows, and by which run.

use rusqlite::{Transaction, params};

use super::{Store, StoreError};

/// A list that was read before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownList {
    /// Name of its file, without the directory.
    pub name: String,
    /// Fingerprint of its header.
    pub fingerprint: u64,
    /// The run that read it last.
    pub run: String,
    /// Its place among the inputs of that run, from 0.
    pub position: u32,
}

impl Store {
    /// The lists that were read before, the one read last first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn known_lists(&self) -> Result<Vec<KnownList>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT name, fingerprint, run, position FROM known_list ORDER BY seen DESC, position")?;
        let rows = statement.query_map([], |row| {
            let fingerprint: String = row.get(1)?;
            Ok(KnownList {
                name: row.get(0)?,
                fingerprint: u64::from_str_radix(&fingerprint, 16).unwrap_or_default(),
                run: row.get(2)?,
                position: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The number of the next run that resolves customers; grows with each.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn next_seen(&self) -> Result<u32, StoreError> {
        let seen: Option<u32> = self.connection.query_row("SELECT max(seen) FROM known_list", [], |row| row.get(0))?;
        Ok(seen.unwrap_or(0).saturating_add(1))
    }
}

/// Notes that a run read these lists, in place of earlier exports of them.
pub(super) fn write_lists(
    transaction: &Transaction<'_>,
    lists: &[KnownList],
    replaced: &[(String, u64)],
) -> rusqlite::Result<()> {
    let seen: u32 = transaction.query_row("SELECT coalesce(max(seen), 0) + 1 FROM known_list", [], |row| row.get(0))?;
    for (name, fingerprint) in replaced {
        transaction.execute(
            "DELETE FROM known_list WHERE name = ?1 AND fingerprint = ?2",
            params![name, format!("{fingerprint:016x}")],
        )?;
    }
    for list in lists {
        transaction.execute(
            "INSERT OR REPLACE INTO known_list (name, fingerprint, run, position, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![list.name, format!("{:016x}", list.fingerprint), list.run, list.position, seen],
        )?;
    }
    Ok(())
}
