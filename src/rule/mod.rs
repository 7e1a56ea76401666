//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod catalog;
mod columns;
mod dates;
mod files;
mod national_id;
mod places;
mod words;

pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use columns::{ColumnRules, SniffRule};
pub use dates::{DateRules, DateWindow, NumberDates, OrderRules, PartOrder, PlaceholderDate, TwoDigitYear};
pub use files::{RuleError, RuleFiles};
pub use national_id::{IdAlgorithm, NationalIdRules, NationalIdScheme};
pub use places::{AddressRules, Countries, Found, Localities, Locality, PlaceKey, PostcodeForm};
pub use words::Words;
