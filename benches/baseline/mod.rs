//! The yardstick of the benches: what the `csv` crate takes to parse a file and do nothing with it.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

/// Parses a comma-separated file and counts its records, the header left out.
pub(crate) fn plain_csv_parse(path: &Path) -> csv::Result<u64> {
    let mut reader = ReaderBuilder::new().flexible(true).from_path(path)?;
    let mut record = ByteRecord::new();
    let mut records = 0;
    while reader.read_byte_record(&mut record)? {
        records += 1;
    }
    Ok(records)
}
