//! The schema of `state.db`: append-only SQL files, applied in order, each in a transaction of its own.

use std::cmp::Ordering;
use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// Never edit a migration that was released; add the next one.
const MIGRATIONS: [&str; 12] = [
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
    include_str!("migrations/0011_by_customer.sql"),
    include_str!("migrations/0012_steward.sql"),
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
    use crate::store::confirm_links::OPEN_LINK;
    use crate::store::outbox::state::PENDING_OF;

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

    /// How SQLite goes about a statement.
    fn way(connection: &Connection, statement: &str) -> String {
        let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).expect("is SQL");
        let mut rows = explained.raw_query();
        let mut way = String::new();
        while let Some(row) = rows.next().expect("reads") {
            way.push_str(&row.get::<_, String>(3).expect("a step"));
            way.push('\n');
        }
        way
    }

    #[test]
    fn an_answer_looks_at_what_is_its_customers_and_not_at_all_that_stands_in_a_state() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection, Path::new("workspace")).expect("migrates");
        for (statement, index) in [
            (OPEN_LINK, "own USING INDEX outbox_once (customer=?)"),
            (PENDING_OF, "USING INDEX outbox_once (customer=?)"),
            (
                "UPDATE pending_change SET state = 'withdrawn' WHERE customer = ?1 AND state IN ('pending', 'accepted') AND field = ?2",
                "pending_change_customer (customer=? AND field=?)",
            ),
            ("UPDATE confirm_code SET state = 'over' WHERE change = ?1 AND state = 'sent'", "confirm_code_change"),
            ("DELETE FROM contact_event WHERE outbox = ?1 AND source = ?2", "contact_event_outbox"),
        ] {
            let way = way(&connection, statement);
            assert!(way.contains(index) && !way.contains("SCAN") && !way.contains("(state=?)"), "{statement}\n{way}");
        }
    }
}
