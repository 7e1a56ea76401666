//! A check as a compiler would tell it: one line a rule and column, then the gates.

use std::fmt::Write as _;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use super::message::{places, totals};
use super::writer::{CheckContext, CheckWriter, write_text};
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckReport, Light, RunError};
use crate::report::text::{BOLD, DIM, GREEN, RED, YELLOW, share, shortened, thousands};
use crate::rule::Words;
use crate::text::{isolated, visible};

/// For people.
pub(super) struct Text<'a>(CheckContext<'a>);

impl<'a> Text<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        Text(check)
    }
}

impl CheckWriter for Text<'_> {
    fn end(&mut self, _: &List, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let mut text = check_text(report, self.0.words);
        if self.0.has_several {
            text = format!("{BOLD}{}{BOLD:#}\n{text}\n", isolated(&report.list));
        }
        write_text(&text, out)
    }
}

fn check_text(report: &CheckReport, words: &Words) -> String {
    let mut text = String::new();
    for group in &report.groups {
        let style = severity_style(group.severity);
        let place = match group.lines.first() {
            Some(line) => format!("{}:{line}", report.list),
            None => report.list.clone(),
        };
        let _ = write!(text, "{BOLD}{place}{BOLD:#}: {style}{}{style:#}[{}]", group.severity.as_str(), group.code);
        let title = words.say(group.code.as_str());
        if title != group.code.as_str() {
            let _ = write!(text, " {title}");
        }
        if !group.header.is_empty() {
            let _ = write!(text, " — column {}", isolated(&group.header));
        }
        let _ = write!(text, ": {BOLD}{}{BOLD:#}", thousands(group.count));
        if report.records > 0 && group.count > 1 {
            text.push_str(&of_records(group.count, report.records));
        }
        if !group.detail.is_empty() {
            let _ = write!(text, " {}", isolated(&group.detail));
        }
        if !group.rows.is_empty() {
            let _ = write!(text, " {DIM}{}{DIM:#}", places(group));
        }
        if !group.example.is_empty() {
            let _ = write!(text, " {DIM}e.g. {}{DIM:#}", isolated(&shortened(&visible(&group.example), 40)));
        }
        text.push('\n');
    }
    if !report.groups.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}", totals(report));
    let lights = report.lights.iter().map(|(family, light)| {
        let (word, style) = match light {
            Light::Green => ("green", GREEN),
            Light::Amber => ("amber", YELLOW),
            Light::Red => ("red", RED),
        };
        format!("{family} {style}{word}{style:#}")
    });
    let _ = writeln!(text, "{}", lights.collect::<Vec<_>>().join(" · "));
    for result in &report.gates {
        let (word, style) = if result.passed { ("pass", GREEN) } else { ("FAIL", RED) };
        let _ = writeln!(
            text,
            "{style}{word}{style:#}  {}: {} found{}, {} allowed",
            result.gate.selector,
            thousands(result.count),
            of_records(result.count, report.records),
            result.gate.limit
        );
    }
    text
}

/// The share of the records; findings can be more than these, and then there is none.
fn of_records(count: u64, records: u64) -> String {
    if count > records { String::new() } else { format!(" ({})", share(count, records)) }
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => RED.bold(),
        Severity::Warning => YELLOW.bold(),
        Severity::Info => AnsiColor::Blue.on_default(),
    }
}
