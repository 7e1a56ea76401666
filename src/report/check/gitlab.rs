//! GitLab's code quality report: one entry a rule and column.
//!
//! Form: <https://docs.gitlab.com/ci/testing/code_quality/>. GitLab tells new entries from old ones by their fingerprints, so these
//! hold the list, the code and what the column is called in every run, and no row.

use std::io::Write;

use serde_json::{Value, json};

use super::message::{from_here, message};
use super::writer::{CheckContext, CheckWriter, write_text};
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckReport, RunError};
use crate::record::text_hash;
use crate::text::on_one_line;

pub(super) struct Gitlab<'a> {
    check: CheckContext<'a>,
    reports: Vec<CheckReport>,
}

impl<'a> Gitlab<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        Gitlab { check, reports: Vec::new() }
    }
}

impl CheckWriter for Gitlab<'_> {
    fn end(&mut self, _: &List, report: &CheckReport, _: &mut (dyn Write + Send)) -> Result<(), RunError> {
        self.reports.push(report.clone());
        Ok(())
    }

    fn close(&mut self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let groups = self.reports.iter().flat_map(|report| report.groups.iter().map(move |group| (report, group)));
        let entries: Vec<Value> = groups
            .map(|(report, group)| {
                json!({
                    "description": on_one_line(&message(group, self.check.words)),
                    "check_name": group.code.as_str(),
                    "fingerprint": format!("{:016x}{}", text_hash(from_here(&report.list)), group.fingerprint),
                    "severity": severity(group.severity),
                    "location": {
                        "path": from_here(&report.list),
                        "lines": { "begin": group.lines.first().copied().unwrap_or(1) },
                    },
                })
            })
            .collect();
        let mut text = serde_json::to_string_pretty(&entries).expect("plain data");
        text.push('\n');
        write_text(&text, out)
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
