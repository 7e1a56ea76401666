//! Texts that are written as few programs do: delimiters of several signs, single quotes, and whole lines in quotes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use super::dialect::Dialect;
use super::line::written_cells;
use super::reader::QUOTE;
use super::sniff::{CANDIDATES, is_even, sniff};
use crate::ingest::text::{Text, TextWriter};
use crate::record::ColumnIndex;

/// How a text is written so that it has to be written anew, line by line, to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnusualForm {
    /// Several signs stand between cells: `1||Dana||Haifa`, `1#!#Dana#!#Haifa`.
    Parted(Signs),
    /// Cells stand in single quotes: `'1','Dana','Haifa'`.
    SingleQuoted(u8),
    /// Each line is one cell in quotes: `"1,""Cohen, Dana"",Haifa"`.
    Wrapped,
}

/// Signs that part cells together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs {
    signs: [u8; MOST_SIGNS],
    count: usize,
}

impl Signs {
    /// These signs; none where they are too many.
    fn of(signs: &[u8]) -> Option<Signs> {
        let mut own = [0; MOST_SIGNS];
        own.get_mut(..signs.len())?.copy_from_slice(signs);
        Some(Signs { signs: own, count: signs.len() })
    }

    fn as_bytes(&self) -> &[u8] {
        &self.signs[..self.count]
    }
}

const MOST_SIGNS: usize = 4;
/// Signs of which two may part cells.
const SIGNS: [u8; 7] = *b"|;,\t^~:";
/// Signs of which several, the same from either side, may part cells: `#!#`, `~|~`, `$$`.
const ODD_SIGNS: &[u8] = b"|;,\t^~:#!$%&*=@?+";
const SINGLE: u8 = b'\'';
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
            return Signs::of(&[sign, sign]).map(UnusualForm::Parted);
        }
        if let Some(signs) = odd_signs(&lines) {
            return Some(UnusualForm::Parted(signs));
        }
        let is_single_quoted = |delimiter: &u8| lines.iter().all(|line| is_single_quoted(line, *delimiter));
        if let Some(delimiter) = CANDIDATES.into_iter().find(is_single_quoted) {
            return Some(UnusualForm::SingleQuoted(delimiter));
        }
        let inner: Option<Vec<Vec<u8>>> = lines.iter().map(|line| unwrapped(line)).collect();
        let text = inner?.join(&b'\n');
        is_even(&text, sniff(&text, None).0).then_some(UnusualForm::Wrapped)
    }

    /// The delimiter as it is told of; `dialect` is that of the text as it is written anew.
    pub(crate) fn delimiter(self, dialect: Dialect) -> String {
        match self {
            UnusualForm::Parted(signs) => String::from_utf8_lossy(signs.as_bytes()).into_owned(),
            UnusualForm::SingleQuoted(delimiter) => char::from(delimiter).to_string(),
            UnusualForm::Wrapped => char::from(dialect.delimiter).to_string(),
        }
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
            UnusualForm::Parted(signs) => {
                let cells = written_cells(stored, signs.as_bytes(), &mut false);
                (cells.len() == width).then(|| joined(&cells, signs.as_bytes(), changed))
            }
            UnusualForm::SingleQuoted(delimiter) => {
                let cells = single_quoted(stored, delimiter).filter(|cells| cells.len() == width)?;
                Some(single_joined(&cells, delimiter, changed))
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
                UnusualForm::Parted(signs) => spool.write_all(&with_commas(content, signs.as_bytes()))?,
                UnusualForm::SingleQuoted(delimiter) => match single_quoted(content, delimiter) {
                    Some(cells) => spool.write_all(&double_quoted(&cells, delimiter))?,
                    None => spool.write_all(content)?,
                },
            }
            spool.write_all(&line[content.len()..])
        })?;
        spool.finish()
    }
}

impl fmt::Display for UnusualForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnusualForm::Parted(signs) => {
                let count = if signs.count == 2 { "two" } else { "several" };
                write!(f, "{count} signs `{}` part its cells", signs.as_bytes().escape_ascii())
            }
            UnusualForm::SingleQuoted(_) => f.write_str("its cells stand in single quotes"),
            UnusualForm::Wrapped => f.write_str("each of its lines is one cell in quotes; what stands in them is read"),
        }
    }
}

/// Whether a sign stands in a line, outside of quotes, and nowhere an odd number of times in a row.
fn is_doubled(line: &[u8], sign: u8) -> bool {
    let cells = written_cells(line, &[sign, sign], &mut false);
    cells.len() > 1 && cells.iter().all(|cell| cell.first() == Some(&QUOTE) || !cell.contains(&sign))
}

/// Signs, the same from either side, that stand equally often in all lines, and of which the ones that are delimiters by
/// themselves stand nowhere else.
fn odd_signs(lines: &[&[u8]]) -> Option<Signs> {
    let is_odd = |byte: &u8| ODD_SIGNS.contains(byte);
    let runs = lines[0].chunk_by(|one, next| is_odd(one) == is_odd(next)).filter(|run| is_odd(&run[0]));
    let candidates = runs.filter(|run| (2..=MOST_SIGNS).contains(&run.len()) && run.iter().eq(run.iter().rev()));
    let count = |line: &[u8], signs: &[u8]| memchr::memmem::find_iter(line, signs).count();
    let parts = |signs: &&[u8]| {
        let is_alone = |line: &&[u8]| {
            let of_signs = |sign: &u8| signs.iter().filter(|own| *own == sign).count() * count(line, signs);
            signs.iter().filter(|sign| CANDIDATES.contains(sign)).all(|sign| count(line, &[*sign]) == of_signs(sign))
        };
        let in_first = count(lines[0], signs);
        in_first > 0 && lines.iter().all(|line| count(line, signs) == in_first && is_alone(line))
    };
    candidates.take(MOST_CANDIDATES).find(parts).and_then(Signs::of)
}

