//! JSON Lines, and JSON with one array of objects, as a table: a column a key, in the order of first appearance.

use std::io::{self, BufRead, Seek, SeekFrom};

use serde_json::value::RawValue;

use super::canonical::{CanonicalWriter, Converted, Room, Unread};
use super::envelope::Envelopes;
use super::error::{IngestError, IngestProblem};
use super::foreign::damaged;
use super::keyed::KeyedRow;
use super::object::read_object;
use super::text::Text;
use crate::finding::Code;
use crate::record::{LineNumber, Quarantined, RowNumber};
use crate::rule::IngestRules;

/// Reads objects into rows. What is no object goes to quarantine.
pub(crate) fn read_jsonl(
    text: &Text,
    name: &str,
    envelopes: Option<&Envelopes>,
    rules: &IngestRules,
) -> Result<Converted, IngestError> {
    convert(text, envelopes, rules).map_err(|error| error.in_file(name))
}

fn convert(text: &Text, envelopes: Option<&Envelopes>, rules: &IngestRules) -> Result<Converted, IngestError> {
    let mut records = Records::new(text, rules)?;
    let mut row = KeyedRow::new(rules.max_columns);
    let mut rows = CanonicalWriter::new(Room::of(text.len(), rules));
    let mut unread = Unread::new(rules);
    let mut index = 0_u32;
    while let Some(length) = records.next()? {
        let line = LineNumber::from_index(records.start_line);
        let bytes = &records.record;
        let is_too_long = length > rules.max_record_bytes as u64;
        let opened = envelopes.filter(|_| !is_too_long).and_then(|envelopes| envelopes.open(bytes));
        // What is no envelope is the record itself.
        let own = [bytes.as_slice()];
        let inner: Option<Vec<&[u8]>> = opened.as_ref().map(|opened| opened.iter().map(Vec::as_slice).collect());
        for bytes in inner.as_deref().unwrap_or(&own) {
            let number = RowNumber::from_index(index);
            index = index.saturating_add(1);
            let read = if is_too_long { Err(Code::RowTooLong) } else { read_object(bytes, &mut row) };
            match read {
                Ok(()) if row.width() > rules.max_columns => {
                    let (columns, limit) = (row.width(), rules.max_columns);
                    return Err(IngestProblem::TooManyColumns { columns, limit }.into());
                }
                Ok(()) => rows.push(line, row.cells())?,
                Err(code) => {
                    let offset = records.start;
                    let record = Quarantined { row: number, line, offset, length, code, raw: String::new() };
                    unread.push(record, bytes)?;
                }
            }
        }
    }
    let columns = row.into_columns();
    if columns.is_empty() {
        return Err(if unread.is_empty() {
            IngestProblem::Empty.into()
        } else {
            damaged("JSON", Some(1), "no record of it is an object")
        });
    }
    let table = rows.finish_with(&columns)?;
    Ok(Converted { text: table.text, lines: table.lines, quarantined: unread.into_records() })
}

/// Cuts a text into records without understanding them.
struct Records<'a> {
    reader: Box<dyn BufRead + 'a>,
    by_line: bool,
    in_array: bool,
    longest: usize,
    offset: u64,
    /// Line breaks before `offset`.
    line: u32,
    start: u64,
    start_line: u32,
    record: Vec<u8>,
}

