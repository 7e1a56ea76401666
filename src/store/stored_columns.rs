//! Columns of the Parquet files of the workspace, read as they were written.

use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::file::reader::{RowGroupReader, SerializedFileReader};

use super::StoreError;

pub(super) fn open(path: &Path) -> parquet::errors::Result<SerializedFileReader<std::fs::File>> {
    SerializedFileReader::new(std::fs::File::open(path)?)
}

pub(super) fn int32(group: &dyn RowGroupReader, column: usize, rows: usize) -> parquet::errors::Result<Vec<i32>> {
    let mut values = Vec::with_capacity(rows);
    if let ColumnReader::Int32ColumnReader(mut reader) = group.get_column_reader(column)? {
        reader.read_records(rows, None, None, &mut values)?;
    }
    complete(values, rows)
}

pub(super) fn int64(group: &dyn RowGroupReader, column: usize, rows: usize) -> parquet::errors::Result<Vec<i64>> {
    let mut values = Vec::with_capacity(rows);
    if let ColumnReader::Int64ColumnReader(mut reader) = group.get_column_reader(column)? {
        reader.read_records(rows, None, None, &mut values)?;
    }
    complete(values, rows)
}

pub(super) fn texts(group: &dyn RowGroupReader, column: usize, rows: usize) -> parquet::errors::Result<Vec<ByteArray>> {
    let mut values = Vec::with_capacity(rows);
    if let ColumnReader::ByteArrayColumnReader(mut reader) = group.get_column_reader(column)? {
        reader.read_records(rows, None, None, &mut values)?;
    }
    complete(values, rows)
}

fn complete<T>(values: Vec<T>, rows: usize) -> parquet::errors::Result<Vec<T>> {
    if values.len() == rows {
        return Ok(values);
    }
    Err(parquet::errors::ParquetError::General("a column is not as it was written".to_owned()))
}

pub(super) fn unreadable(path: &Path, error: &impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable { path: path.display().to_string(), reason: error.to_string() }
}
