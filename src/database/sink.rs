//! Who takes what is read of a database.

use std::io;

/// Takes what is read, as text.
pub trait Sink {
    /// The columns, once and first.
    ///
    /// # Errors
    /// When it can't be kept.
    fn columns(&mut self, names: &[String]) -> io::Result<()>;

    /// A row; none is NULL.
    ///
    /// # Errors
    /// When it can't be kept.
    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()>;

    /// Rows as CSV (RFC 4180, `\n`) in UTF-8, from a server that writes it; pieces may end anywhere.
    ///
    /// # Errors
    /// When it can't be kept.
    fn csv(&mut self, bytes: &[u8]) -> io::Result<()>;
}
