//! A check's result with its findings by rule and column, as JSON.

use super::writer::CheckContext;
use crate::pipeline::{CheckReport, RunError};

/// [`CheckReport`] as it is; of several lists an array of them.
pub(super) fn json(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let json = match reports {
        [report] if !check.has_several => serde_json::to_string_pretty(report),
        reports => serde_json::to_string_pretty(reports),
    };
    let mut json = json.expect("a report is plain data");
    json.push('\n');
    Ok(json)
}
