//! Which kinds of workbooks there are.

use crate::ingest::error::{IngestError, IngestProblem};

/// A kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SheetKind {
    /// Office Open XML.
    Xlsx,
    /// The same in binary form.
    Xlsb,
    /// Excel 97 to 2003, and before.
    Xls,
    /// OpenDocument.
    Ods,
}

impl SheetKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            SheetKind::Xlsx => "XLSX",
            SheetKind::Xlsb => "XLSB",
            SheetKind::Xls => "XLS",
            SheetKind::Ods => "ODS",
        }
    }
}

/// A workbook that opens with a password alone.
pub(super) fn locked() -> IngestError {
    let remedy = "open it and save it without a password";
    IngestProblem::Unsupported { what: "a workbook with a password", remedy }.into()
}
