//! GitHub workflow commands: annotations on the list's rows.

use std::fmt::Write as _;

use super::message::{from_here, message};
use super::writer::CheckContext;
use crate::finding::Severity;
use crate::pipeline::{CheckReport, RunError};
use crate::text::on_one_line;

/// GitHub shows so many annotations of a level and step.
const ANNOTATIONS: usize = 10;

/// Workflow commands; what exceeds GitHub's limit is counted in a last notice.
pub(super) fn github(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let mut text = String::new();
    let mut left_out = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let groups = reports.iter().flat_map(|report| {
            let file = property(from_here(&report.list));
            report.groups.iter().map(move |group| (file.clone(), group))
        });
        let groups: Vec<_> = groups.filter(|(_, group)| group.severity == severity).collect();
        left_out += groups.len().saturating_sub(ANNOTATIONS);
        for (file, group) in groups.into_iter().take(ANNOTATIONS) {
            let command = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let line = group.lines.first().copied().unwrap_or(1);
            let _ = writeln!(
                text,
                "::{command} file={file},line={line},title={}::{}",
                property(group.code.as_str()),
                data(&message(group, check.words))
            );
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "::notice::{left_out} more rules were broken; the JSON or SARIF output has them all");
    }
    for report in reports {
        let (of, result) = (data(&report.list), if report.passed { "passed" } else { "failed" });
        let of = if reports.len() > 1 { format!("{of}: ") } else { String::new() };
        let _ = writeln!(text, "{of}{} records: {result}", report.records);
    }
    Ok(text)
}

/// Escaping as in the `@actions/core` toolkit; what would steer the terminal in which the log is read is made visible.
fn data(text: &str) -> String {
    on_one_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
