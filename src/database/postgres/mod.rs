//! PostgreSQL, read: the server writes CSV itself (COPY), which is passed on as it comes.

mod catalog;
mod connect;
mod credentials;
mod target;
mod wrong;

use std::collections::HashSet;
use std::io::BufRead;

use postgres::types::{Kind, Type};
use postgres::{IsolationLevel, Statement, Transaction};

use super::address::{Address, Part};
use super::error::Problem;
use super::sink::Sink;
use super::sql::{inner, quoted};
use connect::connect;
pub(super) use target::open;
use wrong::{cut, problem};

/// Reads what an address names.
pub(super) fn read(address: &Address, sink: &mut dyn Sink) -> Result<(), Problem> {
    let mut client = connect(address)?;
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .map_err(problem)?;
    // Days and sums as every client reads them, whatever the server's owner prefers.
    transaction
        .batch_execute(
            "SET LOCAL datestyle TO 'ISO, YMD'; SET LOCAL intervalstyle TO 'iso_8601'; SET LOCAL bytea_output TO 'hex'",
        )
        .map_err(problem)?;
    let (source, order) = source(address, &mut transaction)?;
    let statement = transaction.prepare(&format!("SELECT * FROM {source} LIMIT 0")).map_err(problem)?;
    let names: Vec<String> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    sink.columns(&names)?;
    // A row that is one empty cell would be an empty line, which is no row.
    let null = if names.len() == 1 { ", NULL ' '" } else { "" };
    let list = as_text(&statement);
    let copy = format!("COPY (SELECT {list} FROM {source}{order}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8'{null})");
    let mut rows = transaction.copy_out(&copy).map_err(problem)?;
    loop {
        let bytes = rows.fill_buf().map_err(cut)?;
        if bytes.is_empty() {
            break;
        }
        sink.csv(bytes)?;
        let length = bytes.len();
        rows.consume(length);
    }
    Ok(())
}

/// What stands behind FROM, and the order of the rows where there is one that is always the same.
fn source(address: &Address, transaction: &mut Transaction<'_>) -> Result<(String, String), Problem> {
    match &address.part {
        Part::Whole => Err(Problem::NothingNamed(catalog::tables(transaction)?)),
        Part::Query(query) => Ok((format!("({}) AS source", inner(query)), String::new())),
        Part::Table(table) => {
            let table = catalog::table(transaction, table)?;
            let key: Vec<String> = table.key.iter().map(|column| quoted(column)).collect();
            let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {}", key.join(", ")) };
            Ok((table.sql(), order))
        }
    }
}

/// The columns as they are to be written: `true` rather than `t`, and the items of a list as lists of other sources have them,
/// where none of them could be taken for two.
fn as_text(statement: &Statement) -> String {
    let columns = statement.columns();
    let mut names = HashSet::new();
    if !columns.iter().all(|column| names.insert(column.name())) {
        return "*".to_owned();
    }
    let column = |column: &postgres::Column| {
        let name = quoted(column.name());
        match column.type_().kind() {
            Kind::Array(item) if *item != Type::BYTEA => format!(
                "CASE WHEN cardinality({name}) > 0 AND (array_ndims({name}) > 1 OR array_to_string({name}, '') ~ E'[;\\n]') \
                 THEN to_json({name})::text ELSE array_to_string({name}, '; ') END AS {name}"
            ),
            _ if *column.type_() == Type::BOOL => format!("{name}::text"),
            _ => name,
        }
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}
