//! Lists as they really come: each file of `fixtures/lists/files` is cleaned and checked, and read as the table of the
//! same name in `fixtures/lists/expected` says. fixtures/README.md tells how these tables are written.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::support::program::{AS_OF, Place, Ran};

#[test]
fn lists_as_they_come_are_read_as_people_read_them() {
    let all = Case::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lists"));
    assert!(all.len() > 50, "there are lists");
    let failures: Vec<String> = all.par_iter().flat_map(|case| case.failures()).collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// `TIUV_LISTS=DIR cargo test --test integration another_directory_of_lists -- --ignored --nocapture`, for a directory
/// of the same form.
#[test]
#[ignore = "scores the directory that TIUV_LISTS names"]
fn another_directory_of_lists_is_scored() {
    let directory = std::env::var_os("TIUV_LISTS").expect("TIUV_LISTS names a directory with files/ and expected/");
    let all = Case::all(Path::new(&directory));
    let failed: Vec<(String, Vec<String>)> = all
        .par_iter()
        .map(|case| (case.name.clone(), case.failures()))
        .filter(|(_, failures)| !failures.is_empty())
        .collect();
    let text: String = failed.iter().map(|(_, failures)| failures.join("\n") + "\n").collect();
    let expectations: usize = all.iter().map(|case| case.expectations.len()).sum();
    let missed: usize = failed.iter().map(|(_, failures)| failures.len()).sum();
    assert!(
        failed.is_empty(),
        "{text}{missed} of {expectations} expectations fail, in {} of {} lists",
        failed.len(),
        all.len()
    );
}

/// One list and what is expected of it.
struct Case {
    name: String,
    file: PathBuf,
    args: Vec<String>,
    expectations: Vec<Expectation>,
}

struct Expectation {
    key: String,
    column: String,
    is: String,
    value: String,
    why: String,
}

impl Case {
    /// Every file of `files` with its table of `expected`.
    fn all(directory: &Path) -> Vec<Case> {
        let entries = std::fs::read_dir(directory.join("files")).expect("there are files");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
        files.sort();
        files.into_iter().map(|file| Case::of(directory, file)).collect()
    }

    fn of(directory: &Path, file: PathBuf) -> Case {
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let stem = name.split('.').next().unwrap_or_default();
        let table =
            std::fs::read_to_string(directory.join("expected").join(format!("{stem}.tsv"))).expect("has a table");
        let (notes, lines): (Vec<&str>, Vec<&str>) = table.lines().partition(|line| line.starts_with('#'));
        let args = notes.iter().filter_map(|note| note.strip_prefix("# args:")).flat_map(str::split_whitespace);
        let expectations = lines.iter().skip(1).map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            let mut next = || cells.next().unwrap_or_default();
            Expectation { key: next(), column: next(), is: next(), value: next(), why: next() }
        });
        Case { args: args.map(str::to_owned).collect(), expectations: expectations.collect(), name, file }
    }

    /// What is not as expected, in words.
    fn failures(&self) -> Vec<String> {
        let place = Place::new();
        place.write(&self.name, std::fs::read(&self.file).expect("readable"));
        let ran = self.run(&place, "clean", &["--out", "out", "--no-state"]);
        if ran.exit != Some(0) {
            return vec![format!("{}: clean ends with {:?}: {}", self.name, ran.exit, ran.stderr.trim())];
        }
        let tables = Tables::read(&place.path("out"));
        let Ok(tables) = tables else { return vec![format!("{}: {}", self.name, tables.err().unwrap_or_default())] };
        let said = if self.expectations.iter().any(|one| one.is == "line") {
            ["text", "github", "sarif"].map(|format| self.run(&place, "check", &["--format", format]).stdout).to_vec()
        } else {
            Vec::new()
        };
        let fault = |one: &Expectation| match one.is.as_str() {
            "line" => one.fault_of_line(&self.name, &said),
            _ => one.fault_of_value(&tables),
        };
        let told = |one: &Expectation, fault: String| format!("{}: {} {}: {fault}", self.name, one.key, one.column);
        self.expectations.iter().filter_map(|one| Some(told(one, fault(one)?))).collect()
    }

    fn run(&self, place: &Place, command: &str, args: &[&str]) -> Ran {
        let own = self.args.iter().map(String::as_str);
        let args: Vec<&str> =
            [command, &self.name].into_iter().chain(args.iter().copied()).chain(AS_OF).chain(own).collect();
        place.tiuv(&args)
    }
}

