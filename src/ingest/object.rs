//! A JSON object as a row: members of inner objects under dotted names, lists of plain values as one cell.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::keyed::KeyedRow;
use crate::finding::Code;

/// Reads one object. Text comes as text, `null` as an empty cell, numbers as they are written, so that no digit is lost.
/// `{"address": {"city": …}}` fills the column `address.city`; `["a", "b"]` is the cell `a; b`; a list of objects
/// fills a column for each of their members, value by value in one order. What fits none of that stays JSON.
pub(super) fn read_object(bytes: &[u8], row: &mut KeyedRow) -> Result<(), Code> {
    let text = std::str::from_utf8(bytes).map_err(|_| Code::RowUndecodable)?;
    let Members(members) = serde_json::from_str(text).map_err(|_| Code::RowBadJson)?;
    row.begin();
    for (key, value) in &members {
        put(row, &key.0, value, 0)?;
    }
    Ok(())
}

fn put(row: &mut KeyedRow, name: &str, value: &RawValue, depth: usize) -> Result<(), Code> {
    match value.get().as_bytes().first() {
        Some(b'n') => row.absent(name),
        Some(b'{') if depth < DEEPEST => {
            let Members(members) = serde_json::from_str(value.get()).map_err(|_| Code::RowBadJson)?;
            if members.is_empty() {
                row.absent(name);
            }
            for (key, value) in &members {
                put(row, &format!("{name}.{}", key.0), value, depth + 1)?;
            }
        }
        Some(b'[') => put_list(row, name, value)?,
        Some(b'{') => row.cell(name).push_str(value.get()),
        _ => row.cell(name).push_str(&plain(value)?.unwrap_or_default()),
    }
    Ok(())
}

fn put_list(row: &mut KeyedRow, name: &str, value: &RawValue) -> Result<(), Code> {
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|_| Code::RowBadJson)?;
    if items.is_empty() {
        row.absent(name);
        return Ok(());
    }
    if let Some(cell) = joined(items.iter().copied().filter(|item| item.get() != "null"))? {
        if cell.is_empty() {
            row.absent(name)
        } else {
            row.cell(name).push_str(&cell)
        }
        return Ok(());
    }
    match columns_of(&items)? {
        Some(columns) => {
            for (key, cell) in columns {
                row.cell(&format!("{name}.{key}")).push_str(&cell);
            }
        }
        None => row.cell(name).push_str(value.get()),
    }
    Ok(())
}

/// The members of objects in a list, each as a cell with the values of all of them; none where they are no flat objects, or
/// too many.
fn columns_of(items: &[&RawValue]) -> Result<Option<Vec<(String, String)>>, Code> {
    if items.len() > LONGEST_LIST || !items.iter().all(|item| item.get().starts_with('{')) {
        return Ok(None);
    }
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Members(members) = serde_json::from_str(item.get()).map_err(|_| Code::RowBadJson)?;
        for (key, value) in &members {
            let Some(text) = plain(value)?.filter(|text| can_stand_in_a_list(text)) else { return Ok(None) };
            let place = columns.iter().position(|(known, _)| *known == key.0).unwrap_or_else(|| {
                columns.push((key.0.to_string(), Vec::new()));
                columns.len() - 1
            });
            if place >= LONGEST_LIST {
                return Ok(None);
            }
            let values = &mut columns[place].1;
            if values.len() > index {
                return Ok(None);
            }
            values.resize(index, String::new());
            values.push(text.into_owned());
        }
    }
    // A label that the last objects lack is not that of all of them.
    let cell = |mut values: Vec<String>| {
        values.resize(items.len(), String::new());
        values.join(SEPARATOR)
    };
    Ok(Some(columns.into_iter().map(|(key, values)| (key, cell(values))).collect()))
}

/// Plain values as one cell; none where one of them is not plain, or could not be told from two.
fn joined<'v>(items: impl Iterator<Item = &'v RawValue>) -> Result<Option<String>, Code> {
    let mut cell = String::new();
    for (index, item) in items.enumerate() {
        let Some(text) = plain(item)?.filter(|text| can_stand_in_a_list(text)) else { return Ok(None) };
        if index > 0 {
            cell.push_str(SEPARATOR);
        }
        cell.push_str(&text);
    }
    Ok(Some(cell))
}

