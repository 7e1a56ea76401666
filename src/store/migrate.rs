//! The schema of `state.db`: append-only SQL files, applied in order, each in a transaction of its own.

use std::cmp::Ordering;
use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// Never edit a migration that was released; add the next one.
const MIGRATIONS: [&str; 10] = [
    include_str!("migrations/0001_runs.sql"),
    include_str!("migrations/0002_lookups.sql"),
    include_str!("migrations/0003_mx.sql"),
    include_str!("migrations/0004_customers.sql"),
    include_str!("migrations/0005_outreach.sql"),
    include_str!("migrations/0006_inbound.sql"),
    include_str!("migrations/0007_persons.sql"),
    include_str!("migrations/0008_whole_files.sql"),
    include_str!("migrations/0009_answers.sql"),
    include_str!("migrations/0010_calls.sql"),
];

/// Brings the schema up to date; `user_version` holds the number of migrations applied.
pub(super) fn migrate(connection: &mut Connection, directory: &Path) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { path: directory.display().to_string(), found, known });
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have applied it while this one waited.
        let applied: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if applied > index as i64 {
            continue;
        }
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", index as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Holds a workspace that may only be read to the schema known here.
pub(super) fn assert_current(connection: &Connection, directory: &Path) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    let path = directory.display().to_string();
    match found.cmp(&known) {
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(StoreError::Newer { path, found, known }),
        Ordering::Less => Err(StoreError::Directory {
            path,
            reason: "it is of an older tiuv and may not be written, so it can't be brought up to date".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing_and_a_newer_schema_is_refused() {
        let directory = Path::new("workspace");
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection, directory).expect("migrates");
        migrate(&mut connection, directory).expect("migrates again");
        connection.pragma_update(None, "user_version", 999).expect("sets");
        let refused = migrate(&mut connection, directory).expect_err("is newer");
        assert!(matches!(refused, StoreError::Newer { found: 999, .. }));
    }
}
