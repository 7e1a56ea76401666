//! Formats that are a whole only when all lists are done: they hear results, and write at the close.

use std::io::Write;

use super::writer::{CheckContext, CheckWriter};
use crate::ingest::List;
use crate::pipeline::{CheckReport, RunError};

/// What a format makes of all results.
type Render = fn(&[CheckReport], &CheckContext<'_>) -> Result<String, RunError>;

/// Gathers the results for one of them.
pub(super) struct Whole<'a> {
    check: CheckContext<'a>,
    reports: Vec<CheckReport>,
    render: Render,
}

impl<'a> Whole<'a> {
    pub(super) fn new(check: CheckContext<'a>, render: Render) -> Self {
        Whole { check, reports: Vec::new(), render }
    }
}

impl CheckWriter for Whole<'_> {
    fn end(&mut self, _: &List, report: &CheckReport, _: &mut (dyn Write + Send)) -> Result<(), RunError> {
        self.reports.push(report.clone());
        Ok(())
    }

    fn close(&mut self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let text = (self.render)(&self.reports, &self.check)?;
        out.write_all(text.as_bytes()).map_err(|error| RunError::write("the output", &error))
    }
}
