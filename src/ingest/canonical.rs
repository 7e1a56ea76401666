//! The form that every converted source takes: comma-separated UTF-8 with a header and rows of equal width.

use std::io;
use std::ops::Range;

use csv::{ReaderBuilder, StringRecord, Terminator, Writer, WriterBuilder};

use super::error::{IngestError, IngestProblem};
use super::text::{Text, TextWriter};
use crate::record::{LineNumber, LineTable, Quarantined};
use crate::rule::IngestRules;

/// A source that was converted.
#[derive(Debug)]
pub(crate) struct Converted {
    /// Header and rows in canonical form.
    pub(crate) text: Text,
    /// Which lines of the source those of the text are from.
    pub(crate) lines: LineTable,
    /// Records that could not be read; their numbers are among the source's records, of which the text holds the
    /// others in order.
    pub(crate) quarantined: Vec<Quarantined>,
}

impl Converted {
    /// A text that was written anew line by line.
    pub(crate) fn in_place(text: Text) -> Converted {
        Converted { text, lines: LineTable::default(), quarantined: Vec::new() }
    }
}

/// How much text may become of a source: a few bytes can stand for one text in every row, or for rows of thousands of blank cells.
#[derive(Debug)]
pub(crate) struct Room {
    source: u64,
    limit: u64,
    left: u64,
}

impl Room {
    /// For a source of so many bytes.
    pub(crate) fn of(source: u64, rules: &IngestRules) -> Self {
        let limit = rules.grows_to(source);
        Room { source, limit, left: limit }
    }

    fn take(&mut self, bytes: u64) -> Result<(), IngestError> {
        let problem = IngestProblem::Expansion { read: self.source, limit: self.limit };
        self.left = self.left.checked_sub(bytes).ok_or(problem)?;
        Ok(())
    }
}

/// Records that a converter could not read; a few bytes each in the source, so that millions may come.
pub(crate) struct Unread {
    records: Vec<Quarantined>,
    held: u64,
    limit: u64,
    preview: usize,
}

impl Unread {
    /// None yet.
    pub(crate) fn new(rules: &IngestRules) -> Self {
        let preview = rules.quarantine_preview_bytes;
        Unread { records: Vec::new(), held: 0, limit: rules.max_held_bytes, preview }
    }

    /// Sets one aside, with its first bytes.
    ///
    /// # Errors
    /// When they are more than may be kept.
    pub(crate) fn push(&mut self, record: Quarantined, bytes: &[u8]) -> Result<(), IngestError> {
        let raw = String::from_utf8_lossy(&bytes[..bytes.len().min(self.preview)]).into_owned();
        self.held += (size_of::<Quarantined>() + raw.len()) as u64;
        if self.held > self.limit {
            return Err(IngestProblem::TooManyUnreadable { limit: self.limit }.into());
        }
        self.records.push(Quarantined { raw, ..record });
        Ok(())
    }

    /// Whether all could be read.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// All of them.
    pub(crate) fn into_records(self) -> Vec<Quarantined> {
        self.records
    }
}

/// Takes rows as they come, of whatever width: the columns are only known at the end.
pub(crate) struct CanonicalWriter {
    rows: Writer<TextWriter>,
    room: Room,
    widest: usize,
    cells: u64,
    lines: LineTable,
    next_line: u32,
    count: u32,
}

/// A table in canonical form.
pub(crate) struct CanonicalTable {
    /// Header and rows.
    pub(crate) text: Text,
    /// Which lines of the source its lines are from.
    pub(crate) lines: LineTable,
    /// What is left for other tables of the source.
    pub(crate) room: Room,
}

impl CanonicalWriter {
    /// No rows yet, and room for so many.
    pub(crate) fn new(room: Room) -> Self {
        CanonicalWriter {
            rows: writer(),
            room,
            widest: 0,
            cells: 0,
            lines: LineTable::default(),
            next_line: 0,
            count: 0,
        }
    }

