//! E-mails: reads a cell into addresses.

mod cell;
mod class;
mod decode;
mod guess;
mod key;
mod keyboard;
mod layout;
mod plain;
mod read;
mod repair;
mod steps;
mod suggest;
mod syntax;

pub use key::{ascii_form, email_key, push_email_key};
pub use read::EmailStandardizer;
