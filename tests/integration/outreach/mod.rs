//! Planning, sending and answers, beside real partners.

mod answers;
pub(crate) mod dispatch;
mod holidays;
mod persons;
mod plan;
