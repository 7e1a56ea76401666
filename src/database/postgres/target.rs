//! PostgreSQL, written: tables by COPY, changes as sets.

use std::io::Write;

use csv::{StringRecord, Terminator, WriterBuilder};
use postgres::Client;

use super::super::address::Address;
use super::super::error::Problem;
use super::super::sql::quoted;
use super::super::target::{Change, Fate, LEDGER, Pushed, Rows, Target, columns_of, key_of_text, key_text, shared_key};
use super::catalog::{self, Table};
use super::connect::connect;
use super::wrong::{cut, problem};
use crate::error::closest;

/// A server within a transaction; where it is dropped before it is committed nothing has changed.
struct PostgresTarget {
    client: Client,
}

/// Rows are sent in pieces of so much.
const CHUNK: usize = 64 << 10;

/// Connects, and begins the transaction. Whoever holds a row is waited for, though not for ever.
pub(in super::super) fn open(address: &Address) -> Result<Box<dyn Target>, Problem> {
    let mut client = connect(address)?;
    client
        .batch_execute("BEGIN; SET LOCAL lock_timeout TO '10s'; SET LOCAL datestyle TO 'ISO, YMD'; SET LOCAL intervalstyle TO 'iso_8601'")
        .map_err(problem)?;
    Ok(Box::new(PostgresTarget { client }))
}

impl PostgresTarget {
    /// Sends rows as CSV.
    fn copy_in(&mut self, into: &str, rows: &mut Rows<'_>) -> Result<u64, Problem> {
        let copy = format!("COPY {into} FROM STDIN WITH (FORMAT csv, ENCODING 'UTF8', NULL '\\N')");
        let sender = self.client.copy_in(&copy).map_err(problem)?;
        let mut writer =
            WriterBuilder::new().buffer_capacity(CHUNK).terminator(Terminator::Any(b'\n')).from_writer(sender);
        let mut row = StringRecord::new();
        while rows(&mut row)? {
            writer.write_record(&row).map_err(|error| cut(error.into()))?;
        }
        let mut sender = writer.into_inner().map_err(|error| cut(error.into_error()))?;
        sender.flush().map_err(cut)?;
        sender.finish().map_err(problem)
    }

    fn type_of<'t>(table: &'t Table, column: &str) -> Result<&'t str, Problem> {
        let found = table.columns.iter().find(|(name, _)| name == column);
        found.map(|(_, of)| of.as_str()).ok_or_else(|| Problem::NoColumn {
            table: table.name.clone(),
            column: column.to_owned(),
            closest: closest(column, table.columns.iter().map(|(name, _)| name.as_str())).map(str::to_owned),
        })
    }

    /// The changes as a table of this transaction alone.
    fn send(&mut self, key: &[String], changes: &[Change]) -> Result<(), Problem> {
        let keys: Vec<String> = (0..key.len()).map(|place| format!("k{place} text NOT NULL")).collect();
        let sql = format!(
            "CREATE TEMP TABLE IF NOT EXISTS tiuv_changes_sent (place bigint, column_name text, before text, after text, rule text,
             row_key text, {}, hits bigint NOT NULL DEFAULT 0) ON COMMIT DROP; TRUNCATE tiuv_changes_sent",
            keys.join(", ")
        );
        self.client.batch_execute(&sql).map_err(problem)?;
        let names: Vec<String> = (0..key.len()).map(|place| format!("k{place}")).collect();
        let into =
            format!("tiuv_changes_sent (place, column_name, before, after, rule, row_key, {})", names.join(", "));
        let mut rest = changes.iter().enumerate();
        self.copy_in(&into, &mut |row| {
            row.clear();
            let Some((place, change)) = rest.next() else { return Ok(false) };
            row.push_field(&place.to_string());
            let text = key_text(key, &change.key);
            for field in [&change.column, &change.before, &change.after, &change.rule, &text] {
                row.push_field(field);
            }
            change.key.iter().for_each(|value| row.push_field(value));
            Ok(true)
        })?;
        self.client.batch_execute("ANALYZE tiuv_changes_sent").map_err(problem)
    }

    fn make_ledger(&mut self) -> Result<(), Problem> {
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {LEDGER} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run text NOT NULL,
             table_name text NOT NULL, row_key text NOT NULL, column_name text NOT NULL, before text NOT NULL, after text NOT NULL,
             rule text NOT NULL, pushed_at timestamptz NOT NULL DEFAULT now(), undone_at timestamptz)"
        );
        self.client.batch_execute(&sql).map_err(problem)
    }
}

impl Target for PostgresTarget {
    fn put_table(&mut self, name: &str, columns: &[String], rows: &mut Rows<'_>) -> Result<u64, Problem> {
        let table = quoted(name);
        let find = "SELECT attname::text FROM pg_catalog.pg_attribute
            WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let own = self.client.query(find, &[&table]).map_err(problem)?;
        let own: Vec<String> = own.iter().map(|row| row.get(0)).collect();
        // A table of the same columns keeps its rights, and the views on it.
        let sql = if own == columns {
            format!("TRUNCATE {table}")
        } else {
            let list: Vec<String> = columns.iter().map(|column| format!("{} text", quoted(column))).collect();
            format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({})", list.join(", "))
        };
        self.client.batch_execute(&sql).map_err(problem)?;
        self.copy_in(&table, rows)
    }

