//! Files that come back: events and outcomes. They are read, or refused with an error; every record is used or set aside.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::ingest::{EventFile, EventReading, IngestError, IngestOptions, read_outcomes};
use tiuv::record::Day;
use tiuv::rule::{EventRules, RuleFiles};

/// 2026-11-21, in days since 1970.
const TODAY: i32 = 20_778;

#[path = "reading.rs"]
#[allow(dead_code, reason = "only the hook is needed")]
mod reading;

static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);
static RULES: LazyLock<EventRules> = LazyLock::new(|| EventRules::load(&FILES).expect("the shipped rules load"));
/// Readers of these files know names alone; a file system in memory is quick.
static PATH: LazyLock<PathBuf> = LazyLock::new(|| PathBuf::from(format!("/dev/shm/tiuv-fuzz-{}", std::process::id())));

fuzz_target!(init: reading::let_others_panic(), |bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else { return };
    std::fs::write(&*PATH, text).expect("memory is writable");
    let options = IngestOptions::default();
    if kind % 2 == 0 {
        let Ok(file) = EventFile::open(&PATH, &options, &FILES, &RULES, &["id"]) else { return };
        let reading = EventReading { rules: &RULES, today: Day::from(TODAY) };
        let _ = file.read(reading, &|_| None, &|_, _: &mut Vec<()>| Ok(()), |_| -> Result<(), IngestError> { Ok(()) });
    } else {
        let _ = read_outcomes(&PATH, &options, &FILES, &["id"], Day::from(TODAY));
    }
});
