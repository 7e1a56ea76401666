//! A run's snapshot: its standardized rows as Parquet, for golden records of later runs whose customers they are.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::FileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use tempfile::NamedTempFile;

use super::StoreError;
use super::stored_columns::{int32, open, texts, unreadable};
use super::workspace::SNAPSHOTS;
use crate::disk::temporary_in;
use crate::record::{CheckedBatch, Field, RowNumber, StandardColumn, TextColumn, VALUE_SEPARATOR};

/// The fields that a snapshot holds, one text column each, several values joined with `;`.
const FIELDS: [Field; 12] = [
    Field::Id,
    Field::FirstName,
    Field::LastName,
    Field::Email,
    Field::Mobile,
    Field::Phone,
    Field::BirthDate,
    Field::NationalId,
    Field::Street,
    Field::HouseNumber,
    Field::City,
    Field::Postcode,
];

/// The standardized rows of a run.
#[derive(Debug)]
pub struct SnapshotFile;

/// Some rows of a snapshot: each one's number, and its values in the order of [`SnapshotFile::FIELDS`].
pub type SnapshotRows = Vec<(RowNumber, Vec<String>)>;

impl SnapshotFile {
    /// The fields of its rows.
    pub const FIELDS: [Field; 12] = FIELDS;

    /// Reads the rows of one input of a run that are wanted, a group of rows at a time.
    ///
    /// # Errors
    /// When the file is not there, or not as [`SnapshotWriter`] makes it.
    pub fn read(
        path: &Path,
        source: u32,
        wanted: &dyn Fn(RowNumber) -> bool,
        sink: &mut dyn FnMut(SnapshotRows),
    ) -> Result<(), StoreError> {
        let mut read = || -> parquet::errors::Result<()> {
            let reader = open(path)?;
            for index in 0..reader.num_row_groups() {
                let group = reader.get_row_group(index)?;
                let rows = group.metadata().num_rows() as usize;
                let sources = int32(group.as_ref(), 0, rows)?;
                let numbers = int32(group.as_ref(), 1, rows)?;
                let number = |row: usize| RowNumber::from_index((numbers[row] as u32).saturating_sub(1));
                let kept: Vec<usize> =
                    (0..rows).filter(|row| sources[*row] as u32 == source && wanted(number(*row))).collect();
                if kept.is_empty() {
                    continue;
                }
                let mut found: SnapshotRows =
                    kept.iter().map(|row| (number(*row), Vec::with_capacity(FIELDS.len()))).collect();
                for at in 0..FIELDS.len() {
                    let values = texts(group.as_ref(), 2 + at, rows)?;
                    for ((_, own), row) in found.iter_mut().zip(&kept) {
                        own.push(String::from_utf8_lossy(values[*row].data()).into_owned());
                    }
                }
                sink(found);
            }
            Ok(())
        };
        read().map_err(|error| unreadable(path, &error))
    }
}

/// Rows a row group: few enough that a group costs little memory beside the rows themselves.
const GROUP_ROWS: usize = 64 << 10;

/// Writes a snapshot block by block.
pub struct SnapshotWriter {
    writer: SerializedFileWriter<std::fs::File>,
    file: NamedTempFile,
    columns: Columns,
}

/// The rows of the group that is being filled.
#[derive(Default)]
struct Columns {
    source: Vec<i32>,
    row: Vec<i32>,
    fields: Vec<Vec<ByteArray>>,
}

