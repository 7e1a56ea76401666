//! Telephone cells.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::standardize::PhoneStandardizer;

static READER: LazyLock<PhoneStandardizer> =
    LazyLock::new(|| PhoneStandardizer::new(&cell::FILES, "IL").expect("the shipped rules load"));

fuzz_target!(|raw: &str| cell::read_twice(&*READER, raw));
