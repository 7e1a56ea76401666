//! What later lists are matched with, as Parquet beside a run's snapshot: the compared values of its rows, and whose they
//! are.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::FileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use tempfile::NamedTempFile;

use super::stored_columns::{int32, int64, open, texts, unreadable};
use super::workspace::SNAPSHOTS;
use super::{Artefact, Store, StoreError};
use crate::disk::temporary_in;
use crate::record::{
    BatchValues, COMPARED, CustomerId, Field, KnownRow, PeopleBatch, PeopleTable, RowId, RowNumber, VALUES_A_ROW,
};

/// Rows a row group.
const GROUP_ROWS: usize = 64 << 10;

/// Column of what a row's key alone would name it, as the bits in which that differs from its id.
const KEY: &str = "key";

/// The compared values of a run's rows.
#[derive(Debug)]
pub struct PeopleFile;

/// Whose the rows are.
#[derive(Debug)]
pub struct CustomersFile;

impl PeopleFile {
    /// Writes a table in the order of its rows; `rows` says of each which input it is of (from 0) and its id.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(workspace: &Path, table: &PeopleTable, rows: &[(u32, RowId)]) -> Result<NamedTempFile, StoreError> {
        let file = temporary(workspace)?;
        let written = || -> parquet::errors::Result<()> {
            let columns: Vec<(Field, usize)> = table
                .columns()
                .iter()
                .flat_map(|column| (0..column.places.len()).map(|place| (column.field, place)))
                .collect();
            let mut types = vec![number("source", PhysicalType::INT32)?];
            types.push(number("row_id", PhysicalType::INT64)?);
            types.push(number("key", PhysicalType::INT64)?);
            for (field, place) in &columns {
                types.push(text(&format!("{}.{place}", field.as_str()))?);
            }
            let mut writer = writer(&file, types)?;
            let texts: Vec<Bytes> =
                table.columns().iter().map(|column| Bytes::copy_from_slice(column.values.text().as_bytes())).collect();
            for start in (0..rows.len()).step_by(GROUP_ROWS) {
                let end = (start + GROUP_ROWS).min(rows.len());
                let mut group = writer.next_row_group()?;
                let sources: Vec<i32> = rows[start..end].iter().map(|(source, _)| *source as i32).collect();
                if let Some(mut column) = group.next_column()? {
                    column.typed::<Int32Type>().write_batch(&sources, None, None)?;
                    column.close()?;
                }
                let ids: Vec<i64> = rows[start..end].iter().map(|(_, row)| row.0 as i64).collect();
                let keys: Vec<i64> = table.keys()[start..end].iter().map(|key| *key as i64).collect();
                for numbers in [ids, keys] {
                    if let Some(mut column) = group.next_column()? {
                        column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
                        column.close()?;
                    }
                }
                for (column, text) in table.columns().iter().zip(&texts) {
                    for place in &column.places {
                        let value = |id: &u32| ByteArray::from(text.slice(column.values.span(*id)));
                        let values: Vec<ByteArray> = place[start..end].iter().map(value).collect();
                        if let Some(mut column) = group.next_column()? {
                            column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
                            column.close()?;
                        }
                    }
                }
                group.close()?;
            }
            writer.close()?;
            Ok(())
        };
        written().map_err(|error| failed(&error))?;
        Ok(file)
    }

    /// Reads the rows of one input of a run for which `wanted` says so, a batch at a time; numbers start at `first`.
    ///
    /// # Errors
    /// When the file is not there, or not as [`PeopleFile::write`] makes it.
    pub fn read(
        path: &Path,
        source: u32,
        mut first: u32,
        wanted: &mut dyn FnMut(RowId) -> bool,
        sink: &mut dyn FnMut(PeopleBatch, Vec<RowId>),
    ) -> Result<(), StoreError> {
        let mut read = || -> parquet::errors::Result<()> {
            let reader = open(path)?;
            for index in 0..reader.num_row_groups() {
                let group = reader.get_row_group(index)?;
                let rows = group.metadata().num_rows() as usize;
                let names: Vec<String> =
                    group.metadata().columns().iter().map(|column| column.column_path().string()).collect();
                let sources = int32(group.as_ref(), 0, rows)?;
                let ids = int64(group.as_ref(), 1, rows)?;
                let keys = int64(group.as_ref(), 2, rows)?;
                let kept: Vec<usize> =
                    (0..rows).filter(|row| sources[*row] as u32 == source && wanted(RowId(ids[*row] as u64))).collect();
                if kept.is_empty() {
                    continue;
                }
                let mut columns: Vec<(Field, Vec<BatchValues>)> = Vec::new();
                for (at, name) in names.iter().enumerate().skip(3) {
                    let Some(field) = name.split('.').next().and_then(compared_field) else { continue };
                    let values = texts(group.as_ref(), at, rows)?;
                    let mut batch = BatchValues::default();
                    kept.iter().for_each(|row| batch.push(std::str::from_utf8(values[*row].data()).unwrap_or("")));
                    match columns.iter_mut().find(|(known, _)| *known == field) {
                        Some((_, places)) if places.len() < VALUES_A_ROW => places.push(batch),
                        Some(_) => {}
                        None => columns.push((field, vec![batch])),
                    }
                }
                let numbers = (0..kept.len() as u32).map(|row| RowNumber::from_index(first + row)).collect();
                first += kept.len() as u32;
                let rows_kept: Vec<RowId> = kept.iter().map(|row| RowId(ids[*row] as u64)).collect();
                let keys = kept.iter().map(|row| keys[*row] as u64).collect();
                sink(PeopleBatch { numbers, keys, columns }, rows_kept);
            }
            Ok(())
        };
        read().map_err(|error| unreadable(path, &error))
    }
}

