//! Runs the examples in `rules/validate/`: a `bad` one must be found, a `good` one must not.

use crate::clock::Clock;
use crate::finding::{Code, Confidence};
use crate::ingest::{map_columns, read_small};
use crate::record::{
    CheckedBatch, ColumnIndex, ColumnMapping, Field, Mapping, MappingBasis, RawBatchBuilder, RowNumber, Samples, Span,
};
use crate::rule::{ColumnRules, Example, ListRules, Rule, RuleError, RuleFiles};
use crate::standardize::Standardizers;
use crate::validate::{ListFacts, Validators};

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
pub fn run_examples(
    files: &RuleFiles,
    rule: &Rule,
    region: &str,
    clock: Clock,
) -> Result<Vec<ExampleFailure>, RuleError> {
    let mut failures = Vec::new();
    for (kind, examples) in [("bad", &rule.bad), ("good", &rule.good)] {
        for (index, example) in examples.iter().enumerate() {
            if let Err(message) = run_example(files, rule, example, kind == "bad", region, clock)? {
                failures.push(ExampleFailure { code: rule.code, example: format!("{kind} {}", index + 1), message });
            }
        }
    }
    Ok(failures)
}

fn run_example(
    files: &RuleFiles,
    rule: &Rule,
    example: &Example,
    must_be_found: bool,
    region: &str,
    clock: Clock,
) -> Result<Result<(), String>, RuleError> {
    if let Some(list) = &example.list {
        let codes = check_list(files, list, region, clock)?;
        return Ok(said_as_expected(rule, &codes, must_be_found, "the list"));
    }
    let Some(value) = &example.value else { return Ok(Err("neither a value nor a list".to_owned())) };
    let Some(field) = rule.field else { return Ok(Err("a rule with `value` examples names its field".to_owned())) };
    let checked = check_cell(files, field, value, region, clock)?;
    let mut codes: Vec<Code> = checked.findings().iter().map(|finding| finding.code).collect();
    // Classes that half of every list has are kept beside the address and are no findings.
    let details = checked.standard().columns().iter().map(|column| column.detail(0));
    codes.extend(details.filter_map(|detail| detail.email()?.class));
    if let Err(message) = said_as_expected(rule, &codes, must_be_found, &format!("{value:?}")) {
        return Ok(Err(message));
    }
    let standard = checked.standard();
    let display = standard.cell(0, field);
    if let Some(after) = &example.after
        && display != after
    {
        return Ok(Err(format!("{value:?}: expected {after:?} after it, got {display:?}")));
    }
    let suggestion = standard.suggestions().first().map_or("", |(_, _, text)| text.as_str());
    if let Some(suggest) = &example.suggest
        && suggestion != suggest
    {
        return Ok(Err(format!("{value:?}: expected the suggestion {suggest:?}, got {suggestion:?}")));
    }
    Ok(Ok(()))
}

fn said_as_expected(rule: &Rule, codes: &[Code], must_be_found: bool, what: &str) -> Result<(), String> {
    if codes.contains(&rule.code) == must_be_found {
        return Ok(());
    }
    let said: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let wanted = if must_be_found { "expected it" } else { "expected anything but it" };
    Err(format!("{what}: {wanted}, got [{}]", said.join(", ")))
}

/// Every code said of a small CSV list, its rows, its unreadable records and the list as a whole.
fn check_list(files: &RuleFiles, text: &str, region: &str, clock: Clock) -> Result<Vec<Code>, RuleError> {
    let (header, raw, quarantined) = read_small(text);
    let columns = (0..header.len())
        .map(|column| (0..raw.len()).map(|row| raw.cell(row, ColumnIndex(column as u16)).to_owned()).collect());
    let samples = Samples::new(columns.collect());
    let mapping = map_columns(&header, &samples, &ColumnRules::load(files)?, &[])
        .map_err(|error| RuleError::Meaning { path: "an example".to_owned(), message: error.to_string() })?;
    let standardizers = Standardizers::new(files, &mapping, &samples, region, clock, |_| true)?;
    let validators = Validators::new(files, region, clock, |_| true)?;
    let checked = validators.validate(standardizers.standardize(&raw));
    let mut codes: Vec<Code> = quarantined.iter().map(|record| record.code).collect();
    codes.extend(checked.findings().iter().map(|finding| finding.code));
    codes.extend(raw.short_rows().iter().map(|_| Code::RowRaggedShort));
    let temporary = |error: std::io::Error| RuleError::Unreadable {
        path: "a temporary file".to_owned(),
        reason: error.to_string(),
    };
    let facts = ListFacts::of_batch(&raw, &checked, &mapping);
    let findings = facts.conclude(&mapping, &ListRules::load(files)?).map_err(temporary)?;
    codes.extend(findings.codes());
    Ok(codes)
}

/// Standardizes and validates one cell as the only cell of a list.
///
/// # Errors
/// When a rule file is not of its form.
pub fn check_cell(
    files: &RuleFiles,
    field: Field,
    value: &str,
    region: &str,
    clock: Clock,
) -> Result<CheckedBatch, RuleError> {
    let mapping = Mapping::new(vec![ColumnMapping {
        column: ColumnIndex(0),
        header: field.as_str().to_owned(),
        field: Some(field),
        basis: Some(MappingBasis::Given),
        confidence: Confidence::CERTAIN,
    }]);
    let samples = Samples::new(vec![vec![value.to_owned()]]);
    let mut raw = RawBatchBuilder::new(value.to_owned(), 0, 1);
    let whole = Span { start: 0, end: value.len() as u32 };
    raw.push_row(RowNumber::from_index(0), whole, &[whole]);
    let standardizers = Standardizers::new(files, &mapping, &samples, region, clock, |_| true)?;
    let validators = Validators::new(files, region, clock, |_| true)?;
    Ok(validators.validate(standardizers.standardize(&raw.finish())))
}
