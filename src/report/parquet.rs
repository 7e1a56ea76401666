//! A CSV table as Parquet, all columns text.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

/// Rows a row group.
const GROUP_ROWS: usize = 128 << 10;

/// Writes the rest of a CSV reader's rows.
pub(super) fn write_parquet(mut reader: ::csv::Reader<impl io::Read>, out: &mut dyn Write) -> io::Result<()> {
    let header = reader.headers()?.clone();
    // The writer wants a `Send` sink of its own; the table goes through a temporary file.
    let mut file = tempfile::tempfile()?;
    let fields = header
        .iter()
        .map(|name| {
            Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_repetition(Repetition::REQUIRED)
                .build()
                .map(Arc::new)
        })
        .collect::<Result<_, _>>()
        .map_err(other)?;
    let schema = Type::group_type_builder("row").with_fields(fields).build().map_err(other)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut writer =
        SerializedFileWriter::new(file.try_clone()?, Arc::new(schema), Arc::new(properties)).map_err(other)?;
    let mut columns: Vec<Vec<ByteArray>> = vec![Vec::new(); header.len()];
    for record in reader.records() {
        for (column, cell) in columns.iter_mut().zip(&record?) {
            column.push(ByteArray::from(cell));
        }
        if columns.first().is_some_and(|column| column.len() >= GROUP_ROWS) {
            write_group(&mut writer, &mut columns).map_err(other)?;
        }
    }
    write_group(&mut writer, &mut columns).map_err(other)?;
    writer.close().map_err(other)?;
    io::Seek::rewind(&mut file)?;
    io::copy(&mut file, out)?;
    Ok(())
}

fn write_group(
    writer: &mut SerializedFileWriter<std::fs::File>,
    columns: &mut [Vec<ByteArray>],
) -> Result<(), ParquetError> {
    if columns.first().is_none_or(Vec::is_empty) {
        return Ok(());
    }
    let mut group = writer.next_row_group()?;
    for values in columns {
        if let Some(mut column) = group.next_column()? {
            column.typed::<ByteArrayType>().write_batch(values, None, None)?;
            column.close()?;
        }
        values.clear();
    }
    group.close()?;
    Ok(())
}

fn other(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
