//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod files;
mod phone;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{ColumnRules, SniffRule};
pub use files::{RuleError, RuleFiles};
pub use phone::{
    DummyNumbers, LineReach, PhonePlan, PhonePolicy, PhoneRanges, PhoneRules, PhoneWords, PlanLength, PlanRange,
    RangeMove, ReachWord, RepairConfidence, ShortNumber, VerdictCodes,
};
pub use words::Words;
