//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod consent;
mod files;
mod lookup;
mod names;
mod row;
mod text;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{ColumnRules, SniffRule};
pub use consent::{ConsentWord, ConsentWords};
pub use files::{RuleError, RuleFiles};
pub use lookup::Lookup;
pub use names::{DOUBLING, Honorifics, NameLists, NameShape, NameUse};
pub use row::RowShape;
pub use text::{HebrewLayout, PlaceholderKind, Placeholders, TextRules};
pub use words::Words;
