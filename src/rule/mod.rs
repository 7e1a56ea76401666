//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod email;
mod files;
mod ingest;
mod list;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{BesideRule, ColumnRules, ColumnSureness, Compound, FoldedHeader, HeaderReading, HeaderWords, Pattern, SniffRule};
pub use email::{EmailClasses, EmailPlaceholders, EmailPolicy, EmailRepairs, EmailRules, EmailTypos, MailProvider, ProviderClass, RepairWords};
pub use files::{RuleError, RuleFiles, parse_toml};
pub use ingest::IngestRules;
pub use list::ListRules;
pub use words::Words;
