//! What a database of SQLite has, and what its errors are.

use rusqlite::{Connection, ErrorCode};

use super::super::error::Problem;
use crate::error::closest;

/// The table as the database writes its name; SQLite makes no difference between letters of other cases.
pub(super) fn named(connection: &Connection, table: &str) -> Result<String, Problem> {
    let known = tables(connection)?;
    let same =
        known.iter().find(|own| *own == table).or_else(|| known.iter().find(|own| own.eq_ignore_ascii_case(table)));
    match same {
        Some(own) => Ok(own.clone()),
        None => {
            let closest = closest(table, known.iter().map(String::as_str)).map(str::to_owned);
            Err(Problem::NoTable { table: table.to_owned(), closest, known })
        }
    }
}

/// All tables and views that are no part of SQLite itself.
pub(super) fn tables(connection: &Connection) -> Result<Vec<String>, Problem> {
    let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(sql).map_err(problem)?;
    let names = statement.query_map([], |row| row.get(0)).map_err(problem)?;
    names.collect::<Result<_, _>>().map_err(problem)
}

/// What an error of SQLite is.
pub(super) fn problem(error: rusqlite::Error) -> Problem {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => Problem::Unreachable(error.to_string()),
        Some(ErrorCode::NotADatabase) => Problem::Said("it is no SQLite database".to_owned()),
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::AuthorizationForStatementDenied) => {
            Problem::NoRight(error.to_string())
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::Locked(error.to_string()),
        _ => Problem::Said(said(&error)),
    }
}

/// What SQLite says, without the statement: it may be long, and hold values.
fn said(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
