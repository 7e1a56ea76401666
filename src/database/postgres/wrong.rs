//! What errors of PostgreSQL are. What the server adds as a detail is never told: it may name values.

use std::io;

use postgres::Error;
use postgres::error::SqlState;

use super::super::error::Problem;

/// What an error is.
pub(super) fn problem(error: Error) -> Problem {
    let Some(said) = error.as_db_error() else {
        return if error.is_closed() {
            Problem::Cut("the server ended it".to_owned())
        } else {
            Problem::Cut(crate::error::causes(&error))
        };
    };
    let message = said.message().to_owned();
    let code = said.code();
    match code.code() {
        _ if *code == SqlState::INSUFFICIENT_PRIVILEGE || *code == SqlState::READ_ONLY_SQL_TRANSACTION => {
            Problem::NoRight(message)
        }
        _ if *code == SqlState::LOCK_NOT_AVAILABLE => Problem::Locked(message),
        // Connection exceptions, and the operator's intervention.
        state if state.starts_with("08") || state.starts_with("57P") => Problem::Cut(message),
        state if state.starts_with("28") || *code == SqlState::INVALID_CATALOG_NAME => Problem::NotLetIn(message),
        // The server's disk is full, or its memory.
        state if state.starts_with("53") => Problem::Impossible {
            message: format!("the server has no room: {message}"),
            help: "free some there; nothing was changed".to_owned(),
        },
        _ => Problem::Said(message),
    }
}

/// What ended the stream of rows.
pub(super) fn cut(error: io::Error) -> Problem {
    match error.downcast::<Error>() {
        Ok(error) => problem(error),
        Err(error) => Problem::Cut(error.to_string()),
    }
}
