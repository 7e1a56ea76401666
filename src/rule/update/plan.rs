//! What an update would do: read, guarded, compared.

use std::collections::HashSet;

use serde::Serialize;

use super::diff::{Diff, merge};
use super::guard::Guards;
use super::reading::{BadLine, Reading, parents, read};
use super::text::read_text;
use super::{Origin, Row, UpdatableList, UpdateError, file};
use crate::rule::RuleFiles;

/// What an update may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct UpdateOptions {
    /// Leave bad lines out instead of giving up.
    pub skip_bad: bool,
    /// Keep entries that would do harm.
    pub keep_suspicious: bool,
    /// Keep entries that the new list lacks.
    pub add_only: bool,
}

/// An entry that would do harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspicious {
    /// The entry's key.
    pub entry: String,
    /// Why.
    pub why: String,
}

/// What an update would do.
#[derive(Debug)]
pub struct Update {
    /// How the list would differ.
    pub diff: Diff,
    /// Entries that would do harm, left out or kept as the options say.
    pub suspicious: Vec<Suspicious>,
    /// The first lines that were left out.
    pub bad: Vec<BadLine>,
    /// How many lines were left out.
    pub bad_count: usize,
    /// Entries that stand there again.
    pub duplicates: usize,
    /// Entries below another one.
    pub covered: usize,
    /// What a person should know before it is written.
    pub warnings: Vec<String>,
    rows: Vec<Row>,
}

impl Update {
    /// Reads a new list and compares it with the one in force.
    ///
    /// # Errors
    /// When the bytes are no list, hold bad lines that are not to be skipped, or leave no entry.
    pub fn plan(
        list: &UpdatableList,
        files: &RuleFiles,
        bytes: &[u8],
        from: &str,
        warn_removed_percent: u32,
        options: UpdateOptions,
    ) -> Result<Self, UpdateError> {
        let text = read_text(bytes, from)?;
        let mut reading = read(list, &text).map_err(|wrong| wrong.of(from))?;
        if !options.skip_bad {
            refuse_bad(&reading, from)?;
        }
        let guards = Guards::load(files, list)?;
        let suspicious = take_suspicious(list, &guards, &mut reading.rows, options.keep_suspicious);
        // The list in force may be a user's own with lines that are none: they count for nothing.
        let old = read(list, &files.text(&list.file)).map(|reading| reading.rows).unwrap_or_default();
        let Reading { mut rows, bad, bad_count, duplicates, ignored, missing } = reading;
        // Only now: a public suffix that was left out stands for nobody.
        let covered = if list.is_tree { leave_out_covered(&mut rows) } else { 0 };
        if rows.is_empty() {
            return Err(UpdateError::Empty { from: from.to_owned() });
        }
        let (rows, diff) = merge(list, old, rows, &missing, options.add_only);
        let mut warnings = Vec::new();
        let removed = diff.removed.len() as u64 * 100;
        if removed > u64::from(warn_removed_percent) * diff.was as u64 {
            let percent = removed / diff.was as u64;
            warnings.push(format!("{percent} % of the entries in force would go; is the new list whole?"));
        }
        if options.keep_suspicious && !suspicious.is_empty() {
            warnings.push(format!("{} entries that would do harm are kept", suspicious.len()));
        }
        for column in missing {
            let name = &list.columns[column].name;
            warnings
                .push(format!("the new list has no column `{name}`: it stays as it is, and is empty for new entries"));
        }
        if !ignored.is_empty() {
            warnings.push(format!("columns that are not read: {}", ignored.join(", ")));
        }
        Ok(Update { diff, suspicious, bad, bad_count, duplicates, covered, warnings, rows })
    }

    /// The text of the list's file.
    pub fn file(&self, list: &UpdatableList, origin: &Origin) -> String {
        file::write(list, &self.rows, origin)
    }
}

impl UpdatableList {
    /// How many entries are in force.
    pub fn count(&self, files: &RuleFiles) -> usize {
        read(self, &files.text(&self.file)).map_or(0, |reading| reading.rows.len())
    }
}

fn refuse_bad(reading: &Reading, from: &str) -> Result<(), UpdateError> {
    let Some(BadLine { line, text, why }) = reading.bad.first().cloned() else { return Ok(()) };
    Err(UpdateError::BadLine { from: from.to_owned(), line, text, why, more: reading.bad_count - 1 })
}

