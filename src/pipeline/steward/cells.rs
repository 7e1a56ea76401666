//! Cells that need a person: guesses, contacts that can't be used, contacts that many share, and columns that nobody understood.

use rayon::prelude::*;

use super::maker::ItemMaker;
use crate::finding::Code;
use crate::pipeline::CleanedList;
use crate::record::{
    CellShown, ColumnHint, ColumnIndex, ContactKind, Field, ItemKind, NewItem, PublicView, RowIndex, RowNumber, Shown,
    Verdict, text_hash,
};

pub(super) fn items(maker: &ItemMaker<'_>) -> Vec<NewItem> {
    let mut items = Vec::new();
    for (index, list) in maker.cleaned.lists().enumerate() {
        let blocks = list.checked.blocks.par_iter().enumerate();
        let of_blocks: Vec<Vec<NewItem>> = blocks.map(|(block, _)| suggestions(maker, &list, index, block)).collect();
        items.extend(of_blocks.into_iter().flatten());
        items.extend(shared(maker, &list, index));
        items.extend(columns(maker, &list));
    }
    items
}

/// Guesses of one block.
fn suggestions(maker: &ItemMaker<'_>, list: &CleanedList<'_>, index: usize, block: usize) -> Vec<NewItem> {
    let block_of = &list.checked.blocks[block];
    let checked = &block_of.checked;
    let batch = checked.standard();
    if batch.suggestions().is_empty() {
        return Vec::new();
    }
    // What could not be read has no normal form: the cell is shown as it stands.
    let Ok(bytes) = list.source.text_at(block_of.offset, block_of.text_length()) else { return Vec::new() };
    let first = maker.cleaned.rows.first_of(index, block);
    let public = PublicView::new(checked, &maker.cleaned.redaction);
    let findings = checked.findings();
    let mut items = Vec::new();
    for (number, column, suggestion) in batch.suggestions() {
        let Ok(place) = batch.numbers().binary_search(number) else { continue };
        let Some(own) = batch.columns().iter().find(|own| own.column == *column) else { continue };
        let row = RowIndex::new(first.get() + place);
        let start = findings.partition_point(|finding| finding.row < Some(*number));
        let of_row = findings[start..].iter().take_while(|finding| finding.row == Some(*number));
        let of_cell: Vec<_> = of_row.filter(|finding| finding.column == Some(*column)).cloned().collect();
        let codes: Vec<String> = public.shown(&of_cell).map(|finding| finding.code.as_str().to_owned()).collect();
        let is_unusable = own.is_empty_at(place) || checked.verdict(place, *column) == Verdict::Invalid;
        let is_contact = kind_of(own.field).is_some();
        let kind = if is_unusable && is_contact { ItemKind::Invalid } else { ItemKind::Suggestion };
        let record = block_of.records[place];
        let raw = String::from_utf8_lossy(&bytes[record.start as usize..record.end as usize]);
        let cells = list.source.cells_of(&raw);
        let value = cells.get(column.as_usize()).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let identity =
            format!("{:016x}-{}-{:016x}", maker.row_id(row), own.field, text_hash(&format!("{value}\n{suggestion}")));
        let reason = codes.iter().find(|code| code.contains(".suggest.")).or_else(|| codes.first());
        let reason = reason.map_or("suggestion", String::as_str).to_owned();
        let whom = maker.whom(row);
        let shown = CellShown {
            field: own.field,
            header: list.checked.mapping.header(*column).to_owned(),
            row: maker.row_name(row),
            key: maker.key(row).to_owned(),
            name: whom.name.clone(),
            value,
            suggestion: suggestion.clone(),
            codes,
            stale: None,
            people: 0,
            contact: None,
        };
        items.push(maker.item(kind, row, whom, (identity, &reason, 1.0), Shown::Cell(Box::new(shown))));
    }
    items
}

fn kind_of(field: Field) -> Option<ContactKind> {
    match field {
        Field::Email => Some(ContactKind::Email),
        field if field.is_phone() => Some(ContactKind::Phone),
        _ => None,
    }
}

/// Contacts that many people share.
fn shared(maker: &ItemMaker<'_>, list: &CleanedList<'_>, index: usize) -> Vec<NewItem> {
    let statements = list.findings.statements().iter().filter(|statement| statement.code == Code::ListSharedValue);
    let item = |statement: &crate::validate::ListStatement| {
        let (column, number) = (statement.column?, *statement.rows.first()?);
        let (value, row) = shared_value(maker, list, index, column, number)?;
        let field = list.checked.mapping.columns().get(column.as_usize())?.field?;
        let kind = kind_of(field)?;
        let people = statement.evidence.get("people").copied().unwrap_or(statement.count);
        let key = maker.setup.keys.key(kind, &value);
        let mut whom = maker.whom(row);
        // It is about all of them and none in particular.
        (whom.customer, whom.value, whom.segment) = (None, 1.0, String::new());
        let identity = format!("{}-{:016x}", kind.as_str(), text_hash(&key));
        let code = if kind == ContactKind::Email { Code::EmailShared } else { Code::PhoneSharedByMany };
        let shown = CellShown {
            field,
            header: list.checked.mapping.header(column).to_owned(),
            row: maker.row_name(row),
            key: maker.key(row).to_owned(),
            name: String::new(),
            value,
            suggestion: String::new(),
            codes: vec![code.as_str().to_owned()],
            stale: None,
            people,
            contact: Some((kind, key)),
        };
        let chance = (people as f64).log2().max(1.0);
        let shown = Shown::Cell(Box::new(shown));
        Some(maker.item(ItemKind::SharedValue, row, whom, (identity, code.as_str(), chance), shown))
    };
    statements.filter_map(item).collect()
}

fn shared_value(
    maker: &ItemMaker<'_>,
    list: &CleanedList<'_>,
    index: usize,
    column: ColumnIndex,
    number: RowNumber,
) -> Option<(String, RowIndex)> {
    let row = maker.cleaned.rows.row_of(index, number)?;
    let (batch, place) = maker.cleaned.rows.batch(row);
    let own = batch.standard().columns().iter().find(|own| own.column == column)?;
    let value = own.values(place).find(|value| list.findings.shared_value(value).is_some())?;
    Some((value.to_owned(), row))
}

/// Columns that look as if they mattered and were left alone.
fn columns(maker: &ItemMaker<'_>, list: &CleanedList<'_>) -> Vec<NewItem> {
    let identity = &list.checked.identity;
    let item = |column: &crate::record::ColumnMapping| {
        let hint = match column.hint {
            Some(ColumnHint::LooksLike(field)) => format!("looks_like.{field}"),
            Some(ColumnHint::Answers) => "answers".to_owned(),
            Some(ColumnHint::Unsure) => "unsure".to_owned(),
            _ if column.unread => "unread".to_owned(),
            _ => return None,
        };
        let reason = if column.unread { "unread" } else { hint.split('.').next().unwrap_or_default() };
        Some(NewItem {
            kind: ItemKind::Column,
            identity: format!("{:016x}", text_hash(&format!("{identity}\n{}\n{hint}", column.header))),
            customer: None,
            other: None,
            reason: reason.to_owned(),
            shown: Shown::Column { header: column.header.clone(), hint },
            list: identity.clone(),
            other_list: String::new(),
            segment: String::new(),
            language: String::new(),
            value: 1.0,
            risk: maker.policy.kind(ItemKind::Column).weight,
        })
    };
    list.checked.mapping.columns().iter().filter_map(item).collect()
}
