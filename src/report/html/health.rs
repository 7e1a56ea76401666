//! Health by field: one bar a column, with its figures.

use super::ReportError;
use super::chart::{Bar, Part};
use super::value::Value;
use super::voice::Voice;
use crate::pipeline::{FieldHealth, RunSummary};

/// The verdicts from good to bad; `empty` says nothing and comes last.
pub(super) const VERDICTS: [&str; 7] = ["ok", "repaired", "unknown", "risky", "review", "invalid", "empty"];

/// One column.
pub(super) struct FieldRow {
    pub(super) field: String,
    pub(super) header: Value,
    /// The list it is in, where there are several.
    pub(super) input: Option<Value>,
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

fn row(summary: &RunSummary, health: &FieldHealth, voice: &Voice<'_>) -> Result<FieldRow, ReportError> {
    let of = |verdict: &str| health.verdicts.get(verdict).copied().unwrap_or(0);
    let whole = VERDICTS.iter().fold(0u64, |sum, verdict| sum.saturating_add(of(verdict)));
    let filled = whole.saturating_sub(of("empty"));
    let present: Vec<&'static str> = VERDICTS.into_iter().filter(|verdict| of(verdict) > 0).collect();

    let figures: Vec<Figure> = present
        .iter()
        .map(|&verdict| Figure {
            verdict,
            name: voice.say_of("verdict", verdict),
            count: voice.count(of(verdict)),
            share: voice.share(of(verdict), whole),
        })
        .collect();
    let parts: Vec<Part> = present
        .iter()
        .zip(&figures)
        .map(|(&verdict, figure)| Part {
            class: verdict,
            value: of(verdict),
            title: format!("{}: {} ({})", figure.name, figure.count, figure.share),
        })
        .collect();
    let said: Vec<String> = figures.iter().map(|figure| format!("{} {}", figure.name, figure.share)).collect();
    let field = voice.field(health.field);
    Ok(FieldRow {
        label: voice.phrase("health.label", &[("field", &field), ("figures", &said.join(", "))]),
        field,
        header: Value::new(&health.header),
        input: (summary.inputs.len() > 1).then(|| Value::new(&health.input)),
        bar: Bar::draw(&parts, whole)?,
        good: voice.share(of("ok").saturating_add(of("repaired")), filled),
        figures,
    })
}

/// How many cells of all columns got one of these verdicts.
pub(super) fn total(summary: &RunSummary, verdicts: &[&str]) -> u64 {
    let counts = summary.fields.iter().flat_map(|health| verdicts.iter().filter_map(|&name| health.verdicts.get(name)));
    counts.fold(0u64, |sum, &count| sum.saturating_add(count))
}
