//! Name cells: first, last and whole ones.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::standardize::{NamePart, NameStandardizer};

static READERS: LazyLock<[NameStandardizer; 2]> = LazyLock::new(|| {
    [NamePart::First, NamePart::Last]
        .map(|part| NameStandardizer::new(&cell::FILES, part).expect("the shipped rules load"))
});

fuzz_target!(|raw: &str| {
    for reader in READERS.iter() {
        cell::read_twice(reader, raw);
    }
});
