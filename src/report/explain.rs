//! One row, one rule: everything that is known, in words.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;

use crate::advice::Bar;
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::ReadRow;
use crate::record::{
    Channel, ContactKind, Detail, Field, FlagReason, MxStatus, Quarantined, RecordView, StandardColumn,
};
use crate::rule::{Catalog, Example, Rule, Words};
use crate::standardize::{Note, Step, StepPart};
use crate::text::{isolated, visible};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// One row: each mapped cell as written and as read, and each step and judgement with its reason.
pub fn explain_row(list: &List, catalog: &Catalog, words: &Words, row: &ReadRow<'_>) -> String {
    let view = row.view();
    let mut text = String::new();
    let _ = writeln!(text, "{BOLD}{} row {}{BOLD:#}", isolated(&list.facts().name), view.number());
    let findings = view.findings();
    let mut shown = Vec::new();
    for (column, display) in view.cells() {
        let is_part = shown.contains(&column.column);
        let header = isolated(list.mapping().header(column.column));
        if is_part {
            if !display.is_empty() {
                let _ = writeln!(text, "    {DIM}gives {}{DIM:#} {}", column.field, isolated(&display));
            }
            continue;
        }
        shown.push(column.column);
        let _ = writeln!(text, "\n  {BOLD}{header}{BOLD:#} {DIM}({}){DIM:#}", column.field);
        let raw = view.raw(column);
        if raw.is_empty() {
            let _ = writeln!(text, "    empty");
        } else {
            let _ = writeln!(text, "    as written  {}", isolated(&visible(raw)));
            row.steps(column).iter().for_each(|step| step_lines(&mut text, words, step));
        }
        if display != raw && !display.is_empty() {
            let _ = writeln!(text, "    read as     {}", isolated(&display));
        }
        if let Some(detail) = detail_text(column, &view) {
            let _ = writeln!(text, "    {DIM}{detail}{DIM:#}");
        }
        if column.field == Field::Email {
            dns_line(&mut text, words, &row.heard, column.first(view.index()));
        }
        for finding in findings.iter().filter(|finding| finding.column == Some(column.column)) {
            reason_line(&mut text, catalog, words, finding);
        }
        let suggestion = view.suggestion(column);
        if !suggestion.is_empty() {
            let _ = writeln!(text, "    suggested   {} {DIM}(nothing was changed){DIM:#}", isolated(suggestion));
        }
    }
    let of_row: Vec<_> = findings.iter().filter(|finding| finding.column.is_none()).collect();
    if !of_row.is_empty() {
        let _ = writeln!(text, "\n  {BOLD}the row itself{BOLD:#}");
        for finding in of_row {
            reason_line(&mut text, catalog, words, finding);
        }
    }
    text
}

/// A line for each part of a step; the first one has its title.
fn step_lines(text: &mut String, words: &Words, step: &Step) {
    for (index, StepPart { value, notes }) in step.parts.iter().enumerate() {
        let title = if index == 0 { words.say(step.title) } else { "" };
        let notes: Vec<&str> = notes
            .iter()
            .map(|note| match note {
                Note::Word(key) => words.say(key),
                Note::Text(text) => text,
            })
            .collect();
        let value = isolated(&visible(value));
        let line = match (value.as_str(), notes.join(", ")) {
            (value, notes) if notes.is_empty() => value.to_owned(),
            ("", notes) => format!("{DIM}{notes}{DIM:#}"),
            (value, notes) => format!("{value}  {DIM}{notes}{DIM:#}"),
        };
        let _ = writeln!(text, "    {title:<11} {line}");
    }
}

/// What DNS said of an address' domain, and when.
fn dns_line(text: &mut String, words: &Words, heard: &BTreeMap<String, MxStatus>, address: &str) {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let Some(status) = heard.get(domain) else { return };
    let mut said = words.say(status.code().as_str()).to_owned();
    if let Some(answer) = &status.answer {
        if let Some(host) = answer.hosts.first().filter(|host| !host.name.is_empty()) {
            let _ = write!(said, ": {}", host.name);
        }
        if let Ok(at) = jiff::Timestamp::from_second(answer.asked_at) {
            let _ = write!(said, ", asked {at}");
        }
    }
    let _ = writeln!(text, "    DNS         {} {DIM}{said}{DIM:#}", isolated(domain));
}

fn reason_line(text: &mut String, catalog: &Catalog, words: &Words, finding: &crate::finding::Finding) {
    let kind = if finding.code.is_repair() {
        "repaired".to_owned()
    } else if finding.code.is_suggestion() {
        "suggests".to_owned()
    } else {
        match catalog.severity(finding.code) {
            Severity::Info => "note".to_owned(),
            severity => severity.as_str().to_owned(),
        }
    };
    let percent = finding.confidence.as_percent();
    let sure = if percent < 100 { format!(", {percent} % sure") } else { String::new() };
    let title = words.say(finding.code.as_str());
    let _ = writeln!(text, "    {kind:<11} {title} {DIM}[{}{sure}]{DIM:#}", finding.code);
}

