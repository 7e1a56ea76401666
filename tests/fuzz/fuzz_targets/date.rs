//! Date cells, in each order of day, month and year.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::finding::Confidence;
use tiuv::record::Field;
use tiuv::rule::PartOrder;
use tiuv::standardize::{DateOrder, DateStandardizer};

static READERS: LazyLock<[DateStandardizer; 2]> = LazyLock::new(|| {
    [PartOrder::DayMonthYear, PartOrder::MonthDayYear].map(|parts| {
        let order = DateOrder { parts, is_evident: true, confidence: Confidence::CERTAIN, unix: None };
        DateStandardizer::new(&cell::context("IL"), Field::BirthDate, order).expect("the shipped rules load")
    })
});

fuzz_target!(|raw: &str| {
    for reader in READERS.iter() {
        cell::read_twice(reader, raw);
    }
});
