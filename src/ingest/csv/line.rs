//! The cells of one line as they are written, quotes and all.

use memchr::{memchr, memmem};

use super::reader::QUOTE;

/// Cuts a line at its delimiters. A quotation mark counts only where a cell begins. `is_open` says whether the first cell is quoted and
/// goes on from the line before, and then whether the last one goes on in the line behind.
pub(super) fn written_cells<'l>(line: &'l [u8], delimiter: &[u8], is_open: &mut bool) -> Vec<&'l [u8]> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let is_quoted = *is_open || rest.first() == Some(&QUOTE);
        let inside = if is_quoted && !*is_open { 1 } else { 0 };
        let closed = if is_quoted { behind_quote(&rest[inside..]).map(|length| inside + length) } else { Some(0) };
        *is_open = closed.is_none();
        let parted = closed.and_then(|from| Some(from + memmem::find(&rest[from..], delimiter)?));
        let Some(end) = parted else {
            cells.push(rest);
            return cells;
        };
        cells.push(&rest[..end]);
        rest = &rest[end + delimiter.len()..];
    }
}

/// How much of a quoted cell there is up to the mark that closes it, which no second one follows.
fn behind_quote(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let quote = at + memchr(QUOTE, &text[at..])?;
        if text.get(quote + 1) != Some(&QUOTE) {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, delimiter: &str, mut is_open: bool) -> (Vec<String>, bool) {
        let cells = written_cells(line.as_bytes(), delimiter.as_bytes(), &mut is_open);
        (cells.into_iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(), is_open)
    }

    #[test]
    fn a_quotation_mark_counts_where_a_cell_begins() {
        for (line, cells, goes_on) in [
            ("7,Lod,", &["7", "Lod", ""][..], false),
            ("", &[""], false),
            ("גל בע\"מ,Lod,\"a, b\"", &["גל בע\"מ", "Lod", "\"a, b\""], false),
            ("\"a \"\"b\"\", c\",\"\",d", &["\"a \"\"b\"\", c\"", "\"\"", "d"], false),
            ("7,\"Lod, ", &["7", "\"Lod, "], true),
        ] {
            assert_eq!(
                cut(line, ",", false),
                (cells.iter().map(|cell| (*cell).to_owned()).collect(), goes_on),
                "{line}"
            );
        }
        assert_eq!(cut("north\",8", ",", true), (vec!["north\"".to_owned(), "8".to_owned()], false));
        assert_eq!(cut("7||Gal \"||8", "||", false).0, ["7", "Gal \"", "8"]);
    }
}
