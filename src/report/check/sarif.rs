//! SARIF 2.1.0 (OASIS): one result a list, rule and column. All rules that are asked are declared, so that a code host closes the
//! alerts of what is found no more.

use serde_json::{Value, json};

use super::message::{from_here, message};
use super::writer::CheckContext;
use crate::finding::Severity;
use crate::pipeline::{CheckReport, RunError};

/// Results that code hosts keep (GitHub: 5,000 a run); groups are far fewer, but a list may have thousands of columns.
const SARIF_RESULTS: usize = 5_000;

pub(super) fn sarif(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let CheckContext { setup, words, .. } = check;
    let catalog = &setup.catalog;
    let groups = reports.iter().flat_map(|report| {
        let uri = uri(from_here(&report.list));
        report.groups.iter().map(move |group| (uri.clone(), group))
    });
    let mut codes: Vec<_> = reports.iter().flat_map(|report| &report.groups).map(|group| group.code).collect();
    codes.extend(check.setup.catalog.rules().map(|rule| rule.code).filter(|code| check.asks(*code)));
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            let rule = catalog.rule(*code);
            json!({
                "id": code.as_str(),
                "name": rule.map_or("", |rule| rule.name.as_str()),
                "shortDescription": { "text": words.say(code.as_str()) },
                "fullDescription": { "text": rule.map_or("", |rule| rule.what.as_str()) },
                "help": { "text": rule.map_or("", |rule| rule.why.as_str()) },
                "defaultConfiguration": { "level": sarif_level(catalog.severity(*code)) },
            })
        })
        .collect();
    let results: Vec<Value> = groups
        .take(SARIF_RESULTS)
        .map(|(uri, group)| {
            let rule_index = codes.binary_search(&group.code).unwrap_or_default();
            let mut location = json!({
                "physicalLocation": {
                    "artifactLocation": { "uri": uri },
                    "region": { "startLine": group.lines.first().copied().unwrap_or(1) },
                },
            });
            if let Some(cell) = group.cells.first() {
                location["logicalLocations"] = json!([{ "fullyQualifiedName": cell, "kind": "member" }]);
            }
            json!({
                "ruleId": group.code.as_str(),
                "ruleIndex": rule_index,
                "level": sarif_level(group.severity),
                "message": { "text": message(group, words) },
                "locations": [location],
                "partialFingerprints": { "ruleAndColumn/v1": format!("{}:{}", group.code, group.header) },
                "properties": {
                    "count": group.count, "rows": group.rows, "lines": group.lines, "cells": group.cells,
                    "column": group.header, "columnNumber": group.column_number,
                },
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
            "properties": {
                "records": reports.iter().map(|report| report.records).sum::<u64>(),
                "quarantined": reports.iter().map(|report| report.quarantined).sum::<u64>(),
                "passed": reports.iter().all(|report| report.passed),
            },
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("plain data");
    text.push('\n');
    Ok(text)
}

fn sarif_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A file name as a URI reference (RFC 3986): everything but unreserved characters and `/` escaped, and a full path as RFC 8089
/// has it.
fn uri(path: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
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
        assert_eq!(uri("/srv/a b.csv"), "file:///srv/a%20b.csv");
        assert_eq!(uri("lists/לקוחות 1.csv"), "lists/%D7%9C%D7%A7%D7%95%D7%97%D7%95%D7%AA%201.csv");
    }
}
