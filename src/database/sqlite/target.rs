//! SQLite, written.

use std::collections::HashMap;

use csv::StringRecord;
use rusqlite::{Connection, OpenFlags, params, params_from_iter};

use super::super::address::Address;
use super::super::error::Problem;
use super::super::sql::quoted;
use super::super::target::{Change, Fate, LEDGER, Pushed, Rows, Target, columns_of, key_of_text, key_text, shared_key};
use super::names::{named, problem};
use crate::error::closest;

/// How long another writer is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// A database of SQLite within a transaction; where it is dropped before it is committed nothing has changed.
struct SqliteTarget {
    connection: Connection,
}

/// Opens a database, and begins the transaction.
pub(in super::super) fn open(address: &Address) -> Result<Box<dyn Target>, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&address.file, flags).map_err(problem)?;
    connection.busy_timeout(PATIENCE).map_err(problem)?;
    connection.execute_batch("BEGIN IMMEDIATE").map_err(problem)?;
    Ok(Box::new(SqliteTarget { connection }))
}

impl SqliteTarget {
    fn columns(&self, table: &str) -> Result<Vec<(String, i64)>, Problem> {
        let mut statement =
            self.connection.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid").map_err(problem)?;
        let columns = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).map_err(problem)?;
        columns.collect::<Result<_, _>>().map_err(problem)
    }

    /// Columns as the table writes them.
    fn named_columns(&self, table: &str, columns: &[&str]) -> Result<Vec<String>, Problem> {
        let own = self.columns(table)?;
        let find = |column: &&str| {
            let found = own.iter().find(|(name, _)| name == column);
            let found = found.or_else(|| own.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)));
            found.map(|(name, _)| name.clone()).ok_or_else(|| Problem::NoColumn {
                table: table.to_owned(),
                column: (*column).to_owned(),
                closest: closest(column, own.iter().map(|(name, _)| name.as_str())).map(str::to_owned),
            })
        };
        columns.iter().map(find).collect()
    }

    /// The rows of the keys of changes.
    fn rows_of(&self, table: &str, key: &[String], changes: &[Change]) -> Result<HashMap<Vec<String>, i64>, Problem> {
        let columns: Vec<String> = key.iter().map(|column| format!("CAST({} AS TEXT)", quoted(column))).collect();
        let sql = format!("SELECT rowid, {} FROM {}", columns.join(", "), quoted(table));
        let mut wanted: HashMap<&[String], Option<i64>> =
            changes.iter().map(|change| (change.key.as_slice(), None)).collect();
        let mut statement = self.connection.prepare(&sql).map_err(problem)?;
        let mut rows = statement.query([]).map_err(problem)?;
        let mut own: Vec<String> = vec![String::new(); key.len()];
        while let Some(row) = rows.next().map_err(problem)? {
            for (index, cell) in own.iter_mut().enumerate() {
                *cell = row.get::<_, Option<String>>(index + 1).map_err(problem)?.unwrap_or_default();
            }
            if let Some(place) = wanted.get_mut(own.as_slice())
                && place.replace(row.get(0).map_err(problem)?).is_some()
            {
                return Err(shared_key(table));
            }
        }
        Ok(wanted.into_iter().filter_map(|(key, row)| Some((key.to_vec(), row?))).collect())
    }

    fn make_ledger(&self) -> Result<(), Problem> {
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {LEDGER} (id INTEGER PRIMARY KEY, run TEXT NOT NULL, table_name TEXT NOT NULL,
             row_key TEXT NOT NULL, column_name TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, rule TEXT NOT NULL,
             pushed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, undone_at TEXT)"
        );
        self.connection.execute_batch(&sql).map_err(problem)
    }
}

impl Target for SqliteTarget {
    fn put_table(&mut self, name: &str, columns: &[String], rows: &mut Rows<'_>) -> Result<u64, Problem> {
        let list: Vec<String> = columns.iter().map(|column| format!("{} TEXT", quoted(column))).collect();
        let table = quoted(name);
        let sql = format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({})", list.join(", "));
        self.connection.execute_batch(&sql).map_err(problem)?;
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let insert = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
        let mut statement = self.connection.prepare(&insert).map_err(problem)?;
        let mut row = StringRecord::new();
        let mut count = 0;
        while rows(&mut row)? {
            statement.execute(params_from_iter(row.iter())).map_err(problem)?;
            count += 1;
        }
        Ok(count)
    }

