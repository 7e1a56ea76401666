//! SQLite, read.

mod names;
mod target;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::address::{Address, Part};
use super::bytes::put_bytes;
use super::error::Problem;
use super::sink::Sink;
use super::sql::{inner, quoted};
use names::{named, problem, tables};
pub(super) use target::open;

/// Reads what an address names.
pub(super) fn read(address: &Address, sink: &mut dyn Sink) -> Result<(), Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&address.file, flags).map_err(problem)?;
    // One moment for the look at the names and for the rows.
    connection.execute_batch("BEGIN").map_err(problem)?;
    let query = match &address.part {
        Part::Whole => return Err(Problem::NothingNamed(tables(&connection)?)),
        Part::Table(table) => {
            let table = named(&connection, table)?;
            format!("SELECT * FROM {}", quoted(&table))
        }
        Part::Query(query) => inner(query),
    };
    let mut statement = connection.prepare(&query).map_err(problem)?;
    if !statement.readonly() {
        let help = "a list is only read: write a SELECT".to_owned();
        return Err(Problem::Impossible { message: "the query would change the database".to_owned(), help });
    }
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    sink.columns(&names)?;
    let mut cells: Vec<Cell> = names.iter().map(|_| Cell::default()).collect();
    let mut rows = statement.query([]).map_err(problem)?;
    while let Some(row) = rows.next().map_err(problem)? {
        for (index, cell) in cells.iter_mut().enumerate() {
            cell.put(row.get_ref(index).map_err(problem)?);
        }
        let texts: Vec<Option<&str>> = cells.iter().map(Cell::text).collect();
        sink.row(&texts)?;
    }
    Ok(())
}

/// A cell as text, its room used again for the next row.
#[derive(Default)]
struct Cell {
    text: String,
    is_null: bool,
}

impl Cell {
    fn put(&mut self, value: ValueRef<'_>) {
        use std::fmt::Write as _;
        self.text.clear();
        self.is_null = false;
        match value {
            ValueRef::Null => self.is_null = true,
            ValueRef::Integer(number) => {
                let _ = write!(self.text, "{number}");
            }
            // The shortest text that is read back as the same number.
            ValueRef::Real(number) => {
                let _ = write!(self.text, "{number:?}");
            }
            ValueRef::Text(bytes) => self.text.push_str(&String::from_utf8_lossy(bytes)),
            ValueRef::Blob(bytes) => put_bytes(bytes, &mut self.text),
        }
    }

    fn text(&self) -> Option<&str> {
        (!self.is_null).then_some(self.text.as_str())
    }
}
