//! What takes a change of the workspace back: while a journal is kept, every row that is added, changed or taken away leaves the
//! statement that makes it as it was, and that does so only where nobody changed it since. This is SQLite's own way
//! (<https://sqlite.org/undoredo.html>), for the tables that decisions may touch.

use rusqlite::Connection;

/// Tables in which decisions show. All have a row id.
const TABLES: [&str; 6] = ["decision", "pending_change", "suppression", "known_as", "inbound_message", "steward_item"];
const WISHES: &str = "call_wish";

/// Writes down what takes back whatever is changed until it is finished. It lives within a transaction: where that is rolled back,
/// nothing of it is left.
pub(super) struct Journal<'c> {
    connection: &'c Connection,
}

impl<'c> Journal<'c> {
    pub(super) fn begin(connection: &'c Connection) -> rusqlite::Result<Self> {
        connection.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS taken_back_by (id INTEGER PRIMARY KEY, statement TEXT NOT NULL);
             DELETE FROM taken_back_by;",
        )?;
        for table in TABLES.into_iter().chain([WISHES]) {
            let columns = columns_of(connection, table)?;
            connection.execute_batch(&triggers(table, &columns))?;
        }
        Ok(Journal { connection })
    }

    /// The statements in the order in which they are to be run.
    pub(super) fn finish(self) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare("SELECT statement FROM taken_back_by ORDER BY id DESC")?;
        let statements = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        drop(statement);
        for table in TABLES.into_iter().chain([WISHES]) {
            for event in EVENTS {
                self.connection.execute_batch(&format!("DROP TRIGGER {};", name(table, event)))?;
            }
        }
        Ok(statements)
    }
}

/// Runs what a journal wrote down; false where something was changed since, and then all of it is to be rolled back.
pub(super) fn take_back(connection: &Connection, statements: &[String]) -> rusqlite::Result<bool> {
    for statement in statements {
        match connection.execute(statement, []) {
            Ok(1) => {}
            Ok(_) => return Ok(false),
            // Something else stands where the row stood, or leans on the one that was added.
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

fn name(table: &str, event: &str) -> String {
    format!("temp.journal_{table}_{}", event.to_ascii_lowercase())
}

fn columns_of(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

fn triggers(table: &str, columns: &[String]) -> String {
    let each = |part: &dyn Fn(&str) -> String| columns.iter().map(|column| part(column)).collect::<String>();
    let same = each(&|column| format!(" || ' AND {column} IS ' || quote(new.{column})"));
    let still = match table {
        // Runs say anew what is shown of an item and what it weighs, whatever was decided of it.
        "steward_item" => each(&|column| {
            format!(" || iif(old.{column} IS NOT new.{column}, ' AND {column} IS ' || quote(new.{column}), '')")
        }),
        _ => same.clone(),
    };
    let as_it_was = each(&|column| {
        format!(" || iif(old.{column} IS NOT new.{column}, ', {column} = ' || quote(old.{column}), '')")
    });
    let names = columns.join(", ");
    let values: Vec<String> = columns.iter().map(|column| format!("quote(old.{column})")).collect();
    let values = values.join(" || ', ' || ");
    let statements = [
        format!("'DELETE FROM {table} WHERE rowid = ' || new.rowid{same}"),
        format!("'UPDATE {table} SET rowid = rowid'{as_it_was} || ' WHERE rowid = ' || new.rowid{still}"),
        format!("'INSERT INTO {table} (rowid, {names}) VALUES (' || old.rowid || ', ' || {values} || ')'"),
    ];
    let trigger = |(event, statement): (&str, String)| {
        format!(
            "CREATE TEMP TRIGGER {} AFTER {event} ON main.{table}
             BEGIN INSERT INTO taken_back_by (statement) VALUES ({statement}); END;",
            name(table, event).trim_start_matches("temp.")
        )
    };
    EVENTS.into_iter().zip(statements).map(trigger).collect()
}