fn detail_text(column: &StandardColumn, view: &RecordView<'_>) -> Option<String> {
    let row = view.index();
    match column.detail(row) {
        Detail::Phone(phone) if !column.is_empty_at(row) => Some(format!(
            "verdict {}, {} line, SMS {}, call {}",
            view.verdict(column).as_str(),
            phone.kind.as_str(),
            phone.sms.as_str(),
            phone.call.as_str()
        )),
        Detail::Phone(_) | Detail::Email(_) => Some(format!("verdict {}", view.verdict(column).as_str())),
        Detail::Place(code) => Some(format!("locality code {code}")),
        _ => None,
    }
}

/// A record that is no row: why, where, and its text.
pub fn explain_quarantined(record: &Quarantined, catalog: &Catalog, words: &Words) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{BOLD}Record {} was quarantined{BOLD:#}: {} {DIM}[{}]{DIM:#}",
        record.row,
        words.say(record.code.as_str()),
        record.code
    );
    if let Some(rule) = catalog.rule(record.code) {
        let _ = writeln!(text, "  {}\n  {}", rule.what, rule.why);
    }
    let _ = writeln!(text, "  in line {}, at byte {}, {} bytes long:", record.line, record.offset, record.length);
    let _ = writeln!(text, "  {}", isolated(&visible(&record.raw)));
    text
}

/// A rule's page.
pub fn rule_text(rule: &Rule, words: &Words) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{BOLD}{}{BOLD:#} — {}", rule.code, words.say(rule.code.as_str()));
    let _ = writeln!(
        text,
        "{DIM}{} · {} · confidence {} · fix {} · since {}{DIM:#}\n",
        rule.name,
        rule.severity.as_str(),
        lower(&rule.confidence),
        lower(&rule.fix),
        rule.since
    );
    let _ = writeln!(text, "{}\n\n{}\n\nSource: {}", rule.what, rule.why, rule.source);
    if rule.private {
        let _ = writeln!(text, "\nPrivate: exported only with --export-kosher.");
    }
    for (title, examples) in [("Found in", &rule.bad), ("Not found in", &rule.good)] {
        if examples.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{title}:");
        for example in examples {
            let _ = writeln!(text, "  {}", example_text(example));
        }
    }
    text
}

/// What a word means that tells in an output why a contact is stale, or why a customer may not be or is not asked, such as
/// `email.hard_bounce` or `sms.channel_refused`; none where no output has it.
pub fn reason_text(word: &str, words: &Words) -> Option<String> {
    let is_of_contact = |head: &str| Channel::parse(head).is_some() || ContactKind::parse(head).is_some();
    let bare = word.split_once('.').filter(|(head, _)| is_of_contact(head)).map_or(word, |(_, rest)| rest);
    let stale =
        FlagReason::parse(bare).map(|reason| (reason.key(), "Why a contact is likely stale: flagged.csv, `reasons`"));
    let bar = Bar::all().find(|bar| bar.as_str() == bare);
    let barred =
        bar.map(|bar| (bar.key(), "Why a customer may not be asked: `tiuv_contact_why`; held_back.csv, `reason`"));
    let hold = Some(format!("hold.{bare}")).filter(|key| words.has(key));
    let held = hold.map(|key| (key, "Why a plan leaves a customer out: held_back.csv, `reason`"));
    let mut text = String::new();
    for (key, place) in [stale, barred, held].into_iter().flatten() {
        let _ = writeln!(text, "{BOLD}{bare}{BOLD:#} — {}\n{DIM}{place}{DIM:#}", words.say(&key));
    }
    (!text.is_empty()).then_some(text)
}

fn lower(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

fn example_text(example: &Example) -> String {
    let shown = match (&example.value, &example.list) {
        (Some(value), _) => isolated(&visible(value)),
        (None, Some(list)) => list.trim_end().replace('\n', "\n  "),
        (None, None) => String::new(),
    };
    let mx = example.mx.map(|outcome| format!(" [DNS: {outcome}]")).unwrap_or_default();
    let after = example.after.as_deref().map(|after| format!(" → {}", isolated(after))).unwrap_or_default();
    let suggest = example.suggest.as_deref().map(|text| format!(" → suggests {}", isolated(text))).unwrap_or_default();
    let repeat = example.repeat.map(|times| format!("  (its rows {times} times)")).unwrap_or_default();
    let expect = example.expect.as_ref().map(|expect| format!("  [expected: {expect}]")).unwrap_or_default();
    let note = example.note.as_deref().map(|note| format!("  ({note})")).unwrap_or_default();
    format!("{shown}{mx}{after}{suggest}{repeat}{expect}{note}")
}
