//! Rows whose values sit one column to the side, as after a lost or an extra delimiter.

use super::about::about_row;
use super::contact;
use crate::finding::{Code, Finding};
use crate::record::{ColumnIndex, Field, RowNumber, StandardBatch};

/// A value of another field's kind in a cell.
struct Sign {
    row: RowNumber,
    column: ColumnIndex,
    /// The kind of value that stands there; none where it is only clear that it does not belong.
    kind: Option<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Phone,
    Email,
}

/// Says so where a value belongs one column to the side, that column holds no such value, and a second cell of the row
/// is out of place too; or where `enough` cells are out of place, whatever they hold. `judged` is what the cells' own
/// validators said.
pub(super) fn judge(batch: &StandardBatch, judged: &[Finding], enough: usize, said: &mut Vec<Finding>) {
    let mut signs: Vec<Sign> = batch.findings().iter().chain(judged).filter_map(sign).collect();
    signs.sort_by_key(|sign| (sign.row, sign.column));
    for row_signs in signs.chunk_by(|left, right| left.row == right.row) {
        let number = row_signs[0].row;
        let Ok(row) = batch.numbers().binary_search(&number) else { continue };
        let columns = row_signs.chunk_by(|left, right| left.column == right.column).count();
        let is_shifted = columns >= enough
            || row_signs.iter().any(|sign| {
                let has_second = row_signs.iter().any(|other| other.column != sign.column);
                has_second && belongs_beside(batch, row, sign)
            });
        if is_shifted {
            said.push(about_row(number, Code::RowShifted));
        }
    }
}

/// Whether the sign's value belongs into the next or the previous column, which holds no such value itself.
fn belongs_beside(batch: &StandardBatch, row: usize, sign: &Sign) -> bool {
    let Some(kind) = sign.kind else { return false };
    let of_kind = |field: Field| match kind {
        Kind::Phone => field.is_phone(),
        Kind::Email => field == Field::Email,
    };
    contact::contact_columns(batch)
        .filter(|column| of_kind(column.field) && column.column.0.abs_diff(sign.column.0) == 1)
        .any(|column| !contact::is_readable(column, row))
}

fn sign(finding: &Finding) -> Option<Sign> {
    let kind = match finding.code {
        Code::PhoneLooksLikeEmail | Code::NameLooksLikeEmail => Some(Kind::Email),
        Code::NameLooksLikePhone => Some(Kind::Phone),
        Code::EmailNoAt
        | Code::PhoneNotANumber
        | Code::DateUnparsable
        | Code::IdNotANumber
        | Code::AddressNoLetters
        | Code::AddressBadPostcode
        | Code::ConsentUnknownValue => None,
        _ => return None,
    };
    Some(Sign { row: finding.row?, column: finding.column?, kind })
}
