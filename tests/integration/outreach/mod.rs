//! Planning, sending and answers, beside real partners.

mod answers;
mod countries;
mod dispatch;
mod holidays;
mod inbox;
mod plan;
