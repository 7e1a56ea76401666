//! The law of every cell: reading never panics, and what was standardized is not changed again.

use std::sync::LazyLock;

use tiuv::record::CellOut;
use tiuv::rule::{Context, RuleFiles};
use tiuv::standardize::{CellContext, Standardizer};

/// The shipped rules.
pub static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);

/// The shipped rules for lists of a region.
#[allow(dead_code, reason = "only dates and telephones ask for it")]
pub fn context(region: &str) -> Context {
    Context::shipped(region, jiff::civil::date(2026, 11, 21))
}

/// Reads a cell twice; what the first time came to.
pub fn read_twice(standardizer: &dyn Standardizer, raw: &str) -> CellOut {
    let read = |raw: &str| {
        let mut out = CellOut::default();
        standardizer.standardize(raw, CellContext::default(), &mut out);
        out
    };
    let once = read(raw);
    let twice = read(&once.written());
    assert_eq!(once.written(), twice.written(), "{raw:?}");
    assert!(!twice.marks.iter().any(|mark| mark.code.is_repair()), "{raw:?}: {:?}", twice.marks);
    once
}
