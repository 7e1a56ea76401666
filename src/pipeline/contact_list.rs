//! Lists of numbers and addresses, such as do-not-call files: every cell is read, or set aside with its reason.

use rayon::prelude::*;

use super::{ContactReader, NamedContact, RunError, SetAside, Setup};
use crate::finding::Code;
use crate::ingest::List;
use crate::record::{ColumnIndex, ContactKind, Field, Mapping, RawBatch};
use crate::rule::Catalog;

/// What a list of contacts holds.
#[derive(Debug, Default)]
pub struct ContactList {
    /// Every number and address, in the list's order; the same one may come again.
    pub contacts: Vec<NamedContact>,
    /// Rows with at least one of them.
    pub rows: u64,
    /// Cells and records that hold none, in order.
    pub set_aside: Vec<SetAside>,
}

/// The columns of a list that hold numbers or addresses.
pub fn contact_columns(mapping: &Mapping) -> Vec<(ColumnIndex, ContactKind)> {
    let kind = |field: Field| match field {
        Field::Email => Some(ContactKind::Email),
        field if field.is_phone() => Some(ContactKind::Phone),
        _ => None,
    };
    let columns = mapping.columns().iter();
    columns.filter_map(|column| Some((column.column, kind(column.field?)?))).collect()
}

/// Reads a list.
///
/// # Errors
/// When it can't be read, or a stop was asked for.
pub fn read_contact_list(list: &List, setup: &Setup, progress: impl Fn(u64) + Sync) -> Result<ContactList, RunError> {
    let reader = ContactReader::new(setup)?;
    let columns = contact_columns(list.mapping());
    let country = list.mapping().column_of(Field::Country);
    let mut found = ContactList::default();
    list.read(|wave| -> Result<(), RunError> {
        found.set_aside.extend(wave.quarantined.iter().map(SetAside::unread));
        let parts: Vec<ContactList> = wave
            .batches
            .par_iter()
            .map(|raw| {
                let mut part = ContactList::default();
                for row in 0..raw.len() {
                    let country = country.map_or("", |country| raw.cell(row, country));
                    part.push_row(
                        raw,
                        row,
                        &columns,
                        list.header(),
                        |kind, cell| reader.read_as(kind, cell, country),
                        &setup.catalog,
                    );
                }
                part
            })
            .collect();
        for part in parts {
            found.contacts.extend(part.contacts);
            found.rows += part.rows;
            found.set_aside.extend(part.set_aside);
        }
        progress(wave.read_to);
        setup.go_on()
    })?;
    found.set_aside.sort_by_key(|one| one.place);
    Ok(found)
}

impl ContactList {
    fn push_row(
        &mut self,
        raw: &RawBatch,
        row: usize,
        columns: &[(ColumnIndex, ContactKind)],
        header: &[String],
        read: impl Fn(ContactKind, &str) -> Result<Vec<NamedContact>, Vec<Code>>,
        catalog: &Catalog,
    ) {
        let before = (self.contacts.len(), self.set_aside.len());
        for &(column, kind) in columns {
            let cell = raw.cell(row, column);
            match read(kind, cell) {
                Ok(contacts) => self.contacts.extend(contacts),
                Err(_) if cell.trim().is_empty() => {}
                Err(codes) => {
                    let header = &header[column.as_usize()];
                    self.set_aside.push(SetAside::cell(raw.place(row), header, &codes, catalog, raw.record(row)));
                }
            }
        }
        self.rows += u64::from(self.contacts.len() > before.0);
        if (self.contacts.len(), self.set_aside.len()) == before {
            let remedy = "The row holds neither a number nor an address: fill it in, or take the row out.";
            self.set_aside.push(SetAside::row(raw.place(row), "no_contact", remedy, raw.record(row)));
        }
    }
}
