//! Parquet files as a table; nested values as JSON.

mod look;

use jiff::Span;
use jiff::civil::{DateTime, date};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::data_type::Decimal;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;
use serde_json::{Map, Value};

use super::canonical::{CanonicalTable, CanonicalWriter, Converted, Room};
use super::error::{IngestError, IngestProblem};
use super::foreign::{contained, damaged};
use super::text::Text;
use crate::record::LineNumber;
use crate::rule::IngestRules;

/// Reads every row group, in order.
pub(crate) fn read_parquet(text: Text, name: &str, rules: &IngestRules) -> Result<Converted, IngestError> {
    let table = contained("Parquet", || convert(&text, rules)).map_err(|error| error.in_file(name))?;
    Ok(Converted { text: table.text, lines: table.lines, quarantined: Vec::new() })
}

fn convert(text: &Text, rules: &IngestRules) -> Result<CanonicalTable, IngestError> {
    let broken = |error: &ParquetError, row: Option<u64>| match error {
        ParquetError::NYI(_) => damaged("Parquet", row, "it is written in a way that can't be read here"),
        _ => damaged("Parquet", row, "it is not as the format wants it, or a part of it is missing"),
    };
    look::check_schema(text, rules)?;
    let reader = SerializedFileReader::new(text.to_file()?).map_err(|error| broken(&error, None))?;
    look::check_pages(text, reader.metadata(), rules)?;
    let schema = reader.metadata().file_metadata().schema_descr().root_schema().clone();
    if schema.get_fields().is_empty() {
        return Err(IngestProblem::Empty.into());
    }
    let kinds: Vec<Kind> = schema.get_fields().iter().map(|field| Kind::of(field)).collect();
    let header: Vec<String> = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let mut table = CanonicalWriter::new(Room::of(text.len(), rules));
    let mut cells = vec![String::new(); header.len()];
    for (index, row) in
        reader.get_row_iter(None).map_err(|error| broken(&error, None))?.with_batch_size(look::BATCH).enumerate()
    {
        let row = row.map_err(|error| broken(&error, Some(index as u64 + 1)))?;
        for ((cell, (_, value)), kind) in cells.iter_mut().zip(row.get_column_iter()).zip(&kinds) {
            *cell = kind.written(value);
        }
        // There are no lines; the record's number stands for them.
        table.push(LineNumber::from_index(index as u32), &cells)?;
    }
    table.finish_with(&header)
}

/// What the row reader does not tell of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nanoseconds since 1970, the form in which pandas writes time; the row reader takes it for a plain number.
    Nanoseconds,
    /// It tells all there is.
    Plain,
}

impl Kind {
    fn of(field: &Type) -> Kind {
        let info = field.get_basic_info();
        let is_nanoseconds = matches!(
            info.logical_type_ref(),
            Some(LogicalType::Timestamp(timestamp)) if timestamp.unit == TimeUnit::NANOS
        );
        if is_nanoseconds && info.converted_type() == ConvertedType::NONE { Kind::Nanoseconds } else { Kind::Plain }
    }

    fn written(self, value: &Field) -> String {
        match (self, value) {
            (Kind::Nanoseconds, Field::Long(value)) => {
                Span::new().try_nanoseconds(*value).map_or_else(|_| value.to_string(), moment)
            }
            _ => written(value),
        }
    }
}

fn written(value: &Field) -> String {
    match value {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        // Old writers do not mark text as such.
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => text.to_owned(),
            Err(_) => hex(bytes.data()),
        },
        Field::Bool(value) => value.to_string(),
        Field::Byte(value) => value.to_string(),
        Field::Short(value) => value.to_string(),
        Field::Int(value) => value.to_string(),
        Field::Long(value) => value.to_string(),
        Field::UByte(value) => value.to_string(),
        Field::UShort(value) => value.to_string(),
        Field::UInt(value) => value.to_string(),
        Field::ULong(value) => value.to_string(),
        Field::Float16(value) => value.to_f32().to_string(),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => value.to_string(),
        Field::Decimal(value) => decimal(value),
        Field::Date(days) => {
            let epoch = date(1970, 1, 1);
            let span = Span::new().try_days(*days);
            span.and_then(|span| epoch.checked_add(span)).map_or_else(|_| days.to_string(), |date| date.to_string())
        }
        Field::TimeMillis(value) => moment_of_day(Span::new().try_milliseconds(*value)),
        Field::TimeMicros(value) => moment_of_day(Span::new().try_microseconds(*value)),
        Field::TimestampMillis(value) => {
            Span::new().try_milliseconds(*value).map_or_else(|_| value.to_string(), moment)
        }
        Field::TimestampMicros(value) => {
            Span::new().try_microseconds(*value).map_or_else(|_| value.to_string(), moment)
        }
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => nested(value).to_string(),
    }
}

/// A moment as a date, with the time behind it where it is not midnight.
fn moment(since_1970: Span) -> String {
    let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
    match epoch.checked_add(since_1970) {
        Ok(moment) if moment.time() == jiff::civil::Time::midnight() => moment.date().to_string(),
        Ok(moment) => moment.to_string(),
        Err(_) => since_1970.to_string(),
    }
}

