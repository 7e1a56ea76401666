//! What can be seen only across the cells of one row.

mod about;
mod contact;
mod names;
mod shift;

use about::{about_cell, about_row};

use crate::finding::{Code, Confidence, Finding};
use crate::record::{Consent, Field, StandardBatch, StandardColumn};
use crate::rule::{PhoneKeys, RowShape, RuleError, RuleFiles};

/// The rules about whole rows.
#[derive(Debug)]
pub(super) struct RowRules {
    shape: RowShape,
    names: names::NameRules,
    phone_keys: PhoneKeys,
}

impl RowRules {
    pub(super) fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(RowRules {
            shape: RowShape::load(files)?,
            names: names::NameRules::new(files)?,
            phone_keys: PhoneKeys::load(files)?,
        })
    }

    /// Adds what is to be said of each row; `findings` holds what the cells' own validators said.
    pub(super) fn judge(&self, batch: &StandardBatch, findings: &mut Vec<Finding>) {
        let mut said = Vec::new();
        self.names.judge(batch, &mut said);
        self.judge_dates(batch, &mut said);
        contact::judge_reach(batch, &mut said);
        contact::judge_repeated_phones(batch, &self.phone_keys, &mut said);
        judge_consent(batch, &mut said);
        shift::judge(batch, findings, self.shape.shifted_cells, &mut said);
        findings.append(&mut said);
    }

    fn judge_dates(&self, batch: &StandardBatch, said: &mut Vec<Finding>) {
        for &(early, late) in &self.shape.date_order {
            let (Some(before), Some(after)) = (batch.column_of(early), batch.column_of(late)) else { continue };
            for row in 0..batch.len() {
                if let (Some(first), Some(second)) = (before.detail(row).date(), after.detail(row).date())
                    && first > second
                {
                    said.push(about_cell(batch.number(row), before.column, Code::DateOrder, Confidence::CERTAIN));
                }
            }
        }
    }
}

/// A refusal beside a permission: whoever contacts by the permission alone breaks the refusal.
fn judge_consent(batch: &StandardBatch, said: &mut Vec<Finding>) {
    let Some(refusals) = batch.column_of(Field::DoNotContact) else { return };
    let permissions: Vec<&StandardColumn> =
        batch.columns().iter().filter(|column| column.field.is_consent() && !column.field.is_refusal()).collect();
    for row in 0..batch.len() {
        if refusals.detail(row).consent() != Some(Consent::No) {
            continue;
        }
        if permissions.iter().any(|column| column.detail(row).consent() == Some(Consent::Yes)) {
            said.push(about_row(batch.number(row), Code::ConsentContradiction));
        }
    }
}

#[cfg(test)]
mod tests;
