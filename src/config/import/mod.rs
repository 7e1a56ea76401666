//! What other tools expect of a list, as `[[expect]]` tables: what does not map is said, and never passes for mapped.

mod dbt;
mod frictionless;
mod great_expectations;
mod imported;

use serde_json::{Map, Value};

pub use imported::Imported;

/// Why a file can't be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Neither JSON nor YAML.
    #[error("it is neither JSON nor YAML: {0}")]
    Syntax(String),
    /// None of the kinds that are read.
    #[error("it is no Table Schema, no schema.yml of dbt and no suite of Great Expectations")]
    Unknown,
    /// Several tables, none of which is named.
    #[error("it is about {}", .0.join(", "))]
    Several(Vec<String>),
    /// No such table.
    #[error("it is not about {table:?}, but about {}", tables.join(", "))]
    NoTable {
        /// As asked for.
        table: String,
        /// Those that are there.
        tables: Vec<String>,
    },
}

/// Reads what another tool expects; `table` says of which of its tables, where there are several.
///
/// # Errors
/// When it is none of the kinds that are read, or which table is meant is not said.
pub fn import(text: &str, table: Option<&str>) -> Result<Imported, ImportError> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let file: Value = if is_json {
        serde_json::from_str(text).map_err(|error| ImportError::Syntax(error.to_string()))?
    } else {
        serde_saphyr::from_str(text).map_err(|error| ImportError::Syntax(error.to_string()))?
    };
    let file = file.as_object().ok_or(ImportError::Unknown)?;
    if file.get("expectations").is_some_and(Value::is_array) {
        return one("the suite", great_expectations::import(file), table);
    }
    if file.get("fields").is_some_and(Value::is_array) {
        return one("the schema", frictionless::import(file), table);
    }
    // A data package has a schema a resource.
    let resources: Vec<_> =
        file.get("resources").and_then(Value::as_array).into_iter().flatten().filter_map(named_schema).collect();
    if !resources.is_empty() {
        return chosen(&resources, table).map(frictionless::import);
    }
    match dbt::tables(file) {
        tables if tables.is_empty() => Err(ImportError::Unknown),
        tables => chosen(&tables, table).map(dbt::import),
    }
}

fn named_schema(resource: &Value) -> Option<(&str, &Map<String, Value>)> {
    Some((resource.get("name")?.as_str()?, resource.get("schema")?.as_object()?))
}

/// What has one table has no name for it.
fn one(what: &str, imported: Imported, table: Option<&str>) -> Result<Imported, ImportError> {
    match table {
        Some(table) => Err(ImportError::NoTable { table: table.to_owned(), tables: vec![what.to_owned()] }),
        None => Ok(imported),
    }
}

fn chosen<'f>(
    tables: &[(&str, &'f Map<String, Value>)],
    wanted: Option<&str>,
) -> Result<&'f Map<String, Value>, ImportError> {
    let names = || tables.iter().map(|(name, _)| (*name).to_owned()).collect();
    match (wanted, tables) {
        (None, [(_, table)]) => Ok(table),
        (None, _) => Err(ImportError::Several(names())),
        (Some(wanted), _) => {
            let found = tables.iter().find(|(name, _)| *name == wanted);
            let missing = || ImportError::NoTable { table: wanted.to_owned(), tables: names() };
            found.map(|(_, table)| *table).ok_or_else(missing)
        }
    }
}