impl SnapshotWriter {
    /// Starts one as a temporary file in the workspace; [`super::Store::record_run`] gives it its name.
    ///
    /// # Errors
    /// When the file can't be made.
    pub fn create(workspace: &Path) -> Result<Self, StoreError> {
        let file = temporary_in(&workspace.join(SNAPSHOTS)).map_err(|error| failed(&error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            // Most columns hold a different value in each row; what repeats, zstd finds.
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_created_by(format!("tiuv {}", env!("CARGO_PKG_VERSION")))
            .build();
        let handle = file.reopen().map_err(|error| failed(&error))?;
        let schema = Arc::new(schema().map_err(|error| failed(&error))?);
        let writer = SerializedFileWriter::new(handle, schema, Arc::new(properties)).map_err(|error| failed(&error))?;
        Ok(SnapshotWriter { writer, file, columns: Columns::default() })
    }

    /// Adds a block's rows of the `source`-th input.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push(&mut self, source: usize, block: &CheckedBatch) -> Result<(), StoreError> {
        let batch = block.standard();
        let Columns { source: sources, row, fields } = &mut self.columns;
        sources.extend(std::iter::repeat_n(source as i32, batch.len()));
        row.extend(batch.numbers().iter().map(|number| number.number() as i32));
        fields.resize(FIELDS.len(), Vec::new());
        for (values, field) in fields.iter_mut().zip(FIELDS) {
            let columns: Vec<&StandardColumn> = batch.columns_of(field).collect();
            push_values(values, &columns, batch.len());
        }
        if self.columns.row.len() >= GROUP_ROWS {
            self.write_group()?;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self) -> Result<NamedTempFile, StoreError> {
        self.write_group()?;
        self.writer.close().map_err(|error| failed(&error))?;
        Ok(self.file)
    }

    fn write_group(&mut self) -> Result<(), StoreError> {
        let columns = std::mem::take(&mut self.columns);
        if columns.row.is_empty() {
            return Ok(());
        }
        let write = || -> parquet::errors::Result<()> {
            let mut group = self.writer.next_row_group()?;
            for numbers in [&columns.source, &columns.row] {
                if let Some(mut column) = group.next_column()? {
                    column.typed::<Int32Type>().write_batch(numbers, None, None)?;
                    column.close()?;
                }
            }
            for values in &columns.fields {
                if let Some(mut column) = group.next_column()? {
                    column.typed::<ByteArrayType>().write_batch(values, None, None)?;
                    column.close()?;
                }
            }
            group.close()?;
            Ok(())
        };
        let mut write = write;
        write().map_err(|error| failed(&error))
    }
}

/// Adds a field's values, all of them slices of one copy of the column's text.
fn push_values(values: &mut Vec<ByteArray>, columns: &[&StandardColumn], rows: usize) {
    if columns.is_empty() {
        values.extend(std::iter::repeat_n(ByteArray::from(Bytes::new()), rows));
        return;
    }
    let singles = if let [column] = columns { column.singles() } else { None };
    let text = singles.map_or_else(|| Cow::Owned(joined(columns, rows)), Cow::Borrowed);
    let bytes = Bytes::copy_from_slice(text.text().as_bytes());
    let mut start = 0;
    values.extend((0..rows).map(|row| {
        let end = start + text.cell(row).len();
        let value = ByteArray::from(bytes.slice(start..end));
        start = end;
        value
    }));
}

/// All values of a field's columns as one column, those of a row joined.
fn joined(columns: &[&StandardColumn], rows: usize) -> TextColumn {
    let mut merged = TextColumn::with_capacity(rows, 16);
    let mut cell = String::new();
    for row in 0..rows {
        cell.clear();
        for value in columns.iter().flat_map(|column| column.values(row)) {
            if !cell.is_empty() {
                cell.push_str(VALUE_SEPARATOR);
            }
            cell.push_str(value);
        }
        merged.push(&cell);
    }
    merged
}

fn schema() -> parquet::errors::Result<Type> {
    let number = |name: &str| {
        Type::primitive_type_builder(name, PhysicalType::INT32)
            .with_repetition(parquet::basic::Repetition::REQUIRED)
            .build()
    };
    let text = |name: &str| {
        Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(parquet::basic::Repetition::REQUIRED)
            .build()
    };
    let mut fields = vec![Arc::new(number("source")?), Arc::new(number("row")?)];
    for field in FIELDS {
        fields.push(Arc::new(text(field.as_str())?));
    }
    Type::group_type_builder("row").with_fields(fields).build()
}

fn failed(error: &impl std::fmt::Display) -> StoreError {
    StoreError::Snapshot(error.to_string())
}
