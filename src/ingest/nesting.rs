//! A look at the XML of an OpenDocument spreadsheet: whether its tags close as they opened, for the reader never ends where they
//! do not, and how many cells and bytes it stands for, for the reader holds all of them.

/// Follows the tags of a text that comes piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    open: Vec<Vec<u8>>,
    // What stands behind `<`, while a tag, a comment or the like is open.
    tag: Option<Vec<u8>>,
    quote: Option<u8>,
    broken: bool,
    /// Bytes that went by.
    offset: u64,
    grid: Grid,
}

impl Nesting {
    /// The next piece.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
        while !self.broken {
            let Some(tag) = &mut self.tag else {
                let Some(at) = memchr::memchr(b'<', bytes) else {
                    self.offset += bytes.len() as u64;
                    return;
                };
                self.offset += at as u64 + 1;
                self.tag = Some(Vec::new());
                bytes = &bytes[at + 1..];
                continue;
            };
            let [byte, rest @ ..] = bytes else { return };
            bytes = rest;
            self.offset += 1;
            tag.push(*byte);
            if is_whole(tag, &mut self.quote) {
                let tag = self.tag.take().unwrap_or_default();
                self.end_tag(&tag);
            } else {
                self.broken = tag.len() > LONGEST_TAG;
            }
        }
    }

    /// Whether all that was fed is well nested and closed.
    pub(crate) fn is_closed(&self) -> bool {
        !self.broken && self.tag.is_none() && self.open.is_empty()
    }

    /// Cells of the grids that span the cells of each sheet.
    pub(crate) fn cells(&self) -> u64 {
        self.grid.cells()
    }

    /// Bytes of the cells that the text stands for, with those that are repeated.
    pub(crate) fn bytes(&self) -> u64 {
        self.grid.bytes
    }

    fn end_tag(&mut self, tag: &[u8]) {
        let content = &tag[..tag.len() - 1];
        self.grid.tag(content, self.offset);
        match content {
            [b'!' | b'?', ..] | [.., b'/'] => {}
            [b'/', name @ ..] => {
                self.broken = self.open.pop().is_none_or(|open| open != name.trim_ascii_end());
            }
            _ => {
                let name = content.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                self.open.push(name.to_vec());
                self.broken = self.open.len() > DEEPEST;
            }
        }
    }
}

/// Whether the `>` that ends the tag has come. In a comment or a quoted attribute it may stand as text.
fn is_whole(tag: &[u8], quote: &mut Option<u8>) -> bool {
    let Some(last) = tag.last() else { return false };
    if tag.starts_with(b"!--") {
        return tag.len() >= 6 && tag.ends_with(b"-->");
    }
    if tag.starts_with(b"![CDATA[") {
        return tag.ends_with(b"]]>");
    }
    if tag.starts_with(b"?") {
        return tag.len() >= 3 && tag.ends_with(b"?>");
    }
    match (*quote, *last) {
        (None, b'>') => return true,
        (None, b'"' | b'\'') => *quote = Some(*last),
        (Some(open), last) if open == last => *quote = None,
        _ => {}
    }
    false
}

/// Counts the cells that a few tags may stand for by repeating themselves (OpenDocument 1.3 part 3, 19.675 and 19.677).
#[derive(Debug, Default)]
struct Grid {
    /// Of the sheets before.
    done: u64,
    /// Rows up to the last one with a value, and the most columns up to a value, of this sheet.
    used_rows: u64,
    used_columns: u64,
    /// Rows and columns before the next one.
    row: u64,
    column: u64,
    row_count: u64,
    /// Of all cells: how often the open one stands in the sheet and where its tag ends, and the bytes of those before.
    cell: Option<(u64, u64)>,
    bytes: u64,
}

impl Grid {
    /// Takes a tag that ends at `offset`.
    fn tag(&mut self, tag: &[u8], offset: u64) {
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        match name {
            b"table:table" => *self = Grid { done: self.cells(), bytes: self.bytes, ..Grid::default() },
            b"table:table-row" => {
                self.row = self.row.saturating_add(self.row_count);
                self.row_count = repeated(tag, b"table:number-rows-repeated=");
                self.column = 0;
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let columns = repeated(tag, b"table:number-columns-repeated=");
                self.column = self.column.saturating_add(columns);
                // Whatever has a value, a formula or a text.
                let holds = |what: &[u8]| memchr::memmem::find(tag, what).is_some();
                if holds(b"office:") || holds(b"formula=") {
                    self.used_columns = self.used_columns.max(self.column);
                    self.used_rows = self.row.saturating_add(self.row_count);
                    let times = columns.min(MOST_COLUMNS).saturating_mul(self.row_count.min(MOST_ROWS));
                    self.bytes = self.bytes.saturating_add(times.saturating_mul(tag.len() as u64));
                    self.cell = (!tag.ends_with(b"/")).then_some((times, offset));
                }
            }
            _ if tag.starts_with(b"/table:table-cell") || tag.starts_with(b"/table:covered-table-cell") => {
                let Some((times, begin)) = self.cell.take() else { return };
                self.bytes = self.bytes.saturating_add(times.saturating_mul(offset.saturating_sub(begin)));
            }
            _ => {}
        }
    }

