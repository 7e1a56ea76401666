//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod files;
mod list;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{ColumnRules, SniffRule};
pub use files::{RuleError, RuleFiles, parse_toml};
pub use list::ListRules;
pub use words::Words;
