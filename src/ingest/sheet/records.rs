//! A look at the records of an old Excel workbook ([MS-XLS]): few of them can stand for grids of billions of cells, or for one long
//! text in each cell. Its reader takes all of that into memory.

use super::kind::locked;
use crate::ingest::error::{IngestError, IngestProblem};
use crate::ingest::foreign::damaged;
use crate::rule::IngestRules;

/// Walks the records of a workbook and of each sheet that it names.
pub(super) fn check(stream: &[u8], rules: &IngestRules) -> Result<(), IngestError> {
    let globals = Globals::read(stream)?;
    let mut all = Sheet { cells: 0, held: globals.held };
    all.check(stream, rules)?;
    let mut gone_by = 0;
    for start in &globals.sheets {
        let mut records = Records(stream.get(*start as usize..).ok_or_else(broken)?);
        let length = records.0.len();
        let sheet = Sheet::read(&mut records, &globals, rules.max_grid_cells).ok_or_else(broken)?;
        all = Sheet { cells: all.cells + sheet.cells, held: all.held + sheet.held };
        all.check(stream, rules)?;
        gone_by += length - records.0.len();
        // Any number of names may lead to one long sheet.
        if gone_by > stream.len() {
            return Err(damaged("XLS", None, "several sheets are the same part of it"));
        }
    }
    Ok(())
}

/// What the sheets share.
#[derive(Default)]
struct Globals {
    /// Where each sheet begins.
    sheets: Vec<u32>,
    /// Bytes that each shared text may take in memory.
    texts: Vec<u64>,
    /// And the longest name of a sheet or a range; formulas spell it out.
    longest_name: u64,
    held: u64,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, IngestError> {
        let mut globals = Globals::default();
        let mut names = 0;
        let mut records = Records(stream);
        while let Some((kind, data)) = records.next().filter(|(kind, _)| *kind != END) {
            match kind {
                PASSWORD if u16_at(data, 0).is_some_and(|method| method != 0) => return Err(locked()),
                SHEET => {
                    globals.sheets.push(u32_at(data, 0).ok_or_else(broken)?);
                    globals.has_name(data, 6);
                }
                NAME => {
                    globals.has_name(data, 3);
                    names += 1;
                }
                SHARED_TEXTS => globals.texts = texts_of(data, &mut records)?,
                _ => {}
            }
        }
        globals.held = globals.texts.iter().map(|text| text + OF_A_TEXT).sum::<u64>()
            + names * (globals.longest_name + OF_A_FORMULA);
        Ok(globals)
    }

    fn has_name(&mut self, data: &[u8], place: usize) {
        let letters = data.get(place).copied().unwrap_or_default();
        self.longest_name = self.longest_name.max(u64::from(letters) * OF_A_LETTER);
    }
}

/// How long the shared texts are, as the reader takes them: each says how many letters it has, and whether a letter is one byte or
/// two; it may go on in records behind, which say so anew.
fn texts_of(data: &[u8], records: &mut Records<'_>) -> Result<Vec<u64>, IngestError> {
    let mut parts = vec![data.get(8..).ok_or_else(broken)?];
    while u16_at(records.0, 0) == Some(CONTINUED) {
        let Some((_, data)) = records.next() else { break };
        parts.push(data);
    }
    // The reader's time is the square of this number.
    if parts.len() > MOST_CONTINUED {
        return Err(damaged("XLS", None, "its texts are cut into more pieces than are read"));
    }
    let mut texts = SharedTexts { parts: &parts, at: 0 };
    let mut lengths = Vec::new();
    // Where the texts make no sense, the reader says so.
    while let Some(letters) = texts.next_text() {
        lengths.push(letters * OF_A_LETTER);
    }
    Ok(lengths)
}

/// A place in the parts of the shared texts.
struct SharedTexts<'p, 'b> {
    parts: &'p [&'b [u8]],
    at: usize,
}

