//! A check's result with its findings by rule and column, as JSON.

use std::io::Write;

use super::writer::{CheckContext, CheckWriter, write_text};
use crate::ingest::List;
use crate::pipeline::{CheckReport, RunError};

/// [`CheckReport`] as it is; of several lists an array of them.
pub(super) struct Json {
    has_several: bool,
    reports: Vec<CheckReport>,
}

impl Json {
    pub(super) fn new(check: CheckContext<'_>) -> Self {
        Json { has_several: check.has_several, reports: Vec::new() }
    }
}

impl CheckWriter for Json {
    fn end(&mut self, _: &List, report: &CheckReport, _: &mut (dyn Write + Send)) -> Result<(), RunError> {
        self.reports.push(report.clone());
        Ok(())
    }

    fn close(&mut self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let json = match &self.reports[..] {
            [report] if !self.has_several => serde_json::to_string_pretty(report),
            reports => serde_json::to_string_pretty(reports),
        };
        let mut json = json.expect("a report is plain data");
        json.push('\n');
        write_text(&json, out)
    }
}
