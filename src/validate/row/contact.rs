//! Ways to reach the customer of one row: none at all, or the same number twice.

use super::about::{about_cell, about_row};
use crate::finding::{Code, Confidence, Finding};
use crate::record::{Detail, Field, PhoneValidity, StandardBatch, StandardColumn};
use crate::rule::PhoneKeys;

/// Rows in which neither a phone nor an e-mail can be read, in lists that have a column for one.
pub(super) fn judge_reach(batch: &StandardBatch, said: &mut Vec<Finding>) {
    let columns: Vec<&StandardColumn> = contact_columns(batch).collect();
    if columns.is_empty() {
        return;
    }
    for row in 0..batch.len() {
        if !columns.iter().any(|column| is_readable(column, row)) {
            said.push(about_row(batch.number(row), Code::RowNoContact));
        }
    }
}

/// The same number in two phone columns: half as many ways to reach the customer as it seems.
pub(super) fn judge_repeated_phones(batch: &StandardBatch, keys: &PhoneKeys, said: &mut Vec<Finding>) {
    let phones: Vec<&StandardColumn> = batch.columns().iter().filter(|column| column.field.is_phone()).collect();
    for (index, later) in phones.iter().enumerate().skip(1) {
        for row in 0..batch.len() {
            let number = later.first(row);
            let is_repeated = !number.is_empty()
                && phones[..index]
                    .iter()
                    .any(|earlier| earlier.values(row).any(|other| keys.key(other) == keys.key(number)));
            if is_repeated {
                let code = Code::PhoneSameAsOtherField;
                said.push(about_cell(batch.number(row), later.column, code, Confidence::CERTAIN));
            }
        }
    }
}

pub(super) fn contact_columns(batch: &StandardBatch) -> impl Iterator<Item = &StandardColumn> {
    batch.columns().iter().filter(|column| column.field.is_phone() || column.field == Field::Email)
}

/// Something is written there, and nothing is known against it: unknown is not bad.
pub(super) fn is_readable(column: &StandardColumn, row: usize) -> bool {
    if column.is_empty_at(row) {
        return false;
    }
    match column.detail(row) {
        Detail::Phone(phone) => {
            !matches!(phone.validity, PhoneValidity::Unreadable | PhoneValidity::TooShort | PhoneValidity::TooLong)
        }
        Detail::Email(email) => email.broken.is_none(),
        _ => true,
    }
}