impl SharedTexts<'_, '_> {
    /// How many letters the next text has.
    fn next_text(&mut self) -> Option<u64> {
        if self.rest().is_empty() && !self.go_on() {
            return None;
        }
        if self.rest().is_empty() {
            return Some(0);
        }
        let letters = u16_at(self.rest(), 0)?;
        let mut flags = *self.rest().get(2)?;
        self.at += 3;
        let has = |flag: u8| flags & flag != 0;
        let (is_rich, is_extended) = (has(8), has(4));
        let mut behind = 0;
        if is_rich {
            behind += u64::from(u16_at(self.rest(), 0)?) * 4;
            self.at += 2;
        }
        if is_extended {
            behind += u64::from(u32_at(self.rest(), 0)?);
            self.at += 4;
        }
        let mut left = usize::from(letters);
        while left > 0 {
            let width = 1 + usize::from(flags & 1);
            let here = left.min(self.rest().len() / width);
            self.at += here * width;
            left -= here;
            if left > 0 {
                if !self.go_on() {
                    return None;
                }
                flags = *self.rest().first()?;
                self.at += 1;
            }
        }
        while behind > 0 {
            if self.rest().is_empty() && !self.go_on() {
                return None;
            }
            let here = behind.min(self.rest().len() as u64);
            self.at += here as usize;
            behind -= here;
        }
        Some(letters.into())
    }

    fn rest(&self) -> &[u8] {
        self.parts.first().and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    fn go_on(&mut self) -> bool {
        if self.parts.len() < 2 {
            return false;
        }
        self.parts = &self.parts[1..];
        self.at = 0;
        true
    }
}

/// What the reader takes into memory for a sheet.
#[derive(Default)]
struct Sheet {
    /// Cells of the grid that spans it, or all that are written where that is more.
    cells: u64,
    /// Bytes of their texts and formulas.
    held: u64,
}

impl Sheet {
    /// Walks its records; none where they make no sense.
    fn read(records: &mut Records<'_>, globals: &Globals, max_cells: u64) -> Option<Self> {
        let mut corners = Corners::default();
        let (mut written, mut held) = (0, 0);
        let mut depth = 0_u32;
        for (kind, data) in records {
            match kind {
                BEGIN => depth += 1,
                END => depth = depth.saturating_sub(1),
                _ if depth > 1 => {}
                // The reader makes room for that many.
                DIMENSIONS if announced(data)? > MOST_ANNOUNCED => return None,
                CELLS_OF_A_ROW => {
                    let (row, first, last) =
                        (u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, data.len().checked_sub(2)?)?);
                    corners.take(row, first, last);
                    written += u64::from(last.checked_sub(first)?) + 1;
                }
                // It stands in the cell of the formula before.
                TEXT_OF_A_FORMULA => {
                    written += 1;
                    held += u64::from(u16_at(data, 0)?) * OF_A_LETTER;
                }
                _ if ONE_CELL.contains(&kind) => {
                    let (row, column) = (u16_at(data, 0)?, u16_at(data, 2)?);
                    corners.take(row, column, column);
                    written += 1;
                    held += held_by(kind, data, globals);
                }
                _ => {}
            }
            if (depth == 0 && kind == END) || written > max_cells {
                break;
            }
        }
        Some(Sheet { cells: corners.cells().max(written), held: held * COPIES })
    }

    fn check(&self, stream: &[u8], rules: &IngestRules) -> Result<(), IngestError> {
        if self.cells > rules.max_grid_cells {
            let reason = "its sheets have more cells than are read; is there a cell in a far corner?";
            return Err(damaged("XLS", None, reason));
        }
        if self.held > rules.max_held_bytes {
            return Err(IngestProblem::Expansion { read: stream.len() as u64, limit: rules.max_held_bytes }.into());
        }
        Ok(())
    }
}

/// Bytes of what one cell says.
fn held_by(kind: u16, data: &[u8], globals: &Globals) -> u64 {
    match kind {
        LABEL | RICH_LABEL => u64::from(u16_at(data, 6).unwrap_or_default()) * OF_A_LETTER,
        SHARED_TEXT => {
            let text = u32_at(data, 6).and_then(|place| globals.texts.get(place as usize));
            text.copied().unwrap_or_default()
        }
        FORMULA => {
            let length = data.len() as u64;
            OF_A_FORMULA + length * OF_A_FORMULAS_BYTE + length / BYTES_OF_A_REFERENCE * globals.longest_name
        }
        _ => 0,
    }
}

