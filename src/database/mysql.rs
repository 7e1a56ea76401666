//! MySQL and MariaDB, read.

use mysql::prelude::Queryable as _;
use mysql::{Conn, Error, OptsBuilder, Value};

use super::address::{Address, Part};
use super::bytes::put_bytes;
use super::error::Problem;
use super::sink::Sink;
use super::sql::inner;
use crate::error::closest;

/// The port that MySQL listens on.
const PORT: u16 = 3306;

/// Reads what an address names.
pub(super) fn read(address: &Address, sink: &mut dyn Sink) -> Result<(), Problem> {
    let mut connection = connect(address)?;
    connection.query_drop("SET time_zone = '+00:00'").map_err(problem)?;
    connection.query_drop("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").map_err(problem)?;
    let query = match &address.part {
        Part::Whole => return Err(Problem::NothingNamed(tables(&mut connection)?)),
        Part::Query(query) => inner(query),
        Part::Table(table) => of_table(&mut connection, table)?,
    };
    let mut rows = connection.query_iter(query).map_err(problem)?;
    let names: Vec<String> = rows.columns().as_ref().iter().map(|column| column.name_str().into_owned()).collect();
    if names.is_empty() {
        let help = "a list is only read: write a SELECT".to_owned();
        return Err(Problem::Impossible { message: "the query answers with no rows".to_owned(), help });
    }
    sink.columns(&names)?;
    let mut cells: Vec<Option<String>> = names.iter().map(|_| None).collect();
    for row in rows.by_ref() {
        let row = row.map_err(problem)?;
        for (index, cell) in cells.iter_mut().enumerate() {
            put(row.as_ref(index), cell);
        }
        let texts: Vec<Option<&str>> = cells.iter().map(Option::as_deref).collect();
        sink.row(&texts)?;
    }
    Ok(())
}

/// What the server says of a cell: a text, in queries without parameters.
fn put(value: Option<&Value>, cell: &mut Option<String>) {
    match value {
        None | Some(Value::NULL) => *cell = None,
        Some(Value::Bytes(bytes)) => {
            let text = cell.get_or_insert_default();
            text.clear();
            put_bytes(bytes, text);
        }
        Some(other) => *cell = Some(other.as_sql(true).trim_matches('\'').to_owned()),
    }
}

fn connect(address: &Address) -> Result<Conn, Problem> {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let host = said(&address.host).or_else(|| environment("MYSQL_HOST")).unwrap_or_else(|| "localhost".to_owned());
    let is_socket = host.starts_with('/');
    let is_local = is_socket || matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if !is_local && address.setting("sslmode") != Some("disable") {
        return Err(Problem::Impossible {
            message: "the way to a MySQL of another machine would not be encrypted".to_owned(),
            help: "bring it here through an encrypted tunnel (ssh -L), or write sslmode=disable where the net is yours"
                .to_owned(),
        });
    }
    let options = OptsBuilder::new()
        .user(said(&address.user).or_else(|| environment("USER")))
        .pass(environment("MYSQL_PWD"))
        .db_name(said(&address.database))
        .prefer_socket(false);
    let options = if is_socket {
        options.socket(Some(host))
    } else {
        options.ip_or_hostname(Some(host)).tcp_port(address.port.unwrap_or(PORT))
    };
    Conn::new(options).map_err(|error| match problem(error) {
        Problem::Cut(reason) => Problem::Unreachable(reason),
        other => other,
    })
}

/// The rows of a table in the order of its key, where it has one.
fn of_table(connection: &mut Conn, table: &str) -> Result<String, Problem> {
    let known = tables(connection)?;
    let (schema, name) = match table.split_once('.') {
        Some((schema, name)) if !known.iter().any(|own| own == table) => (Some(schema), name),
        _ if known.iter().any(|own| own == table) => (None, table),
        _ => {
            let closest = closest(table, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(Problem::NoTable { table: table.to_owned(), closest, known });
        }
    };
    const KEY: &str = "SELECT column_name FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY'
        AND table_schema = coalesce(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position";
    let key: Vec<String> = connection.exec(KEY, (schema, name)).map_err(problem)?;
    let key: Vec<String> = key.iter().map(|column| quoted(column)).collect();
    let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {}", key.join(", ")) };
    let schema = schema.map_or_else(String::new, |schema| format!("{}.", quoted(schema)));
    Ok(format!("SELECT * FROM {schema}{}{order}", quoted(name)))
}

fn tables(connection: &mut Conn) -> Result<Vec<String>, Problem> {
    connection
        .query("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1")
        .map_err(problem)
}

/// A name as MySQL writes it, in any of its modes.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn problem(error: Error) -> Problem {
    match error {
        Error::MySqlError(said) => match said.code {
            1044 | 1142 | 1143 | 1227 | 1792 => Problem::NoRight(said.message),
            1045 | 1049 | 1698 => Problem::NotLetIn(said.message),
            _ => Problem::Said(said.message),
        },
        other => Problem::Cut(crate::error::causes(&other)),
    }
}
