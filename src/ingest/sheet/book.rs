//! Workbooks of four kinds behind one door: their sheets, and the cells of one.

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use calamine::{
    Data, Dimensions, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};

use super::compound;
use super::kind::{SheetKind, locked};
use super::rows::Rows;
use super::value::{write_data, write_ref};
use crate::ingest::archive::{self, Marks};
use crate::ingest::canonical::Room;
use crate::ingest::error::{IngestError, IngestProblem};
use crate::ingest::foreign::damaged;
use crate::ingest::text::Text;
use crate::rule::IngestRules;

/// What calamine reads from.
trait Source: BufRead + Seek {}
impl<R: BufRead + Seek> Source for R {}

/// A door through which no part is read again and again: any number of sheets may name the same one.
struct Door<'t> {
    source: Box<dyn Source + 't>,
    visits: HashMap<u64, u32>,
}

impl<'t> Door<'t> {
    fn to(text: &'t Text) -> Self {
        Door { source: Box::new(text.reader()), visits: HashMap::new() }
    }
}

impl Read for Door<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

impl BufRead for Door<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.source.consume(count);
    }
}

impl Seek for Door<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.source.seek(to)?;
        if let SeekFrom::Start(_) = to {
            let visits = self.visits.entry(place).or_default();
            *visits += 1;
            if *visits > MOST_VISITS {
                return Err(io::Error::other(NamedAgain));
            }
        }
        Ok(place)
    }
}

/// An opened workbook.
pub(super) struct Book<'t> {
    reader: AnyReader<'t>,
    kind: SheetKind,
    marks: Marks,
    /// Bytes that a row may have.
    longest: usize,
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
        let door = Door::to(text);
        let reader = match kind {
            SheetKind::Xlsx => AnyReader::Xlsx(Box::new(Xlsx::new(door).map_err(|error| xlsx_error(&error, None))?)),
            SheetKind::Xlsb => AnyReader::Xlsb(Box::new(Xlsb::new(door).map_err(|error| xlsb_error(&error, None))?)),
            SheetKind::Xls => AnyReader::Xls(Box::new(Xls::new(door).map_err(|error| xls_error(&error))?)),
            SheetKind::Ods => AnyReader::Ods(Box::new(Ods::new(door).map_err(|error| ods_error(&error))?)),
        };
        Ok(Book { reader, kind, marks, longest: rules.max_record_bytes })
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
    pub(super) fn read(&mut self, sheet: &str, room: Room) -> Result<Rows, IngestError> {
        let mut rows = Rows::new(self.kind.as_str(), self.merged(sheet)?, self.longest, room);
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

/// A reader came to the same part too often.
#[derive(Debug, thiserror::Error)]
#[error("several sheets are the same part of it")]
struct NamedAgain;

/// Whether that is at the bottom of another error.
fn is_named_again(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    io.is_some_and(|inner| inner.is::<NamedAgain>()) || error.source().is_some_and(is_named_again)
}

fn xlsx_error(error: &XlsxError, row: Option<u64>) -> IngestError {
    let reason = match error {
        _ if is_named_again(error) => return damaged("XLSX", None, &NamedAgain.to_string()),
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
        _ if is_named_again(error) => return damaged("XLSB", None, &NamedAgain.to_string()),
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

/// How often a workbook's reader comes to the same part: for its cells, for merged ones, and for what it has forgotten.
const MOST_VISITS: u32 = 16;
const BROKEN_ARCHIVE: &str = "the archive is broken";
const BROKEN_XML: &str = "the XML is broken";
const MISSING_PART: &str = "a part of it is missing";
