//! Frictionless Table Schema (<https://datapackage.org/standard/table-schema/>) as `[[expect]]` tables.

use serde_json::{Map, Value};

use super::imported::{Imported, Known, about, bounds, cells};
use crate::rule::Expectation;

const SCHEMA: Known<'_> =
    &["fields", "primaryKey", "missingValues", "$schema", "name", "title", "description", "fieldsMatch"];
const FIELD: Known<'_> = &[
    "name",
    "type",
    "format",
    "constraints",
    "title",
    "description",
    "example",
    "rdfType",
    "trueValues",
    "falseValues",
];
const CONSTRAINTS: Known<'_> =
    &["required", "unique", "pattern", "enum", "minLength", "maxLength", "minimum", "maximum"];

/// Cells that stand for none; an empty one does so here too.
fn missing(schema: &Map<String, Value>, imported: &mut Imported) -> Vec<String> {
    let Some(values) = schema.get("missingValues") else { return Vec::new() };
    let Some(values) = cells(values) else {
        imported.leave_out("missingValues", "is no list of texts");
        return Vec::new();
    };
    if !values.iter().any(String::is_empty) {
        imported.leave_out("missingValues", "has no empty text, and empty cells are missing here all the same");
    }
    values.into_iter().filter(|value| !value.is_empty()).collect()
}

pub(super) fn import(schema: &Map<String, Value>) -> Imported {
    let mut imported = Imported::new("a Frictionless Table Schema");
    imported.leave_out_unknown("the schema", schema, SCHEMA);
    let missing = missing(schema, &mut imported);
    for field in schema.get("fields").and_then(Value::as_array).into_iter().flatten() {
        match field.get("name").and_then(Value::as_str).zip(field.as_object()) {
            Some((name, field)) if !name.is_empty() => import_field(name, field, &missing, &mut imported),
            _ => imported.leave_out("fields", "one has no name"),
        }
    }
    let key: Vec<String> = match schema.get("primaryKey") {
        None => Vec::new(),
        Some(Value::String(name)) => vec![name.clone()],
        Some(names) => cells(names).unwrap_or_else(|| {
            imported.leave_out("primaryKey", "is no list of names");
            Vec::new()
        }),
    };
    for column in &key {
        imported.push(Expectation { not_null: true, unique: key.len() == 1, ..about(column) });
    }
    if key.len() > 1 {
        imported.leave_out("primaryKey", &format!("that {} are unique together", key.join(", ")));
    }
    imported
}

fn import_field(name: &str, field: &Map<String, Value>, missing: &[String], imported: &mut Imported) {
    let place = format!("field {name:?}");
    imported.leave_out_unknown(&place, field, FIELD);
    let none = Map::new();
    let constraints = match field.get("constraints") {
        None => &none,
        Some(Value::Object(constraints)) => constraints,
        Some(_) => {
            imported.leave_out(&place, "`constraints` is no object");
            &none
        }
    };
    imported.leave_out_unknown(&place, constraints, CONSTRAINTS);
    for key in ["minimum", "maximum"].iter().filter(|key| constraints.contains_key(**key)) {
        imported.leave_out(&place, &format!("`{key}` has no counterpart"));
    }
    let mut flag = |key: &str| match constraints.get(key) {
        None => false,
        Some(Value::Bool(truth)) => *truth,
        Some(_) => {
            imported.leave_out(&place, &format!("`{key}` is neither true nor false"));
            false
        }
    };
    let mut table = Expectation { not_null: flag("required"), unique: flag("unique"), ..about(name) };
    // Cells that stand for none are as any other here: they may be there, and `required` does not see them.
    for (key, is_given) in [("required", table.not_null), ("unique", table.unique)] {
        if is_given && !missing.is_empty() {
            imported.leave_out(&place, &format!("`{key}` takes {missing:?} for values"));
        }
    }
    let or_missing = |pattern: String| match missing {
        [] => pattern,
        missing => {
            let others: Vec<String> = missing.iter().map(|value| regex::escape(value)).collect();
            format!("(?:{pattern})|{}", others.join("|"))
        }
    };
    if let Some(pattern) = constraints.get("pattern") {
        let pattern = pattern.as_str().unwrap_or("(");
        table.pattern = imported.pattern(&place, pattern).map(or_missing);
    }
    if let Some(values) = constraints.get("enum") {
        table.one_of = cells(values).map(|values| [values, missing.to_vec()].concat());
        if table.one_of.is_none() {
            imported.leave_out(&place, "`enum` is no list of plain values");
        }
    }
    let lengths = (constraints.get("minLength"), constraints.get("maxLength"));
    if lengths != (None, None) {
        match bounds(lengths.0, lengths.1).filter(|_| missing.is_empty()) {
            Some((least, most)) => table.length = Some((least as usize, most as usize)),
            None => imported.leave_out(&place, "`minLength` and `maxLength` beside other missing values, or no counts"),
        }
    }
    let of_type = type_pattern(&place, field, imported).map(or_missing);
    // One table has one pattern.
    match (&table.pattern, of_type) {
        (None, of_type) => table.pattern = of_type,
        (Some(_), Some(of_type)) => imported.push(Expectation { pattern: Some(of_type), ..about(name) }),
        (Some(_), None) => {}
    }
    imported.push(table);
}

/// How cells of a type are written, as far as the usual form goes.
fn type_pattern(place: &str, field: &Map<String, Value>, imported: &mut Imported) -> Option<String> {
    let format = field.get("format").map_or(Some("default"), Value::as_str).unwrap_or("?");
    let kind = field.get("type").map_or(Some("any"), Value::as_str).unwrap_or("?");
    let words = |key: &str, usual: [&str; 4]| {
        let usual = || usual.iter().map(|word| (*word).to_owned()).collect();
        let words: Vec<String> = field.get(key).and_then(cells).unwrap_or_else(usual);
        words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|")
    };
    let pattern = match (kind, format) {
        ("any" | "string", "default") => return None,
        ("integer", "default") => "[+-]?[0-9]+".to_owned(),
        ("number", "default") => "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN".to_owned(),
        ("boolean", "default") => {
            let words_of_truth = words("trueValues", ["true", "True", "TRUE", "1"]);
            format!("{words_of_truth}|{}", words("falseValues", ["false", "False", "FALSE", "0"]))
        }
        ("date", "default") => "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])".to_owned(),
        ("year", "default") => "[+-]?[0-9]{4,}".to_owned(),
        ("string", "uuid") => "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}".to_owned(),
        _ => {
            imported.leave_out(place, &format!("the type `{kind}` of format `{format}`"));
            return None;
        }
    };
    Some(pattern)
}
