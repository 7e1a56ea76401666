//! The entries of a list's text, each in its normal form, and the lines that are none.

use std::collections::HashMap;

use serde::Serialize;

use super::{ListForm, Row, UpdatableList, UpdateError};

/// A line that is no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// 1-based.
    pub line: u64,
    /// The line, shortened.
    pub text: String,
    /// What is wrong with it.
    pub why: String,
}

/// What a list's text says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) rows: Vec<Row>,
    /// The first bad lines.
    pub(super) bad: Vec<BadLine>,
    pub(super) bad_count: usize,
    /// Entries that stand there again.
    pub(super) duplicates: usize,
    /// Headers that no column has.
    pub(super) ignored: Vec<String>,
    /// Columns that the text lacks.
    pub(super) missing: Vec<usize>,
}

/// Bad lines that are kept with their text.
const KEPT_BAD: usize = 1000;
/// Characters shown of a bad line.
const SHOWN_BAD: usize = 80;

/// Reads a list.
///
/// # Errors
/// When the header of a table is not that of the list.
pub(super) fn read(list: &UpdatableList, text: &str) -> Result<Reading, WrongHeader> {
    let mut reader = Reader { list, reading: Reading::default(), seen: HashMap::new() };
    match list.form {
        ListForm::Lines => reader.lines(text),
        ListForm::Table => reader.table(text)?,
    }
    Ok(reader.reading)
}

/// A header that is not that of the list.
#[derive(Debug)]
pub(super) struct WrongHeader {
    line: u64,
    message: String,
    help: String,
}

impl WrongHeader {
    pub(super) fn of(self, from: &str) -> UpdateError {
        let WrongHeader { line, message, help } = self;
        UpdateError::Columns { from: from.to_owned(), line, message, help }
    }
}

struct Reader<'a> {
    list: &'a UpdatableList,
    reading: Reading,
    /// The line of each key.
    seen: HashMap<String, (u64, usize)>,
}

impl Reader<'_> {
    fn lines(&mut self, text: &str) {
        let column = &self.list.columns[0];
        let mut is_first = true;
        for (line, number) in text.lines().zip(1..) {
            let entry = line.split('#').next().unwrap_or_default().trim();
            // A column of a table that was saved alone has its header.
            if entry.is_empty() || std::mem::take(&mut is_first) && column.is_called(entry) {
                continue;
            }
            match column.read(entry) {
                Ok(cell) => self.keep(number, vec![cell]),
                Err(why) => self.refuse(number, line, why),
            }
        }
    }

    fn table(&mut self, text: &str) -> Result<(), WrongHeader> {
        let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
        let delimiter = [b'\t', b',', b';'].into_iter().find(|byte| first.as_bytes().contains(byte)).unwrap_or(b'\t');
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            // In tab-separated text a quote is a letter like any other.
            .quoting(delimiter != b'\t')
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut records = csv.records();
        let mut places = Vec::new();
        let mut width = 0;
        for record in &mut records {
            // The text is in memory and UTF-8, so nothing can fail.
            let Ok(record) = record else { continue };
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<&str> = record.iter().collect();
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if width == 0 {
                places = self.header(line, &cells)?;
                width = cells.len();
                continue;
            }
            let shown = || cells.join("\t");
            if cells.len() != width {
                let why = format!("it has {} cells where the header has {width}", cells.len());
                self.refuse(line, &shown(), why);
                continue;
            }
            let read = self.list.columns.iter().zip(&places);
            let row: Result<Row, String> = read
                .map(|(column, place)| place.map_or(Ok(String::new()), |place| column.read(cells[place])))
                .collect();
            match row {
                Ok(row) => self.keep(line, row),
                Err(why) => self.refuse(line, &shown(), why),
            }
        }
        Ok(())
    }

    /// Where each column of the list stands in the text.
    fn header(&mut self, line: u64, header: &[&str]) -> Result<Vec<Option<usize>>, WrongHeader> {
        let columns = &self.list.columns;
        let wrong = |message: String| {
            let help = format!("the header of this list is: {}", self.list.header().join(", "));
            WrongHeader { line, message, help }
        };
        let mut places = Vec::new();
        for column in columns {
            let mut found = (0..header.len()).filter(|at| column.is_called(header[*at]));
            let place = found.next();
            if found.next().is_some() {
                return Err(wrong(format!("the column `{}` stands there twice", column.name)));
            }
            if place.is_none() && !column.may_be_missing {
                return Err(wrong(format!("there is no column `{}`", column.name)));
            }
            places.push(place);
        }
        self.reading.missing = (0..columns.len()).filter(|at| places[*at].is_none()).collect();
        let ignored = (0..header.len()).filter(|at| !places.contains(&Some(*at)));
        self.reading.ignored = ignored.map(|at| shorten(header[at])).collect();
        Ok(places)
    }

    fn keep(&mut self, line: u64, row: Row) {
        let key = self.list.key(&row);
        if let Some((first, at)) = self.seen.get(&key).copied() {
            if self.reading.rows[at] == row {
                self.reading.duplicates += 1;
            } else {
                self.refuse(line, &row.join("\t"), format!("line {first} says something else of the same entry"));
            }
            return;
        }
        self.seen.insert(key, (line, self.reading.rows.len()));
        self.reading.rows.push(row);
    }

    fn refuse(&mut self, line: u64, text: &str, why: String) {
        self.reading.bad_count += 1;
        if self.reading.bad.len() < KEPT_BAD {
            self.reading.bad.push(BadLine { line, text: shorten(text), why });
        }
    }
}

