//! Runs the examples that rules bring with them.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::config::Config;
use crate::meaning::{NoteReader, OutcomeReader, ReplyReader};
use crate::pipeline::{Setup, run_examples, run_expectation_examples};
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

/// Runs the examples of the `[[expect]]` tables of a file: how many there are, and what failed.
pub(super) fn test_expectations(setup: &Setup, path: &Path) -> Result<(usize, Vec<String>), Failure> {
    let config = Config::load(path)?;
    let examples = config.expect.iter().map(|expected| expected.good.len() + expected.bad.len()).sum();
    if examples == 0 {
        let message = format!("{}: no [[expect]] table has examples", path.display());
        return Err(Failure::usage(&message, "add `good = [\"…\"]` and `bad = [\"…\"]`; docs/checking.md shows some"));
    }
    let mut failures = Vec::new();
    for expected in &config.expect {
        failures.extend(run_expectation_examples(setup, expected)?);
    }
    Ok((examples, failures))
}
