//! The commands as the documents show them.

mod command;
mod config;
mod phone;