/// How many cells a sheet says that it has, at most.
fn announced(data: &[u8]) -> Option<u64> {
    let (first, end, columns) = match data.len() {
        10 => (u16_at(data, 0)?.into(), u16_at(data, 2)?.into(), u16_at(data, 6)?),
        14 | 16 => (u32_at(data, 0)?, u32_at(data, 4)?, u16_at(data, 10)?),
        _ => return Some(0),
    };
    Some(u64::from(end.checked_sub(first)?) * u64::from(columns.max(1)))
}

/// The grid that spans the cells so far.
#[derive(Default)]
struct Corners(Option<[u16; 4]>);

impl Corners {
    fn take(&mut self, row: u16, first: u16, last: u16) {
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, first, last]);
        self.0 = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
    }

    fn cells(&self) -> u64 {
        let sides = |[top, bottom, left, right]: [u16; 4]| [bottom - top, right.saturating_sub(left)];
        self.0.map(sides).map_or(0, |sides| sides.map(|side| u64::from(side) + 1).iter().product())
    }
}

/// Records one after the other: kind and content; it ends where one is cut.
struct Records<'b>(&'b [u8]);

impl<'b> Iterator for Records<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.0, 0)?;
        let length = usize::from(u16_at(self.0, 2)?);
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn broken() -> IngestError {
    damaged("XLS", None, "a part of it is missing or makes no sense")
}

// Bytes in memory, at most: of a letter in UTF-8 of those that have one or two bytes in the file; of a text without its letters; of
// a formula that can't be read, which is told in words; of what one byte of a formula becomes when it is spelt out, names apart.
const OF_A_LETTER: u64 = 3;
const OF_A_TEXT: u64 = 24;
const OF_A_FORMULA: u64 = 128;
const OF_A_FORMULAS_BYTE: u64 = 7;
/// What leads to a name in a formula is this long, or longer.
const BYTES_OF_A_REFERENCE: u64 = 5;
/// The reader's own cells, and those that it hands out.
const COPIES: u64 = 2;
/// Half a gibibyte of texts, as programs cut them.
const MOST_CONTINUED: usize = 1 << 16;
/// Cells of a full sheet.
const MOST_ANNOUNCED: u64 = 65_536 * 256;

// Kinds of records (MS-XLS 2.3).
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const PASSWORD: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const NAME: u16 = 0x0018;
const SHARED_TEXTS: u16 = 0x00FC;
const CONTINUED: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const CELLS_OF_A_ROW: u16 = 0x00BD;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_TEXT: u16 = 0x00FD;
const FORMULA: u16 = 0x0006;
const TEXT_OF_A_FORMULA: u16 = 0x0207;
/// Those that begin with the place of their cell: number, Boolean or error, packed number, and the above.
const ONE_CELL: [u16; 7] = [0x0203, 0x0205, 0x027E, LABEL, RICH_LABEL, SHARED_TEXT, FORMULA];

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    #[test]
    fn shared_texts_are_measured_across_the_records_in_which_they_go_on() {
        let plain = b"\x05\0\0Haifa";
        let wide_that_goes_on = b"\x04\0\x01a\0b\0";
        let rest_in_single_bytes = b"\0cd";
        let rich_and_extended = b"\x02\0\x0C\x01\0\x03\0\0\0xy\0\0\0\0...";
        let first = [&[0; 8][..], plain, wide_that_goes_on].concat();
        let later = [record(CONTINUED, rest_in_single_bytes), record(CONTINUED, rich_and_extended), record(END, &[])];
        let texts = texts_of(&first, &mut Records(&later.concat())).expect("whole");
        assert_eq!(texts, [5, 4, 2].map(|letters| letters * OF_A_LETTER));
    }

    #[test]
    fn the_text_that_a_formula_gave_stands_in_the_cell_of_the_formula() {
        let place = |row: u16| [&row.to_le_bytes()[..], &[0; 20]].concat();
        let rows = (0..2000).flat_map(|row| [record(FORMULA, &place(row)), record(TEXT_OF_A_FORMULA, b"\x01\0\0x")]);
        let records = [record(BEGIN, &[0; 16]), rows.collect::<Vec<_>>().concat(), record(END, &[])].concat();
        let sheet = Sheet::read(&mut Records(&records), &Globals::default(), 10_000).expect("it makes sense");
        assert_eq!(sheet.cells, 4000);
    }
}
