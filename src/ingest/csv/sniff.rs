//! Finds out how a CSV text is written, an Excel `sep=` line included.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::reader::RecordReader;

/// The likelier ones first: of signs that explain a text equally well the first counts.
pub(super) const CANDIDATES: [u8; 6] = *b",;\t|^~";

/// Infers the dialect from the first part of a text, and how many bytes a `sep=` line takes at its start.
pub(crate) fn sniff(head: &[u8], given: Option<u8>) -> (Dialect, usize) {
    let terminator = if memchr::memchr(b'\n', head).is_some() { b'\n' } else { b'\r' };
    let (declared, skipped) = sep_line(head, terminator);
    if let Some(delimiter) = given.or(declared) {
        return (Dialect { delimiter, terminator }, skipped);
    }
    let body = &head[skipped..];
    let best = CANDIDATES
        .iter()
        .map(|&delimiter| Dialect { delimiter, terminator })
        .max_by_key(|dialect| (consistency(body, *dialect), std::cmp::Reverse(rank(dialect.delimiter))))
        .expect("there are candidates");
    (best, skipped)
}

/// Whether all records of a text have as many cells, and more than one.
pub(super) fn is_even(text: &[u8], dialect: Dialect) -> bool {
    let mut reader = RecordReader::new(text, dialect);
    let mut cells = Vec::new();
    let mut width = None;
    while reader.read(&mut cells).is_some() {
        if *width.get_or_insert(cells.len()) != cells.len() {
            return false;
        }
    }
    width.is_some_and(|width| width > 1)
}

/// How well `dialect` explains the text: records that are as wide as most are, from the first of them on; what stands
/// above may be titles. 0 for one column.
fn consistency(head: &[u8], dialect: Dialect) -> usize {
    const LOOKED_AT: usize = 1000;
    let mut cells = Vec::new();
    let mut widths = Vec::new();
    let mut reader = RecordReader::new(head, dialect);
    while widths.len() < LOOKED_AT && reader.read(&mut cells).is_some() {
        if !(cells.len() == 1 && cells[0].is_empty()) {
            widths.push(cells.len());
        }
    }
    // The last record of the sample may be cut off.
    if widths.len() > 2 {
        widths.pop();
    }
    let Some(width) = usual_width(&widths) else { return 0 };
    let first = widths.iter().position(|found| *found == width).unwrap_or(0);
    let alike = widths.iter().filter(|found| **found == width).count();
    // Shares matter more than widths: a text with 3 consistent columns beats one with 12 ragged ones. Titles above cost
    // up to half of it.
    let below = widths.len() - first;
    alike * 1000 / below * (500 + 500 * below / widths.len()) / 1000 * 64 + width.min(63)
}

/// The width, beyond one cell, that most records have; that of the first record counts where it is as common.
fn usual_width(widths: &[usize]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_default() += 1;
    }
    let is_first = |width: usize| widths.first() == Some(&width);
    counts.into_iter().max_by_key(|(width, count)| (*count, is_first(*width), *width)).map(|(width, _)| width)
}

fn rank(delimiter: u8) -> usize {
    CANDIDATES.iter().position(|&candidate| candidate == delimiter).unwrap_or(CANDIDATES.len())
}

/// Excel writes `sep=;` as the first line where the delimiter isn't the machine's own.
fn sep_line(head: &[u8], terminator: u8) -> (Option<u8>, usize) {
    let Some(end) = memchr::memchr(terminator, head) else { return (None, 0) };
    let line = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => (Some(*delimiter), end + 1),
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_makes_records_equally_wide() {
        let cases: [(&str, u8); 11] = [
            ("id,name\n1,דנה\n2,אבי\n", b','),
            ("id;name;note\n1;דנה;a,b,c\n2;אבי;d,e\n", b';'),
            ("id\tname\r\n1\tx, y\r\n", b'\t'),
            ("id|name\n1|\"a|b\"\n", b'|'),
            ("id^name^town\n1^Tal, Dr.^Lod\n2^Noa^Acre\n", b'^'),
            ("id~name\n1~Tal\n2~Noa\n", b'~'),
            ("\"a;b\",c\n\"d;e;f\",g\n", b','),
            ("only one column\nx\ny\n", b','),
            ("Customers, active\nHaifa, all of them\n\nid;name;city\n1;Dana;Haifa\n2;Avi;Acre\n", b';'),
            ("name;address\nDana;Herzl 5, Haifa\nAvi;Jaffa 7, Acre\nTal;Dan 9, Lod\n", b';'),
            ("Report\nBranch\nid\tname\n1\tDana, Dr.\n", b'\t'),
        ];
        for (text, delimiter) in cases {
            assert_eq!(sniff(text.as_bytes(), None).0.delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn a_sep_line_decides_and_is_skipped() {
        let (dialect, skipped) = sniff(b"sep=;\r\nid;a,b\r\n1;2\r\n", None);
        assert_eq!((dialect.delimiter, skipped), (b';', 7));
    }

    #[test]
    fn a_text_with_carriage_returns_only_is_split_at_them() {
        assert_eq!(sniff(b"id,a\r1,2\r", None).0.terminator, b'\r');
    }
}
