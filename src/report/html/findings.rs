//! Reasons, repairs, suggestions, findings about the list, and quarantine, in plain words.

use super::error::ReportError;
use crate::finding::Severity;
use crate::page::{Bar, Explanation, Value, Voice};
use crate::pipeline::{ChangeExample, ChangeSummary, ListFinding, ReasonCount, RunSummary};
use crate::record::{MASKED, MxMeaning, MxOutcome};

/// One reason in one column.
pub(super) struct Reason {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) field: Option<String>,
    pub(super) header: Value,
    pub(super) severity: &'static str,
    pub(super) severity_name: String,
    pub(super) count: String,
    pub(super) bar: Bar,
    pub(super) what: Option<Explanation>,
    pub(super) why: Option<Explanation>,
}

/// One kind of repair or suggestion in one column.
pub(super) struct Change {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) field: Option<String>,
    pub(super) header: Value,
    pub(super) count: String,
    pub(super) bar: Bar,
    pub(super) label: String,
    pub(super) examples: Vec<Example>,
}

/// One change of one cell.
pub(super) struct Example {
    pub(super) row: String,
    pub(super) before: Value,
    pub(super) after: Value,
}

/// Something about the list as a whole.
pub(super) struct Whole {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) header: Value,
    pub(super) severity: &'static str,
    pub(super) severity_name: String,
    pub(super) value: Value,
    pub(super) count: String,
    pub(super) rows: String,
    pub(super) more: Option<String>,
    pub(super) evidence: Vec<(String, String)>,
    pub(super) what: Option<Explanation>,
}

/// Why records were put into quarantine.
pub(super) struct Quarantine {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) count: String,
    pub(super) bar: Bar,
    pub(super) what: Option<Explanation>,
}

pub(super) fn reasons(summary: &RunSummary, voice: &Voice<'_>) -> Result<Vec<Reason>, ReportError> {
    // Domains that DNS could not be asked about are one line of the section about mail.
    let is_unheard = |code: &str| {
        let mut unknown = MxOutcome::ALL.into_iter().filter(|outcome| outcome.meaning() == MxMeaning::Unknown);
        unknown.any(|outcome| outcome.code().as_str() == code)
    };
    let told = || summary.reasons.iter().filter(|reason| summary.mail.is_none() || !is_unheard(&reason.code));
    let most = told().map(|reason| reason.count).max().unwrap_or(0);
    told().map(|reason| one_reason(reason, most, voice)).collect()
}

fn one_reason(reason: &ReasonCount, most: u64, voice: &Voice<'_>) -> Result<Reason, ReportError> {
    let (what, why) = voice.explain(&reason.code);
    Ok(Reason {
        title: voice.title(&reason.code),
        code: reason.code.clone(),
        field: reason.field.map(|field| voice.field(field)),
        header: Value::new(&reason.header),
        severity: reason.severity.as_str(),
        severity_name: voice.severity(reason.severity),
        count: voice.count(reason.count),
        bar: Bar::single(colour(reason.severity), reason.count, most)?,
        what,
        why,
    })
}

/// Repairs or suggestions, drawn in `class`.
pub(super) fn changes(
    changes: &[ChangeSummary],
    class: &'static str,
    voice: &Voice<'_>,
) -> Result<Vec<Change>, ReportError> {
    /// Kinds of changes of which all examples are shown: the commonest ones. A long list has many that happened a few times.
    const COMMON: usize = 12;
    const OF_RARE: usize = 2;
    let most = changes.iter().map(|change| change.count).max().unwrap_or(0);
    let one = |(place, change): (usize, &ChangeSummary)| {
        let title = voice.title(&change.code);
        let shown = if place < COMMON { usize::MAX } else { OF_RARE };
        let examples = change.examples.iter().filter(|example| tells(example)).take(shown).map(|example| Example {
            row: voice.count(u64::from(example.row)),
            before: Value::new(&example.before),
            after: Value::new(&example.after),
        });
        Ok(Change {
            label: voice.phrase("change.examples", &[("title", &title)]),
            title,
            code: change.code.clone(),
            field: change.field.map(|field| voice.field(field)),
            header: Value::new(&change.header),
            count: voice.count(change.count),
            bar: Bar::single(class, change.count, most)?,
            examples: examples.collect(),
        })
    };
    changes.iter().enumerate().map(one).collect()
}

/// Whether an example still shows something when it is masked: of a date the same dots on both sides are left.
fn tells(example: &ChangeExample) -> bool {
    let shown = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).count();
    let is_masked = |text: &str| text.contains(MASKED);
    let says_nothing = |text: &str| shown(text) <= 2 && !text.contains(char::is_alphabetic);
    let ChangeExample { before, after, .. } = example;
    !(is_masked(before) && is_masked(after) && (before == after || (says_nothing(before) && says_nothing(after))))
}

pub(super) fn of_the_list(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Whole> {
    summary.list_findings.iter().map(|finding| one_of_the_list(finding, voice)).collect()
}

fn one_of_the_list(finding: &ListFinding, voice: &Voice<'_>) -> Whole {
    let rows: Vec<String> = finding.rows.iter().map(|&row| voice.count(u64::from(row))).collect();
    let unnamed = finding.count.saturating_sub(rows.len() as u64);
    Whole {
        title: voice.title(&finding.code),
        code: finding.code.clone(),
        header: Value::new(&finding.header),
        severity: finding.severity.as_str(),
        severity_name: voice.severity(finding.severity),
        value: Value::new(&finding.value),
        count: voice.count(finding.count),
        more: (unnamed > 0 && !rows.is_empty()).then(|| voice.counted("list.and_more", unnamed, &[])),
        rows: rows.join(" · "),
        evidence: finding
            .evidence
            .iter()
            .map(|(name, &figure)| (voice.say_of("evidence", name), voice.count(figure)))
            .collect(),
        what: voice.explain(&finding.code).0,
    }
}

pub(super) fn quarantine(summary: &RunSummary, voice: &Voice<'_>) -> Result<Vec<Quarantine>, ReportError> {
    let mut reasons: Vec<(&String, u64)> =
        summary.quarantine_reasons.iter().map(|(code, &count)| (code, count)).collect();
    reasons.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    let most = reasons.first().map_or(0, |(_, count)| *count);
    let one = |(code, count): (&String, u64)| {
        Ok(Quarantine {
            title: voice.title(code),
            code: code.clone(),
            count: voice.count(count),
            bar: Bar::single("unknown", count, most)?,
            what: voice.explain(code).0,
        })
    };
    reasons.into_iter().map(one).collect()
}

/// A severity in the colours of the verdicts that it leads to.
pub(in crate::report) fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "invalid",
        Severity::Warning => "review",
        Severity::Info => "unknown",
    }
}
