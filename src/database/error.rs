//! Why a database can't be read or written, and what to do about it. No password and no customer's value appears here.

use crate::error::{Exit, Explain};

/// A database that can't be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct DatabaseError {
    place: String,
    problem: Problem,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The client is not part of this build.
    #[error("this tiuv was built without {0}")]
    NotBuilt(&'static str),
    /// The address can't be right.
    #[error("the address can't be read: {0}")]
    Address(String),
    /// A password in the address.
    #[error("a password stands in the address, where every user of this machine sees it")]
    PasswordInAddress,
    /// Neither a table nor a query was named.
    #[error("it is not said what is to be read of it")]
    NothingNamed(Vec<String>),
    /// No such table.
    #[error("it has no table or view {table}")]
    NoTable {
        /// As it was written.
        table: String,
        /// The closest one.
        closest: Option<String>,
        /// Some of those that there are.
        known: Vec<String>,
    },
    /// No such column.
    #[error("its table {table} has no column {column}")]
    NoColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The closest one.
        closest: Option<String>,
    },
    /// The server does not answer.
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    /// The server does not let us in.
    #[error("it does not let us in: {0}")]
    NotLetIn(String),
    /// A right is missing.
    #[error("a right is missing: {0}")]
    NoRight(String),
    /// The connection ended in the middle.
    #[error("the connection was cut: {0}")]
    Cut(String),
    /// The connection ended while the changes were being made lasting.
    #[error("the connection was cut at the very end: {0}")]
    InDoubt(String),
    /// It speaks of something else.
    #[error("{0}")]
    Said(String),
    /// Something else has locked what is needed.
    #[error("somebody else holds it locked: {0}")]
    Locked(String),
    /// What is read can't be kept.
    #[error("what it says can't be kept: {0}")]
    Kept(#[from] std::io::Error),
    /// What is to be done can't be done with such a table.
    #[error("{message}")]
    Impossible {
        /// What stands against it.
        message: String,
        /// What to do.
        help: String,
    },
}

impl DatabaseError {
    /// A problem with the database of an address, which holds no password.
    pub fn new(place: &str, problem: Problem) -> Self {
        DatabaseError { place: place.to_owned(), problem }
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl Explain for DatabaseError {
    fn exit(&self) -> Exit {
        match &self.problem {
            Problem::NotBuilt(_)
            | Problem::Address(_)
            | Problem::PasswordInAddress
            | Problem::NothingNamed(_)
            | Problem::Impossible { .. } => Exit::Usage,
            Problem::Unreachable(_) | Problem::Cut(_) | Problem::InDoubt(_) | Problem::NotLetIn(_) => Exit::Network,
            _ => Exit::Input,
        }
    }

    fn help(&self) -> String {
        let fixed = match &self.problem {
            Problem::NotBuilt(feature) => {
                return format!("build it with `cargo install --path . --features {feature}`");
            }
            Problem::Address(_) => {
                "write sqlite:FILE?table=NAME or postgres://USER@HOST/DATABASE?table=NAME; docs/databases.md has all of it"
            }
            Problem::PasswordInAddress => {
                "leave it out, and write it into ~/.pgpass (`HOST:PORT:DATABASE:USER:PASSWORD`) or the variable PGPASSWORD \
                 (MYSQL_PWD for MySQL)"
            }
            Problem::NothingNamed(tables) => {
                return format!("write ?table=NAME behind it, or give --query SQL{}", listed(tables));
            }
            Problem::NoTable { closest: Some(closest), .. } => return format!("did you mean `{closest}`?"),
            Problem::NoTable { known, .. } => {
                return format!(
                    "write its name as the database has it, with its schema as ?table=SCHEMA.NAME{}",
                    listed(known)
                );
            }
            Problem::NoColumn { closest: Some(closest), .. } => return format!("did you mean `{closest}`?"),
            Problem::NoColumn { .. } => "was it dropped since the list was read? Clean the list again",
            Problem::Unreachable(_) => {
                "check host and port, that the server runs, and that it takes connections from here"
            }
            Problem::NotLetIn(_) => {
                "check user and database; the password belongs into ~/.pgpass (readable by you alone) or PGPASSWORD"
            }
            Problem::NoRight(_) => {
                "ask the database's owner for it: to read needs GRANT SELECT, to push CREATE or UPDATE"
            }
            Problem::Cut(_) => "nothing was changed; start again",
            Problem::InDoubt(_) => {
                "either all of it stands there or nothing: say it again, and what stands there already is left as it is"
            }
            Problem::Said(_) => "look at the table's name or at the query",
            Problem::Locked(_) => "wait until it is done, and start again; nothing was changed",
            Problem::Kept(_) => "free some space, or set TMPDIR to a disk that has it",
            Problem::Impossible { help, .. } => return help.clone(),
        };
        fixed.to_owned()
    }
}

fn listed(tables: &[String]) -> String {
    const NAMED: usize = 12;
    if tables.is_empty() {
        return String::new();
    }
    let more = if tables.len() > NAMED { " …" } else { "" };
    format!(". There are: {}{more}", tables[..tables.len().min(NAMED)].join(", "))
}
