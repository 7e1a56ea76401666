//! Texts that are written as few programs do: delimiters of two signs, and whole lines in quotes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use super::dialect::Dialect;
use super::line::written_cells;
use super::reader::QUOTE;
use super::sniff::{is_even, sniff};
use crate::ingest::text::{Text, TextWriter};
use crate::record::ColumnIndex;

/// How a text is written so that it has to be written anew, line by line, to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnusualForm {
    /// Two of this sign stand between cells: `1||Dana||Haifa`.
    Doubled(u8),
    /// Each line is one cell in quotes: `"1,""Cohen, Dana"",Haifa"`.
    Wrapped,
}

/// Signs of which two may part cells.
const SIGNS: [u8; 7] = *b"|;,\t^~:";
/// So many lines tell.
const LOOKED_AT: usize = 1000;

impl UnusualForm {
    /// What the first lines of a text show; none where they are as most are.
    pub(crate) fn of(head: &[u8]) -> Option<UnusualForm> {
        let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
        // Blanks at a line's end may be delimiters.
        let ended = |line: &'_ [u8]| line.len() - usize::from(line.ends_with(b"\r"));
        let lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let lines = lines.map(|line| &line[..ended(line)]);
        let lines: Vec<&[u8]> = lines.take(LOOKED_AT).collect();
        if lines.len() < 2 {
            return None;
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| lines.iter().all(|line| is_doubled(line, *sign))) {
            return Some(UnusualForm::Doubled(sign));
        }
        let inner: Option<Vec<Vec<u8>>> = lines.iter().map(|line| unwrapped(line)).collect();
        let text = inner?.join(&b'\n');
        is_even(&text, sniff(&text, None).0).then_some(UnusualForm::Wrapped)
    }

    /// The delimiter as it is told of; `dialect` is that of the text as it is written anew.
    pub(crate) fn delimiter(self, dialect: Dialect) -> String {
        let (sign, times) = match self {
            UnusualForm::Doubled(sign) => (sign, 2),
            UnusualForm::Wrapped => (dialect.delimiter, 1),
        };
        char::from(sign).to_string().repeat(times)
    }

    /// A record of a text as it is stored with some of its cells changed; none where it can't be cut as it is read, into so many cells.
    pub(crate) fn with_cells(
        self,
        stored: &[u8],
        dialect: Dialect,
        width: usize,
        changed: &BTreeMap<ColumnIndex, Cow<'_, str>>,
    ) -> Option<Vec<u8>> {
        match self {
            UnusualForm::Doubled(sign) => {
                let cells = written_cells(stored, &[sign, sign], &mut false);
                (cells.len() == width).then(|| joined(&cells, &[sign, sign], changed))
            }
            UnusualForm::Wrapped => {
                let inner = unwrapped(stored)?;
                let cells = written_cells(&inner, &[dialect.delimiter], &mut false);
                let record = (cells.len() == width).then(|| joined(&cells, &[dialect.delimiter], changed))?;
                let mut wrapped = Vec::with_capacity(record.len() + 2);
                put_quoted(&record, &mut wrapped);
                Some(wrapped)
            }
        }
    }

    /// The text from `start` on, each line where it was.
    pub(crate) fn rewritten(self, text: &Text, start: u64) -> io::Result<Text> {
        let mut spool = TextWriter::new();
        text.each_line(start, |line| {
            let content = line.strip_suffix(b"\n").unwrap_or(line);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            match self {
                UnusualForm::Wrapped => spool.write_all(unwrapped(content).as_deref().unwrap_or(content))?,
                UnusualForm::Doubled(sign) => spool.write_all(&with_commas(content, sign))?,
            }
            spool.write_all(&line[content.len()..])
        })?;
        spool.finish()
    }
}

impl fmt::Display for UnusualForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnusualForm::Doubled(sign) => {
                write!(f, "two signs `{0}{0}` part its cells", char::from(*sign).escape_default())
            }
            UnusualForm::Wrapped => f.write_str("each of its lines is one cell in quotes; what stands in them is read"),
        }
    }
}

/// Whether a sign stands in a line, outside of quotes, and nowhere an odd number of times in a row.
fn is_doubled(line: &[u8], sign: u8) -> bool {
    let cells = written_cells(line, &[sign, sign], &mut false);
    cells.len() > 1 && cells.iter().all(|cell| cell.first() == Some(&QUOTE) || !cell.contains(&sign))
}

