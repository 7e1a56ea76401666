//! The whole flow; the only place that knows the order.

mod examples;
mod summary;

pub use examples::{ExampleFailure, check_cell, run_examples};
pub use summary::{ChangeExample, ChangeSummary, FieldHealth, InputSummary, ListFinding, ReasonCount, RunSummary};
