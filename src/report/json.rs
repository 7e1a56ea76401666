//! `run.json`.

use crate::pipeline::RunSummary;

/// The content of `run.json`.
pub fn run_json(summary: &RunSummary) -> String {
    let mut json = serde_json::to_string_pretty(summary).expect("a summary is plain data");
    json.push('\n');
    json
}
