//! Turns every kind of source into one UTF-8 text that is parsed as CSV.
#![expect(dead_code, reason = "the reader that uses these is being written")]

mod archive;
mod canonical;
mod compression;
mod encoding;
mod error;
mod foreign;
mod format;
mod jsonl;
mod nesting;
#[cfg(feature = "parquet")]
mod parquet;
mod sheet;
mod text;

pub use error::{IngestError, IngestProblem};
