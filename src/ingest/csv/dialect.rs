//! How a CSV text is written: its delimiter, its record terminator.

/// The dialect of one CSV text. Quotes are always `"`, doubled inside a quoted cell (RFC 4180).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// One of `,` `;` tab `|` `^` `~` unless given.
    pub(crate) delimiter: u8,
    /// `\n` (a `\r` before it belongs to it), or `\r` where the text has no `\n` at all.
    pub(crate) terminator: u8,
}

impl Dialect {
    /// The comma-separated, `\n`-terminated form that converters write.
    pub(crate) const CANONICAL: Dialect = Dialect { delimiter: b',', terminator: b'\n' };
}