impl Store {
    /// Whose the rows of a run are; none where it left nothing of it.
    ///
    /// # Errors
    /// When the file is damaged or can't be read.
    pub fn customers(&self, run: &str) -> Result<Vec<KnownRow>, StoreError> {
        self.sound_artefact(Artefact::Customers, run)?.map_or(Ok(Vec::new()), |path| CustomersFile::read(&path))
    }
}

impl CustomersFile {
    /// Writes whose rows are.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(workspace: &Path, rows: &[KnownRow]) -> Result<NamedTempFile, StoreError> {
        let file = temporary(workspace)?;
        let written = || -> parquet::errors::Result<()> {
            let types = vec![
                number("row_id", PhysicalType::INT64)?,
                number("customer", PhysicalType::INT64)?,
                number("compared", PhysicalType::INT64)?,
                number("since", PhysicalType::INT32)?,
                number("source", PhysicalType::INT32)?,
                number("row", PhysicalType::INT32)?,
                number(KEY, PhysicalType::INT64)?,
            ];
            let mut writer = writer(&file, types)?;
            for rows in rows.chunks(GROUP_ROWS) {
                let mut group = writer.next_row_group()?;
                let longs: [Vec<i64>; 3] = [
                    rows.iter().map(|known| known.row.0 as i64).collect(),
                    rows.iter().map(|known| known.customer.0 as i64).collect(),
                    rows.iter().map(|known| known.compared as i64).collect(),
                ];
                for numbers in &longs {
                    if let Some(mut column) = group.next_column()? {
                        column.typed::<Int64Type>().write_batch(numbers, None, None)?;
                        column.close()?;
                    }
                }
                let ints: [Vec<i32>; 3] = [
                    rows.iter().map(|known| known.since as i32).collect(),
                    rows.iter().map(|known| known.source as i32).collect(),
                    rows.iter().map(|known| known.number.number() as i32).collect(),
                ];
                for numbers in &ints {
                    if let Some(mut column) = group.next_column()? {
                        column.typed::<Int32Type>().write_batch(numbers, None, None)?;
                        column.close()?;
                    }
                }
                // Almost always nothing, which takes no room.
                let keys: Vec<i64> = rows.iter().map(|known| (known.key.0 ^ known.row.0) as i64).collect();
                if let Some(mut column) = group.next_column()? {
                    column.typed::<Int64Type>().write_batch(&keys, None, None)?;
                    column.close()?;
                }
                group.close()?;
            }
            writer.close()?;
            Ok(())
        };
        written().map_err(|error| failed(&error))?;
        Ok(file)
    }

    /// Reads whose the rows of a run were.
    ///
    /// # Errors
    /// When the file is not there, or not as [`CustomersFile::write`] makes it.
    pub fn read(path: &Path) -> Result<Vec<KnownRow>, StoreError> {
        let read = || -> parquet::errors::Result<Vec<KnownRow>> {
            let reader = open(path)?;
            let mut known = Vec::new();
            for index in 0..reader.num_row_groups() {
                let group = reader.get_row_group(index)?;
                let rows = group.metadata().num_rows() as usize;
                let ids = int64(group.as_ref(), 0, rows)?;
                let customers = int64(group.as_ref(), 1, rows)?;
                let compared = int64(group.as_ref(), 2, rows)?;
                let since = int32(group.as_ref(), 3, rows)?;
                let sources = int32(group.as_ref(), 4, rows)?;
                let numbers = int32(group.as_ref(), 5, rows)?;
                // Runs of before have no such column: their keys named their rows.
                let has_keys = group.metadata().num_columns() > 6;
                let keys = if has_keys { int64(group.as_ref(), 6, rows)? } else { vec![0; rows] };
                known.extend((0..rows).map(|row| KnownRow {
                    row: RowId(ids[row] as u64),
                    key: RowId((ids[row] ^ keys[row]) as u64),
                    source: sources[row] as u32,
                    number: RowNumber::from_index((numbers[row] as u32).saturating_sub(1)),
                    customer: CustomerId(customers[row] as u64),
                    since: since[row] as u32,
                    compared: compared[row] as u64,
                }));
            }
            Ok(known)
        };
        read().map_err(|error| unreadable(path, &error))
    }
}

