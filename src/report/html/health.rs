//! Health by field: one bar a column, with its figures.

use super::error::ReportError;
use super::source;
use crate::page::{Bar, Part, Value, Voice};
use crate::pipeline::{FieldHealth, RunSummary};

/// The verdicts from good to bad; `empty` says nothing and comes last.
pub(super) const VERDICTS: [&str; 7] = ["ok", "repaired", "unknown", "risky", "review", "invalid", "empty"];

/// One column.
pub(super) struct FieldRow {
    pub(super) field: String,
    /// Its header, where that says more than the field's name.
    pub(super) header: Option<Value>,
    /// The list it is in, where there are several.
    pub(super) input: Option<Value>,
    pub(super) stack: Stack,
}

/// Verdicts side by side in one bar.
pub(super) struct Stack {
    pub(super) bar: Bar,
    /// The bar in words, for those who can't see it.
    pub(super) label: String,
    /// Share in good order among the filled cells.
    pub(super) good: String,
    pub(super) figures: Vec<Figure>,
}

/// One verdict with its count.
pub(super) struct Figure {
    pub(super) verdict: &'static str,
    pub(super) name: String,
    pub(super) count: String,
    pub(super) share: String,
}

pub(super) fn rows(summary: &RunSummary, voice: &Voice<'_>) -> Result<Vec<FieldRow>, ReportError> {
    summary.fields.iter().map(|health| row(summary, health, voice)).collect()
}

/// All filled cells of all columns in one bar.
pub(super) fn overall(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Stack>, ReportError> {
    let filled = filled(summary);
    if filled == 0 {
        return Ok(None);
    }
    let name = voice.counted("health.all", filled, &[]);
    let of = |verdict: &str| if verdict == "empty" { 0 } else { total(summary, &[verdict]) };
    stack(&name, of, voice).map(Some)
}

fn row(summary: &RunSummary, health: &FieldHealth, voice: &Voice<'_>) -> Result<FieldRow, ReportError> {
    let field = voice.field(health.field);
    let is_telling = health.header.to_lowercase() != field.to_lowercase();
    Ok(FieldRow {
        stack: stack(&field, |verdict| health.verdicts.get(verdict).copied().unwrap_or(0), voice)?,
        header: is_telling.then(|| Value::new(&health.header)),
        input: (summary.inputs.len() > 1).then(|| source::name(&health.input, voice)),
        field,
    })
}

fn stack(name: &str, of: impl Fn(&str) -> u64, voice: &Voice<'_>) -> Result<Stack, ReportError> {
    let whole = VERDICTS.iter().fold(0u64, |sum, verdict| sum.saturating_add(of(verdict)));
    let filled = whole.saturating_sub(of("empty"));
    let mut figures = Vec::new();
    let mut parts = Vec::new();
    for verdict in VERDICTS.into_iter().filter(|verdict| of(verdict) > 0) {
        let (name, count) = (voice.say_of("verdict", verdict), voice.count(of(verdict)));
        let share = voice.share(of(verdict), whole);
        parts.push(Part { class: verdict, value: of(verdict), title: format!("{name}: {count} ({share})") });
        figures.push(Figure { verdict, name, count, share });
    }
    let said: Vec<String> = figures.iter().map(|figure| format!("{} {}", figure.name, figure.share)).collect();
    Ok(Stack {
        bar: Bar::draw(&parts, whole)?,
        label: voice.phrase("health.label", &[("field", name), ("figures", &said.join(", "))]),
        good: voice.share(of("ok").saturating_add(of("repaired")), filled),
        figures,
    })
}

/// How many cells of all columns got one of these verdicts.
pub(super) fn total(summary: &RunSummary, verdicts: &[&str]) -> u64 {
    let counts = summary.fields.iter().flat_map(|health| verdicts.iter().filter_map(|&name| health.verdicts.get(name)));
    counts.fold(0u64, |sum, &count| sum.saturating_add(count))
}

/// How many cells of all columns have anything in them.
pub(super) fn filled(summary: &RunSummary) -> u64 {
    let filled = VERDICTS.map(|verdict| if verdict == "empty" { 0 } else { total(summary, &[verdict]) });
    filled.into_iter().fold(0u64, u64::saturating_add)
}
