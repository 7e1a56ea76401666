//! CSV text: how it is written, its records and cells, and blocks of it as batches.

mod block;
mod dialect;
mod positions;
mod reader;
mod sniff;

pub(crate) use block::{Block, BlockParser, ParsedBlock, cells_of};
pub(crate) use dialect::Dialect;
pub(crate) use reader::RecordReader;
pub(crate) use sniff::sniff;
