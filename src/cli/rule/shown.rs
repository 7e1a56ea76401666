//! What `tiuv rule update` prints: the lists, and how a new one differs.

use std::fmt::Write;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::rule::RuleFiles;
use crate::rule::update::{Origin, Row, UpdatableList, Update, UpdateLists};

/// What became of an update.
pub(super) struct Outcome {
    /// Examples that were run.
    pub(super) examples: usize,
    /// Those that fail with the new list and did not before.
    pub(super) failures: Vec<String>,
    /// The file that was written.
    pub(super) written: Option<PathBuf>,
    /// The file that `--write` would write.
    pub(super) target: Option<PathBuf>,
}

pub(super) fn lists_text(lists: &UpdateLists, files: &RuleFiles) -> String {
    let mut text = String::new();
    for list in &lists.lists {
        let UpdatableList { name, file, what, source, newer, .. } = list;
        let _ = writeln!(text, "{name:<16} {:>6} entries  {file}", list.count(files));
        let _ = writeln!(text, "  {what}");
        let _ = writeln!(text, "  shipped: {source}");
        if let Some(newer) = newer {
            let _ = writeln!(text, "  newer:   {newer}");
        }
    }
    text.push_str("\nBring one up to date: tiuv rule update LIST --from FILE|URL\n");
    text
}

pub(super) fn lists_json(lists: &UpdateLists, files: &RuleFiles) -> String {
    let lists: Vec<Value> = lists
        .lists
        .iter()
        .map(|list| {
            json!({
                "list": list.name, "file": list.file, "entries": list.count(files), "what": list.what,
                "source": list.source, "newer": list.newer, "form": list.form, "columns": list.header(),
            })
        })
        .collect();
    pretty(&json!({ "lists": lists }))
}

pub(super) fn update_text(
    list: &UpdatableList,
    update: &Update,
    origin: &Origin,
    outcome: &Outcome,
    limit: usize,
) -> String {
    let Update { diff, suspicious, bad, bad_count, duplicates, covered, warnings, .. } = update;
    let mut text = String::new();
    let _ = writeln!(text, "{} ({}) from {}", list.name, list.file, origin.from);
    let _ = writeln!(
        text,
        "  was {}, is {}: +{} -{} ~{}",
        diff.was,
        diff.is,
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len()
    );
    for (count, what) in [
        (*duplicates, "that stand there again"),
        (*covered, "below another entry, which stands for them"),
        (*bad_count, "that are no entries (--skip-bad)"),
    ] {
        if count > 0 {
            let _ = writeln!(text, "  left out: {count} {what}");
        }
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title} ({})", lines.len());
            lines.iter().take(limit).for_each(|line| text.push_str(line));
            if lines.len() > limit {
                let _ = writeln!(text, "  … and {} more (--all)", lines.len() - limit);
            }
        }
    };
    let bad = bad.iter().map(|bad| format!("  line {}: `{}`: {}\n", bad.line, bad.text, bad.why));
    section("No entries", bad.collect());
    let suspicious = suspicious.iter().map(|one| format!("  ! {}  {}\n", one.entry, one.why));
    section("Would do harm", suspicious.collect());
    let rows = |sign: &str, rows: &[Row]| rows.iter().map(|row| format!("  {sign} {}\n", cells(row))).collect();
    section("Added", rows("+", &diff.added));
    section("Removed", rows("-", &diff.removed));
    let changed = diff.changed.iter().map(|change| changed_text(list, &change.before, &change.after));
    section("Changed", changed.collect());
    section(
        "Examples that fail with the new list",
        outcome.failures.iter().map(|line| format!("  {line}\n")).collect(),
    );
    text.push('\n');
    for warning in warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    text.push_str(&last_line(update, outcome));
    text
}

fn last_line(update: &Update, outcome: &Outcome) -> String {
    let hold = match outcome.examples {
        0 => String::new(),
        count => format!("{count} examples hold with it. "),
    };
    if update.diff.is_empty() {
        return "Up to date: nothing to write.\n".to_owned();
    }
    if !outcome.failures.is_empty() {
        return "Nothing was written: rules would no longer find what their examples show.\n".to_owned();
    }
    match (&outcome.written, &outcome.target) {
        (Some(path), _) => format!("{hold}Written: {}\n", path.display()),
        (None, Some(path)) => format!("{hold}Nothing was written; --write writes {}\n", path.display()),
        (None, None) => format!("{hold}Nothing was written; --rules DIR --write writes it there.\n"),
    }
}

/// The first cell, then those that say something.
fn cells(row: &Row) -> String {
    row.iter().filter(|cell| !cell.is_empty()).map(String::as_str).collect::<Vec<_>>().join("  ")
}

fn changed_text(list: &UpdatableList, before: &Row, after: &Row) -> String {
    let mut line = format!("  ~ {}", list.key(after).replace('\t', "  "));
    for ((column, before), after) in list.columns.iter().zip(before).zip(after) {
        if before != after {
            let _ = write!(line, "  {}: {before} → {after}", column.name);
        }
    }
    line.push('\n');
    line
}

pub(super) fn update_json(list: &UpdatableList, update: &Update, origin: &Origin, outcome: &Outcome) -> String {
    let Update { diff, suspicious, bad, bad_count, duplicates, covered, warnings, .. } = update;
    let object = |row: &Row| -> Value {
        let cells = list.header().into_iter().map(str::to_owned).zip(row.iter().map(|cell| json!(cell)));
        Value::Object(cells.collect::<Map<String, Value>>())
    };
    let objects = |rows: &[Row]| rows.iter().map(object).collect::<Vec<Value>>();
    let changed: Vec<Value> = diff
        .changed
        .iter()
        .map(|change| json!({ "before": object(&change.before), "after": object(&change.after) }))
        .collect();
    pretty(&json!({
        "list": list.name, "file": list.file, "from": origin.from, "sha256": origin.sha256, "day": origin.day.to_string(),
        "was": diff.was, "is": diff.is,
        "added": objects(&diff.added), "removed": objects(&diff.removed), "changed": changed,
        "duplicates": duplicates, "covered": covered, "bad_count": bad_count, "bad": bad, "suspicious": suspicious,
        "warnings": warnings, "examples": outcome.examples, "failures": outcome.failures,
        "written": outcome.written.as_ref().map(|path| path.display().to_string()),
    }))
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain data");
    text.push('\n');
    text
}
