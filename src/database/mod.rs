//! Databases: where one is, reading a table or the answer to a query as text, and writing results back.
//!
//! Nothing here knows customers. A source is read in one read-only transaction, row by row, so that it costs no memory; names in SQL
//! are always quoted, and no password ever stands in an address, so that none can reach a log, a result or the list of processes.

mod address;
mod bytes;
mod error;
mod sink;
mod sql;
mod sqlite;
mod target;

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(not(feature = "postgres"))]
#[path = "absent.rs"]
mod postgres;

pub use address::{Address, Kind, Part};
pub use error::{DatabaseError, Problem};
pub use sink::Sink;
pub use sql::quoted;
pub use target::{Change, Fate, Pushed, Rows, Target};

/// Reads what an address names, in one read-only transaction that sees one moment.
///
/// # Errors
/// When the database can't be reached or read, or what is read can't be kept.
pub fn read(address: &Address, sink: &mut dyn Sink) -> Result<(), DatabaseError> {
    let problem = match address.kind {
        Kind::Sqlite => sqlite::read(address, sink),
        Kind::Postgres => postgres::read(address, sink),
        #[cfg(feature = "mysql")]
        Kind::Mysql => mysql::read(address, sink),
        #[cfg(not(feature = "mysql"))]
        Kind::Mysql => Err(Problem::NotBuilt("mysql")),
    };
    problem.map_err(|problem| DatabaseError::new(&address.text, problem))
}

/// Opens a database to write results into it, in one transaction that ends with [`Target::commit`]: without it nothing changes.
///
/// # Errors
/// When it can't be reached.
pub fn open_target(address: &Address) -> Result<Box<dyn Target>, DatabaseError> {
    let target: Result<Box<dyn Target>, Problem> = match address.kind {
        Kind::Sqlite => sqlite::open(address),
        Kind::Postgres => postgres::open(address),
        Kind::Mysql => Err(Problem::Impossible {
            message: "results can't be written into MySQL yet".to_owned(),
            help: "load the files of the run with LOAD DATA LOCAL INFILE".to_owned(),
        }),
    };
    target.map_err(|problem| DatabaseError::new(&address.text, problem))
}
