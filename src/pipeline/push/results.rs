//! The results of a run as they lie in its directory.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};
use serde::Deserialize;

use super::error::PushError;
use crate::record::Field;
use crate::text::{BYTE_ORDER_MARK, without_guard};

/// Results of a run.
#[derive(Debug)]
pub struct RunResults {
    directory: PathBuf,
    /// The run's name.
    pub run: String,
    /// The lists that it read, as they were named.
    pub lists: Vec<String>,
    /// The column of keys of its only list, where it has one.
    pub key: Option<String>,
    /// The columns of its only list that mean something.
    pub(super) columns: Vec<(String, Field)>,
}

#[derive(Deserialize)]
struct RunJson {
    run: String,
    inputs: Vec<InputJson>,
}

#[derive(Deserialize)]
struct InputJson {
    name: String,
    mapping: MappingJson,
}

#[derive(Deserialize)]
struct MappingJson {
    columns: Vec<ColumnJson>,
}

#[derive(Deserialize)]
struct ColumnJson {
    header: String,
    field: Option<Field>,
}

/// A table of a run; cells as they were before the mark that guards spreadsheets.
pub(super) struct Table {
    file: String,
    reader: Reader<BufReader<File>>,
    cells: StringRecord,
}

impl RunResults {
    /// Those in a directory.
    ///
    /// # Errors
    /// When none are there.
    pub fn open(directory: &Path) -> Result<Self, PushError> {
        let shown = directory.display().to_string();
        let text = match std::fs::read_to_string(directory.join("run.json")) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(PushError::NoResults(shown)),
            Err(error) => return Err(unreadable(&directory.join("run.json"), &error)),
        };
        let json: RunJson =
            serde_json::from_str(&text).map_err(|error| unreadable(&directory.join("run.json"), &error))?;
        let columns: Vec<(String, Field)> = match &json.inputs[..] {
            [list] => list.mapping.columns.iter().filter_map(|own| Some((own.header.clone(), own.field?))).collect(),
            _ => Vec::new(),
        };
        let key = columns.iter().find(|(_, field)| *field == Field::Id).map(|(header, _)| header.clone());
        let lists = json.inputs.into_iter().map(|input| input.name).collect();
        Ok(RunResults { directory: directory.to_owned(), run: json.run, lists, key, columns })
    }

    /// A table; none where the run wrote none.
    fn open_table(&self, name: &str) -> Result<Option<Table>, PushError> {
        let path = self.directory.join(name);
        match File::open(&path) {
            Ok(file) => Ok(Some(Table {
                file: path.display().to_string(),
                reader: ReaderBuilder::new().from_reader(BufReader::with_capacity(1 << 16, file)),
                cells: StringRecord::new(),
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(&path, &error)),
        }
    }

    /// The same; `rows.csv` must be there.
    pub(super) fn table(&self, name: &str) -> Result<Option<Table>, PushError> {
        let table = self.open_table(name)?;
        if table.is_none() && name == "rows.csv" {
            return Err(PushError::NotCsv(self.directory.join(name).display().to_string()));
        }
        Ok(table)
    }
}

impl Table {
    /// Its header.
    pub(super) fn header(&mut self) -> Result<StringRecord, PushError> {
        let header = self.reader.headers().cloned();
        let header = header.map_err(|error| unreadable(Path::new(&self.file), &error))?;
        // Excel's mark stands before the first name.
        Ok(header.iter().map(|name| name.trim_start_matches(BYTE_ORDER_MARK)).collect())
    }

    /// The next row; false behind the last.
    pub(super) fn next(&mut self, row: &mut StringRecord) -> io::Result<bool> {
        if !self.reader.read_record(&mut self.cells).map_err(io::Error::from)? {
            return Ok(false);
        }
        // Hardly a row has a guarded cell; the others are handed on as they are.
        if self.cells.iter().all(|cell| without_guard(cell).len() == cell.len()) {
            std::mem::swap(row, &mut self.cells);
        } else {
            row.clear();
            self.cells.iter().for_each(|cell| row.push_field(without_guard(cell)));
        }
        Ok(true)
    }

    /// The next row, for whoever has no database to answer to.
    pub(super) fn read(&mut self, row: &mut StringRecord) -> Result<bool, PushError> {
        self.next(row).map_err(|error| unreadable(Path::new(&self.file), &error))
    }
}

pub(super) fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> PushError {
    PushError::Unreadable { file: path.display().to_string(), reason: error.to_string() }
}
