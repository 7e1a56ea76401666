//! Every finding as a JSON line; a line for the list before them and one for the result after them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::writer::{CheckContext, CheckWriter};
use crate::finding::{Code, Confidence, Severity};
use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckReport, RunError};
use crate::record::{ColumnIndex, mask_into};

/// Writes each finding as it comes, so that a list of any length needs no more memory.
pub(super) struct JsonLines<'a> {
    check: CheckContext<'a>,
    /// What findings of one kind have in common, as it stands between the row and the value.
    kinds: Vec<(Kind, Vec<u8>)>,
    masked: String,
}

/// What decides about the middle of a line.
type Kind = (Option<ColumnIndex>, Code, Severity, Confidence);

#[derive(Serialize)]
struct FindingKind<'a> {
    column: &'a str,
    column_number: Option<u32>,
    field: Option<&'static str>,
    code: &'static str,
    severity: &'static str,
    confidence: u8,
}

impl<'a> JsonLines<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        JsonLines { check, kinds: Vec::new(), masked: String::new() }
    }

    fn write_kind(&mut self, list: &List, event: &CheckEvent<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let kind = (event.column, event.code, event.severity, event.confidence);
        let known = self.kinds.iter().position(|(known, _)| *known == kind);
        let index = match known {
            Some(index) => index,
            None => {
                let middle = serde_json::to_vec(&FindingKind {
                    column: event.header,
                    column_number: event.column.map(|column| list.column_number(column)),
                    field: event.field.map(|field| field.as_str()),
                    code: event.code.as_str(),
                    severity: event.severity.as_str(),
                    confidence: event.confidence.as_percent(),
                })?;
                // Without its braces: the line has its own.
                self.kinds.push((kind, middle[1..middle.len() - 1].to_vec()));
                self.kinds.len() - 1
            }
        };
        out.write_all(b",")?;
        out.write_all(&self.kinds[index].1)
    }

    fn write_value(
        &mut self,
        name: &str,
        event: &CheckEvent<'_>,
        value: &str,
        out: &mut (dyn Write + Send),
    ) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        self.masked.clear();
        if self.check.setup.show_values {
            self.masked.push_str(value);
        } else {
            mask_into(event.field, value, &mut self.masked);
        }
        out.write_all(b",\"")?;
        out.write_all(name.as_bytes())?;
        out.write_all(b"\":")?;
        serde_json::to_writer(out, &self.masked)?;
        Ok(())
    }
}

impl CheckWriter for JsonLines<'_> {
    fn start(&mut self, list: &List, out: &mut (dyn Write + Send)) -> io::Result<()> {
        // Columns are of this list.
        self.kinds.clear();
        let head = json!({
            "type": "list", "schema_version": 1, "list": list.facts().name,
            "as_of": self.check.setup.context.today.to_string(), "tiuv_version": env!("CARGO_PKG_VERSION"),
        });
        writeln!(out, "{head}")
    }

    fn finding(&mut self, list: &List, event: &CheckEvent<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
        out.write_all(br#"{"type":"finding","row":"#)?;
        match event.row {
            Some(row) => write!(out, "{row}")?,
            None => out.write_all(b"null")?,
        }
        if let Some(line) = event.line {
            write!(out, ",\"line\":{line}")?;
            if let Some(cell) = event.column.and_then(|column| list.cell_name(line, column)) {
                out.write_all(b",\"cell\":")?;
                serde_json::to_writer(&mut *out, &cell)?;
            }
        }
        self.write_kind(list, event, out)?;
        self.write_value("value", event, event.value, out)?;
        self.write_value("after", event, event.after, out)?;
        out.write_all(b"}\n")
    }

    fn end(&mut self, _: &List, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let end = json!({
            "type": "result", "records": report.records, "quarantined": report.quarantined,
            "gates": report.gates, "passed": report.passed,
        });
        writeln!(out, "{end}").map_err(|error| RunError::write("the output", &error))
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}
