//! Planning, sending and answers, beside real partners.

mod advice;
mod answers;
mod dispatch;
mod holidays;
mod plan;
