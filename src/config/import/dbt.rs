//! Tests of columns of a dbt `schema.yml` (<https://docs.getdbt.com/reference/resource-properties/data-tests>) as
//! `[[expect]]` tables.

use serde_json::{Map, Value};

use super::imported::{Imported, Known, about, cells};
use crate::rule::Expectation;

/// What stands at the top, below each of which are tables.
const GROUPS: [&str; 4] = ["models", "seeds", "snapshots", "sources"];
const ABOUT: Known<'_> = &["name", "description", "columns", "tests", "data_tests", "meta", "docs", "config", "tags"];
const COLUMN: Known<'_> =
    &["name", "description", "tests", "data_tests", "meta", "docs", "tags", "data_type", "quote", "config"];

/// Each table of the file with its name.
pub(super) fn tables(file: &Map<String, Value>) -> Vec<(&str, &Map<String, Value>)> {
    let mut tables = Vec::new();
    for group in GROUPS {
        for entry in file.get(group).and_then(Value::as_array).into_iter().flatten() {
            let of_source = entry.get("tables").and_then(Value::as_array).filter(|_| group == "sources");
            let own = of_source.map_or(std::slice::from_ref(entry), Vec::as_slice);
            let named = own.iter().filter_map(|table| Some((table.get("name")?.as_str()?, table.as_object()?)));
            tables.extend(named);
        }
    }
    tables
}

pub(super) fn import(table: &Map<String, Value>) -> Imported {
    let mut imported = Imported::new("the tests of a dbt model");
    imported.leave_out_unknown("the model", table, ABOUT);
    for test in tests(table) {
        imported.leave_out("the model", &format!("test `{}`", name_of(test)));
    }
    for column in table.get("columns").and_then(Value::as_array).into_iter().flatten() {
        match column.get("name").and_then(Value::as_str).zip(column.as_object()) {
            Some((name, column)) if !name.is_empty() => import_column(name, column, &mut imported),
            _ => imported.leave_out("columns", "one has no name"),
        }
    }
    imported
}

/// Both names under which tests stand.
fn tests(of: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    ["tests", "data_tests"].into_iter().filter_map(|key| of.get(key)?.as_array()).flatten()
}

/// What a test is called.
fn name_of(test: &Value) -> &str {
    let key = || test.as_object().and_then(|test| test.keys().next()).map(String::as_str);
    test.as_str().or_else(key).unwrap_or("?")
}

fn import_column(name: &str, column: &Map<String, Value>, imported: &mut Imported) {
    let place = format!("column {name:?}");
    imported.leave_out_unknown(&place, column, COLUMN);
    let mut table = about(name);
    for test in tests(column) {
        let (kind, none) = (name_of(test), Map::new());
        // `arguments` holds what older files have beside each other.
        let given = test.get(kind).and_then(Value::as_object).unwrap_or(&none);
        let arguments = given.get("arguments").and_then(Value::as_object).unwrap_or(given);
        // What narrows or softens a test is another test.
        let known = ["values", "quote", "arguments", "name", "description"];
        let strange = given.keys().chain(arguments.keys()).find(|key| !known.contains(&key.as_str()));
        if let Some(strange) = strange.filter(|_| kind != "relationships") {
            imported.leave_out(&place, &format!("test `{kind}` with `{strange}`"));
            continue;
        }
        match kind {
            "not_null" => table.not_null = true,
            "unique" => table.unique = true,
            "accepted_values" => match arguments.get("values").and_then(cells) {
                Some(values) if table.one_of.is_none() => table.one_of = Some(values),
                Some(values) => imported.push(Expectation { one_of: Some(values), ..about(name) }),
                None => imported.leave_out(&place, "test `accepted_values` without plain values"),
            },
            "relationships" => imported.leave_out(
                &place,
                "test `relationships`; write the other table's values to a file, one a line, and name it with `one_of_file`",
            ),
            other => imported.leave_out(&place, &format!("test `{other}`")),
        }
    }
    imported.push(table);
}
