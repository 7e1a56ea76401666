//! Planning, sending and answers, beside real partners.

mod advice;
mod answers;
mod browser;
mod confirm;
mod consent_columns;
mod countries;
pub(crate) mod dispatch;
mod holidays;
mod inbox;
mod persons;
mod plan;
mod unread;
