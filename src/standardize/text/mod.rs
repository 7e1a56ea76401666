//! Any text: edges, invisible and control characters, full-width forms, spreadsheet marks, mojibake, placeholders.

mod character;
mod clean;
pub(super) mod entity;
mod mojibake;
mod plain;

pub use clean::TextCleaner;
pub use plain::PlainText;
