//! A summary in Markdown (GitHub's, <https://github.github.com/gfm/>): whether the list passed, its gates, and a table of what was found.

use std::fmt::Write as _;
use std::io::Write;

use super::message::{places, totals};
use super::writer::{CheckContext, CheckWriter, write_text};
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckReport, Light, RunError};
use crate::report::text::{share, shortened, thousands};
use crate::rule::Words;
use crate::text::{on_one_line, visible};

/// Rows of the table; a step's summary holds 1 MiB.
const LONGEST: usize = 500;

pub(super) struct Markdown<'a>(CheckContext<'a>);

impl<'a> Markdown<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        Markdown(check)
    }
}

impl CheckWriter for Markdown<'_> {
    fn end(&mut self, _: &List, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        write_text(&markdown(report, self.0.words), out)
    }
}

fn markdown(report: &CheckReport, words: &Words) -> String {
    let mut text = String::new();
    let verdict = if report.passed { "✅ passed" } else { "❌ failed" };
    let _ = writeln!(text, "### tiuv check: {} {verdict}\n", escaped(&report.list));
    let _ = writeln!(text, "{}\n", totals(report));
    let lights = report.lights.iter().map(|(family, light)| {
        let sign = match light {
            Light::Green => "🟢",
            Light::Amber => "🟡",
            Light::Red => "🔴",
        };
        format!("{sign} {family}")
    });
    let _ = writeln!(text, "{}\n", lights.collect::<Vec<_>>().join(" · "));
    if !report.gates.is_empty() {
        text.push_str("| | gate | found | allowed |\n|---|---|---:|---:|\n");
        for result in &report.gates {
            let sign = if result.passed { "✅" } else { "❌" };
            let (selector, limit) = (escaped(&result.gate.selector.to_string()), &result.gate.limit);
            let _ = writeln!(text, "| {sign} | {selector} | {} | {limit} |", thousands(result.count));
        }
        text.push('\n');
    }
    if report.groups.is_empty() {
        return text;
    }
    text.push_str("| severity | what | column | found | share | where | e.g. |\n|---|---|---|---:|---:|---|---|\n");
    for group in report.groups.iter().take(LONGEST) {
        let sign = match group.severity {
            Severity::Error => "🔴 error",
            Severity::Warning => "🟡 warning",
            Severity::Info => "🔵 info",
        };
        let title = words.say(group.code.as_str());
        let of = if group.count > report.records { String::new() } else { share(group.count, report.records) };
        let places = if group.rows.is_empty() { String::new() } else { places(group) };
        let _ = writeln!(
            text,
            "| {sign} | {}<br>`{}` | {} | {} | {of} | {} | {} |",
            escaped(title),
            group.code,
            escaped(&group.header),
            thousands(group.count),
            escaped(&places),
            escaped(&shortened(&visible(&group.example), 40)),
        );
    }
    if report.groups.len() > LONGEST {
        let more = report.groups.len() - LONGEST;
        let _ = writeln!(text, "\n{more} more are left out here; the JSON or SARIF output has them all");
    }
    text.push('\n');
    text
}

/// A text that is nothing but text: no mark-up, no link and no one's name in it, and no end of a cell.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in on_one_line(text).chars() {
        match letter {
            ',' | ';' | '-' | '/' | '(' | ')' | '\'' | '%' | '?' => safe.push(letter),
            _ if letter.is_ascii_punctuation() => {
                let _ = write!(safe, "&#{};", u32::from(letter));
            }
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_list_holds_is_markup_or_ends_a_cell() {
        let hostile = "a|b `c` <img src=x> [x](http://evil.example) @all\n# title www.evil.example *b*";
        let safe = escaped(hostile);
        for sign in ['|', '`', '<', '[', '*', '@', '\n', '.', ':', '_'] {
            assert!(!safe.contains(sign), "{sign} in {safe}");
        }
        assert!(safe.contains("&#124;b"), "{safe}");
    }
}