/// A value that is neither an object nor a list, as text; `null` is empty.
fn plain(value: &RawValue) -> Result<Option<Cow<'_, str>>, Code> {
    Ok(match value.get().as_bytes().first() {
        Some(b'"') => {
            let unescaped: Str<'_> = serde_json::from_str(value.get()).map_err(|_| Code::RowBadJson)?;
            Some(unescaped.0)
        }
        Some(b'n') => Some(Cow::Borrowed("")),
        Some(b'{' | b'[') => None,
        _ => Some(Cow::Borrowed(value.get())),
    })
}

fn can_stand_in_a_list(text: &str) -> bool {
    !text.contains([';', '\n'])
}

const SEPARATOR: &str = "; ";
/// Objects within objects beyond that stay JSON, as do longer lists of objects, and objects of more members in them.
const DEEPEST: usize = 16;
const LONGEST_LIST: usize = 100;

#[derive(Deserialize)]
struct Str<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object as they are written.
struct Members<'a>(Vec<(Str<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(objects: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
        let mut row = KeyedRow::new(100);
        let rows = objects
            .iter()
            .map(|object| {
                read_object(object.as_bytes(), &mut row).expect("an object");
                row.cells().to_vec()
            })
            .collect();
        (row.into_columns(), rows)
    }

    #[test]
    fn inner_objects_become_dotted_columns_and_lists_one_cell() {
        let (columns, rows) = read(&[
            r#"{"id": 72104483011220001, "name": {"first": "דנה", "last": {"now": "כהן"}}, "tags": ["a", 2, null, true], "x": {}}"#,
            r#"{"id": 1.50, "name": null, "tags": [], "address": {"city": "Haifa"}}"#,
        ]);
        assert_eq!(columns, ["id", "name.first", "name.last.now", "tags", "address.city", "x"]);
        assert_eq!(rows[0], ["72104483011220001", "דנה", "כהן", "a; 2; true"]);
        assert_eq!(rows[1], ["1.50", "", "", "", "Haifa"]);
    }

    #[test]
    fn lists_of_objects_keep_what_belongs_together_side_by_side() {
        let (columns, rows) = read(&[
            r#"{"phones": [{"value": "050-2345678", "type": "mobile"}, {"value": "03-5234567"}, {"type": "fax", "value": "x"}]}"#,
        ]);
        assert_eq!(columns, ["phones.value", "phones.type"]);
        assert_eq!(rows[0], ["050-2345678; 03-5234567; x", "mobile; ; fax"]);
        let (_, rows) = read(&[r#"{"phones": [{"type": "fax", "value": "03-5234567"}, {"value": "050-2345678"}]}"#]);
        assert_eq!(rows[0], ["fax; ", "03-5234567; 050-2345678"]);
    }

    #[test]
    fn what_could_not_be_told_apart_again_stays_json() {
        let objects = [
            r#"{"a": ["x;y", "z"]}"#,
            r#"{"a": [["x"], "z"]}"#,
            r#"{"a": [{"b": {"c": 1}}]}"#,
            r#"{"a": [{"b": 1}, 2]}"#,
        ];
        for object in objects {
            let (columns, rows) = read(&[object]);
            let list = object.trim_start_matches("{\"a\": ").trim_end_matches('}');
            assert_eq!(columns, ["a"], "{object}");
            assert!(rows[0][0].starts_with(&list[..list.len() - 1]), "{object}: {:?}", rows[0]);
        }
    }

    #[test]
    fn two_keys_of_one_dotted_name_both_stay() {
        let (columns, rows) = read(&[r#"{"a.b": 1, "a": {"b": 2}}"#]);
        assert_eq!(
            (columns, rows),
            (vec!["a.b".to_owned(), "a.b (2)".to_owned()], vec![vec!["1".to_owned(), "2".to_owned()]])
        );
    }

    #[test]
    fn depth_has_a_limit() {
        let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
        let (columns, rows) = read(&[&deep]);
        assert_eq!((columns.len(), rows[0][0].starts_with("{\"a\":")), (1, true));
    }
}
