//! What numbering plans say of a number: possible, valid, region, kind of line, E.164.
//!
//! Follows libphonenumber's rules (`phonenumberutil.cc`) on tables made from its metadata, without allocation. Where a
//! rule rewrites a number (Argentine mobiles dialled with 15, Brazilian carriers), the complete engine
//! (`rlibphonenumber`) reads it; a test holds both equal on everything that the tables decide.

mod complete;
mod number;
mod place;
mod read;
mod tables;
#[cfg(test)]
mod tests;

pub use complete::{Forms, forms};
pub(super) use number::Walk;
pub use number::{Number, Refusal, RegionId, metadata_version, size};
pub use place::region_of;
pub(super) use read::read_with;
pub use read::{parse, read};
pub(super) use tables::Label;
pub use tables::PossibleLength;
