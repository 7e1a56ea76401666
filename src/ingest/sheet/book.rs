//! Workbooks of four kinds behind one door: their sheets, and the cells of one.

use std::io::{BufRead, Seek};

use calamine::{
    Data, Dimensions, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use super::compound;
use super::kind::{SheetKind, locked};
use super::rows::Rows;
use super::value::{write_data, write_ref};
use crate::ingest::archive::{self, Marks};
use crate::ingest::error::{IngestError, IngestProblem};
use crate::ingest::foreign::damaged;
use crate::ingest::text::Text;
use crate::rule::IngestRules;

/// What calamine reads from.
trait Source: BufRead + Seek {}
impl<R: BufRead + Seek> Source for R {}
type Door<'t> = Box<dyn Source + 't>;

/// An opened workbook.
pub(super) struct Book<'t> {
    reader: AnyReader<'t>,
    kind: SheetKind,
    marks: Marks,
}

enum AnyReader<'t> {
    Xlsx(Box<Xlsx<Door<'t>>>),
    Xlsb(Box<Xlsb<Door<'t>>>),
    Xls(Box<Xls<Door<'t>>>),
    Ods(Box<Ods<Door<'t>>>),
}

impl<'t> Book<'t> {
    /// Looks whether the workbook is whole and within limits, and opens it.
    pub(super) fn open(text: &'t Text, kind: SheetKind, rules: &IngestRules) -> Result<Self, IngestError> {
        let marks = match kind {
            SheetKind::Xls => compound::check(text, rules).map(|()| Marks::default())?,
            _ => archive::check(text, kind.as_str(), rules)?,
        };
        let door: Door<'t> = Box::new(text.reader());
        let reader = match kind {
            SheetKind::Xlsx => AnyReader::Xlsx(Box::new(Xlsx::new(door).map_err(|error| xlsx_error(&error, None))?)),
            SheetKind::Xlsb => AnyReader::Xlsb(Box::new(Xlsb::new(door).map_err(|error| xlsb_error(&error, None))?)),
            SheetKind::Xls => AnyReader::Xls(Box::new(Xls::new(door).map_err(|error| xls_error(&error))?)),
            SheetKind::Ods => AnyReader::Ods(Box::new(Ods::new(door).map_err(|error| ods_error(&error))?)),
        };
        Ok(Book { reader, kind, marks })
    }

    /// The sheets that can hold a table, in the workbook's order: name, and whether it is shown.
    pub(super) fn tables(&self) -> Vec<(String, bool)> {
        let sheets: &[Sheet] = match &self.reader {
            AnyReader::Xlsx(book) => book.sheets_metadata(),
            AnyReader::Xlsb(book) => book.sheets_metadata(),
            AnyReader::Xls(book) => book.sheets_metadata(),
            AnyReader::Ods(book) => book.sheets_metadata(),
        };
        let tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        tables.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
    }

    /// Whether its days count from 1904-01-01, as those of old Macintosh workbooks do.
    pub(super) fn counts_from_1904(&self) -> bool {
        match &self.reader {
            AnyReader::Xlsx(book) => book.has_1904_epoch(),
            AnyReader::Xlsb(book) => book.has_1904_epoch(),
            AnyReader::Xls(book) => book.has_1904_epoch(),
            AnyReader::Ods(_) => false,
        }
    }

    /// Whether it holds charts or pictures, which no table can be read from.
    pub(super) fn has_drawings(&self) -> bool {
        self.marks.drawings
    }

    /// The sheets on which a pivot table stands; all of them where that can't be told.
    pub(super) fn pivot_sheets(&mut self) -> Vec<String> {
        let AnyReader::Xlsx(book) = &mut self.reader else { return Vec::new() };
        if !self.marks.pivots {
            return Vec::new();
        }
        let Ok(pivots) = book.pivot_tables() else { return book.sheet_names() };
        pivots.get_pivot_tables_by_name_and_sheet().into_iter().map(|(sheet, _)| sheet.to_owned()).collect()
    }

    /// Reads a sheet cell by cell: a single cell in the far corner would else take the memory of the whole grid.
    pub(super) fn read(&mut self, sheet: &str) -> Result<Rows, IngestError> {
        let mut rows = Rows::new(self.kind.as_str(), self.merged(sheet)?);
        match &mut self.reader {
            AnyReader::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| xlsx_error(&error, None))?;
                while let Some(cell) = cells.next_cell().map_err(|error| xlsx_error(&error, Some(rows.row())))? {
                    rows.cell(cell.get_position(), |text| write_ref(text, cell.get_value()))?;
                }
            }
            AnyReader::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| xlsb_error(&error, None))?;
                while let Some(cell) = cells.next_cell().map_err(|error| xlsb_error(&error, Some(rows.row())))? {
                    rows.cell(cell.get_position(), |text| write_ref(text, cell.get_value()))?;
                }
            }
            AnyReader::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| xls_error(&error))?;
                read_range(&range, &mut rows)?;
            }
            AnyReader::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| ods_error(&error))?;
                read_range(&range, &mut rows)?;
            }
        }
        rows.end_row()?;
        Ok(rows)
    }

    /// The merged cells of a sheet; finding them out takes another reading of it, which most workbooks are spared.
    fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>, IngestError> {
        match &mut self.reader {
            AnyReader::Xlsx(book) if self.marks.merged => {
                book.merge_cells_by_sheet_name(sheet).map_err(|error| xlsx_error(&error, None))
            }
            AnyReader::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(|error| xls_error(&error)),
            _ => Ok(Vec::new()),
        }
    }
}

