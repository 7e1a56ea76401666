//! `rules/standing.toml`: a small grammar of headers and cells that say whether somebody may be contacted.

mod cell;
mod class;
mod header;
mod permission;
mod reader;
mod said;
mod status;
mod title;
mod words;

pub use class::Channels;
pub use header::{About, Asks, HeaderSays};
pub use reader::StandingWords;
pub use said::{CellSays, ReadOn};

#[cfg(test)]
mod tests;