/// Nothing of a strange text reaches a terminal but its letters.
fn shorten(text: &str) -> String {
    let mut letters = text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut shown: String = letters.by_ref().take(SHOWN_BAD).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The domains above this one, the nearest first, without the top.
pub(super) fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(domain.split_once('.').map(|(_, parent)| parent), |domain| {
        domain.split_once('.').map(|(_, parent)| parent)
    })
    .filter(|parent| parent.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;
    use crate::rule::update::UpdateLists;

    fn read_as(name: &str, text: &str) -> Result<Reading, WrongHeader> {
        let lists = UpdateLists::load(&RuleFiles::embedded()).expect("the shipped rules load");
        read(lists.find(name).expect("is a list"), text)
    }

    fn firsts(reading: &Reading) -> Vec<&str> {
        reading.rows.iter().map(|row| row[0].as_str()).collect()
    }

    #[test]
    fn lines_lose_comments_blanks_and_duplicates() {
        let text = "domain\n# ours\n\nB.com  # a note\r\n  a.com\nb.com\nnot one\n";
        let reading = read_as("disposable", text).expect("reads");
        assert_eq!(firsts(&reading), ["b.com", "a.com"]);
        assert_eq!((reading.duplicates, reading.bad_count), (1, 1));
        assert_eq!((reading.bad[0].line, reading.bad[0].text.as_str()), (7, "not one"));
        assert_eq!(parents("a.b.co.il").collect::<Vec<_>>(), ["b.co.il", "co.il"]);
    }

    #[test]
    fn a_table_is_read_by_its_headers_in_any_order_from_csv_too() {
        let text = "שם_ישוב,סמל_ישוב,שם_ישוב_לועזי,לשכה\n\"עיר, חדשה\",99001,New Town,x\n\"עיר, חדשה\",99001,New Town,x\n,,,\n";
        let reading = read_as("localities", text).expect("reads");
        assert_eq!(reading.rows, [["99001", "עיר, חדשה", "New Town", "", ""]]);
        assert_eq!(reading.ignored, ["לשכה"]);
        assert_eq!(reading.missing, [3, 4]);
        assert_eq!((reading.duplicates, reading.bad_count), (1, 0));
    }

    #[test]
    fn rows_that_contradict_each_other_or_have_other_cells_are_bad() {
        let text = "host\tkind\twho\na.com\tparked\tA\na.com\tsink\tA\nb.com\tparked\nc.com\tgone\tC\nd.com\tsink\t\n";
        let reading = read_as("parked-hosts", text).expect("reads");
        assert_eq!(firsts(&reading), ["a.com"]);
        let why: Vec<(u64, &str)> = reading.bad.iter().map(|bad| (bad.line, bad.why.as_str())).collect();
        assert_eq!(
            why,
            [
                (3, "line 2 says something else of the same entry"),
                (4, "it has 2 cells where the header has 3"),
                (5, "kind: it is none of parked, sink"),
                (6, "who is empty"),
            ]
        );
    }

    #[test]
    fn a_header_of_another_list_is_refused() {
        for (text, told) in
            [("a.com\tparked\tA\n", "there is no column `host`"), ("host,HOST,kind,who\n", "`host` stands there twice")]
        {
            let UpdateError::Columns { line, message, .. } = read_as("parked-hosts", text).expect_err(text).of("x")
            else {
                panic!("a header");
            };
            assert_eq!((line, message.contains(told)), (1, true), "{message}");
        }
        assert!(read_as("parked-hosts", "# nothing\n").expect("reads").rows.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,40}|([a-c#,;\t\" .\r\n]{0,60})") {
            for name in ["disposable", "parked-hosts"] {
                let _ = read_as(name, &text);
                let _ = read_as(name, &format!("host,kind,who\n{text}"));
            }
        }
    }
}
