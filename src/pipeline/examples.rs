//! Runs the examples in `rules/validate/`: a `bad` one must be found, a `good` one must not.

use super::mail::{MailStage, domains_of_batch};
use super::{
    CheckEvent, CheckPlan, CheckSink, DedupedRow, Gates, RunError, Selector, Setup, Suppressing, check, dedupe,
};
use crate::finding::{Code, Severity};
use crate::ingest::{IngestOptions, List};
use crate::kernel::check_cell;
use crate::record::{CheckedBatch, ColumnIndex, Field, MxCertainty, MxMeaning, MxOutcome, MxStatus};
use crate::rule::{Example, Level, ResolveExample, Rule, RuleError, RuleFiles};
use crate::validate::MxValidator;

/// What went wrong with one example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The rule's code.
    pub code: Code,
    /// `bad` or `good`, and its 1-based number.
    pub example: String,
    /// What was expected and what came.
    pub message: String,
}

/// Runs all examples of a rule; an empty list means that they all hold.
///
/// # Errors
/// When a rule file that the examples need is not of its form.
pub fn run_examples(setup: &Setup, rule: &Rule) -> Result<Vec<ExampleFailure>, RuleError> {
    let mut failures = Vec::new();
    for (kind, examples) in [("bad", &rule.bad), ("good", &rule.good)] {
        for (index, example) in examples.iter().enumerate() {
            if let Err(message) = run_example(setup, rule, example, kind == "bad")? {
                failures.push(ExampleFailure { code: rule.code, example: format!("{kind} {}", index + 1), message });
            }
        }
    }
    Ok(failures)
}

/// Runs the examples of `rules/resolve/`; says what does not hold.
///
/// # Errors
/// When a rule file is not of its form, or a list can't be read.
pub fn run_resolve_examples(setup: &Setup) -> Result<Vec<String>, RunError> {
    let mut failures = Vec::new();
    for example in ResolveExample::load(&setup.context.files)? {
        let bytes = example.list.clone().into_bytes();
        let list = List::from_bytes("an example", bytes, &IngestOptions::default(), &setup.context.files)?;
        let Some(key) = list.mapping().column_of(Field::Id) else {
            failures.push(format!("{}: its list has no column of keys", example.about));
            continue;
        };
        let found = dedupe(&list, key, setup, &|_| {})?;
        let row = |key: &String| found.keys.iter().position(|own| own == key).map(|index| found.rows[index]);
        let mut expect = |pairs: &[[String; 2]], what: &str, holds: &dyn Fn(DedupedRow, DedupedRow) -> bool| {
            for [left, right] in pairs {
                if !matches!((row(left), row(right)), (Some(a), Some(b)) if holds(a, b)) {
                    failures.push(format!("{}: {left} and {right} must be {what}", example.about));
                }
            }
        };
        expect(&example.same, "one customer", &|a, b| a.cluster == b.cluster);
        expect(&example.apart, "two customers", &|a, b| a.cluster != b.cluster);
        expect(&example.household, "two customers of one household", &|a, b| {
            a.cluster != b.cluster && a.household == b.household
        });
    }
    Ok(failures)
}

fn run_example(
    setup: &Setup,
    rule: &Rule,
    example: &Example,
    must_be_found: bool,
) -> Result<Result<(), String>, RuleError> {
    let elsewhere = match &example.region {
        Some(region) => Some(Setup::new(setup.context.elsewhere(region))?),
        None => None,
    };
    let setup = elsewhere.as_ref().unwrap_or(setup);
    if let Some(list) = &example.list {
        let codes = check_list(setup, example, list);
        return Ok(codes.and_then(|codes| said_as_expected(rule, &codes, must_be_found, "the list")));
    }
    let Some(value) = &example.value else { return Ok(Err("neither a value nor a list".to_owned())) };
    let Some(field) = rule.field else { return Ok(Err("a rule with `value` examples names its field".to_owned())) };
    let mut checked = check_cell(&setup.context, field, value)?;
    if let Some(outcome) = example.mx {
        add_mx(&mut checked, outcome, example, &setup.context.files)?;
    }
    let mut codes: Vec<Code> = checked.findings().iter().map(|finding| finding.code).collect();
    // Outcomes that are no reason for anything stand in a column of their own.
    codes.extend(checked.mx(0, ColumnIndex(0)).map(MxOutcome::code));
    // Classes that half of every list has are kept beside the address and are no findings.
    let details = checked.standard().columns().iter().map(|column| column.detail(0));
    codes.extend(details.filter_map(|detail| detail.email()?.class));
    if let Err(message) = said_as_expected(rule, &codes, must_be_found, &format!("{value:?}")) {
        return Ok(Err(message));
    }
    let verdict = checked.verdict(0, ColumnIndex(0)).as_str();
    if let Some(status) = &example.status
        && verdict != status
    {
        return Ok(Err(format!("{value:?}: expected the status {status}, got {verdict}")));
    }
    let standard = checked.standard();
    let written = standard.columns_of(field).map(|column| column.written(0)).find(|written| !written.is_empty());
    let written = written.unwrap_or_default();
    if let Some(after) = &example.after
        && written != after.as_str()
    {
        return Ok(Err(format!("{value:?}: expected {after:?} after it, got {written:?}")));
    }
    let suggestion = standard.suggestions().first().map_or("", |(_, _, text)| text.as_str());
    if let Some(suggest) = &example.suggest
        && suggestion != suggest
    {
        return Ok(Err(format!("{value:?}: expected the suggestion {suggest:?}, got {suggestion:?}")));
    }
    Ok(Ok(()))
}

