//! Old Excel workbooks: records of [MS-XLS] in a compound file ([MS-CFB]).

use super::refused;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// A workbook of one sheet: what stands before it, and its cells.
fn xls(shared: &[u8], cells: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let sheet = |at: usize| record(0x0085, &[&(at as u32).to_le_bytes()[..], b"\0\0\x04\0List"].concat());
    let end = record(0x000A, &[]);
    let start = begin.len() + sheet(0).len() + shared.len() + end.len();
    compound([&begin, &sheet(start), shared, &end, &begin, cells, &end].concat())
}

/// A compound file of one stream: the table of what follows what, the directory, the stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    const LAST: u32 = u32::MAX - 1;
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let tables = (sectors + 2).div_ceil(127);
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0);
    header.extend([0x3E_u16, 3, 0xFFFE, 9, 6].map(u16::to_le_bytes).concat());
    header.resize(44, 0);
    header.extend([tables as u32, tables as u32, 0, 4096, LAST, 0, LAST, 0].map(u32::to_le_bytes).concat());
    header.extend((0..tables as u32).flat_map(u32::to_le_bytes));
    header.resize(512, 0xFF);
    let chain = (0..sectors).map(|at| if at + 1 == sectors { LAST } else { (tables + 2 + at) as u32 });
    let mut table: Vec<u8> =
        vec![u32::MAX - 2; tables].into_iter().chain([LAST]).chain(chain).flat_map(u32::to_le_bytes).collect();
    table.resize(tables * 512, 0xFF);
    let entry = |name: &str, kind: u8, first: u32, length: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let named = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(named.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(first.to_le_bytes());
        entry.extend(u64::from(length).to_le_bytes());
        entry
    };
    let first = tables as u32 + 1;
    let mut directory = [entry("Root Entry", 5, LAST, 0), entry("Workbook", 2, first, stream.len() as u32)].concat();
    directory.resize(512, 0);
    [header, table, directory, stream].concat()
}

/// Cells in so many rows of two columns, each of them as the function says.
fn cells(rows: u16, cell: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let places = (0..rows).flat_map(|row| [0_u16, 1].map(|column| [row, column, 0].map(u16::to_le_bytes).concat()));
    places.flat_map(|place| cell(&place)).collect()
}

/// The table of shared texts with one text of so many letters, a multiple of 8,000.
fn one_text(letters: u16) -> Vec<u8> {
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &letters.to_le_bytes(), &[0], &b"x".repeat(8000)].concat();
    let rest = vec![record(0x003C, &[&b"\0"[..], &b"x".repeat(8000)].concat()); usize::from(letters) / 8000 - 1];
    [record(0x00FC, &text), rest.concat()].concat()
}

#[test]
fn one_text_in_thousands_of_cells_is_refused_before_it_is_copied() {
    let shared = |place: &[u8]| record(0x00FD, &[place, &[0; 4]].concat());
    refused("texts.xls", &xls(&one_text(64_000), &cells(3000, shared)), "unpacks to more than 1073741824 bytes");
    let labels = |place: &[u8]| record(0x0204, &[place, &[0xFF, 0xFF, 0, b'x']].concat());
    refused("labels.xls", &xls(&[], &cells(3000, labels)), "unpacks to more than 1073741824 bytes");
}

#[test]
fn one_name_in_thousands_of_formulas_is_refused_before_it_is_spelt_out() {
    let name = record(0x0018, &[&[0, 0, 0, 255][..], &[0; 11], &b"n".repeat(255)].concat());
    let names = b"\x23\x01\0\0\0".repeat(1600);
    let formula =
        |place: &[u8]| record(0x0006, &[place, &[0; 14], &(names.len() as u16).to_le_bytes(), &names].concat());
    refused("names.xls", &xls(&name, &cells(300, formula)), "unpacks to more than 1073741824 bytes");
}

#[test]
fn sheets_and_cells_that_are_announced_and_not_there_are_refused() {
    let most = [&[0; 4][..], &65_536_u32.to_le_bytes(), &[0, 0, 0xFF, 0xFF, 0, 0]].concat();
    refused("announced.xls", &xls(&[], &record(0x0200, &most)), "makes no sense");
    let corners = [[0_u16; 3], [65_535, 16_000, 0]].map(|place| place.map(u16::to_le_bytes).concat());
    let far: Vec<u8> = corners.iter().flat_map(|place| record(0x0203, &[&place[..], &[0; 8]].concat())).collect();
    refused("far.xls", &xls(&[], &far), "more cells than are read");
    let pieces = record(0x003C, &[]).repeat(100_000);
    refused("pieces.xls", &xls(&[record(0x00FC, &[0; 8]), pieces].concat(), &[]), "more pieces than are read");
}