/// A line with a comma for each doubled sign; cells that hold one get quotes.
fn with_commas(line: &[u8], sign: u8) -> Vec<u8> {
    let mut written = Vec::with_capacity(line.len());
    for (index, cell) in written_cells(line, &[sign, sign], &mut false).into_iter().enumerate() {
        if index > 0 {
            written.push(b',');
        }
        if cell.contains(&b',') && cell.first() != Some(&QUOTE) {
            put_quoted(cell, &mut written);
        } else {
            written.extend_from_slice(cell);
        }
    }
    written
}

/// A record of these cells, some of them changed.
pub(crate) fn joined(cells: &[&[u8]], delimiter: &[u8], changed: &BTreeMap<ColumnIndex, Cow<'_, str>>) -> Vec<u8> {
    let mut record = Vec::new();
    for (index, cell) in (0..).zip(cells) {
        if index > 0 {
            record.extend_from_slice(delimiter);
        }
        match changed.get(&ColumnIndex(index)).map(|new| new.as_bytes()) {
            Some(new)
                if new.first() == Some(&QUOTE)
                    || new.iter().any(|byte| b"\r\n".contains(byte) || delimiter.contains(byte)) =>
            {
                put_quoted(new, &mut record);
            }
            Some(new) => record.extend_from_slice(new),
            None => record.extend_from_slice(cell),
        }
    }
    record
}

fn put_quoted(cell: &[u8], out: &mut Vec<u8>) {
    out.push(QUOTE);
    cell.iter().for_each(|byte| out.extend(std::iter::repeat_n(*byte, 1 + usize::from(*byte == QUOTE))));
    out.push(QUOTE);
}

/// What stands in a line that is one cell in quotes; none where it is not.
fn unwrapped(line: &[u8]) -> Option<Vec<u8>> {
    let inner = line.trim_ascii().strip_prefix(&[QUOTE])?.strip_suffix(&[QUOTE])?;
    let mut bytes = inner.iter();
    let mut written = Vec::with_capacity(inner.len());
    while let Some(byte) = bytes.next() {
        if *byte == QUOTE && bytes.next() != Some(&QUOTE) {
            return None;
        }
        written.push(*byte);
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read(text: &str) -> Option<(UnusualForm, String)> {
        let form = UnusualForm::of(text.as_bytes())?;
        let mut written = String::new();
        let text = form.rewritten(&Text::from_bytes(text.into()), 0).expect("written");
        text.reader().read_to_string(&mut written).expect("text");
        Some((form, written))
    }

    #[test]
    fn two_signs_between_cells_become_a_comma() {
        let (form, text) = read("key||town||note\r\n7||Lod||a, \"b\"\r\n8||||\"x||y\"\r\n").expect("unusual");
        assert_eq!(form, UnusualForm::Doubled(b'|'));
        assert_eq!(text, "key,town,note\r\n7,Lod,\"a, \"\"b\"\"\"\r\n8,,\"x||y\"\r\n");
        let (form, text) = read("key\t\ttown\n7\t\t\n").expect("unusual");
        assert_eq!((form, text.as_str()), (UnusualForm::Doubled(b'\t'), "key,town\n7,\n"));
        // A quotation mark within a cell is a letter of it.
        let (_, text) = read("key||firm||town\n7||גל בע\"מ||Lod\n8||Tal 5\"||Acre, north\n").expect("unusual");
        assert_eq!(text, "key,firm,town\n7,גל בע\"מ,Lod\n8,Tal 5\",\"Acre, north\"\n");
    }

    #[test]
    fn lines_that_are_one_cell_in_quotes_are_what_stands_in_them() {
        let text = "\"key;name;town\"\n\"7;\"\"Gal; Noa\"\";Lod\"\n\n\"8;Tal;Acre\"\n";
        let (form, text) = read(text).expect("unusual");
        assert_eq!((form, text.as_str()), (UnusualForm::Wrapped, "key;name;town\n7;\"Gal; Noa\";Lod\n\n8;Tal;Acre\n"));
    }

    #[test]
    fn texts_as_most_are_written_stay_as_they_are() {
        for text in [
            "key,town\n7,Lod\n8,Acre\n",
            "key,,town\n7,,Lod\n8,Noa,Acre\n",
            "key;;town;phone\n7;;Lod;1\n8;;Acre;2\n",
            "\"key\",\"town\"\n\"7\",\"Lod\"\n",
            "\"town\"\n\"Lod\"\n\"Acre, north\"\n",
            "town\nLod\nAcre\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
