//! Any text: edges, invisible and control characters, full-width forms, spreadsheet marks, mojibake, placeholders.

mod clean;
pub(super) mod entity;
mod plain;
mod seen;

pub use clean::TextCleaner;
pub use plain::PlainText;