impl Expectation {
    /// Why the tables are not as expected; none where they are.
    fn fault_of_value(&self, tables: &Tables) -> Option<String> {
        let found = match (self.key.as_str(), self.column.as_str()) {
            ("*", "customers") => tables.customers.rows.len().to_string(),
            ("*", "rows") => tables.rows.rows.len().to_string(),
            (key, columns) => {
                let Some(row) = tables.rows.with_cell(key) else { return Some("no row has this cell".to_owned()) };
                let values = columns.split('|').map(|column| tables.value(row, column));
                let Some(value) = values.flatten().max_by_key(|value| !value.is_empty()) else {
                    return Some("no such column".to_owned());
                };
                value.to_owned()
            }
        };
        let is_met = match self.is.as_str() {
            "=" => found == self.value,
            "in" => self.value.split('|').any(|value| value.trim() == found),
            "empty" => found.is_empty(),
            "filled" => !found.is_empty(),
            other => return Some(format!("`{other}` is not known")),
        };
        (!is_met).then(|| format!("is {found:?}, not {} {:?}", self.is, self.value))
    }

    /// Why a form of `check` does not give the line; none where all do.
    fn fault_of_line(&self, name: &str, said: &[String]) -> Option<String> {
        let line = &self.value;
        let is_here = |told: &str| told.contains(&self.column) && told.contains(&self.why);
        let [text, github, sarif] = said else { return Some("check said nothing".to_owned()) };
        // `list.csv:7: …`, and of a workbook `list.xlsx:Sheet1!D7: …`.
        let ends_in_line = |told: &&str| {
            let place =
                told.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')).and_then(|rest| rest.split_once(": "));
            let cell = place.map(|(place, _)| place.rsplit_once('!').map_or(place, |(_, cell)| cell));
            cell.is_some_and(|cell| cell.trim_start_matches(char::is_alphabetic) == line)
        };
        if !text.lines().filter(ends_in_line).any(is_here) {
            return Some(format!("not in line {line}:\n{text}"));
        }
        let mark = format!(",line={line},");
        if !github.lines().filter(|told| told.contains(&mark)).any(is_here) {
            return Some(format!("not in line {line}:\n{github}"));
        }
        let sarif: serde_json::Value = serde_json::from_str(sarif).unwrap_or_default();
        let results = sarif["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        let is_result = |result: &serde_json::Value| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let told = format!("{} {}", result["ruleId"], result["message"]["text"].as_str().unwrap_or_default());
            region["startLine"].as_u64().is_some_and(|own| line.parse() == Ok(own)) && is_here(&told)
        };
        (!results.iter().any(is_result)).then(|| format!("not in line {line}: {results:?}"))
    }
}

/// What `clean` wrote.
struct Tables {
    rows: Table,
    customers: Table,
}

impl Tables {
    /// Reads every table of a run: each record of each has as many cells as its header, or this fails.
    fn read(out: &Path) -> Result<Tables, String> {
        for entry in std::fs::read_dir(out).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.extension().is_some_and(|ending| ending == "csv") {
                Table::read(&path)?;
            }
        }
        Ok(Tables { rows: Table::read(&out.join("rows.csv"))?, customers: Table::read(&out.join("customers.csv"))? })
    }

    /// A row's cell in a column of rows.csv, or in one of its customer's (`golden.x`).
    fn value<'t>(&'t self, row: &'t [String], column: &str) -> Option<&'t str> {
        let Some(golden) = column.strip_prefix("golden.") else { return self.rows.cell(row, column) };
        let customer = self.rows.cell(row, "tiuv_customer")?;
        let is_its = |golden: &&Vec<String>| self.customers.cell(golden, "tiuv_customer") == Some(customer);
        self.customers.cell(self.customers.rows.iter().find(is_its)?, golden)
    }
}

struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Result<Table, String> {
        let told = |error: csv::Error| format!("{}: {error}", path.display());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).map_err(told)?;
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(told)?.iter().map(str::to_owned).collect::<Vec<String>>());
        }
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Ok(Table { header, rows })
    }

    fn cell<'t>(&self, row: &'t [String], column: &str) -> Option<&'t str> {
        let place = self.header.iter().position(|name| name == column)?;
        row.get(place).map(String::as_str)
    }

    /// The first row that has this cell in one of the list's own columns.
    fn with_cell(&self, cell: &str) -> Option<&[String]> {
        let own = self.header.iter().position(|name| name == "tiuv_row").unwrap_or(self.header.len());
        self.rows.iter().find(|row| row.iter().take(own).any(|own| own == cell)).map(Vec::as_slice)
    }
}
