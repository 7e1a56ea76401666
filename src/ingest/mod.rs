//! Reads lists of every kind into [`RawBatch`]es: encodings, dialects, formats, compressions, columns.
//!
//! Every source becomes one thing, a UTF-8 text with random access that is read as CSV; what is CSV in UTF-8 already
//! is used in place.

mod archive;
mod blocks;
mod canonical;
mod choices;
mod columns;
mod compression;
mod csv;
mod database;
mod encoding;
mod envelope;
mod error;
mod events;
mod foreign;
mod format;
mod jsonl;
mod keyed;
mod layout;
mod line_place;
mod list;
mod nesting;
mod object;
mod options;
mod outcomes;
#[cfg(feature = "parquet")]
mod parquet;
mod remarks;
mod rewrite;
mod sample;
mod sheet;
mod source;
mod text;
mod vcard;
mod workbook;

#[cfg(feature = "web")]
pub(crate) use encoding::text_of_bytes;

pub use columns::{Given, MappingError, doubtful, header_fingerprint, layer_given, map_columns, meant_column};
pub use envelope::Envelopes;
pub use error::IngestError;
pub use events::{EventFile, EventReading, EventRecord, EventsRead, MakeFacts, SetAside};
pub use list::{InputFacts, List, RowsRead, Wave};
pub use options::IngestOptions;
pub use outcomes::{OutcomeRecord, OutcomesRead, read_outcomes};
pub use rewrite::ListWriter;
