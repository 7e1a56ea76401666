//! Files of any bytes: opened and read to their end, or refused with an error.
#![no_main]

use std::io::Write;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::ingest::{IngestError, IngestOptions, List};
use tiuv::rule::RuleFiles;

static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("a temporary file can be written");
    let Ok(list) = List::open(file.path(), &IngestOptions::default(), &FILES) else { return };
    let mut rows = 0;
    let read = list.read(|wave| -> Result<(), IngestError> {
        rows += wave.batches.iter().map(|batch| batch.len() as u64).sum::<u64>() + wave.quarantined.len() as u64;
        Ok(())
    });
    if let Ok(read) = read {
        assert_eq!(read.records, rows);
    }
});
