//! The form that every converted source takes: comma-separated UTF-8 with a header and rows of equal width.

use std::io;

use csv::{ReaderBuilder, StringRecord, Terminator, Writer, WriterBuilder};

use super::text::{Text, TextWriter};
use crate::record::Quarantined;

/// A source that was converted.
#[derive(Debug)]
pub(crate) struct Converted {
    /// Header and rows in canonical form.
    pub(crate) text: Text,
    /// Records that could not be read; their numbers are among the source's records, of which the text holds the
    /// others in order.
    pub(crate) quarantined: Vec<Quarantined>,
}

/// Takes rows as they come, of whatever width: the columns are only known at the end.
pub(crate) struct CanonicalWriter {
    rows: Writer<TextWriter>,
    widest: usize,
    // Columns at the left in which no row has anything.
    blank: usize,
}

impl CanonicalWriter {
    /// No rows yet.
    pub(crate) fn new() -> Self {
        CanonicalWriter { rows: writer(), widest: 0, blank: usize::MAX }
    }

    /// Adds a row of at least one cell.
    pub(crate) fn push<C: AsRef<str>>(&mut self, cells: &[C]) -> io::Result<()> {
        self.widest = self.widest.max(cells.len());
        if self.blank > 0 {
            let blank = cells.iter().take_while(|cell| cell.as_ref().is_empty()).count();
            // A row without anything says nothing about where the table begins.
            self.blank = if blank == cells.len() { self.blank } else { self.blank.min(blank) };
        }
        self.rows.write_record(cells.iter().map(|cell| cell.as_ref().as_bytes()))?;
        Ok(())
    }

    /// The text of a table whose header was the first row pushed, without the blank columns at its left.
    pub(crate) fn finish(self) -> io::Result<Text> {
        let skipped = if self.blank == usize::MAX { 0 } else { self.blank };
        self.even_out(None::<&[String]>, skipped)
    }

    /// The text of a table whose header is known at last.
    pub(crate) fn finish_with(self, header: &[String]) -> io::Result<Text> {
        self.even_out(Some(header), 0)
    }

    /// Gives every row the same width. The copy costs little beside reading the source's own format.
    fn even_out(self, header: Option<&[String]>, skipped: usize) -> io::Result<Text> {
        let uneven = finished(self.rows)?;
        let mut even = writer();
        let width = self.widest.max(header.map_or(0, <[String]>::len));
        if let Some(header) = header {
            even.write_record(header)?;
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(uneven.reader());
        let mut row = StringRecord::new();
        while reader.read_record(&mut row)? {
            let missing = std::iter::repeat_n("", width - row.len());
            even.write_record(row.iter().chain(missing).skip(skipped))?;
        }
        finished(even)
    }
}

fn writer() -> Writer<TextWriter> {
    WriterBuilder::new().flexible(true).terminator(Terminator::Any(b'\n')).from_writer(TextWriter::new())
}

fn finished(writer: Writer<TextWriter>) -> io::Result<Text> {
    writer.into_inner().map_err(|error| error.into_error())?.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    pub(super) fn string(text: &Text) -> String {
        let mut all = String::new();
        text.reader().read_to_string(&mut all).expect("UTF-8");
        all
    }

    #[test]
    fn rows_become_equally_wide_and_blank_columns_at_the_left_go() {
        let mut writer = CanonicalWriter::new();
        for row in [&["", "שם", "עיר"][..], &["", "דנה, \"ד\""], &["", "", "חיפה", "x"], &["", ""]] {
            writer.push(row).expect("written");
        }
        let text = writer.finish().expect("finished");
        assert_eq!(string(&text), "שם,עיר,\n\"דנה, \"\"ד\"\"\",,\n,חיפה,x\n,,\n");
    }

    #[test]
    fn a_header_may_come_last_and_be_wider_than_any_row() {
        let mut writer = CanonicalWriter::new();
        writer.push(&["1"]).expect("written");
        writer.push(&[""]).expect("written");
        let text = writer.finish_with(&["a".to_owned(), "b".to_owned()]).expect("finished");
        assert_eq!(string(&text), "a,b\n1,\n,\n");
    }
}