fn take_suspicious(list: &UpdatableList, guards: &Guards, rows: &mut Vec<Row>, keep: bool) -> Vec<Suspicious> {
    let mut suspicious = Vec::new();
    rows.retain(|row| {
        let entry = list.key(row);
        let Some(why) = guards.why_not(&entry) else { return true };
        suspicious.push(Suspicious { entry, why });
        keep
    });
    suspicious
}

/// Leaves out names below another entry, which stands for them.
fn leave_out_covered(rows: &mut Vec<Row>) -> usize {
    let before = rows.len();
    let names: HashSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    rows.retain(|row| !parents(&row[0]).any(|parent| names.contains(parent)));
    before - rows.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::update::UpdateLists;

    fn plan(name: &str, text: &str, options: UpdateOptions) -> Result<(Update, UpdatableList), UpdateError> {
        let files = RuleFiles::embedded();
        let lists = UpdateLists::load(&files).expect("the shipped rules load");
        let list = lists.find(name)?.clone();
        Update::plan(&list, &files, text.as_bytes(), "new.txt", 20, options).map(|update| (update, list))
    }

    #[test]
    fn every_shipped_list_is_up_to_date_with_itself_and_its_file_reads_back() {
        let files = RuleFiles::embedded();
        let lists = UpdateLists::load(&files).expect("the shipped rules load");
        let day = jiff::civil::date(2026, 11, 21);
        let origin = Origin { from: "new\n.txt".to_owned(), sha256: "00".to_owned(), day };
        for list in &lists.lists {
            let text = files.text(&list.file);
            let plan = |text: &str| {
                Update::plan(list, &files, text.as_bytes(), "x", 20, UpdateOptions::default()).expect("is a list")
            };
            let update = plan(&text);
            assert!(update.diff.is_empty() && update.warnings.is_empty(), "{}: {:?}", list.name, update.diff);
            assert_eq!((update.diff.was, update.covered), (list.count(&files), 0));
            let written = update.file(list, &origin);
            assert!(written.contains("# Source: new .txt, taken on 2026-11-21;"), "{written:.300}");
            assert!(plan(&written).diff.is_empty(), "{}", list.name);
        }
    }

    #[test]
    fn harm_is_left_out_unless_it_is_wanted() {
        let text = "gmail.com\nnew-trash.com\nco.il\n";
        let (update, list) = plan("disposable", text, UpdateOptions::default()).expect("is a list");
        assert_eq!(update.suspicious.iter().map(|one| one.entry.as_str()).collect::<Vec<_>>(), ["gmail.com", "co.il"]);
        assert_eq!((update.diff.is, update.diff.added.len()), (1, 1));
        assert!(update.warnings[0].starts_with("100 %"), "{:?}", update.warnings);
        let day = jiff::civil::date(2026, 11, 21);
        let written = update.file(&list, &Origin { from: "x".to_owned(), sha256: "00".to_owned(), day });
        assert!(written.ends_with("\n\nnew-trash.com\n") && !written.contains("gmail"), "{written}");
        let options = UpdateOptions { keep_suspicious: true, ..UpdateOptions::default() };
        assert_eq!(plan("disposable", text, options).expect("is a list").0.diff.is, 3);
    }

    #[test]
    fn an_entry_stands_for_what_is_below_it_and_one_that_is_left_out_for_nothing() {
        let text = "x.trash.co.il\nco.il\ntrash.co.il\na.b.trash.co.il\n";
        let (update, _) = plan("disposable", text, UpdateOptions::default()).expect("is a list");
        assert_eq!((update.covered, update.diff.added), (2, vec![vec!["trash.co.il".to_owned()]]));
        assert_eq!(update.suspicious.len(), 1);
    }

    #[test]
    fn nothing_left_and_bad_lines_are_refused() {
        for text in ["", "# nothing\n", "gmail.com\n"] {
            assert!(
                matches!(plan("disposable", text, UpdateOptions::default()), Err(UpdateError::Empty { .. })),
                "{text}"
            );
        }
        let error = plan("disposable", "a.com\nb\nc\n", UpdateOptions::default()).expect_err("has bad lines");
        assert_eq!(
            error.to_string(),
            "new.txt, line 2: `b`: it is a single word, not a domain; and 1 more line like this"
        );
        let options = UpdateOptions { skip_bad: true, ..UpdateOptions::default() };
        assert_eq!(plan("disposable", "a.com\nb\nc\n", options).expect("is a list").0.bad_count, 2);
    }
}
