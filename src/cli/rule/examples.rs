//! Runs the examples that rules bring with them.

use crate::meaning::{NoteReader, OutcomeReader, ReplyReader};
use crate::pipeline::{Setup, run_examples};
use crate::rule::{Rule, RuleError, RuleFiles};

/// Runs the examples of rules: how many there are, and what failed.
pub(super) fn test<'a>(
    setup: &Setup,
    rules: impl IntoIterator<Item = &'a Rule>,
) -> Result<(usize, Vec<String>), RuleError> {
    let (mut examples, mut failures) = (0, Vec::new());
    for rule in rules {
        examples += rule.bad.len() + rule.good.len();
        let failed = run_examples(setup, rule)?.into_iter();
        failures.extend(failed.map(|failure| format!("{} {}: {}", failure.code, failure.example, failure.message)));
    }
    Ok((examples, failures))
}

/// Runs the examples of the rules by which free text is read: how many there are, and what failed.
pub(super) fn test_meanings(files: &RuleFiles) -> Result<(usize, Vec<String>), RuleError> {
    let (replies, notes) = (ReplyReader::load(files)?, NoteReader::load(files)?);
    let outcomes = OutcomeReader::load(files)?;
    let examples = replies.examples() + notes.examples() + outcomes.examples();
    Ok((examples, [replies.failures(), notes.failures(), outcomes.failures()].concat()))
}
