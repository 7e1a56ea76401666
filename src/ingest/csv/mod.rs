//! CSV text: how it is written, its records and cells, and blocks of it as batches.

mod aside;
mod block;
mod dialect;
mod line;
mod positions;
mod reader;
mod shape;
mod sniff;
mod unusual;
mod visual;

pub(crate) use aside::AsideLines;
pub(crate) use block::{Block, BlockParser, ParsedBlock, cells_of};
pub(crate) use dialect::Dialect;
pub(crate) use reader::RecordReader;
pub(crate) use shape::{Judged, TableShape, as_written, without_edges};
pub(crate) use sniff::sniff;
pub(crate) use unusual::{UnusualForm, joined};
pub(crate) use visual::{in_reading_order, is_visual};
