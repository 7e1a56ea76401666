//! The commands as the documents show them.

mod command;
mod phone;
