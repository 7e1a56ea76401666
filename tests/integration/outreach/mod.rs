//! Planning, sending and answers, beside real partners.

mod answers;
mod consent_columns;
mod dispatch;
mod holidays;
mod plan;
