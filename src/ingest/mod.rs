//! Turns every kind of source into one UTF-8 text that is parsed as CSV.
#![expect(dead_code, reason = "the reader that uses these is being written")]

mod compression;
mod encoding;
mod error;
mod text;

pub use error::{IngestError, IngestProblem};
