//! GitHub workflow commands: annotations on the list's rows.

use std::fmt::Write as _;
use std::io::Write;

use super::message::{from_here, message};
use super::writer::{CheckContext, CheckWriter, write_text};
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckReport, RunError};
use crate::rule::Words;
use crate::text::on_one_line;

/// GitHub shows so many annotations of a level and step.
const ANNOTATIONS: usize = 10;

/// Workflow commands; what exceeds GitHub's limit is counted in a last notice.
pub(super) struct Github<'a> {
    check: CheckContext<'a>,
    reports: Vec<CheckReport>,
}

impl<'a> Github<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        Github { check, reports: Vec::new() }
    }
}

impl CheckWriter for Github<'_> {
    fn end(&mut self, _: &List, report: &CheckReport, _: &mut (dyn Write + Send)) -> Result<(), RunError> {
        self.reports.push(report.clone());
        Ok(())
    }

    fn close(&mut self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        write_text(&github(&self.reports, self.check.words), out)
    }
}

fn github(reports: &[CheckReport], words: &Words) -> String {
    let mut text = String::new();
    let mut left_out = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let groups = reports.iter().flat_map(|report| report.groups.iter().map(move |group| (report, group)));
        let groups: Vec<_> = groups.filter(|(_, group)| group.severity == severity).collect();
        left_out += groups.len().saturating_sub(ANNOTATIONS);
        for (report, group) in groups.into_iter().take(ANNOTATIONS) {
            let command = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let line = group.lines.first().copied().unwrap_or(1);
            let _ = writeln!(
                text,
                "::{command} file={},line={line},title={}::{}",
                property(from_here(&report.list)),
                property(group.code.as_str()),
                data(&message(group, words))
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
    text
}

/// Escaping as in the `@actions/core` toolkit; what would steer the terminal in which the log is read is made visible.
fn data(text: &str) -> String {
    on_one_line(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