fn read_range(range: &Range<Data>, rows: &mut Rows) -> Result<(), IngestError> {
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        rows.cell((top + row as u32, left + column as u32), |text| write_data(text, value))?;
    }
    Ok(())
}

fn xlsx_error(error: &XlsxError, row: Option<u64>) -> IngestError {
    let reason = match error {
        XlsxError::Password => return locked(),
        XlsxError::Io(error) => return IngestProblem::from(error).into(),
        XlsxError::Zip(_) => BROKEN_ARCHIVE,
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => BROKEN_XML,
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => MISSING_PART,
        _ => "it is not as the standard (ECMA-376) wants it",
    };
    damaged("XLSX", row.filter(|row| *row > 0), reason)
}

fn xlsb_error(error: &XlsbError, row: Option<u64>) -> IngestError {
    let reason = match error {
        XlsbError::Password => return locked(),
        XlsbError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => MISSING_PART,
        XlsbError::Io(error) => return IngestProblem::from(error).into(),
        XlsbError::Zip(_) => BROKEN_ARCHIVE,
        XlsbError::Xml(_) | XlsbError::XmlAttr(_) => BROKEN_XML,
        XlsbError::FileNotFound(_) | XlsbError::WorksheetNotFound(_) => MISSING_PART,
        _ => "it is not as the format (MS-XLSB) wants it",
    };
    damaged("XLSB", row.filter(|row| *row > 0), reason)
}

fn xls_error(error: &XlsError) -> IngestError {
    let reason = match error {
        XlsError::Password => return locked(),
        XlsError::Io(error) => return IngestProblem::from(error).into(),
        XlsError::Cfb(_) | XlsError::EoStream(_) | XlsError::WorksheetNotFound(_) => MISSING_PART,
        _ => "it is not as the format (MS-XLS) wants it",
    };
    damaged("XLS", None, reason)
}

fn ods_error(error: &OdsError) -> IngestError {
    let reason = match error {
        OdsError::Password => return locked(),
        OdsError::Io(error) => return IngestProblem::from(error).into(),
        OdsError::Zip(_) => BROKEN_ARCHIVE,
        OdsError::Xml(_) | OdsError::XmlAttr(_) => BROKEN_XML,
        _ => "it is not as the standard (OpenDocument) wants it",
    };
    damaged("ODS", None, reason)
}

const BROKEN_ARCHIVE: &str = "the archive is broken";
const BROKEN_XML: &str = "the XML is broken";
const MISSING_PART: &str = "a part of it is missing";