fn moment_of_day(since_midnight: Result<Span, jiff::Error>) -> String {
    let midnight = DateTime::default();
    since_midnight
        .and_then(|span| midnight.checked_add(span))
        .map_or_else(|_| String::new(), |at| at.time().to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of the longest decimal that is written out, and how many of its digits stand behind the point: twice what any database has.
const LONGEST_DECIMAL: usize = 64;
const LONGEST_SCALE: i32 = 154;

/// All digits of a decimal by long division of its big-endian two's complement.
fn decimal(value: &Decimal) -> String {
    if value.data().len() > LONGEST_DECIMAL || !(0..=LONGEST_SCALE).contains(&value.scale()) {
        return hex(value.data());
    }
    let mut bytes = value.data().to_vec();
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    if is_negative {
        let mut carry = true;
        for byte in bytes.iter_mut().rev() {
            let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
            (*byte, carry) = (sum, over);
        }
    }
    let mut digits = Vec::new();
    while bytes.iter().any(|byte| *byte != 0) {
        let mut rest = 0_u16;
        for byte in &mut bytes {
            let part = rest << 8 | u16::from(*byte);
            (*byte, rest) = ((part / 10) as u8, part % 10);
        }
        digits.push(b'0' + rest as u8);
    }
    let scale = usize::try_from(value.scale()).unwrap_or(0);
    let missing = (scale + 1).saturating_sub(digits.len());
    digits.extend(std::iter::repeat_n(b'0', missing));
    if scale > 0 {
        digits.insert(scale, b'.');
    }
    let sign = if is_negative { "-" } else { "" };
    sign.chars().chain(digits.iter().rev().map(|digit| char::from(*digit))).collect()
}

fn nested(value: &Field) -> Value {
    match value {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Bool(*value),
        Field::Int(value) => Value::from(*value),
        Field::Long(value) => Value::from(*value),
        Field::Double(value) => Value::from(*value),
        Field::Group(row) => {
            Value::Object(row.get_column_iter().map(|(name, value)| (name.clone(), nested(value))).collect())
        }
        Field::ListInternal(list) => list.elements().iter().map(nested).collect(),
        Field::MapInternal(map) => {
            let entries = map.entries().iter().map(|(key, value)| (written(key), nested(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        other => Value::String(written(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::Arc;

    use parquet::column::writer::ColumnWriter;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;

    fn file() -> Vec<u8> {
        let schema = "message list { required binary שם (UTF8); optional int64 טלפון; required int32 born (DATE); \
                      required int64 at (TIMESTAMP(NANOS,false)); required int64 seen (TIMESTAMP(MILLIS,true)); \
                      required int32 paid (DECIMAL(9,2)); required boolean ok; required double rate; }";
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).expect("a writer");
        let mut group = writer.next_row_group().expect("a group");
        let mut place = 0;
        while let Some(mut column) = group.next_column().expect("a column") {
            match (column.untyped(), place) {
                (ColumnWriter::ByteArrayColumnWriter(it), _) => {
                    it.write_batch(&["דנה, ד".into(), "Yossi".into()], None, None)
                }
                (ColumnWriter::Int64ColumnWriter(it), 1) => it.write_batch(&[972_501_234_567], Some(&[1, 0]), None),
                (ColumnWriter::Int64ColumnWriter(it), 3) => {
                    it.write_batch(&[86_400_000_000_000, 1_500_000_000], None, None)
                }
                (ColumnWriter::Int64ColumnWriter(it), _) => it.write_batch(&[0, -1], None, None),
                (ColumnWriter::Int32ColumnWriter(it), 2) => it.write_batch(&[5172, -1], None, None),
                (ColumnWriter::Int32ColumnWriter(it), _) => it.write_batch(&[-5, 123_456], None, None),
                (ColumnWriter::BoolColumnWriter(it), _) => it.write_batch(&[true, false], None, None),
                (ColumnWriter::DoubleColumnWriter(it), _) => it.write_batch(&[2.0, 0.5], None, None),
                _ => unreachable!("no such column in the schema"),
            }
            .expect("written");
            place += 1;
            column.close().expect("closed");
        }
        group.close().expect("closed");
        writer.close().expect("closed");
        bytes
    }

    fn read(bytes: Vec<u8>) -> Result<String, IngestError> {
        let mut all = String::new();
        let converted = read_parquet(Text::from_bytes(bytes), "list.parquet", &IngestRules::shipped())?;
        converted.text.reader().read_to_string(&mut all).expect("UTF-8");
        Ok(all)
    }

    #[test]
    fn rows_come_with_dates_times_and_decimals_as_text() {
        let expected = "שם,טלפון,born,at,seen,paid,ok,rate\n\
                        \"דנה, ד\",972501234567,1984-02-29,1970-01-02,1970-01-01,-0.05,true,2\n\
                        Yossi,,1969-12-31,1970-01-01T00:00:01.5,1969-12-31T23:59:59.999,1234.56,false,0.5\n";
        assert_eq!(read(file()).expect("read"), expected);
    }

    #[test]
    fn a_decimal_longer_than_any_database_has_is_shown_as_bytes() {
        let written = |bytes: usize, scale| decimal(&Decimal::from_bytes(vec![1; bytes].into(), 1, scale));
        assert_eq!(written(2, 1), "25.7");
        for (bytes, scale) in [(65, 1), (2, 1 << 30), (2, -1)] {
            assert_eq!(written(bytes, scale), "01".repeat(bytes));
        }
    }

    #[test]
    fn a_cut_file_is_refused() {
        let whole = file();
        for length in [0, 4, whole.len() / 2, whole.len() - 1] {
            let error = read(whole[..length].to_vec()).expect_err("cut");
            assert!(matches!(error.problem(), IngestProblem::Damaged { .. }), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_flipped_byte_makes_reading_panic(place in 0..6000usize, value: u8) {
            let mut bytes = file();
            let place = place % bytes.len();
            bytes[place] = value;
            let _ = read(bytes);
        }
    }
}
