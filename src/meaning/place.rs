//! Flags of places between the words of a text.

pub(super) const CLAUSE_START: u8 = 1;
pub(super) const CLAUSE_END: u8 = 2;
pub(super) const TEXT_START: u8 = 4;
pub(super) const TEXT_END: u8 = 8;
pub(super) const QUESTION: u8 = 16;
