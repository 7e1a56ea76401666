//! One address or number by the rules alone: what equal ones share, the hash of it, and which class one is of.
//!
//! Values are given in normal form. What reads texts as cells of a list needs the standardizers, and stands in `pipeline`.

mod class;
mod key;

pub use class::{ContactClasses, LineFacts};
pub use key::{ContactKeys, kept_key_of, key_of_kept};
