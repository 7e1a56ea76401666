//! Old workbooks by their records ([MS-XLS]), which are put into a compound file here: its tables would else break at once.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "reading.rs"]
mod reading;

fuzz_target!(init: reading::let_others_panic(), |records: &[u8]| {
    // One sector has the table of so many.
    if records.len() <= 120 * 512 {
        reading::read("old.fuzz", compound(records));
    }
});

/// A compound file ([MS-CFB]) of one long stream.
fn compound(stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = (stream.len() / 512) as u32;
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0);
    header.extend([0x3E_u16, 3, 0xFFFE, 9, 6].map(u16::to_le_bytes).concat());
    header.resize(44, 0);
    header.extend([1_u32, 1, 0, 4096, u32::MAX - 1, 0, u32::MAX - 1, 0, 0].map(u32::to_le_bytes).concat());
    header.resize(512, 0xFF);
    let chain = (0..sectors).map(|index| if index + 1 == sectors { u32::MAX - 1 } else { index + 3 });
    let mut table: Vec<u8> = [u32::MAX - 2, u32::MAX - 1].into_iter().chain(chain).flat_map(u32::to_le_bytes).collect();
    table.resize(512, 0xFF);
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
    let mut directory =
        [entry("Root Entry", 5, u32::MAX - 1, 0), entry("Workbook", 2, 2, stream.len() as u32)].concat();
    directory.resize(512, 0);
    [header, table, directory, stream].concat()
}
