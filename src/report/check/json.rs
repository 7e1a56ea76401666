//! A check's result with its findings by rule and column, as JSON.

use std::io::Write;

use super::writer::{CheckContext, CheckWriter, write_text};
use crate::pipeline::{CheckReport, RunError};

/// [`CheckReport`] as it is.
pub(super) struct Json;

impl Json {
    pub(super) fn new(_: CheckContext<'_>) -> Self {
        Json
    }
}

impl CheckWriter for Json {
    fn end(&mut self, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let mut json = serde_json::to_string_pretty(report).expect("a report is plain data");
        json.push('\n');
        write_text(&json, out)
    }
}
