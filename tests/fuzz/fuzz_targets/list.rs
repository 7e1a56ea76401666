//! A list of any format, told by its content: CSV, JSON Lines, vCards, Parquet, old workbooks, and what is packed.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "reading.rs"]
mod reading;

fuzz_target!(init: reading::let_others_panic(), |bytes: &[u8]| {
    reading::read("list.fuzz", bytes.to_vec());
});
