//! `rules/lists.toml`: which lists can be brought up to date, and what their entries may be.

use serde::{Deserialize, Serialize};

use super::{Column, UpdateError};
use crate::error::closest;
use crate::rule::{RuleError, RuleFiles};

const PATH: &str = "lists.toml";

/// All lists that can be brought up to date.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateLists {
    /// How much is fetched, and what is said.
    pub limits: UpdateLimits,
    /// The lists, in the order of the file.
    #[serde(rename = "list")]
    pub lists: Vec<UpdatableList>,
}

/// How much is fetched, and what is said.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateLimits {
    /// The longest list, unpacked.
    pub max_mib: u32,
    /// For the whole of an answer.
    pub timeout_seconds: u32,
    /// How often an address may send us to another.
    pub max_redirects: u32,
    /// A greater share of entries that go is warned of.
    pub warn_removed_percent: u32,
    /// Entries shown of each kind of difference.
    pub shown: usize,
}

/// One list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdatableList {
    /// As on the command line.
    pub name: String,
    /// Below `rules/`.
    pub file: String,
    /// What an entry means.
    pub what: String,
    /// Where the shipped one came from.
    pub source: String,
    /// Where newer ones are found.
    pub newer: Option<String>,
    /// How its file is written.
    pub form: ListForm,
    /// Written in order, else as it came.
    #[serde(default)]
    pub sorted: bool,
    /// An entry stands for whatever is below it.
    #[serde(default)]
    pub is_tree: bool,
    /// What must not be on it.
    #[serde(default)]
    pub guards: Vec<Guard>,
    /// Single entries that must not be on it.
    #[serde(default)]
    pub never: Vec<String>,
    /// Codes or prefixes of codes whose examples must hold with it.
    #[serde(default)]
    pub tested_by: Vec<String>,
    /// Its columns, in the order of the file.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// What must not be on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// A provider of mailboxes: `providers.toml`, `il_domains.tsv`.
    Provider,
    /// Another provider of free mailboxes: `free.txt`.
    Free,
    /// A forwarding service: `classes.toml`.
    Relay,
    /// A throw-away mailbox: `disposable.txt`.
    Disposable,
    /// A name that others register theirs below.
    PublicSuffix,
}

/// The cells of an entry, in the order of the list's columns.
pub type Row = Vec<String>;

/// How the file of a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListForm {
    /// An entry a line.
    Lines,
    /// Tab-separated, with a header.
    Table,
}

impl UpdateLists {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form or contradicts itself.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let lists: UpdateLists = files.parse(PATH)?;
        let known = files.names_below("");
        for list in &lists.lists {
            list.check(&known).map_err(|message| {
                let message = format!("list `{}`: {message}", list.name);
                RuleError::Meaning { path: PATH.to_owned(), message }
            })?;
        }
        Ok(lists)
    }

    /// The list of this name.
    ///
    /// # Errors
    /// With the closest name.
    pub fn find(&self, name: &str) -> Result<&UpdatableList, UpdateError> {
        self.lists.iter().find(|list| list.name == name).ok_or_else(|| UpdateError::UnknownList {
            name: name.to_owned(),
            closest: closest(name, self.lists.iter().map(|list| list.name.as_str())).map(str::to_owned),
        })
    }
}

impl UpdatableList {
    fn check(&self, known: &[String]) -> Result<(), String> {
        if !known.contains(&self.file) {
            return Err(format!("there is no file `{}`", self.file));
        }
        if !self.columns.iter().any(|column| column.is_key) {
            return Err("no column has `is_key`".to_owned());
        }
        if self.form == ListForm::Lines && self.columns.len() != 1 {
            return Err("a list of lines has one column".to_owned());
        }
        self.columns.iter().try_for_each(Column::check)
    }

    /// What tells an entry from the others.
    pub fn key(&self, row: &Row) -> String {
        let mut key = String::new();
        for (cell, _) in row.iter().zip(&self.columns).filter(|(_, column)| column.is_key) {
            if !key.is_empty() {
                key.push('\t');
            }
            key.push_str(cell);
        }
        key
    }

    /// The names of its columns.
    pub fn header(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::update::reading::read;

    #[test]
    fn every_shipped_list_is_as_it_would_be_written_and_has_nothing_that_would_be_refused() {
        let files = RuleFiles::embedded();
        let lists = UpdateLists::load(&files).expect("the shipped rules load");
        for list in &lists.lists {
            let reading = read(list, &files.text(&list.file)).expect("the shipped lists are lists");
            assert!(!reading.rows.is_empty(), "{}", list.name);
            assert_eq!(reading.bad, [], "{}", list.name);
            assert_eq!(reading.duplicates, 0, "{}", list.name);
            assert!(reading.ignored.is_empty() && reading.missing.is_empty(), "{}", list.name);
            let guards = crate::rule::update::guard::Guards::load(&files, list).expect("the shipped rules load");
            let suspicious: Vec<_> =
                reading.rows.iter().filter_map(|row| Some((&row[0], guards.why_not(&row[0])?))).collect();
            assert!(suspicious.is_empty(), "{}: {suspicious:?}", list.name);
        }
    }

    #[test]
    fn a_list_that_contradicts_itself_is_refused_with_its_name() {
        let text = RuleFiles::embedded().text("lists.toml").into_owned();
        for (from, to, told) in [
            ("email/disposable.txt", "email/disposible.txt", "`disposable`: there is no file `email/disposible.txt`"),
            ("words = [\"freemail\", \"isp\"]", "", "`il-domains`: column `kind` has no `words`"),
        ] {
            let files = RuleFiles::embedded().with(
                PATH,
                text.replacen(&format!("file = \"{from}"), &format!("file = \"{to}"), 1).replacen(from, to, 1),
            );
            let error = UpdateLists::load(&files).expect_err("refused").to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
