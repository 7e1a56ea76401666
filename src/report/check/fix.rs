//! Safe repairs written back into a list, or shown as a difference.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckSink, RunError, Setup};
use crate::record::{ColumnIndex, RowNumber, mask};
use crate::report::csv_text::guarded;
use crate::rule::FixSafety;
use crate::text::visible;

/// Collects the cells that safe repairs change.
pub struct Fixes<'a> {
    setup: &'a Setup,
    rows: BTreeMap<u64, FixedRow>,
}

/// One record with its repaired cells.
struct FixedRow {
    row: RowNumber,
    length: usize,
    cells: BTreeMap<ColumnIndex, FixedCell>,
}

struct FixedCell {
    before: String,
    after: String,
    codes: Vec<&'static str>,
}

impl<'a> Fixes<'a> {
    /// Nothing collected yet.
    pub fn new(setup: &'a Setup) -> Self {
        Fixes { setup, rows: BTreeMap::new() }
    }

    /// Number of cells that change.
    pub fn len(&self) -> usize {
        self.rows.values().map(|row| row.cells.len()).sum()
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The changes as a difference, values masked unless they are to be shown.
    pub fn diff(&self, list: &List) -> String {
        use std::fmt::Write;
        let name = &list.facts().name;
        let mut text = format!("--- {name}\n+++ {name} (repaired)\n");
        for row in self.rows.values() {
            for (column, cell) in &row.cells {
                let field = list.mapping().columns()[column.as_usize()].field;
                let shown = |value: &str| if self.setup.show_values { value.to_owned() } else { mask(field, value) };
                let header = list.mapping().header(*column);
                let _ = writeln!(text, "@@ row {}, column {header}: {} @@", row.row, cell.codes.join(", "));
                let _ = writeln!(text, "-{}\n+{}", visible(&shown(&cell.before)), visible(&shown(&cell.after)));
            }
        }
        text
    }

    /// Writes the whole list with the repaired cells in its own dialect and encoding; every other record is copied
    /// byte for byte.
    ///
    /// # Errors
    /// When the list can't be read again, a repaired value can't be written in its encoding, or writing fails.
    pub fn write(&self, list: &List, out: &mut dyn Write) -> Result<(), RunError> {
        let mut writer = list.writer(out)?;
        for (offset, row) in &self.rows {
            writer.copy_until(*offset)?;
            let record = list.text_at(*offset, row.length)?;
            let record = String::from_utf8_lossy(&record);
            let mut cells = list.cells_of(&record);
            for (column, cell) in &row.cells {
                // A list that is handed on must not become dangerous by being repaired.
                cells[column.as_usize()] = guarded(&cell.after).into_owned().into();
            }
            writer.replace_record(row.length, &cells)?;
        }
        writer.finish().map_err(RunError::from)
    }
}

impl CheckSink for Fixes<'_> {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        let is_safe = event.code.is_repair()
            && event.confidence.is_automatic()
            && self.setup.catalog.rule(event.code).is_some_and(|rule| rule.fix == FixSafety::Safe);
        let (Some(row), Some(column)) = (event.row, event.column) else { return Ok(()) };
        // What would be written is what counts: a guarded cell that stays guarded does not change.
        if !is_safe || event.after.is_empty() || guarded(event.after) == event.value {
            return Ok(());
        }
        let fixed = self.rows.entry(event.offset).or_insert_with(|| FixedRow {
            row,
            length: event.record.len(),
            cells: BTreeMap::new(),
        });
        let cell = fixed.cells.entry(column).or_insert_with(|| FixedCell {
            before: event.value.to_owned(),
            after: event.after.to_owned(),
            codes: Vec::new(),
        });
        cell.codes.push(event.code.as_str());
        Ok(())
    }
}
