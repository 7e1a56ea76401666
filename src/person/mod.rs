//! Who is the same person as one who refused: by signs that stay when a list is numbered anew or renamed, and by likeness of
//! names. Pure; the workspace keeps what it says.

mod known;
mod likeness;
mod registry;
mod seen;
mod sign;

pub use known::KnownAs;
pub use likeness::{Likeness, Name, Who, are_one_person, may_be_one_person};
pub use registry::{Recognized, Registry};
pub use seen::Seen;
pub use sign::{Salt, Sign, SignMaker, list_family};