    /// Adds a row of at least one cell that starts in a line of the source.
    ///
    /// # Errors
    /// When there is no room for it, or it can't be written.
    pub(crate) fn push<C: AsRef<str>>(&mut self, line: LineNumber, cells: &[C]) -> Result<(), IngestError> {
        self.room.take(cells.iter().map(|cell| cell.as_ref().len() as u64 + 1).sum())?;
        self.cells += cells.len() as u64;
        self.lines.push(self.next_line, line);
        self.next_line = self.next_line.saturating_add(lines_of(cells.iter().map(AsRef::as_ref)));
        self.count += 1;
        self.widest = self.widest.max(cells.len());
        self.rows.write_record(cells.iter().map(|cell| cell.as_ref().as_bytes())).map_err(io::Error::from)?;
        Ok(())
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> u32 {
        self.count
    }

    /// What is left where nothing of the table is wanted.
    pub(crate) fn into_room(self) -> Room {
        self.room
    }

    /// The text of a part of the table, its header among its rows.
    pub(crate) fn finish_part(self, rows: Range<u32>, columns: Range<usize>) -> Result<CanonicalTable, IngestError> {
        self.even_out(None, rows, columns)
    }

    /// The text of a table whose header is known at last.
    pub(crate) fn finish_with(self, header: &[String]) -> Result<CanonicalTable, IngestError> {
        let (rows, width) = (0..self.count, self.widest.max(header.len()));
        self.even_out(Some(header), rows, 0..width)
    }

    /// Gives every row the same width. The copy costs little beside reading the source's own format.
    fn even_out(
        self,
        header: Option<&[String]>,
        rows: Range<u32>,
        columns: Range<usize>,
    ) -> Result<CanonicalTable, IngestError> {
        let mut room = self.room;
        room.take((u64::from(rows.end - rows.start) * columns.len() as u64).saturating_sub(self.cells))?;
        let uneven = finished(self.rows)?;
        let mut even = writer();
        let (mut uneven_line, mut even_line) = (0, 0);
        let mut lines = LineTable::default();
        if let Some(header) = header {
            even.write_record(header).map_err(io::Error::from)?;
            even_line += lines_of(header.iter().map(String::as_str));
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(uneven.reader());
        let mut row = StringRecord::new();
        let mut index = 0;
        while index < rows.end && reader.read_record(&mut row).map_err(io::Error::from)? {
            let source_line = self.lines.line(uneven_line).unwrap_or(LineNumber::from_index(uneven_line));
            let own_lines = lines_of(std::iter::once(row.as_slice()));
            uneven_line = uneven_line.saturating_add(own_lines);
            if rows.contains(&index) {
                let kept = || row.iter().chain(std::iter::repeat("")).skip(columns.start).take(columns.len());
                lines.push(even_line, source_line);
                let is_whole = columns.start == 0 && row.len() <= columns.end;
                even_line = even_line.saturating_add(if is_whole { own_lines } else { lines_of(kept()) });
                even.write_record(kept()).map_err(io::Error::from)?;
            }
            index += 1;
        }
        Ok(CanonicalTable { text: finished(even)?, lines, room })
    }
}

/// Lines that a record takes.
fn lines_of<'a>(cells: impl Iterator<Item = &'a str>) -> u32 {
    cells.map(|cell| memchr::memchr_iter(b'\n', cell.as_bytes()).count()).sum::<usize>() as u32 + 1
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

    fn writer() -> CanonicalWriter {
        CanonicalWriter::new(Room::of(100, &IngestRules::shipped()))
    }

    #[test]
    fn rows_become_equally_wide_and_a_part_of_them_keeps_its_lines() {
        let mut writer = writer();
        for (line, row) in
            [&["", "שם", "עיר"][..], &["", "דנה, \"ד\""], &["", "", "חיפה", "x"], &["", ""]].into_iter().enumerate()
        {
            writer.push(LineNumber::from_index(line as u32), row).expect("written");
        }
        let table = writer.finish_part(1..3, 1..4).expect("finished");
        assert_eq!(string(&table.text), "\"דנה, \"\"ד\"\"\",,\n,חיפה,x\n");
        assert_eq!(table.lines.line(1).map(LineNumber::number), Some(3));
    }

    #[test]
    fn a_header_may_come_last_and_be_wider_than_any_row() {
        let mut writer = writer();
        writer.push(LineNumber::from_index(0), &["1"]).expect("written");
        writer.push(LineNumber::from_index(1), &[""]).expect("written");
        let table = writer.finish_with(&["a".to_owned(), "b".to_owned()]).expect("finished");
        assert_eq!(string(&table.text), "a,b\n1,\n,\n");
    }

    #[test]
    fn each_line_of_the_text_knows_its_line_of_the_source() {
        let mut writer = writer();
        for (line, cell) in [(0, "1"), (4, "two\nlines"), (5, "3")] {
            writer.push(LineNumber::from_index(line), &[cell]).expect("written");
        }
        let lines = writer.finish_with(&["a\nb".to_owned()]).expect("finished").lines;
        let found: Vec<_> = [2, 3, 5].map(|line| lines.line(line).map(LineNumber::number)).into();
        assert_eq!(found, [Some(1), Some(5), Some(6)]);
    }

    #[test]
    fn rows_take_no_more_room_than_their_source_may_grow_to() {
        let rules = IngestRules { expansion_free_bytes: 100, ..IngestRules::shipped() };
        let mut writer = CanonicalWriter::new(Room::of(0, &rules));
        let line = LineNumber::from_index(0);
        writer.push(line, &[""; 40]).expect("40 blank cells");
        writer.push(line, &["x"]).expect("2 bytes");
        assert!(writer.push(line, &["x".repeat(60)]).is_err(), "61 bytes more");
        assert!(writer.finish_with(&vec![String::new(); 60]).is_err(), "two rows of 60 cells");
    }
}