/// More runs of signs in a header are none of delimiters.
const MOST_CANDIDATES: usize = 64;

/// The cells of a line as they are written, single quotes and all; none where a quote does not close where a cell ends.
fn single_quoted(line: &[u8], delimiter: u8) -> Option<Vec<&[u8]>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let end = if rest.first() == Some(&SINGLE) { behind_single(rest)? } else { 0 };
        let end = match memchr::memchr(delimiter, &rest[end..]) {
            // Behind the quote that closes a cell nothing stands but what parts it from the next one.
            Some(more) if more > 0 && end > 0 => return None,
            Some(more) => end + more,
            None if end > 0 && end < rest.len() => return None,
            None => {
                cells.push(rest);
                return Some(cells);
            }
        };
        cells.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
}

/// How much of a text there is up to the single quote that closes it, which no second one follows.
fn behind_single(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let quote = at + memchr::memchr(SINGLE, text.get(at..)?)?;
        if text.get(quote + 1) != Some(&SINGLE) {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

/// Whether a line has several cells, of which most of those that hold something stand in single quotes.
fn is_single_quoted(line: &[u8], delimiter: u8) -> bool {
    single_quoted(line, delimiter).is_some_and(|cells| {
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let quoted = cells.iter().filter(|cell| cell.first() == Some(&SINGLE)).count();
        cells.len() > 1 && quoted * 2 > filled
    })
}

/// Cells in single quotes as a record with double ones.
fn double_quoted(cells: &[&[u8]], delimiter: u8) -> Vec<u8> {
    let mut written = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            written.push(delimiter);
        }
        match cell.strip_prefix(&[SINGLE]).and_then(|cell| cell.strip_suffix(&[SINGLE])) {
            Some(inner) => put_quoted(&without_pairs(inner), &mut written),
            None => written.extend_from_slice(cell),
        }
    }
    written
}

fn without_pairs(inner: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        text.push(*byte);
        if *byte == SINGLE {
            bytes.next();
        }
    }
    text
}

/// A record of cells in single quotes, some of them changed.
fn single_joined(cells: &[&[u8]], delimiter: u8, changed: &BTreeMap<ColumnIndex, Cow<'_, str>>) -> Vec<u8> {
    let mut record = Vec::new();
    for (index, cell) in (0..).zip(cells) {
        if index > 0 {
            record.push(delimiter);
        }
        match changed.get(&ColumnIndex(index)) {
            Some(new) => {
                record.push(SINGLE);
                record.extend_from_slice(new.replace('\'', "''").as_bytes());
                record.push(SINGLE);
            }
            None => record.extend_from_slice(cell),
        }
    }
    record
}

/// A line with a comma for these signs; cells that hold one get quotes.
fn with_commas(line: &[u8], signs: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(line.len());
    for (index, cell) in written_cells(line, signs, &mut false).into_iter().enumerate() {
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
        assert_eq!(form, UnusualForm::Parted(Signs::of(b"||").expect("two")));
        assert_eq!(text, "key,town,note\r\n7,Lod,\"a, \"\"b\"\"\"\r\n8,,\"x||y\"\r\n");
        let (form, text) = read("key\t\ttown\n7\t\t\n").expect("unusual");
        assert_eq!((form, text.as_str()), (UnusualForm::Parted(Signs::of(b"\t\t").expect("two")), "key,town\n7,\n"));
        // A quotation mark within a cell is a letter of it.
        let (_, text) = read("key||firm||town\n7||גל בע\"מ||Lod\n8||Tal 5\"||Acre, north\n").expect("unusual");
        assert_eq!(text, "key,firm,town\n7,גל בע\"מ,Lod\n8,Tal 5\",\"Acre, north\"\n");
    }

    #[test]
    fn signs_that_are_the_same_from_either_side_part_cells() {
        for signs in ["#!#", "~|~", "$$", "|*|", ":::", "@|@"] {
            let text = "key_town_note\n7_Lod_a, b\n8__\n9_Acre_5:1\n".replace('_', signs);
            let (_, text) = read(&text).unwrap_or_else(|| panic!("{signs}"));
            assert_eq!(text, "key,town,note\n7,Lod,\"a, b\"\n8,,\n9,Acre,5:1\n", "{signs}");
        }
    }

    #[test]
    fn cells_in_single_quotes_are_what_stands_in_them() {
        let (form, text) =
            read("'key';'name';'town'\r\n7;'O''Hara; Ann';'the \"Lod\"'\r\n'8';'';\r\n").expect("unusual");
        assert_eq!(form, UnusualForm::SingleQuoted(b';'));
        assert_eq!(text, "\"key\";\"name\";\"town\"\r\n7;\"O'Hara; Ann\";\"the \"\"Lod\"\"\"\r\n\"8\";\"\";\r\n");
        let new = BTreeMap::from([(ColumnIndex(1), Cow::Borrowed("D'Arcy"))]);
        let dialect = Dialect { delimiter: b';', terminator: b'\n' };
        let written = form.with_cells(b"'7';' d''arcy';'Lod'", dialect, 3, &new).expect("three cells");
        assert_eq!(String::from_utf8_lossy(&written), "'7';'D''Arcy';'Lod'");
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
            "key,phone,town\n7,'0502345678,Lod\n8,'0542345678,Acre\n",
            "'t Hooft,Lod\n'n Beetje,Acre\n",
            "key,size,town\n7,5##6,Lod\n8,4,Acre\n",
            "name::en,name::he\nNoa,Gal\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
