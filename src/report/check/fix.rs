//! Safe repairs written back into a list, or shown as a difference.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckSink, RunError, Setup};
use crate::record::{ColumnIndex, LineNumber, RowNumber, mask};
use crate::report::csv_text::guarded;
use crate::rule::{FixSafety, RuleError, RuleScope, TextRules};
use crate::text::visible;

/// Collects the cells that safe repairs change, but for those that would lose something by it.
pub struct Fixes<'a> {
    setup: &'a Setup,
    list: &'a List,
    separators: Vec<String>,
    rows: BTreeMap<u64, FixedRow>,
    /// Of the record that goes by, where it starts and the columns of cells that a person should look at.
    flagged: (u64, BTreeSet<ColumnIndex>),
}

/// One record with its repaired cells.
struct FixedRow {
    row: RowNumber,
    line: LineNumber,
    length: usize,
    cells: BTreeMap<ColumnIndex, FixedCell>,
}

struct FixedCell {
    before: String,
    after: String,
    codes: Vec<&'static str>,
    left: Option<Left>,
}

/// Why a cell that could be repaired stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// One of the repairs takes something out that stands nowhere else.
    Loses,
    /// The list's encoding lacks a letter of the repaired value.
    Unwritable,
    /// What it reads as is doubted: a person should look first.
    Flagged,
}

impl FixedRow {
    /// What is written.
    fn changes(&self) -> impl Iterator<Item = (ColumnIndex, &FixedCell)> {
        self.cells.iter().filter(|(_, cell)| cell.left.is_none()).map(|(column, cell)| (*column, cell))
    }
}

impl<'a> Fixes<'a> {
    /// Nothing collected yet.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup, list: &'a List) -> Result<Self, RuleError> {
        let separators = TextRules::load(&setup.context.files)?.value_separators;
        Ok(Fixes { setup, list, separators, rows: BTreeMap::new(), flagged: Default::default() })
    }

    /// Number of cells that change.
    pub fn len(&self) -> usize {
        self.rows.values().map(|row| row.changes().count()).sum()
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of cells that could be repaired, and are left as they are.
    pub fn left(&self, why: Left) -> usize {
        self.rows.values().flat_map(|row| row.cells.values()).filter(|cell| cell.left == Some(why)).count()
    }

    /// Whether less parts the values of a cell than before: lines, or what a program writes between several.
    fn joins_values(&self, before: &str, after: &str) -> bool {
        let before = before.trim();
        let parts = self.separators.iter().map(String::as_str).chain(["\n", "\r"]);
        parts.into_iter().any(|part| before.matches(part).count() > after.matches(part).count())
    }

    /// The changes as a difference, values masked unless they are to be shown.
    pub fn diff(&self) -> String {
        use std::fmt::Write;
        let list = self.list;
        let name = &list.facts().name;
        let mut text = format!("--- {name}\n+++ {name} (repaired)\n");
        for row in self.rows.values() {
            for (column, cell) in row.changes() {
                let field = list.mapping().columns()[column.as_usize()].field;
                let shown = |value: &str| if self.setup.show_values { value.to_owned() } else { mask(field, value) };
                let header = list.mapping().header(column);
                let _ = writeln!(
                    text,
                    "@@ row {}, line {}, column {header}: {} @@",
                    row.row,
                    row.line,
                    cell.codes.join(", ")
                );
                let _ = writeln!(text, "-{}\n+{}", visible(&shown(&cell.before)), visible(&shown(&cell.after)));
            }
        }
        text
    }

    /// Writes the whole list with the repaired cells in its own dialect and encoding; all else is copied byte for byte.
    ///
    /// # Errors
    /// When the list can't be read again, or writing fails.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), RunError> {
        let mut writer = self.list.writer(out)?;
        for (offset, row) in &self.rows {
            let cells: BTreeMap<ColumnIndex, Cow<'_, str>> =
                // A list that is handed on must not become dangerous by being repaired.
                row.changes().map(|(column, cell)| (column, guarded(&cell.after))).collect();
            if !cells.is_empty() {
                writer.copy_until(*offset)?;
                writer.replace_cells(row.length, &cells)?;
            }
        }
        writer.finish().map_err(RunError::from)
    }
}

impl Fixes<'_> {
    /// Remembers a cell of which something is said that a person should look at, whichever is said first. What an owner expects of
    /// a cell may be what a repair brings about, and whether mail arrives does not hang on how an address is written.
    fn note_flag(&mut self, event: &CheckEvent<'_>) {
        let rule = self.setup.catalog.rule(event.code);
        let is_flag = event.severity >= Severity::Warning
            && rule.is_some_and(|rule| rule.scope == RuleScope::Cell)
            && !(event.code.is_repair() || event.code.is_suggestion() || event.code.is_class() || event.code.is_dns())
            && event.code.family() != "expect";
        let Some(column) = event.column.filter(|_| is_flag) else { return };
        if self.flagged.0 != event.offset {
            self.flagged = (event.offset, BTreeSet::new());
        }
        self.flagged.1.insert(column);
        let cell = self.rows.get_mut(&event.offset).and_then(|row| row.cells.get_mut(&column));
        if let Some(cell) = cell {
            cell.left = Some(Left::Flagged);
        }
    }
}

impl CheckSink for Fixes<'_> {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        let rule = self.setup.catalog.rule(event.code);
        self.note_flag(event);
        let is_safe = event.code.is_repair()
            && event.confidence.is_automatic()
            && rule.is_some_and(|rule| rule.fix == FixSafety::Safe);
        let (Some(row), Some(line), Some(column)) = (event.row, event.line, event.column) else { return Ok(()) };
        // What would be written is what counts: a guarded cell that stays guarded does not change.
        if !is_safe || event.after.is_empty() || guarded(event.after) == event.value {
            return Ok(());
        }
        let is_flagged = self.flagged.0 == event.offset && self.flagged.1.contains(&column);
        let left = if is_flagged {
            Some(Left::Flagged)
        } else if rule.is_some_and(|rule| rule.drops) || self.joins_values(event.value, event.after) {
            Some(Left::Loses)
        } else {
            (!self.list.can_hold(event.after)).then_some(Left::Unwritable)
        };
        let fixed = self.rows.entry(event.offset).or_insert_with(|| FixedRow {
            row,
            line,
            length: event.record.len(),
            cells: BTreeMap::new(),
        });
        let cell = fixed.cells.entry(column).or_insert_with(|| FixedCell {
            before: event.value.to_owned(),
            after: event.after.to_owned(),
            codes: Vec::new(),
            left: None,
        });
        cell.left = cell.left.or(left);
        cell.codes.push(event.code.as_str());
        Ok(())
    }
}
