//! CSV blocks: any text is read, and every record is a row or set apart.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tiuv::ingest::read_small;
use tiuv::record::ColumnIndex;

fuzz_target!(|text: &str| {
    let (header, batch, quarantined) = read_small(text);
    let mut numbers: Vec<u32> = (0..batch.len()).map(|row| batch.number(row).number()).collect();
    numbers.extend(quarantined.iter().map(|record| record.row.number()));
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "each record once: {numbers:?}");
    for row in 0..batch.len() {
        for column in 0..header.len() {
            batch.cell(row, ColumnIndex(column as u16));
        }
    }
});
