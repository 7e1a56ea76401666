//! Bringing a list below `rules/` up to date: what a new one says, how it differs, and its file. Nothing here reads or
//! writes a file or the network.

mod column;
mod diff;
mod domain;
mod error;
mod file;
mod guard;
mod lists;
mod plan;
mod reading;
mod text;

pub use column::{CellKind, Column};
pub use diff::{Change, Diff};
pub use error::UpdateError;
pub use file::Origin;
pub use lists::{Guard, ListForm, Row, UpdatableList, UpdateLimits, UpdateLists};
pub use plan::{Suspicious, Update, UpdateOptions};
pub use reading::BadLine;
