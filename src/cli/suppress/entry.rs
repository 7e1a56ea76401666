//! How the command line writes an entry: its scope, its reason, and that a person made it.

use jiff::Timestamp;

use crate::error::closest;
use crate::record::{Suppressed, Suppression, SuppressionReason, SuppressionScope};

/// An entry of a person at the command line.
pub(super) fn entry(
    what: Suppressed,
    scope: SuppressionScope,
    reason: SuppressionReason,
    at: Timestamp,
) -> Suppression {
    Suppression { scope, ..Suppression::new(what, reason, "manual", at.to_string()) }
}

pub(super) fn scope(text: &str) -> Result<SuppressionScope, String> {
    SuppressionScope::parse(text).ok_or_else(|| unknown(text, SuppressionScope::ALL.iter().map(|one| one.as_str())))
}

pub(super) fn reason(text: &str) -> Result<SuppressionReason, String> {
    SuppressionReason::parse(text).ok_or_else(|| unknown(text, SuppressionReason::ALL.iter().map(|one| one.as_str())))
}

fn unknown(text: &str, words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<&str> = words.collect();
    match closest(text, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("write one of {}", words.join(", ")),
    }
}
