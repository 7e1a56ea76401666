//! A suite of Great Expectations (JSON, <https://greatexpectations.io/expectations>) as `[[expect]]` tables.

use serde_json::{Map, Value};

use super::imported::{Imported, Known, WIDEST, about, bounds, cells, share};
use crate::rule::Expectation;

const SUITE: Known<'_> = &[
    "expectations",
    "expectation_suite_name",
    "name",
    "meta",
    "data_asset_type",
    "ge_cloud_id",
    "id",
    "notes",
    "suite_parameters",
    "evaluation_parameters",
];
const ENTRY: Known<'_> = &[
    "expectation_type",
    "type",
    "kwargs",
    "meta",
    "id",
    "notes",
    "description",
    "severity",
    "rendered_content",
    "expectation_context",
    "ge_cloud_id",
];
/// Arguments that change nothing of what is expected.
const ASIDE: Known<'_> = &["batch_id", "result_format", "catch_exceptions", "include_config", "meta", "notes"];

pub(super) fn import(suite: &Map<String, Value>) -> Imported {
    let mut imported = Imported::new("a suite of Great Expectations");
    imported.leave_out_unknown("the suite", suite, SUITE);
    for (at, entry) in suite.get("expectations").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let place = format!("expectation {}", at + 1);
        let (Some(entry), none) = (entry.as_object(), Map::new()) else {
            imported.leave_out(&place, "is no object");
            continue;
        };
        imported.leave_out_unknown(&place, entry, ENTRY);
        let kind = entry.get("expectation_type").or(entry.get("type")).and_then(Value::as_str).unwrap_or("?");
        let arguments = entry.get("kwargs").and_then(Value::as_object).unwrap_or(&none);
        match expectation(kind, arguments, &place, &mut imported) {
            Ok(table) => imported.push(table),
            Err(why) => imported.leave_out(&place, &format!("`{kind}` {why}")),
        }
    }
    imported
}

/// The table that says the same; else why there is none.
fn expectation(
    kind: &str,
    arguments: &Map<String, Value>,
    place: &str,
    imported: &mut Imported,
) -> Result<Expectation, String> {
    let own: Known<'_> = match kind {
        "expect_column_to_exist" => &["column"],
        "expect_column_values_to_not_be_null" | "expect_column_values_to_be_unique" => &["column", "mostly"],
        "expect_column_values_to_be_in_set" => &["column", "mostly", "value_set"],
        "expect_column_values_to_match_regex" => &["column", "mostly", "regex"],
        "expect_column_value_lengths_to_be_between" => &["column", "mostly", "min_value", "max_value"],
        "expect_column_value_lengths_to_equal" => &["column", "mostly", "value"],
        "expect_table_row_count_to_be_between" => &["min_value", "max_value"],
        "expect_table_row_count_to_equal" => &["value"],
        _ => return Err("has no counterpart".to_owned()),
    };
    // What narrows an expectation makes another one of it.
    let is_given = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
    let strange = arguments
        .iter()
        .find(|(key, value)| !own.contains(&key.as_str()) && !ASIDE.contains(&key.as_str()) && is_given(value));
    if let Some((strange, _)) = strange {
        return Err(format!("with `{strange}` has no counterpart"));
    }
    let value = |key: &str| arguments.get(key);
    let between = || match value("value") {
        Some(value) => bounds(Some(value), Some(value)),
        None => bounds(value("min_value"), value("max_value")),
    };
    let no_counts = || "has bounds that are no counts".to_owned();
    if kind.starts_with("expect_table_row_count") {
        return Ok(Expectation { rows: Some(between().ok_or_else(no_counts)?), ..Expectation::default() });
    }
    let column = value("column").and_then(Value::as_str).filter(|column| !column.is_empty());
    let mut table = about(column.ok_or("names no column")?);
    match kind {
        "expect_column_values_to_not_be_null" => table.not_null = true,
        "expect_column_values_to_be_unique" => table.unique = true,
        "expect_column_values_to_be_in_set" => {
            table.one_of = Some(value("value_set").and_then(cells).ok_or("has no list of plain values")?);
        }
        "expect_column_values_to_match_regex" => {
            let regex = value("regex").and_then(Value::as_str).ok_or("has no `regex`")?;
            // There it may match anywhere in the cell.
            let pattern = imported.pattern(place, regex).ok_or("can't be said here")?;
            table.pattern = Some(format!("(?s:.*)(?:{pattern})(?s:.*)"));
        }
        "expect_column_to_exist" => {}
        _ => {
            let (least, most) = between().ok_or_else(no_counts)?;
            table.length = Some((least as usize, most.min(WIDEST) as usize));
        }
    }
    match value("mostly") {
        None | Some(Value::Null) => {}
        Some(mostly) if mostly.as_f64() == Some(1.0) => {}
        // Each later place of a value counts as broken here, and every place of it there: that is less.
        Some(_) if table.unique => return Err("with `mostly` counts otherwise".to_owned()),
        Some(mostly) => table.at_least = Some(share(mostly).ok_or("has a `mostly` that is no share above 0")?),
    }
    Ok(table)
}
