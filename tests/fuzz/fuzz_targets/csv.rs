//! CSV text: any of it is read or refused with an error, and every record is a row or set apart.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::ingest::{IngestError, IngestOptions, List};
use tiuv::rule::RuleFiles;

static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);

fuzz_target!(|text: &str| {
    let options = IngestOptions { delimiter: Some(b','), ..IngestOptions::default() };
    let Ok(list) = List::from_bytes("fuzz.csv", text.as_bytes().to_vec(), &options, &FILES) else { return };
    let mut numbers: Vec<u32> = Vec::new();
    let read = list.read(|wave| -> Result<(), IngestError> {
        for batch in &wave.batches {
            numbers.extend((0..batch.len()).map(|row| batch.number(row).number()));
        }
        numbers.extend(wave.quarantined.iter().map(|record| record.row.number()));
        Ok(())
    });
    let records = read.expect("memory does not fail").records;
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "each record once: {numbers:?}");
    assert_eq!(numbers.len() as u64, records, "rows in = rows out + quarantined");
});
