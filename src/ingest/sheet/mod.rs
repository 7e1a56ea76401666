//! Workbooks: what their sheets hold, each as a table.

mod blocks;
mod book;
mod compound;
mod kind;
mod records;
mod rows;
mod value;

#[cfg(test)]
mod tests;

pub(super) use self::blocks::column_letters;
use self::blocks::{Area, largest_table};
use self::book::Book;
pub(crate) use self::kind::SheetKind;
use super::canonical::{CanonicalTable, Room};
use super::error::{IngestError, IngestProblem};
use super::foreign::contained;
use super::text::Text;
use crate::error::closest;
use crate::record::LineTable;
use crate::rule::IngestRules;

/// The largest table of a sheet.
pub(crate) struct SheetTable {
    /// The sheet's name.
    pub(crate) name: String,
    /// Whether the sheet is shown.
    pub(crate) is_visible: bool,
    /// Whether a pivot table stands on the sheet.
    pub(crate) is_pivot: bool,
    /// The table; rows without anything are left out.
    pub(crate) text: Text,
    /// Which lines of the sheet its lines are from.
    pub(crate) lines: LineTable,
    /// How many rows it has, whatever they are.
    pub(crate) rows: u32,
    /// Columns of the sheet left of it.
    pub(crate) first_column: u32,
    /// Cells that got the value of the merged cell of which they are a part.
    pub(crate) spread: u64,
    /// Where other tables stand on the sheet, as in `A1:C20`.
    pub(crate) others: Vec<String>,
}

/// A workbook's tables, at least one.
pub(crate) struct Tables {
    /// One a sheet, in the workbook's order.
    pub(crate) sheets: Vec<SheetTable>,
    /// Whether days count from 1904-01-01.
    pub(crate) counts_from_1904: bool,
}

/// Reads the wanted sheet, or all. What is wanted may name an area of a sheet: `Sheet1!A1:G200`.
pub(crate) fn read_tables(
    text: &Text,
    kind: SheetKind,
    wanted: Option<&str>,
    name: &str,
    rules: &IngestRules,
) -> Result<Tables, IngestError> {
    contained(kind.as_str(), || read(text, kind, wanted, rules)).map_err(|error| error.in_file(name))
}

fn read(text: &Text, kind: SheetKind, wanted: Option<&str>, rules: &IngestRules) -> Result<Tables, IngestError> {
    let mut book = Book::open(text, kind, rules)?;
    let all = book.tables();
    let wanted = wanted.map(|wanted| Wanted::find(wanted, &all)).transpose()?;
    let pivots = book.pivot_sheets();
    let mut room = Room::of(text.len(), rules);
    let mut sheets = Vec::new();
    for (name, is_visible) in &all {
        if wanted.as_ref().is_some_and(|wanted| wanted.sheet != *name) {
            continue;
        }
        let rows = book.read(name, room)?;
        let given = wanted.as_ref().and_then(|wanted| wanted.area.clone());
        let (area, others) = match given {
            Some(area) => (Area { rows: rows.between(area.lines), ..area }, Vec::new()),
            None => match largest_table(&rows.blocks, &rows.columns) {
                Some(found) => found,
                None => {
                    room = rows.table.into_room();
                    continue;
                }
            },
        };
        if area.rows.is_empty() {
            room = rows.table.into_room();
            continue;
        }
        let count = area.rows.end - area.rows.start;
        let first_column = area.columns.start as u32;
        let others = others.iter().map(Area::name).collect();
        let CanonicalTable { text, lines, room: left } = rows.table.finish_part(area.rows, area.columns)?;
        room = left;
        sheets.push(SheetTable {
            name: name.clone(),
            is_visible: *is_visible,
            is_pivot: pivots.contains(name),
            spread: rows.spread,
            text,
            lines,
            rows: count,
            first_column,
            others,
        });
    }
    if sheets.is_empty() {
        return Err(match wanted {
            Some(_) => IngestProblem::Empty,
            None if book.has_drawings() => IngestProblem::NoTable { what: "charts or pictures" },
            None if all.is_empty() => IngestProblem::NoTable { what: "charts or macros" },
            None => IngestProblem::Empty,
        }
        .into());
    }
    Ok(Tables { sheets, counts_from_1904: book.counts_from_1904() })
}

/// What the user wants to be read.
struct Wanted {
    sheet: String,
    area: Option<Area>,
}

impl Wanted {
    fn find(wanted: &str, all: &[(String, bool)]) -> Result<Wanted, IngestError> {
        let folded = |name: &str| name.trim().to_lowercase();
        let named = |wanted: &str| {
            let same = all.iter().find(|(name, _)| name == wanted);
            same.or_else(|| all.iter().find(|(name, _)| folded(name) == folded(wanted))).map(|(name, _)| name.clone())
        };
        if let Some(sheet) = named(wanted) {
            return Ok(Wanted { sheet, area: None });
        }
        if let Some((sheet, area)) = wanted.rsplit_once('!')
            && let Some(area) = Area::parse(area)
            && let Some(sheet) = named(sheet.trim_matches('\''))
        {
            return Ok(Wanted { sheet, area: Some(area) });
        }
        let sheets: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
        let closest = closest(wanted, sheets.iter().map(String::as_str)).map(str::to_owned);
        Err(IngestProblem::SheetNotFound { sheet: wanted.to_owned(), closest, sheets }.into())
    }
}
