//! E-mails: reads a cell into addresses.

mod cell;
mod class;
mod key;
mod layout;
mod plain;
mod read;
mod repair;
mod script;
mod suggest;
mod syntax;

pub use key::{ascii_form, email_key, push_email_key};
pub use read::EmailStandardizer;
