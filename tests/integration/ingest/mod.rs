//! Lists that can't be read, or only in part.

mod bad_input;
