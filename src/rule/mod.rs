//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod email;
mod files;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{ColumnRules, SniffRule};
pub use email::{
    EmailClasses, EmailPlaceholders, EmailPolicy, EmailRepairs, EmailRules, EmailTypos, MailProvider, ProviderClass,
    RepairWords,
};
pub use files::{RuleError, RuleFiles};
pub use words::Words;