    fn key_of(&mut self, table: &str) -> Result<Vec<String>, Problem> {
        let table = named(&self.connection, table)?;
        let mut own: Vec<(i64, String)> =
            self.columns(&table)?.into_iter().filter(|(_, pk)| *pk > 0).map(|(name, pk)| (pk, name)).collect();
        own.sort_unstable();
        Ok(own.into_iter().map(|(_, name)| name).collect())
    }

    fn change(
        &mut self,
        table: &str,
        key: &[String],
        changes: &[Change],
        run: Option<&str>,
    ) -> Result<Vec<Fate>, Problem> {
        let table = named(&self.connection, table)?;
        let keys: Vec<&str> = key.iter().map(String::as_str).collect();
        let key = self.named_columns(&table, &keys)?;
        let columns = columns_of(changes);
        let own: HashMap<&str, String> = columns.iter().copied().zip(self.named_columns(&table, &columns)?).collect();
        let rows = self.rows_of(&table, &key, changes)?;
        if run.is_some() {
            self.make_ledger()?;
        }
        let mut fates = Vec::with_capacity(changes.len());
        for change in changes {
            let Some(row) = rows.get(&change.key) else {
                fates.push(Fate::Gone);
                continue;
            };
            let column = quoted(&own[change.column.as_str()]);
            let sql = format!("SELECT CAST({column} AS TEXT) FROM {} WHERE rowid = ?1", quoted(&table));
            let mut statement = self.connection.prepare_cached(&sql).map_err(problem)?;
            let stands: Option<String> = statement.query_row([row], |row| row.get(0)).map_err(problem)?;
            let stands = stands.unwrap_or_default();
            if stands != change.before {
                fates.push(if stands == change.after { Fate::Already } else { Fate::Newer });
                continue;
            }
            let sql = format!("UPDATE {} SET {column} = ?2 WHERE rowid = ?1", quoted(&table));
            let mut statement = self.connection.prepare_cached(&sql).map_err(problem)?;
            statement.execute(params![row, change.after]).map_err(problem)?;
            if let Some(run) = run {
                let sql = format!(
                    "INSERT INTO {LEDGER} (run, table_name, row_key, column_name, before, after, rule) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                );
                let mut statement = self.connection.prepare_cached(&sql).map_err(problem)?;
                let key = key_text(&key, &change.key);
                statement
                    .execute(params![run, table, key, change.column, change.before, change.after, change.rule])
                    .map_err(problem)?;
            }
            fates.push(Fate::Done);
        }
        Ok(fates)
    }

    fn pushed(&mut self, run: &str) -> Result<Vec<Pushed>, Problem> {
        self.make_ledger()?;
        let sql = format!(
            "SELECT table_name, row_key, column_name, before, after, rule FROM {LEDGER} WHERE run = ?1 AND undone_at IS NULL
             ORDER BY id DESC"
        );
        let mut statement = self.connection.prepare(&sql).map_err(problem)?;
        let rows = statement.query_map([run], |row| {
            let (key, values) = key_of_text(&row.get::<_, String>(1)?);
            let change =
                Change { key: values, column: row.get(2)?, before: row.get(3)?, after: row.get(4)?, rule: row.get(5)? };
            Ok(Pushed { table: row.get(0)?, key, change })
        });
        rows.map_err(problem)?.collect::<Result<_, _>>().map_err(problem)
    }

    fn mark_undone(&mut self, run: &str) -> Result<(), Problem> {
        let sql = format!("UPDATE {LEDGER} SET undone_at = CURRENT_TIMESTAMP WHERE run = ?1 AND undone_at IS NULL");
        self.connection.execute(&sql, [run]).map_err(problem)?;
        Ok(())
    }

    fn commit(self: Box<Self>) -> Result<(), Problem> {
        self.connection.execute_batch("COMMIT").map_err(problem)
    }

    fn statement(&self, table: &str, key: &[String], column: &str) -> String {
        let column = quoted(column);
        let keys: Vec<String> = key.iter().map(|key| format!("{} = :key", quoted(key))).collect();
        let table = quoted(table);
        format!("UPDATE {table} SET {column} = :after WHERE {} AND {column} = :before", keys.join(" AND "))
    }
}
