//! Lists in databases: what is read becomes a text like every other source, with its header first.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::canonical::Converted;
use super::text::TextWriter;
use super::{IngestError, IngestOptions, List};
use crate::database::{Address, Kind, Sink, read};
use crate::rule::RuleFiles;

/// Opens what an address names; none where a name is a file's.
pub(super) fn open_database(
    name: &str,
    options: &IngestOptions,
    files: &RuleFiles,
) -> Option<Result<List, IngestError>> {
    let address = Address::parse(name)?;
    Some(address.map_err(IngestError::other).and_then(|address| open(name, address, options, files)))
}

fn open(name: &str, address: Address, options: &IngestOptions, files: &RuleFiles) -> Result<List, IngestError> {
    if address.kind == Kind::Sqlite {
        // Says what is closest, where there is no such file.
        IngestError::open(&address.file)?;
    }
    let address = match &options.query {
        Some(query) => address.asking(query).map_err(IngestError::other)?,
        None => address,
    };
    let mut spool = Spool::new();
    read(&address, &mut spool).map_err(IngestError::other)?;
    let text = spool.finish().map_err(|error| IngestError::unreadable(name, &error))?;
    let bytes = text.len();
    List::from_converted(name, address.kind.as_str(), bytes, Converted::in_place(text), options, files)
}

/// Where rows go: in memory while they are few, then to a file without a name.
struct Spool {
    text: TextWriter,
    rows: Writer<Vec<u8>>,
}

/// Rows are handed on when they come to so much.
const CHUNK: usize = 64 << 10;

impl Spool {
    fn new() -> Self {
        Spool { text: TextWriter::new(), rows: writer(Vec::with_capacity(CHUNK * 2)) }
    }

    /// Hands on what was written as rows.
    fn pass(&mut self) -> io::Result<()> {
        let rows = std::mem::replace(&mut self.rows, writer(Vec::new()));
        let mut bytes = rows.into_inner().map_err(|error| error.into_error())?;
        self.text.write_all(&bytes)?;
        bytes.clear();
        self.rows = writer(bytes);
        Ok(())
    }

    fn finish(mut self) -> io::Result<super::text::Text> {
        self.pass()?;
        self.text.finish()
    }
}

impl Sink for Spool {
    fn columns(&mut self, names: &[String]) -> io::Result<()> {
        self.rows.write_record(names)?;
        self.pass()
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        self.rows.write_record(cells.iter().map(|cell| cell.unwrap_or_default()))?;
        if self.rows.get_ref().len() >= CHUNK { self.pass() } else { Ok(()) }
    }

    fn csv(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.text.write_all(bytes)
    }
}

fn writer(buffer: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(sql: &str) -> (tempfile::TempDir, String) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("club.db");
        rusqlite::Connection::open(&path).and_then(|own| own.execute_batch(sql)).expect("made");
        (directory, format!("sqlite:{}", path.display()))
    }

    fn opened(name: &str) -> Result<List, IngestError> {
        let options = IngestOptions::default();
        open_database(name, &options, &RuleFiles::embedded()).expect("is an address")
    }

    #[test]
    fn a_table_is_a_list_whatever_its_name_and_its_values_are() {
        let (_directory, name) = database(
            "CREATE TABLE \"the \"\"club\"\"\" (id INTEGER, \"שם\" TEXT, paid REAL, phone TEXT, photo BLOB);
             INSERT INTO \"the \"\"club\"\"\" VALUES (1, 'דנה, \"ד\"', 12.5, NULL, x'ff00'), (2, 'two\nlines', 1e21, '', NULL);",
        );
        let list = opened(&format!("{name}?table=the \"club\"")).expect("opens");
        assert_eq!(list.header(), ["id", "שם", "paid", "phone", "photo"]);
        assert_eq!(list.facts().format, "sqlite");
        let mut rows = Vec::new();
        let read = list.read(|wave| -> Result<(), IngestError> {
            for batch in &wave.batches {
                let cells =
                    |row| (0..5).map(|column| batch.cell(row, crate::record::ColumnIndex(column)).to_owned()).collect();
                rows.extend((0..batch.len()).map(cells).collect::<Vec<Vec<String>>>());
            }
            Ok(())
        });
        assert_eq!(read.expect("reads").records, 2);
        assert_eq!(rows[0], ["1", "דנה, \"ד\"", "12.5", "", "\\xff00"]);
        assert_eq!(rows[1], ["2", "two\nlines", "1e21", "", ""]);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_do() {
        use crate::error::Explain as _;
        let (_directory, name) = database("CREATE TABLE customers (id INTEGER, name TEXT);");
        let error = opened(&name).expect_err("nothing is named");
        assert!(error.help().contains("There are: customers"), "{}", error.help());
        let error = opened(&format!("{name}?table=custmers")).expect_err("no such table");
        assert_eq!(error.help(), "did you mean `customers`?");
        let error = opened(&format!("{name}?query=DELETE FROM customers")).expect_err("is no query");
        assert!(error.to_string().contains("would change"), "{error}");
        let error = opened(&format!("{name}?query=SELECT nosuch FROM customers")).expect_err("no such column");
        assert!(error.to_string().contains("no such column"), "{error}");
        let error = opened("sqlite:/nowhere/club.db?table=a").expect_err("no such file");
        assert!(error.to_string().contains("club.db"), "{error}");
    }

    #[test]
    fn many_rows_pass_through_the_spool_in_their_order() {
        let (_directory, name) = database(
            "CREATE TABLE t (id INTEGER, name TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO t SELECT i, 'name ' || i FROM n;",
        );
        let list = opened(&format!("{name}?table=t")).expect("opens");
        let mut last = 0;
        let read = list.read(|wave| -> Result<(), IngestError> {
            for batch in &wave.batches {
                for row in 0..batch.len() {
                    let id: u32 = batch.cell(row, crate::record::ColumnIndex(0)).parse().expect("a number");
                    assert_eq!(id, last + 1);
                    last = id;
                }
            }
            Ok(())
        });
        assert_eq!((read.expect("reads").records, last), (20_000, 20_000));
    }
}
