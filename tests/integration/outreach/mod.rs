//! Planning, sending and answers, beside real partners.

mod answers;
mod dispatch;
mod holidays;
mod plan;
