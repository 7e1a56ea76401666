//! JSON outputs: `run.json`, a check's result, its findings line by line, and SARIF.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::finding::{Code, Confidence, Severity};
use crate::pipeline::{CheckEvent, CheckReport, CheckSink, FindingGroup, RunSummary, Setup};
use crate::record::{ColumnIndex, mask_into};
use crate::rule::Words;

/// The content of `run.json`.
pub fn run_json(summary: &RunSummary) -> String {
    let mut json = serde_json::to_string_pretty(summary).expect("a summary is plain data");
    json.push('\n');
    json
}

/// A check's result with its findings by rule and column.
pub fn check_json(report: &CheckReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report is plain data");
    json.push('\n');
    json
}

/// Every finding as a JSON line; a line for the list before them and one for the result after them.
pub struct JsonLines<W: Write + Send> {
    out: W,
    show_values: bool,
    /// What findings of one kind have in common, as it stands between the row and the value.
    kinds: Vec<(Kind, Vec<u8>)>,
    masked: String,
}

/// What decides about the middle of a line.
type Kind = (Option<ColumnIndex>, Code, Severity, Confidence);

#[derive(Serialize)]
struct FindingKind<'a> {
    column: &'a str,
    field: Option<&'static str>,
    code: &'static str,
    severity: &'static str,
    confidence: u8,
}

impl<W: Write + Send> JsonLines<W> {
    /// Starts with the line about the list.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn start(mut out: W, list: &str, setup: &Setup) -> io::Result<Self> {
        let head = json!({
            "type": "list", "schema_version": 1, "list": list,
            "as_of": setup.context.today.to_string(), "tiuv_version": env!("CARGO_PKG_VERSION"),
        });
        writeln!(out, "{head}")?;
        Ok(JsonLines { out, show_values: setup.show_values, kinds: Vec::new(), masked: String::new() })
    }

    /// Ends with the line about the result.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self, report: &CheckReport) -> io::Result<W> {
        let end = json!({
            "type": "result", "records": report.records, "quarantined": report.quarantined,
            "gates": report.gates, "passed": report.passed,
        });
        writeln!(self.out, "{end}")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write + Send> CheckSink for JsonLines<W> {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        self.out.write_all(br#"{"type":"finding","row":"#)?;
        match event.row {
            Some(row) => write!(self.out, "{row}")?,
            None => self.out.write_all(b"null")?,
        }
        self.write_kind(event)?;
        self.write_value(b"value", event, event.value)?;
        self.write_value(b"after", event, event.after)?;
        self.out.write_all(b"}\n")
    }
}

impl<W: Write + Send> JsonLines<W> {
    fn write_kind(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        let kind = (event.column, event.code, event.severity, event.confidence);
        let known = self.kinds.iter().position(|(known, _)| *known == kind);
        let index = match known {
            Some(index) => index,
            None => {
                let middle = serde_json::to_vec(&FindingKind {
                    column: event.header,
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
        self.out.write_all(b",")?;
        self.out.write_all(&self.kinds[index].1)
    }

    fn write_value(&mut self, name: &[u8], event: &CheckEvent<'_>, value: &str) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        self.masked.clear();
        if self.show_values {
            self.masked.push_str(value);
        } else {
            mask_into(event.field, value, &mut self.masked);
        }
        self.out.write_all(b",\"")?;
        self.out.write_all(name)?;
        self.out.write_all(b"\":")?;
        serde_json::to_writer(&mut self.out, &self.masked)?;
        Ok(())
    }
}

/// Results that code hosts keep (GitHub: 5,000 a run); groups are far fewer, but a list may have thousands of columns.
const SARIF_RESULTS: usize = 5_000;

/// A check as SARIF 2.1.0 (OASIS): one result a rule and column.
///
/// A record's line is its number plus the header's, which is exact for lists without line breaks in cells.
pub fn sarif(report: &CheckReport, setup: &Setup, words: &Words) -> String {
    let mut codes: Vec<_> = report.groups.iter().map(|group| group.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            let rule = setup.catalog.rule(*code);
            json!({
                "id": code.as_str(),
                "name": rule.map_or("", |rule| rule.name.as_str()),
                "shortDescription": { "text": words.say(code.as_str()) },
                "fullDescription": { "text": rule.map_or("", |rule| rule.what.as_str()) },
                "help": { "text": rule.map_or("", |rule| rule.why.as_str()) },
                "defaultConfiguration": { "level": sarif_level(setup.catalog.severity(*code)) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .groups
        .iter()
        .take(SARIF_RESULTS)
        .map(|group| {
            let rule_index = codes.binary_search(&group.code).unwrap_or_default();
            let line = group.rows.first().map_or(1, |row| row + 1);
            json!({
                "ruleId": group.code.as_str(),
                "ruleIndex": rule_index,
                "level": sarif_level(group.severity),
                "message": { "text": message(group, words) },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri(&report.list) },
                        "region": { "startLine": line },
                    },
                }],
                "partialFingerprints": { "ruleAndColumn/v1": format!("{}:{}", group.code, group.header) },
                "properties": { "count": group.count, "rows": group.rows, "column": group.header },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tiuv",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": { "records": report.records, "quarantined": report.quarantined, "passed": report.passed },
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("plain data");
    text.push('\n');
    text
}

/// One group in a sentence, without any value.
pub(super) fn message(group: &FindingGroup, words: &Words) -> String {
    let title = words.say(group.code.as_str());
    let of_column = if group.header.is_empty() { String::new() } else { format!(" in column \"{}\"", group.header) };
    let rows = if group.rows.is_empty() {
        String::new()
    } else {
        let named: Vec<String> = group.rows.iter().map(u32::to_string).collect();
        let more = if group.count > group.rows.len() as u64 { ", …" } else { "" };
        format!(" (rows {}{more})", named.join(", "))
    };
    format!("{} × {title}{of_column}{rows}", group.count)
}

fn sarif_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A relative file name as a URI reference (RFC 3986): everything but unreserved characters and `/` escaped.
fn uri(path: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn file_names_become_uri_references() {
        assert_eq!(uri("lists/לקוחות 1.csv"), "lists/%D7%9C%D7%A7%D7%95%D7%97%D7%95%D7%AA%201.csv");
    }
}
