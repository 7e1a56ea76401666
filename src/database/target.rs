//! A database that results are written into: all in one transaction.

use csv::StringRecord;

use super::error::Problem;

/// A cell of the source that is to hold another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The row's key, a value for each column of it.
    pub key: Vec<String>,
    /// The column.
    pub column: String,
    /// The value that must still stand there.
    pub before: String,
    /// The value to write.
    pub after: String,
    /// The rule that made it.
    pub rule: String,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was made.
    Done,
    /// The new value stood there already.
    Already,
    /// Another value stands there than the one that was read: somebody changed it since.
    Newer,
    /// No row has the key any more.
    Gone,
}

/// A change that was pushed and not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The table.
    pub table: String,
    /// The columns of its key.
    pub key: Vec<String>,
    /// What was changed.
    pub change: Change,
}

/// Gives the next row into the record; false behind the last.
pub type Rows<'r> = dyn FnMut(&mut StringRecord) -> std::io::Result<bool> + 'r;

/// Where what was pushed is written down.
pub(super) const LEDGER: &str = "tiuv_pushed";

/// A database within a transaction of ours.
pub trait Target {
    /// Makes a table of texts, in the place of one of this name; returns how many rows it has.
    ///
    /// # Errors
    /// When it can't be made, or the rows can't be read.
    fn put_table(&mut self, name: &str, columns: &[String], rows: &mut Rows<'_>) -> Result<u64, Problem>;

    /// The columns of a table's own key; none where it has none.
    ///
    /// # Errors
    /// When there is no such table.
    fn key_of(&mut self, table: &str) -> Result<Vec<String>, Problem>;

    /// Makes changes where the old value still stands; `run` names them in the table of what was pushed, where they are to be written
    /// down. Returns what became of each.
    ///
    /// # Errors
    /// When a column is not there or can't hold its value, when rows share a key, or the table can't be changed.
    fn change(
        &mut self,
        table: &str,
        key: &[String],
        changes: &[Change],
        run: Option<&str>,
    ) -> Result<Vec<Fate>, Problem>;

    /// What a run pushed that was not taken back, the latest first.
    ///
    /// # Errors
    /// When it can't be read.
    fn pushed(&mut self, run: &str) -> Result<Vec<Pushed>, Problem>;

    /// Writes down that what a run pushed was taken back.
    ///
    /// # Errors
    /// When it can't be written.
    fn mark_undone(&mut self, run: &str) -> Result<(), Problem>;

    /// Ends the transaction: from now on others see it.
    ///
    /// # Errors
    /// When it did not take place.
    fn commit(self: Box<Self>) -> Result<(), Problem>;

    /// The statement by which a column is changed, for a person to read.
    fn statement(&self, table: &str, key: &[String], column: &str) -> String;
}

/// A key with its columns as one text, by which it is found again.
pub(super) fn key_text(columns: &[String], values: &[String]) -> String {
    let pairs: Vec<(&String, &String)> = columns.iter().zip(values).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// What [`key_text`] wrote.
pub(super) fn key_of_text(text: &str) -> (Vec<String>, Vec<String>) {
    serde_json::from_str::<Vec<(String, String)>>(text).unwrap_or_default().into_iter().unzip()
}

/// Two rows of one key are none that can be told apart.
pub(super) fn shared_key(table: &str) -> Problem {
    Problem::Impossible {
        message: format!("several rows of {table} have the same key"),
        help: "name columns by which every row is told apart with --key".to_owned(),
    }
}

/// The columns of changes, each once, in order.
pub(super) fn columns_of(changes: &[Change]) -> Vec<&str> {
    let mut columns: Vec<&str> = changes.iter().map(|change| change.column.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_whatever_stands_in_it() {
        let columns = ["id".to_owned(), "של\"ו".to_owned()];
        let values = ["1".to_owned(), "a,\"b\"".to_owned()];
        assert_eq!(key_of_text(&key_text(&columns, &values)), (columns.to_vec(), values.to_vec()));
    }
}