/// Lets DNS say this of every domain of a cell.
fn add_mx(
    checked: &mut CheckedBatch,
    outcome: MxOutcome,
    example: &Example,
    files: &RuleFiles,
) -> Result<(), RuleError> {
    let is_untrusted = example.untrusted;
    let certainty = match outcome.meaning() {
        MxMeaning::Reaches => MxCertainty::Alive,
        MxMeaning::Never if example.confirmed => MxCertainty::Dead,
        MxMeaning::Never => MxCertainty::Pending,
        MxMeaning::Unknown => MxCertainty::Unknown,
    };
    let statuses = domains_of_batch(checked)
        .into_keys()
        .map(|domain| (domain.to_owned(), MxStatus { is_untrusted, ..MxStatus::new(outcome, certainty, None) }))
        .collect();
    MxValidator::new(files, &statuses)?.judge(checked);
    Ok(())
}

fn said_as_expected(rule: &Rule, codes: &[Code], must_be_found: bool, what: &str) -> Result<(), String> {
    if codes.contains(&rule.code) == must_be_found {
        return Ok(());
    }
    let said: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let wanted = if must_be_found { "expected it" } else { "expected anything but it" };
    Err(format!("{what}: {wanted}, got [{}]", said.join(", ")))
}

/// Every code that a check says of an example's list.
fn check_list(setup: &Setup, example: &Example, list: &str) -> Result<Vec<Code>, String> {
    let bytes = bytes_of(example, list);
    let list = List::from_bytes("an example", bytes, &IngestOptions::default(), &setup.context.files)
        .map_err(|error| error.to_string())?;
    let plan = CheckPlan {
        rules: true,
        // Facts that a check leaves out unless asked are said too.
        levels: vec![(Selector::Severity(Severity::Info), Level::Info)],
        expectations: example.expect.iter().cloned().collect(),
        gates: Gates::new(Vec::new(), None),
        known: None,
        suppressions: example.suppress.iter().cloned().map(Suppressing::new).collect::<Result<_, _>>()?,
        marks: None,
        today: setup.context.today,
    };
    let report = check(&list, setup, &plan, MailStage::off(&mut |_| {}), &mut Nowhere, &|_| {})
        .map_err(|error| error.to_string())?;
    Ok(report.groups.iter().map(|group| group.code).collect())
}

/// The list as a file would hold it, with what stands for something else written out.
fn bytes_of(example: &Example, list: &str) -> Vec<u8> {
    let (header, body) = list.split_once('\n').unwrap_or((list, ""));
    let mut text = format!("{header}\n{}", body.repeat(example.repeat.unwrap_or(1)));
    if let Some(letters) = example.stretch {
        text = text.replace('…', &"א".repeat(letters));
    }
    if example.escapes { unescaped(&text) } else { text.into_bytes() }
}

/// `\xNN` as that byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(format!("\\x{part}").as_bytes()),
        }
    }
    bytes
}

/// Of an example only the report's codes are read.
pub(super) struct Nowhere;

impl CheckSink for Nowhere {
    fn event(&mut self, _event: &CheckEvent<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_written_out_as_its_example_says() {
        let example: Example =
            toml::from_str("list = ''\nrepeat = 2\nstretch = 2\nescapes = true").expect("an example");
        let row = b"\xD7\x90\xD7\x90,\xFF\0\n";
        assert_eq!(bytes_of(&example, "a,b\n…,\\xff\\x00\n"), [&b"a,b\n"[..], row, row].concat());
    }

    #[test]
    fn an_escape_that_is_none_stays() {
        assert_eq!(unescaped("\\x4 \\xéa"), "\\x4 \\xéa".as_bytes());
    }
}