    fn cells(&self) -> u64 {
        self.done.saturating_add(self.used_rows.saturating_mul(self.used_columns))
    }
}

/// The number behind an attribute's `=`; 1 where it is not there.
fn repeated(tag: &[u8], attribute: &[u8]) -> u64 {
    let Some(at) = memchr::memmem::find(tag, attribute) else { return 1 };
    let digits = tag[at + attribute.len()..].iter().skip(1).take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |sum: u64, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

/// More are not repeated by the reader (calamine's limits are those of a sheet).
const MOST_COLUMNS: u64 = 16_384;
const MOST_ROWS: u64 = 1_048_576;
const LONGEST_TAG: usize = 1 << 20;
const DEEPEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_are_repeated_are_counted_up_to_the_last_value() {
        let value = "<table:table-cell office:value-type=\"float\"/>";
        let blank = |columns: u32| format!("<table:table-cell table:number-columns-repeated=\"{columns}\"/>");
        let rows = |count: u32, cells: &str| {
            format!("<table:table-row table:number-rows-repeated=\"{count}\">{cells}</table:table-row>")
        };
        let many = "<table:table-cell table:number-columns-repeated='1000' office:value-type=\"string\"><text:p/></table:table-cell>";
        for (content, cells) in [
            (rows(1, value), 1),
            (
                rows(10, &blank(16_384)) + &rows(1, &(blank(4) + value + &blank(100))) + &rows(1_000_000, &blank(9)),
                11 * 5,
            ),
            (rows(1_000_000, many), 1_000_000_000),
        ] {
            let mut nesting = Nesting::default();
            nesting.feed(format!("<table:table table:name=\"a\">{content}</table:table>").repeat(2).as_bytes());
            assert_eq!(nesting.cells(), 2 * cells, "{content}");
        }
    }

    #[test]
    fn texts_that_are_repeated_are_counted_each_time() {
        let text = "x".repeat(1000);
        let cell = format!(
            "<table:table-row table:number-rows-repeated=\"10\"><table:table-cell table:number-columns-repeated=\"99999\" \
             office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
        );
        let mut nesting = Nesting::default();
        nesting.feed(format!("<table:table>{cell}</table:table>").as_bytes());
        let (least, most) = (10 * MOST_COLUMNS * 1000, 10 * MOST_COLUMNS * 1200);
        assert!((least..most).contains(&nesting.bytes()), "{}", nesting.bytes());
    }

    #[test]
    fn tags_within_tags_or_longer_than_any_end_the_look() {
        for (text, is_read) in [
            ("<a>".repeat(DEEPEST) + &"</a>".repeat(DEEPEST), true),
            ("<a>".repeat(DEEPEST + 1) + &"</a>".repeat(DEEPEST + 1), false),
            (format!("<a b=\"{}\"/>", "x".repeat(LONGEST_TAG - 100)), true),
            (format!("<a b=\"{}\"/>", "x".repeat(LONGEST_TAG)), false),
        ] {
            let mut nesting = Nesting::default();
            nesting.feed(text.as_bytes());
            assert_eq!(nesting.is_closed(), is_read, "{} bytes", text.len());
        }
    }

    #[test]
    fn only_texts_whose_tags_close_as_they_opened_pass() {
        for (text, closed) in [
            ("", true),
            ("<?xml version=\"1.0\"?><a b=\"x>y\" c='\"'><!-- <b> --><b/><c >t</c ><![CDATA[</a>]]></a>\n", true),
            ("<a>", false),
            ("<a><b></a></b>", false),
            ("</a>", false),
            ("<a></a><", false),
            ("<a></a><!-- x", false),
        ] {
            let mut whole = Nesting::default();
            whole.feed(text.as_bytes());
            let mut bytewise = Nesting::default();
            text.bytes().for_each(|byte| bytewise.feed(&[byte]));
            assert_eq!((whole.is_closed(), bytewise.is_closed()), (closed, closed), "{text}");
        }
    }
}
