//! What is said of a row or of one of its cells, as a finding.

use crate::finding::{Code, Confidence, Finding};
use crate::record::{ColumnIndex, RowNumber};

pub(super) fn about_cell(row: RowNumber, column: ColumnIndex, code: Code, confidence: Confidence) -> Finding {
    Finding { row: Some(row), column: Some(column), code, confidence }
}

pub(super) fn about_row(row: RowNumber, code: Code) -> Finding {
    Finding { row: Some(row), column: None, code, confidence: Confidence::CERTAIN }
}
