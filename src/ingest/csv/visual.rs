//! Texts whose Hebrew stands cell by cell as a screen shows it (visual order), which programs of DOS wrote.

use std::io::{self, Read, Write};

use super::dialect::Dialect;
use super::line::written_cells;
use super::reader::QUOTE;
use crate::ingest::text::{Text, TextWriter};
use crate::rule::IngestRules;
use crate::text::{from_visual, hebrew, order_of_final_letters};

/// Whether the first lines of a text stand so: final letters begin its words, and words that lists hold are written backwards, so
/// often that it is no chance.
pub(crate) fn is_visual(head: &[u8], signs: i64, rules: &IngestRules) -> bool {
    // A text without Hebrew has none of its lead bytes.
    if memchr::memchr(hebrew::LEAD, head).is_none() {
        return false;
    }
    let head = String::from_utf8_lossy(head);
    let is_known = |word: &str| rules.hebrew_words.iter().any(|known| known == word);
    let words = head.split(|letter: char| !hebrew::is_letter(letter)).filter(|word| !word.is_empty());
    let known: i64 = words.map(|word| i64::from(is_known(word)) - i64::from(is_known(&from_visual(word)))).sum();
    order_of_final_letters(&head) + known <= -signs
}

/// The text with each Hebrew cell from `start` on in the order in which it is read, all lines where they were.
pub(crate) fn in_reading_order(text: &Text, start: u64, dialect: Dialect) -> io::Result<Text> {
    let mut spool = TextWriter::new();
    io::copy(&mut text.reader().take(start), &mut spool)?;
    let mut is_open = false;
    text.each_line(start, |line| {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let mut goes_on = is_open;
        for (index, cell) in written_cells(content, &[dialect.delimiter], &mut is_open).into_iter().enumerate() {
            if index > 0 {
                spool.write_all(&[dialect.delimiter])?;
            }
            write_cell(cell, goes_on, &mut spool)?;
            goes_on = false;
        }
        spool.write_all(&line[content.len()..])
    })?;
    spool.finish()
}

fn write_cell(cell: &[u8], goes_on: bool, out: &mut TextWriter) -> io::Result<()> {
    let Some(text) = std::str::from_utf8(cell).ok().filter(|text| stands_as_shown(text)) else {
        return out.write_all(cell);
    };
    let is_quoted = !goes_on && text.starts_with('"');
    let inner = text.strip_prefix('"').filter(|_| is_quoted).unwrap_or(text);
    let closes = (is_quoted || goes_on) && inner.ends_with('"');
    let inner = inner.strip_suffix('"').filter(|_| closes).unwrap_or(inner);
    let read = from_visual(inner);
    // What the turn brings to the front is no quote around the cell.
    if !is_quoted && !goes_on && read.as_bytes().first() == Some(&QUOTE) {
        return write!(out, "\"{}\"", read.replace('"', "\"\""));
    }
    out.write_all(&text.as_bytes()[..usize::from(is_quoted)])?;
    out.write_all(read.as_bytes())?;
    out.write_all(if closes { b"\"" } else { b"" })
}

/// Cells without Hebrew, and those whose final letters stand where they are read, are as they should be.
fn stands_as_shown(cell: &str) -> bool {
    cell.contains(hebrew::is_letter) && order_of_final_letters(cell) <= 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(text: &str) -> String {
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let turned = in_reading_order(&Text::from_bytes(text.into()), 0, dialect).expect("memory");
        let mut all = String::new();
        turned.reader().read_to_string(&mut all).expect("text");
        all
    }

    #[test]
    fn hebrew_cells_are_turned_and_all_else_stays() {
        let shown = "7,ןפג עטנ,(050) 2345678,\"ןימינב ,5 ןומירה\",noa@example.com\r\n8,מ\"עב לג,\"\",\"ןומיר \"\"לג\"\"\",שלום\n";
        let read = "7,נטע גפן,(050) 2345678,\"הרימון 5, בנימין\",noa@example.com\r\n8,גל בע\"מ,\"\",\"\"\"גל\"\" רימון\",שלום\n";
        assert_eq!(turned(shown), read);
        assert_eq!(turned("ןומיר \"לג\"\n"), "\"\"\"גל\"\" רימון\"\n");
        assert_eq!(turned("7,\"ןומיר\nןורש\",Lod\n"), "7,\"רימון\nשרון\",Lod\n");
    }

    #[test]
    fn the_order_of_a_text_is_told_by_final_letters_and_known_words() {
        let rules = IngestRules::shipped();
        let head = |names: &[&str]| names.join("\n");
        let read = head(&["שם,טלפון,עיר", "רחל כהן,0501234567,ירושלים", "נעם גפן,0521234567,חולון"]);
        assert!(!is_visual(read.as_bytes(), 1, &rules));
        let shown = head(&["םש,ןופלט,ריע", "ןהכ לחר,0501234567,םילשורי", "ןפג םענ,0521234567,ןולוח"]);
        assert!(is_visual(shown.as_bytes(), rules.visual_signs, &rules));
        for text in ["id,name\n7,Noa\n", "", "שם\n", "דוד\n"] {
            assert!(!is_visual(text.as_bytes(), 1, &rules), "{text}");
        }
    }
}