impl<'a> Records<'a> {
    fn new(text: &'a Text, rules: &IngestRules) -> io::Result<Self> {
        let mut head = vec![0; 3];
        let filled = text.read_at(0, &mut head)?;
        let skipped: u64 = if &head[..filled] == b"\xEF\xBB\xBF" { 3 } else { 0 };
        let begin = |by_line| {
            let mut reader = Box::new(text.reader());
            reader.seek(SeekFrom::Start(skipped))?;
            Ok::<_, io::Error>(Records {
                reader,
                by_line,
                in_array: false,
                longest: rules.max_record_bytes,
                offset: skipped,
                line: 0,
                start: 0,
                start_line: 0,
                record: Vec::new(),
            })
        };
        // An array is cut at its commas. So are objects that are spread over several lines: then the first line is no
        // value, but the first object is.
        let is_value = |records: &mut Records<'_>| {
            records.next().ok().flatten().is_some() && serde_json::from_slice::<&RawValue>(&records.record).is_ok()
        };
        let starts_array = |records: &Records<'_>| records.record.trim_ascii_start().starts_with(b"[");
        let mut by_line = begin(true)?;
        let first_line_is_value = is_value(&mut by_line);
        let is_by_line = !starts_array(&by_line) && (first_line_is_value || !is_value(&mut begin(false)?));
        begin(is_by_line)
    }

    /// Reads the next record into `record` and says how long it is; that may be more than is kept.
    fn next(&mut self) -> Result<Option<u64>, IngestError> {
        self.record.clear();
        if self.by_line { Ok(self.next_line()?) } else { self.next_value() }
    }

    fn next_line(&mut self) -> io::Result<Option<u64>> {
        loop {
            self.record.clear();
            (self.start, self.start_line) = (self.offset, self.line);
            let mut ended = false;
            while !ended {
                let buffer = self.reader.fill_buf()?;
                if buffer.is_empty() {
                    break;
                }
                let end = memchr::memchr(b'\n', buffer);
                let taken = end.map_or(buffer.len(), |place| place + 1);
                ended = end.is_some();
                keep(&mut self.record, &buffer[..taken], self.longest);
                self.reader.consume(taken);
                self.offset += taken as u64;
            }
            self.line = self.line.saturating_add(1);
            let length = self.offset - self.start;
            if length == 0 {
                return Ok(None);
            }
            if length > self.record.len() as u64 {
                return Ok(Some(length));
            }
            self.record.truncate(self.record.trim_ascii_end().len());
            if !self.record.is_empty() {
                return Ok(Some(self.record.len() as u64));
            }
        }
    }

    fn next_value(&mut self) -> Result<Option<u64>, IngestError> {
        let mut scan = Scan::default();
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                if self.in_array {
                    return Err(damaged("JSON", None, "the array has no end; part of the file may be missing"));
                }
                return Ok(scan.begun.then(|| self.offset - self.start));
            }
            let mut taken = 0;
            let mut begin = 0;
            let mut ended = false;
            while taken < buffer.len() && !ended {
                let byte = buffer[taken];
                if !scan.begun {
                    match byte {
                        b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                        b'[' if !self.in_array => self.in_array = true,
                        b']' if self.in_array => self.in_array = false,
                        _ => {
                            self.start = self.offset + taken as u64;
                            self.start_line = self.line.saturating_add(breaks(&buffer[..taken]));
                            begin = taken;
                            scan.begun = true;
                            // Looked at again, as the value's first byte.
                            continue;
                        }
                    }
                    taken += 1;
                    continue;
                }
                match scan.look(byte) {
                    Look::Inside => taken += 1,
                    Look::Last => {
                        taken += 1;
                        ended = true;
                    }
                    // A bracket too many is a record of its own, or it would stop the scan for ever.
                    Look::Behind if self.start == self.offset + taken as u64 => {
                        taken += 1;
                        ended = true;
                    }
                    Look::Behind => ended = true,
                }
            }
            if scan.begun {
                keep(&mut self.record, &buffer[begin..taken], self.longest);
            }
            self.line = self.line.saturating_add(breaks(&buffer[..taken]));
            self.reader.consume(taken);
            self.offset += taken as u64;
            if ended {
                return Ok(Some(self.offset - self.start));
            }
        }
    }
}

/// Where a byte stands towards the value that is being scanned.
enum Look {
    Inside,
    Last,
    Behind,
}

#[derive(Default)]
struct Scan {
    begun: bool,
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Scan {
    fn look(&mut self, byte: u8) -> Look {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return Look::Inside;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 1 => return Look::Last,
            b'}' | b']' if self.depth > 1 => self.depth -= 1,
            b'}' | b']' | b',' | b'\n' if self.depth == 0 => return Look::Behind,
            _ => {}
        }
        Look::Inside
    }
}

fn breaks(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count() as u32
}

