//! The law of every source: whatever its bytes, it is read, or refused with an error that has a remedy; every record is a row or
//! set apart. A reader that is not ours may panic, as that is caught; what is ours may not.

use std::panic::PanicHookInfo;
use std::sync::LazyLock;

use tiuv::error::Explain;
use tiuv::ingest::{IngestError, IngestOptions, List};
use tiuv::rule::RuleFiles;

static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);

/// To be called once: readers' own panics, which are caught where they are called, do not end the process.
pub fn let_others_panic() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let file = info.location().map_or("", |location| location.file());
        if !file.contains("/registry/") && !file.starts_with("/rustc/") {
            eprintln!("{info}");
            std::process::abort();
        }
    }));
}

/// Opens a source and reads all of it.
pub fn read(name: &str, bytes: Vec<u8>) {
    let list = match List::from_bytes(name, bytes, &IngestOptions::default(), &FILES) {
        Ok(list) => list,
        Err(error) => {
            assert!(error.to_string().contains(name), "{error}");
            let _ = error.help();
            return;
        }
    };
    let mut numbers: Vec<u32> = Vec::new();
    let read = list.read(|wave| -> Result<(), IngestError> {
        for batch in &wave.batches {
            numbers.extend((0..batch.len()).map(|row| batch.number(row).number()));
        }
        numbers.extend(wave.quarantined.iter().map(|record| record.row.number()));
        Ok(())
    });
    let Ok(read) = read else { return };
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "each record once");
    assert_eq!(numbers.len() as u64, read.records, "rows in = rows out + quarantined");
}