fn compared_field(name: &str) -> Option<Field> {
    COMPARED.into_iter().find(|field| field.as_str() == name)
}

fn temporary(workspace: &Path) -> Result<NamedTempFile, StoreError> {
    temporary_in(&workspace.join(SNAPSHOTS)).map_err(|error| failed(&error))
}

fn writer(file: &NamedTempFile, types: Vec<Type>) -> parquet::errors::Result<SerializedFileWriter<std::fs::File>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by(format!("tiuv {}", env!("CARGO_PKG_VERSION")))
        .build();
    let schema = Type::group_type_builder("row").with_fields(types.into_iter().map(Arc::new).collect()).build()?;
    SerializedFileWriter::new(file.reopen()?, Arc::new(schema), Arc::new(properties))
}

fn number(name: &str, kind: PhysicalType) -> parquet::errors::Result<Type> {
    Type::primitive_type_builder(name, kind).with_repetition(Repetition::REQUIRED).build()
}

fn text(name: &str) -> parquet::errors::Result<Type> {
    Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
        .with_logical_type(Some(LogicalType::String))
        .with_repetition(Repetition::REQUIRED)
        .build()
}

fn failed(error: &impl std::fmt::Display) -> StoreError {
    StoreError::Snapshot(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> PeopleTable {
        let mut values: [BatchValues; 3] = Default::default();
        for row in rows {
            values.iter_mut().zip(row).for_each(|(values, text)| values.push(text));
        }
        let [names, phone, other] = values;
        let mut table = PeopleTable::default();
        table.append(PeopleBatch {
            numbers: (0..rows.len() as u32).map(RowNumber::from_index).collect(),
            keys: (0..rows.len() as u64).map(|row| row * 7).collect(),
            columns: vec![(Field::FirstName, vec![names]), (Field::Phone, vec![phone, other])],
        });
        table
    }

    #[test]
    fn the_rows_of_one_list_come_back_as_they_were_but_for_those_not_wanted() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let written = [["דנה", "+972501", ""], ["noa", "", ""], ["tal", "+972502", "+972503"], ["x", "", ""]];
        let rows: Vec<(u32, RowId)> = [0, 1, 1, 1].into_iter().zip([u64::MAX, 2, 3, 4].map(RowId)).collect();
        let file = PeopleFile::write(directory.path(), &table(&written), &rows).expect("written");
        file.persist(store.artefact(Artefact::People, "r")).expect("in place");

        let mut read = PeopleTable::default();
        let mut ids = Vec::new();
        PeopleFile::read(
            &store.artefact(Artefact::People, "r"),
            1,
            10,
            &mut |row| row != RowId(4),
            &mut |batch, rows| {
                read.append(batch);
                ids.extend(rows);
            },
        )
        .expect("read");
        assert_eq!(ids, [RowId(2), RowId(3)]);
        let own = table(&written[1..3]);
        assert_eq!(
            read.rows().map(|row| read.content_hash(row)).collect::<Vec<_>>(),
            [0, 1].map(|row| own.content_hash(crate::record::TableRow(row)))
        );
        assert_eq!(read.number(crate::record::TableRow(1)), RowNumber::from_index(11));
        assert_eq!(read.keys(), [7, 14]);
    }

    #[test]
    fn whose_rows_are_comes_back_and_a_damaged_file_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let known = |row| KnownRow {
            row: RowId(row),
            key: RowId(if row == 7 { 1_000 } else { row }),
            source: 2,
            number: RowNumber::from_index(row as u32),
            customer: CustomerId(row / 2),
            since: 3,
            compared: !row,
        };
        let rows: Vec<KnownRow> = (0..100).map(known).collect();
        let file = CustomersFile::write(directory.path(), &rows).expect("written");
        file.persist(store.artefact(Artefact::Customers, "r")).expect("in place");
        assert_eq!(CustomersFile::read(&store.artefact(Artefact::Customers, "r")).expect("read"), rows);
        std::fs::write(store.artefact(Artefact::Customers, "r"), b"PAR1 nonsense PAR1").expect("damaged");
        assert!(CustomersFile::read(&store.artefact(Artefact::Customers, "r")).is_err());
        assert!(CustomersFile::read(&store.artefact(Artefact::Customers, "missing")).is_err());
    }
}