/// Keeps one byte more than the longest record may have at most, so that memory stays bounded.
fn keep(record: &mut Vec<u8>, bytes: &[u8], longest: usize) {
    let room = (longest + 1).saturating_sub(record.len());
    record.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    /// The table, and what was quarantined: number, offset, reason.
    type Outcome = (String, Vec<(u32, u64, Code)>);

    fn read(json: &[u8]) -> Result<Outcome, IngestError> {
        let rules = IngestRules { max_record_bytes: 200, max_columns: 50, ..IngestRules::shipped() };
        let converted = read_jsonl(&Text::from_bytes(json.to_vec()), "list.jsonl", None, &rules)?;
        let mut all = String::new();
        converted.text.reader().read_to_string(&mut all).expect("UTF-8");
        for bad in &converted.quarantined {
            let start = bad.offset as usize;
            let end = start + bad.length as usize;
            assert!(String::from_utf8_lossy(&json[start..end]).starts_with(&bad.raw), "{bad:?}");
        }
        Ok((all, converted.quarantined.iter().map(|bad| (bad.row.number(), bad.offset, bad.code)).collect()))
    }

    #[test]
    fn lines_become_rows_and_keys_columns_in_order_of_appearance() {
        let json = "{\"id\":1,\"שם\":\"דנה \\\"ד\\\"\"}\r\n\n{\"טלפון\":\"050\",\"id\":12345678901234567890123,\"ok\":true}\n\
                    {\"id\":1.50,\"tags\":[\"a\", {\"b\":null}],\"שם\":null}";
        let expected = "id,שם,טלפון,ok,tags\n1,\"דנה \"\"ד\"\"\",,,\n12345678901234567890123,,050,true,\n\
                        1.50,,,,\"[\"\"a\"\", {\"\"b\"\":null}]\"\n";
        assert_eq!(read(json.as_bytes()).expect("read"), (expected.to_owned(), vec![]));
    }

    #[test]
    fn arrays_and_objects_over_several_lines_are_read_too() {
        for json in [
            "[{\"a\":\"x]\\\"\",\"b\":2},\n {\"b\":[3,{}]}]",
            "\u{FEFF}[\n{\"a\":\"x]\\\"\",\"b\":2}\n,{\"b\":[3,{}]}\n]\n",
            "{\n\"a\":\"x]\\\"\",\n\"b\":2}\n{\n\"b\":[3,{}]\n}\n",
            "[{\"a\":\"x]\\\"\",\"b\":2}]\n[{\"b\":[3,{}]}]",
        ] {
            let (text, bad) = read(json.as_bytes()).expect(json);
            assert_eq!((text.as_str(), bad.len()), ("a,b\n\"x]\"\"\",2\n,\"[3,{}]\"\n", 0), "{json}");
        }
    }

    #[test]
    fn bad_records_go_to_quarantine_and_the_others_stay_in_order() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(300));
        let json = [b"{\"a\":1}\n{\"a\":\n42\n{\"a\":\"\xFF\"}\n", long.as_bytes(), b"\n{\"a\":2}\n{\"a\":3"].concat();
        let (text, bad) = read(&json).expect("read");
        assert_eq!(text, "a\n1\n2\n");
        assert_eq!(
            bad,
            [
                (2, 8, Code::RowBadJson),
                (3, 14, Code::RowBadJson),
                (4, 17, Code::RowUndecodable),
                (5, 27, Code::RowTooLong),
                (7, 344, Code::RowBadJson),
            ]
        );
        let (text, bad) = read(b"[{\"a\":1}, nonsense, {\"a\":}, {\"a\":2} } ]").expect("read");
        assert_eq!(text, "a\n1\n2\n");
        assert_eq!(bad.iter().map(|bad| bad.0).collect::<Vec<_>>(), [2, 3, 5]);
    }

    #[test]
    fn an_array_without_end_is_refused_and_so_is_a_text_without_objects() {
        for json in ["[{\"a\":1}", "[{\"a\":1},{\"a\"", "[1,2]"] {
            let error = read(json.as_bytes()).expect_err(json);
            assert!(matches!(error.problem(), IngestProblem::Damaged { .. }), "{error}");
        }
        for json in ["[]", "{}", " \n "] {
            assert!(matches!(read(json.as_bytes()).expect_err(json).problem(), IngestProblem::Empty));
        }
        let wide: Vec<String> = (0..60).map(|key| format!("\"k{key}\":1")).collect();
        let wide = wide.chunks(20).map(|keys| format!("{{{}}}\n", keys.join(","))).collect::<String>();
        assert!(matches!(read(wide.as_bytes()).expect_err("wide").problem(), IngestProblem::TooManyColumns { .. }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_mix_of_json_marks_makes_reading_panic_or_hang(text in "[\\[\\]{}\",:1a \\\\\n]{0,80}") {
            let _ = read(text.as_bytes());
        }

        #[test]
        fn every_record_is_a_row_or_in_quarantine(lines in prop::collection::vec("(\\{\"a\":[0-9]\\}|[a-z{\"]{1,9})", 1..40)) {
            if let Ok((text, bad)) = read(format!("{{\"a\":0}}\n{}", lines.join("\n")).as_bytes()) {
                prop_assert_eq!(text.lines().count() - 1 + bad.len(), lines.len() + 1);
            }
        }
    }
}
