//! E-mail cells.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::standardize::EmailStandardizer;

static READER: LazyLock<EmailStandardizer> =
    LazyLock::new(|| EmailStandardizer::new(&cell::FILES).expect("the shipped rules load"));

fuzz_target!(|raw: &str| {
    cell::read_twice(&*READER, raw);
});
