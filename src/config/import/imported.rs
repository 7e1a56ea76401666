//! What was made of another tool's expectations, and what could not be.

use std::fmt::Write as _;

use regex::Regex;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::rule::{AtLeast, Expectation};

/// What was made of another tool's expectations.
#[derive(Debug, Default)]
pub struct Imported {
    /// What the file is.
    pub(super) kind: &'static str,
    tables: Vec<Expectation>,
    /// What does not map: where it stands, and why it was left out.
    left_out: Vec<String>,
}

/// What stands beside an expectation and asks for nothing.
pub(super) type Known<'k> = &'k [&'k str];

impl Imported {
    pub(super) fn new(kind: &'static str) -> Self {
        Imported { kind, ..Imported::default() }
    }

    /// What does not map, each with where it stands.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// How many tables there are.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    /// Whether nothing maps.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub(super) fn push(&mut self, table: Expectation) {
        self.tables.push(table);
    }

    /// Something was left out; names in it are another file's, and stay in their line.
    pub(super) fn leave_out(&mut self, place: &str, what: &str) {
        let one_line = |text: &str| text.replace(|letter: char| letter.is_control(), " ");
        self.left_out.push(format!("{}: {}", one_line(place), one_line(what)));
    }

    /// Leaves out all keys that are not known.
    pub(super) fn leave_out_unknown(&mut self, place: &str, object: &Map<String, Value>, known: Known<'_>) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            self.leave_out(place, &format!("`{key}` has no counterpart"));
        }
    }

    /// A regular expression for whole cells, if it is one here too.
    pub(super) fn pattern(&mut self, place: &str, pattern: &str) -> Option<String> {
        match Regex::new(pattern) {
            Ok(_) => Some(pattern.to_owned()),
            Err(_) => {
                self.leave_out(place, &format!("the regular expression `{pattern}` can't be read here"));
                None
            }
        }
    }

    /// `[[expect]]` tables, with what was left out as comments before them.
    pub fn to_toml(&self) -> String {
        let mut text = format!("# Made by `tiuv rule import` from {}.\n", self.kind);
        for line in &self.left_out {
            let _ = writeln!(text, "# Left out: {line}");
        }
        for table in &self.tables {
            let written = toml::to_string(&Tables { expect: [table] }).expect("plain data");
            let _ = write!(text, "\n{written}");
        }
        text
    }
}

#[derive(Serialize)]
struct Tables<'a> {
    expect: [&'a Expectation; 1],
}

/// A table about one column.
pub(super) fn about(column: &str) -> Expectation {
    Expectation { column: column.to_owned(), ..Expectation::default() }
}

/// Values as cells hold them; none where one is no plain value.
pub(super) fn cells(values: &Value) -> Option<Vec<String>> {
    let cell = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    values.as_array()?.iter().map(cell).collect()
}

/// The bounds that a tool gives by two keys; the widest where it gives but one. None where they are no counts.
pub(super) fn bounds(least: Option<&Value>, most: Option<&Value>) -> Option<(u64, u64)> {
    let count = |value: Option<&Value>, missing: u64| match value {
        None | Some(Value::Null) => Some(missing),
        Some(value) => value.as_u64().filter(|count| *count <= WIDEST),
    };
    Some((count(least, 0)?, count(most, WIDEST)?))
}

/// More than any list has.
pub(super) const WIDEST: u64 = u32::MAX as u64;

/// A share between 0 and 1 as percent.
pub(super) fn share(value: &Value) -> Option<AtLeast> {
    let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share))?;
    AtLeast::try_from(format!("{:.4}%", share * 100.0)).ok()
}
