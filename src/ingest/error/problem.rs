//! What can be wrong with a source.

use std::io;

use crate::error::Explain;
use crate::ingest::choices::several;

/// What is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum IngestProblem {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound {
        /// The file in the same directory with the closest name.
        closest: Option<String>,
    },
    /// A directory where a file is wanted.
    #[error("it is a directory")]
    Directory,
    /// The system does not allow it.
    #[error("no permission")]
    NoPermission,
    /// Any other failure of the system.
    #[error("{reason}")]
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// The temporary copy could not be written.
    #[error("the temporary copy can't be written: {reason}")]
    Spool {
        /// What the system says.
        reason: String,
    },
    /// Not a single byte, or only white space.
    #[error("it is empty")]
    Empty,
    /// A header and nothing below it.
    #[error("it has a header but no rows")]
    HeaderOnly,
    /// The first row looks like data.
    #[error("its first row looks like data, not like a header")]
    NoHeader,
    /// Rows begin in this line, as an editor counts, and no line above them is a header.
    #[error("its rows begin in line {0}, and no line above them is a header")]
    NoHeaderAbove(u32),
    /// The line given as the header can't be one, for a reason.
    #[error("line {0} can't be its header: {1}")]
    NotAHeader(u32, &'static str),
    /// The first record has no end within the allowed length.
    #[error("its header can't be read: a quote is not closed, or it is longer than any record may be")]
    UnreadableHeader,
    /// Something that is known and not a list.
    #[error("it is {what}, not a customer list")]
    Unsupported {
        /// With its article: "a PDF document".
        what: &'static str,
        /// What to do, as a sentence without full stop.
        remedy: &'static str,
    },
    /// Control characters all over.
    #[error("it is binary data, not text")]
    Binary,
    /// The format is known, but the content does not follow it.
    #[error("the {format} content is damaged{}: {reason}", self.place())]
    Damaged {
        /// `XLSX`, `JSON` …
        format: &'static str,
        /// 1-based record or row, where known.
        row: Option<u64>,
        /// What breaks, without any value.
        reason: String,
    },
    /// The end of compressed input is missing.
    #[error("the {compression} data ends too early: {read} bytes were read, which gave {written} bytes of text")]
    Truncated {
        /// `gzip` or `zstd`.
        compression: &'static str,
        /// Compressed bytes read.
        read: u64,
        /// Bytes gained.
        written: u64,
    },
    /// Compressed input that does not unpack.
    #[error("the {compression} data is damaged near byte {read}, after {written} bytes of text")]
    CorruptCompression {
        /// `gzip` or `zstd`.
        compression: &'static str,
        /// Compressed bytes read.
        read: u64,
        /// Bytes gained.
        written: u64,
    },
    /// Compressed input that grows beyond all measure.
    #[error("it unpacks to more than {limit} bytes from only {read}")]
    Expansion {
        /// Compressed bytes read.
        read: u64,
        /// Bytes that were still allowed.
        limit: u64,
    },
    /// A label that no encoding has.
    #[error("unknown encoding `{label}`")]
    UnknownEncoding {
        /// As given.
        label: String,
        /// The closest known one.
        closest: Option<String>,
        /// Those worth offering.
        known: Vec<String>,
    },
    /// A ZIP archive with no list, or with several.
    #[error("it is a ZIP archive with {}", several(files))]
    NotOneFile {
        /// Their names.
        files: Vec<String>,
    },
    /// A workbook whose sheets hold something else than cells.
    #[error("it has no table, only {what}")]
    NoTable {
        /// What there is: "charts or pictures".
        what: &'static str,
    },
    /// A sheet name that the workbook does not have.
    #[error("it has no sheet `{sheet}`")]
    SheetNotFound {
        /// As given.
        sheet: String,
        /// The closest one.
        closest: Option<String>,
        /// All of them, in the workbook's order.
        sheets: Vec<String>,
    },
    /// A log of events without a column that it needs.
    #[error("it is no event file: it has no column {missing}")]
    NotEvents {
        /// The names of the columns.
        missing: String,
    },
    /// A file of events without a column of the sender's form that was named.
    #[error("it is not of the form of {sender}: it has no column {missing}")]
    NotOfSender {
        /// The sender.
        sender: String,
        /// The names of the columns.
        missing: String,
    },
    /// A sender that is not known.
    #[error("no sender of events is called `{word}`")]
    UnknownSender {
        /// As it was written.
        word: String,
        /// The closest known one.
        closest: Option<String>,
        /// All known ones.
        known: Vec<String>,
    },
    /// A file of outcomes without a column that it needs.
    #[error("it is no file of outcomes: it has no column {missing}")]
    NotOutcomes {
        /// The names of the columns.
        missing: String,
    },
    /// More columns than any list has.
    #[error("it has {columns} columns, more than {limit}")]
    TooManyColumns {
        /// As found.
        columns: usize,
        /// `max_columns` of `rules/ingest.toml`.
        limit: usize,
    },
    /// Rows of which next to nothing is there.
    #[error("its rows are so much shorter than its header of {width} columns that more than {limit} cells are missing")]
    Sparse {
        /// Columns of the header.
        width: usize,
        /// Cells that were still allowed.
        limit: u64,
    },
    /// More of what is no record than is kept.
    #[error("its records that can't be read take more than {limit} bytes")]
    TooManyUnreadable {
        /// `max_held_bytes` of `rules/ingest.toml`.
        limit: u64,
    },
    /// Someone wrote to the file.
    #[error("it changed while it was read")]
    Changed,
    /// A repaired copy can be written of plain text lists only.
    #[error(
        "it can't be repaired in place: only an uncompressed text list can, in one encoding and not in visual order"
    )]
    NotRewritable,
    /// A repaired value has a character that the list's encoding lacks.
    #[error("a repaired value can't be written in {encoding}")]
    Unencodable {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// This program was built without the reader.
    #[error("this tiuv was built without {format}")]
    NotBuilt {
        /// The format.
        format: &'static str,
    },
    /// An error of another module that came up while a source was opened, with its own advice.
    #[error("{0}")]
    Other(Box<dyn Explain + Send + Sync>),
}

impl IngestProblem {
    /// Where in the file, as far as that is known.
    pub(super) fn place(&self) -> String {
        match self {
            IngestProblem::Damaged { row: Some(row), .. } => format!(" near row {row}"),
            _ => String::new(),
        }
    }
}

impl From<&io::Error> for IngestProblem {
    fn from(error: &io::Error) -> Self {
        let reason = error.to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                IngestProblem::Spool { reason }
            }
            _ => IngestProblem::Unreadable { reason },
        }
    }
}
