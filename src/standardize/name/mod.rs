//! Names: first, last, and both in one cell.

mod case;
mod final_letter;
mod honorific;
mod layout;
mod misplaced;
mod note;
mod order;
mod plain;
mod split;
mod standardize;

pub use standardize::NameStandardizer;

/// Which part of a name a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// Given name.
    First,
    /// Family name.
    Last,
    /// Both; `out.parts` gets `first_name` and `last_name`.
    Full,
}
