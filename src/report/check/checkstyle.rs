//! Checkstyle's XML, which many servers and editors read: one error a rule and column.

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::message::message;
use super::writer::CheckContext;
use crate::finding::Severity;
use crate::pipeline::{CheckReport, FindingGroup, RunError};
use crate::rule::Words;
use crate::text::on_one_line;

/// The version whose form it has.
const VERSION: &str = "4.3";

pub(super) fn checkstyle(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let mut text = xml(reports, check.words).expect("written to memory");
    text.push('\n');
    Ok(text)
}

fn xml(reports: &[CheckReport], words: &Words) -> std::io::Result<String> {
    let mut xml = quick_xml::Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("checkstyle").with_attributes([("version", VERSION)])))?;
    for report in reports {
        let name = on_one_line(&report.list);
        xml.write_event(Event::Start(BytesStart::new("file").with_attributes([("name", name.as_str())])))?;
        for group in &report.groups {
            xml.write_event(Event::Empty(error(group, words)))?;
        }
        xml.write_event(Event::End(BytesEnd::new("file")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
    Ok(String::from_utf8_lossy(&xml.into_inner()).into_owned())
}

fn error<'x>(group: &FindingGroup, words: &Words) -> BytesStart<'x> {
    let severity = match group.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let line = group.lines.first().copied().unwrap_or(1).to_string();
    let mut error = BytesStart::new("error");
    error.push_attribute(("line", line.as_str()));
    if let Some(column) = group.column_number {
        error.push_attribute(("column", column.to_string().as_str()));
    }
    error.push_attribute(("severity", severity));
    error.push_attribute(("message", on_one_line(&message(group, words)).as_str()));
    error.push_attribute(("source", format!("tiuv.{}", group.code).as_str()));
    error
}
