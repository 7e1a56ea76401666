//! What an import set aside: a few lines for the terminal, and all of it as CSV.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::csv_text::{guarded, push_line};
use crate::pipeline::SetAside;

/// Lines that a terminal gets.
const SHOWN: usize = 10;

/// Writes all of it, with the records as they stood.
///
/// # Errors
/// When the output can't be written.
pub fn write_set_aside(all: &[SetAside], out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    push_line(&mut line, ["file", "row", "line", "column", "reason", "remedy", "record"]);
    for one in all {
        let (row, place) = (one.place.row.to_string(), one.place.line.to_string());
        let cells = [one.file.as_str(), &row, &place, &one.column, &one.reason, &one.remedy, &one.record];
        let cells = cells.map(guarded);
        push_line(&mut line, cells.iter().map(|cell| &**cell));
        out.write_all(&line)?;
        line.clear();
    }
    out.write_all(&line)?;
    out.flush()
}

/// The first of it, without anybody's values; empty where there is nothing.
pub fn set_aside_text(all: &[SetAside]) -> String {
    let mut text = String::new();
    for one in all.iter().take(SHOWN) {
        let place = if one.column.is_empty() { String::new() } else { format!(", column `{}`", one.column) };
        let file = if one.file.is_empty() { String::new() } else { format!("{}: ", one.file) };
        let _ = writeln!(
            text,
            "  {file}row {}, line {}{place}: {}\n    {}",
            one.place.row, one.place.line, one.reason, one.remedy
        );
    }
    if all.len() > SHOWN {
        let _ = writeln!(text, "  … and {} more", all.len() - SHOWN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LineNumber, RecordPlace, RowNumber};

    #[test]
    fn the_terminal_sees_places_and_reasons_and_the_file_the_records() {
        let one = |index| {
            let place = RecordPlace { row: RowNumber::from_index(index), line: LineNumber::from_index(index + 1) };
            SetAside::at(place, "phone", "phone.too_short", "Correct it.", "x,=1+1")
        };
        let all: Vec<SetAside> = (0..12).map(one).collect();
        let text = set_aside_text(&all);
        assert!(text.starts_with("  row 1, line 2, column `phone`: phone.too_short\n    Correct it.\n"), "{text}");
        assert!(text.ends_with("… and 2 more\n") && !text.contains("=1+1"), "{text}");
        let mut csv = Vec::new();
        write_set_aside(&all, &mut csv).expect("memory");
        let csv = String::from_utf8(csv).expect("is UTF-8");
        assert_eq!(csv.lines().count(), 13);
        assert_eq!(csv.lines().nth(1), Some(",1,2,phone,phone.too_short,Correct it.,\"x,=1+1\""));
    }
}
