//! `changes.csv` and `quarantine.csv`: every change with the rule that made it, every record that is no row.

use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{BOM, guarded, push_cell, push_line};
use crate::finding::{Code, Finding};
use crate::ingest::IngestError;
use crate::pipeline::{Cleaned, CleanedList, RunError};
use crate::record::{CheckedBlock, PublicView, Redaction, RowNumber};

/// Writes every repair that was made and every better value that is offered, in row order, values as they are.
///
/// # Errors
/// When a source can't be read again or the output can't be written.
pub fn write_changes(cleaned: &Cleaned<'_>, bom: bool, out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |error: io::Error| RunError::write("changes.csv", &error);
    let mut line = if bom { BOM.to_vec() } else { Vec::new() };
    push_line(&mut line, ["source", "row", "column", "field", "kind", "code", "confidence", "before", "after"]);
    out.write_all(&line).map_err(failed)?;
    for list in cleaned.lists() {
        for blocks in list.checked.blocks.chunks(8) {
            let written: Vec<Result<Vec<u8>, IngestError>> =
                blocks.par_iter().map(|block| changes_of_block(list, block, &cleaned.redaction)).collect();
            for text in written {
                out.write_all(&text?).map_err(failed)?;
            }
        }
    }
    Ok(())
}

fn changes_of_block(
    list: CleanedList<'_>,
    block: &CheckedBlock,
    redaction: &Redaction,
) -> Result<Vec<u8>, IngestError> {
    let batch = block.checked.standard();
    let mut changes: Vec<&Finding> = PublicView::new(&block.checked, redaction)
        .findings()
        .filter(|finding| finding.code.is_repair() || finding.code.is_suggestion())
        .collect();
    changes.sort_by_key(|finding| (finding.row, finding.column));
    let mut text = Vec::new();
    if changes.is_empty() {
        return Ok(text);
    }
    let bytes = list.source.text_at(block.offset, block.text_length())?;
    for of_row in changes.chunk_by(|left, right| left.row == right.row) {
        let Some(Ok(row)) = of_row[0].row.map(|row| batch.numbers().binary_search(&row)) else { continue };
        let span = block.records[row];
        let record = String::from_utf8_lossy(&bytes[span.start as usize..span.end as usize]);
        let cells = list.source.cells_of(&record);
        for finding in of_row {
            push_change(list, block, row, finding, &cells, &mut text);
        }
    }
    Ok(text)
}

fn push_change(
    list: CleanedList<'_>,
    block: &CheckedBlock,
    row: usize,
    finding: &Finding,
    cells: &[std::borrow::Cow<'_, str>],
    text: &mut Vec<u8>,
) {
    let batch = block.checked.standard();
    let Some(column) = finding.column else { return };
    let Some(standard) = batch.columns().iter().find(|standard| standard.column == column) else { return };
    let is_suggestion = finding.code.is_suggestion();
    let after = if is_suggestion { batch.suggestion(row, column).into() } else { batch.written(row, column) };
    let row_number = batch.number(row).to_string();
    let confidence = finding.confidence.as_percent().to_string();
    let kind = if is_suggestion { "suggestion" } else { "repair" };
    push_line(
        text,
        [
            list.checked.name.as_str(),
            &row_number,
            &guarded(list.checked.mapping.header(column)),
            standard.field.as_str(),
            kind,
            finding.code.as_str(),
            &confidence,
            &guarded(&cells[column.as_usize()]),
            &guarded(&after),
        ],
    );
}

/// Writes every record that could not be read as a row, with the reason and where it stands.
///
/// # Errors
/// When the output can't be written.
pub fn write_quarantine(cleaned: &Cleaned<'_>, bom: bool, out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |error: io::Error| RunError::write("quarantine.csv", &error);
    let mut line = if bom { BOM.to_vec() } else { Vec::new() };
    push_line(&mut line, ["source", "row", "line", "code", "offset", "length", "text"]);
    for list in cleaned.rows.lists() {
        for record in &list.quarantined {
            push_quarantined(&mut line, &list.name, record.row, record.code, record);
        }
        out.write_all(&line).map_err(failed)?;
        line.clear();
    }
    out.write_all(&line).map_err(failed)
}

fn push_quarantined(line: &mut Vec<u8>, source: &str, row: RowNumber, code: Code, record: &crate::record::Quarantined) {
    let cells = [
        source.to_owned(),
        row.to_string(),
        record.line.to_string(),
        code.to_string(),
        record.offset.to_string(),
        record.length.to_string(),
    ];
    for cell in &cells {
        push_cell(line, cell);
        line.push(b',');
    }
    push_cell(line, &guarded(&record.raw));
    line.push(b'\n');
}
