//! What findings about a list as a whole show of its values: masked unless the run was told to show them.

use super::Setup;
use crate::record::{Mapping, mask};
use crate::text::visible;
use crate::validate::ListStatement;

/// The words that a statement is about with how often each stands there, the most frequent first; empty where it is about none.
pub(super) fn words_of(statement: &ListStatement, mapping: &Mapping, setup: &Setup) -> String {
    let field = statement.column.and_then(|column| mapping.columns()[column.as_usize()].field);
    let shown = statement.words.iter().map(|(word, count)| {
        // A status is a word; what is more may be anything, and is masked as what nobody knows.
        let known = field.filter(|_| word.chars().all(char::is_alphabetic));
        let word = if setup.show_values { word.clone() } else { mask(known, word) };
        format!("{} ×{count}", visible(&word))
    });
    let mut shown: Vec<String> = shown.collect();
    let different = statement.evidence.get("values").copied().unwrap_or(0);
    let more = different.saturating_sub(shown.len() as u64);
    if more > 0 && !shown.is_empty() {
        shown.push(format!("+{more}"));
    }
    shown.join(" · ")
}
