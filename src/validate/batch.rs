//! One validator a standardized column, and the loop over a batch.

use super::{
    AddressValidator, DateValidator, EmailValidator, NameValidator, NationalIdValidator, PhoneValidator, StandardCell,
    Validator, row,
};
use crate::finding::{Finding, Mark};
use crate::record::{CheckedBatch, ColumnIndex, Detail, Field, StandardBatch, StandardColumn, Verdict};
use crate::rule::{Context, RuleError};

/// The validators of one list, one for each field that has one.
pub struct Validators {
    fields: Vec<(Field, Box<dyn Validator>)>,
    rows: row::RowRules,
}

impl Validators {
    /// One for each field that has a validator and that `wanted` names.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, wanted: impl Fn(Field) -> bool) -> Result<Self, RuleError> {
        let files = &context.files;
        let mut fields: Vec<(Field, Box<dyn Validator>)> = Vec::new();
        for &field in Field::ALL {
            if !wanted(field) {
                continue;
            }
            let validator: Box<dyn Validator> = match field {
                Field::FirstName | Field::LastName | Field::FullName => Box::new(NameValidator::new(files, field)?),
                Field::Email => Box::new(EmailValidator::new(files)?),
                Field::Mobile | Field::Phone => Box::new(PhoneValidator::new(context)?),
                Field::BirthDate | Field::CreatedAt | Field::UpdatedAt | Field::LastPurchase => {
                    Box::new(DateValidator::new(context, field)?)
                }
                Field::NationalId => Box::new(NationalIdValidator),
                Field::Address | Field::Street | Field::HouseNumber | Field::City | Field::Postcode => {
                    Box::new(AddressValidator::new(field))
                }
                _ => continue,
            };
            fields.push((field, validator));
        }
        Ok(Validators { fields, rows: row::RowRules::new(files)? })
    }

    /// Judges a batch.
    pub fn validate(&self, standard: StandardBatch) -> CheckedBatch {
        let mut findings = Vec::new();
        let mut verdicts: Vec<(ColumnIndex, Vec<Verdict>)> = Vec::new();
        for column in standard.columns() {
            let Some((_, validator)) = self.fields.iter().find(|(field, _)| *field == column.field) else { continue };
            let judged = judge_column(&standard, column, validator.as_ref(), &mut findings);
            // A column that was split (a full name) keeps the verdict on the whole cell.
            if !verdicts.iter().any(|(index, _)| *index == column.column) {
                verdicts.push((column.column, judged));
            }
        }
        self.rows.judge(&standard, &mut findings);
        findings.sort_by_key(|finding| (finding.row, finding.column));
        findings.dedup();
        findings.shrink_to_fit();
        CheckedBatch::new(standard, verdicts, findings)
    }
}

fn judge_column(
    batch: &StandardBatch,
    column: &StandardColumn,
    validator: &dyn Validator,
    findings: &mut Vec<Finding>,
) -> Vec<Verdict> {
    let mut noted = batch.findings().iter().filter(|finding| finding.column == Some(column.column)).peekable();
    let mut marks: Vec<Mark> = Vec::new();
    let mut said: Vec<Mark> = Vec::new();
    let mut verdicts = Vec::with_capacity(batch.len());
    for row in 0..batch.len() {
        let number = Some(batch.number(row));
        marks.clear();
        while let Some(finding) = noted.next_if(|finding| finding.row <= number) {
            marks.push(Mark { code: finding.code, confidence: finding.confidence });
        }
        if marks.is_empty() && column.is_empty_at(row) && column.detail(row) == Detail::None {
            verdicts.push(Verdict::Empty);
            continue;
        }
        said.clear();
        let cell = StandardCell { display: column.first(row), detail: column.detail(row), marks: &marks };
        verdicts.push(validator.validate(cell, &mut said));
        findings.extend(said.iter().map(|mark| Finding {
            row: number,
            column: Some(column.column),
            code: mark.code,
            confidence: mark.confidence,
        }));
    }
    verdicts
}
