//! Planning, sending and answers, beside real partners.

mod answers;
mod consent_columns;
mod countries;
mod dispatch;
mod holidays;
mod inbox;
mod plan;
