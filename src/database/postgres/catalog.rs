//! What the server has: tables, their keys and their columns.

use postgres::GenericClient;

use super::super::error::Problem;
use super::super::sql::quoted;
use super::wrong::problem;
use crate::error::closest;

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    /// The columns of its primary key.
    pub(super) key: Vec<String>,
    /// Its columns with their types, as SQL writes those, but for their lengths: a cast to `varchar(10)` cuts what is too long,
    /// where putting it there is refused.
    pub(super) columns: Vec<(String, String)>,
}

impl Table {
    /// As SQL names it.
    pub(super) fn sql(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }
}

/// The table of a name: the one that is found without a schema, or `SCHEMA.NAME`.
pub(super) fn table(client: &mut impl GenericClient, name: &str) -> Result<Table, Problem> {
    const FIND: &str = "SELECT n.nspname::text, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname::text = $1
          AND (($2 = '' AND pg_catalog.pg_table_is_visible(c.oid)) OR n.nspname::text = $2)";
    let whole = (name, "");
    let split = name.split_once('.').map(|(schema, name)| (name, schema));
    for (name, schema) in [Some(whole), split].into_iter().flatten() {
        let Some(row) = client.query_opt(FIND, &[&name, &schema]).map_err(problem)? else { continue };
        let oid: u32 = row.get(1);
        const KEY: &str = "SELECT a.attname::text FROM pg_catalog.pg_index i
            CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE i.indrelid = $1 AND i.indisprimary ORDER BY k.place";
        const COLUMNS: &str = "SELECT attname::text, pg_catalog.format_type(atttypid, -1) FROM pg_catalog.pg_attribute
            WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let key = client.query(KEY, &[&oid]).map_err(problem)?;
        let columns = client.query(COLUMNS, &[&oid]).map_err(problem)?;
        return Ok(Table {
            schema: row.get(0),
            name: name.to_owned(),
            key: key.iter().map(|row| row.get(0)).collect(),
            columns: columns.iter().map(|row| (row.get(0), row.get(1))).collect(),
        });
    }
    let known = tables(client)?;
    let closest = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(Problem::NoTable { table: name.to_owned(), closest, known })
}

/// The tables and views that are not the server's own; those outside the usual schema with theirs.
pub(super) fn tables(client: &mut impl GenericClient) -> Result<Vec<String>, Problem> {
    const ALL: &str = "SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname::text ELSE n.nspname || '.' || c.relname END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1";
    let rows = client.query(ALL, &[]).map_err(problem)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