    fn key_of(&mut self, table: &str) -> Result<Vec<String>, Problem> {
        Ok(catalog::table(&mut self.client, table)?.key)
    }

    fn change(
        &mut self,
        table: &str,
        key: &[String],
        changes: &[Change],
        run: Option<&str>,
    ) -> Result<Vec<Fate>, Problem> {
        let table = catalog::table(&mut self.client, table)?;
        for column in key {
            Self::type_of(&table, column)?;
        }
        self.send(key, changes)?;
        let name = table.sql();
        let same_key: Vec<String> =
            key.iter().enumerate().map(|(place, column)| format!("t.{}::text = p.k{place}", quoted(column))).collect();
        let same_key = same_key.join(" AND ");
        let mut fates = vec![Fate::Done; changes.len()];
        for column in columns_of(changes) {
            let of = Self::type_of(&table, column)?;
            if of.ends_with("[]") {
                // Its items were read as one text, which is none of its values.
                return Err(Problem::Impossible {
                    message: format!("column {column} is a list, which is not changed"),
                    help: "name the other columns with --columns; nothing was changed".to_owned(),
                });
            }
            let own = quoted(column);
            // A row that somebody changes meanwhile is waited for and looked at again: the old value must still stand.
            let update = format!(
                "WITH done AS (UPDATE {name} AS t SET {own} = p.after::{of} FROM tiuv_changes_sent AS p
                   WHERE p.column_name = $1 AND {same_key} AND coalesce(t.{own}::text, '') = p.before RETURNING p.place)
                 UPDATE tiuv_changes_sent AS p SET hits = done.hits
                   FROM (SELECT place, count(*) AS hits FROM done GROUP BY place) AS done WHERE p.place = done.place"
            );
            self.client.execute(&update, &[&column]).map_err(|error| match problem(error) {
                Problem::Said(message) => Problem::Impossible {
                    message: format!("column {column} can't be changed: {message}"),
                    help: "leave it out with --columns; nothing was changed".to_owned(),
                },
                other => other,
            })?;
            let rest = format!(
                "SELECT p.place, p.hits, count(t.*) AS rows, bool_or(coalesce(t.{own}::text, '') = p.after)
                 FROM tiuv_changes_sent AS p LEFT JOIN {name} AS t ON {same_key}
                 WHERE p.column_name = $1 AND p.hits <> 1 GROUP BY p.place, p.hits"
            );
            for row in self.client.query(&rest, &[&column]).map_err(problem)? {
                let (place, hits, rows): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
                if hits > 1 || rows > 1 {
                    return Err(shared_key(&table.name));
                }
                let is_same: Option<bool> = row.get(3);
                fates[place as usize] = match (rows, is_same) {
                    (0, _) => Fate::Gone,
                    (_, Some(true)) => Fate::Already,
                    _ => Fate::Newer,
                };
            }
        }
        if let Some(run) = run {
            self.make_ledger()?;
            let sql = format!(
                "INSERT INTO {LEDGER} (run, table_name, row_key, column_name, before, after, rule)
                 SELECT $1, $2, row_key, column_name, before, after, rule FROM tiuv_changes_sent WHERE hits = 1 ORDER BY place"
            );
            let of = format!("{}.{}", table.schema, table.name);
            self.client.execute(&sql, &[&run, &of]).map_err(problem)?;
        }
        Ok(fates)
    }

    fn pushed(&mut self, run: &str) -> Result<Vec<Pushed>, Problem> {
        self.make_ledger()?;
        let sql = format!(
            "SELECT table_name, row_key, column_name, before, after, rule FROM {LEDGER} WHERE run = $1 AND undone_at IS NULL
             ORDER BY id DESC"
        );
        let rows = self.client.query(&sql, &[&run]).map_err(problem)?;
        let pushed = rows.iter().map(|row| {
            let (key, values) = key_of_text(row.get(1));
            let change =
                Change { key: values, column: row.get(2), before: row.get(3), after: row.get(4), rule: row.get(5) };
            Pushed { table: row.get(0), key, change }
        });
        Ok(pushed.collect())
    }

    fn mark_undone(&mut self, run: &str) -> Result<(), Problem> {
        let sql = format!("UPDATE {LEDGER} SET undone_at = now() WHERE run = $1 AND undone_at IS NULL");
        self.client.execute(&sql, &[&run]).map_err(problem)?;
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<(), Problem> {
        self.client.batch_execute("COMMIT").map_err(|error| match problem(error) {
            Problem::Cut(reason) => Problem::InDoubt(reason),
            other => other,
        })
    }

    fn statement(&self, table: &str, key: &[String], column: &str) -> String {
        let column = quoted(column);
        let keys: Vec<String> = key.iter().map(|key| format!("{}::text = :key", quoted(key))).collect();
        let table: Vec<String> = table.split('.').map(quoted).collect();
        format!(
            "UPDATE {} SET {column} = :after WHERE {} AND {column}::text = :before",
            table.join("."),
            keys.join(" AND ")
        )
    }
}
