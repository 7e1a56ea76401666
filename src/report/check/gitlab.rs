//! GitLab's code quality report: one entry a rule and column.
//!
//! Form: <https://docs.gitlab.com/ci/testing/code_quality/>. GitLab tells new entries from old ones by their fingerprints, so these
//! hold the list, the code and what the column is called in every run, and no row.

use serde_json::{Value, json};

use super::message::{from_here, message};
use super::writer::CheckContext;
use crate::finding::Severity;
use crate::pipeline::{CheckReport, RunError};
use crate::record::text_hash;
use crate::text::on_one_line;

pub(super) fn gitlab(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let mut entries: Vec<Value> = Vec::new();
    for report in reports {
        let path = from_here(&report.list);
        let list = text_hash(path);
        entries.extend(report.groups.iter().map(|group| {
            json!({
                "description": on_one_line(&message(group, check.words)),
                "check_name": group.code.as_str(),
                "fingerprint": format!("{list:016x}{}", group.fingerprint),
                "severity": severity(group.severity),
                "location": { "path": path, "lines": { "begin": group.lines.first().copied().unwrap_or(1) } },
            })
        }));
    }
    let mut text = serde_json::to_string_pretty(&entries).expect("plain data");
    text.push('\n');
    Ok(text)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
