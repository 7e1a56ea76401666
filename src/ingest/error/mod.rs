//! Why a source can't be read, and what to do about it. Values of customers never appear here.

mod problem;

use std::fs::File;
use std::io;
use std::path::Path;

pub(super) use self::problem::IngestProblem;
use super::choices::{closest_neighbour, did_you_mean};
use crate::error::{Excerpt, Exit, Explain};
use crate::rule::RuleError;

/// A source that can't be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", self.prefix())]
pub struct IngestError {
    file: String,
    problem: IngestProblem,
}

impl IngestError {
    /// A problem with a named source.
    pub(crate) fn new(file: impl Into<String>, problem: IngestProblem) -> Self {
        IngestError { file: file.into(), problem }
    }

    /// The same problem with the name of the file, as the user gave it, for those who know it.
    #[must_use]
    pub(crate) fn in_file(self, file: &str) -> Self {
        IngestError { file: file.to_owned(), ..self }
    }

    /// What is wrong.
    pub fn problem(&self) -> &IngestProblem {
        &self.problem
    }

    /// Opens a regular file, named in errors as the user named it.
    pub(crate) fn open(path: &Path) -> Result<File, IngestError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| IngestError::new(&*name, opening_problem(path, &error)))?;
        // Opening a directory for reading succeeds on Unix; only reading from it fails.
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(IngestError::new(name, IngestProblem::Directory));
        }
        Ok(file)
    }

    /// Any failure of the system while reading or writing the copy.
    pub(crate) fn unreadable(name: &str, error: &io::Error) -> Self {
        IngestError::new(name, IngestProblem::from(error))
    }

    /// No content.
    pub(crate) fn empty(name: &str) -> Self {
        IngestError::new(name, IngestProblem::Empty)
    }

    /// Nothing below the header.
    pub(crate) fn header_only(name: &str) -> Self {
        IngestError::new(name, IngestProblem::HeaderOnly)
    }

    /// Rows without a header, from the first line on or from a later one.
    pub(crate) fn no_header(name: &str, line: Option<u32>) -> Self {
        let problem = line.map_or(IngestProblem::NoHeader, IngestProblem::NoHeaderAbove);
        IngestError::new(name, problem)
    }

    /// A first record without end.
    pub(crate) fn unreadable_header(name: &str) -> Self {
        IngestError::new(name, IngestProblem::UnreadableHeader)
    }

    /// An archive in an archive.
    pub(crate) fn archive_in_archive(name: &str) -> Self {
        let what = "a ZIP archive in another";
        IngestError::new(name, IngestProblem::Unsupported { what, remedy: "unpack it and name the list that is in it" })
    }

    /// Columns that events need are missing.
    pub(crate) fn not_events(name: &str, missing: &[&str]) -> Self {
        IngestError::new(name, IngestProblem::NotEvents { missing: missing.join(", ") })
    }

    /// Columns of the sender's form that was named are missing.
    pub(crate) fn not_of_sender(name: &str, sender: &str, missing: &[String]) -> Self {
        let missing = missing.join(", ");
        IngestError::new(name, IngestProblem::NotOfSender { sender: sender.to_owned(), missing })
    }

    /// No sender is called so.
    pub(crate) fn unknown_sender(file: &str, word: &str, closest: Option<String>, known: &[&str]) -> Self {
        let known = known.iter().map(|name| (*name).to_owned()).collect();
        IngestError::new(file, IngestProblem::UnknownSender { word: word.to_owned(), closest, known })
    }

    /// Columns that outcomes need are missing.
    pub(crate) fn not_outcomes(name: &str, missing: &[&str]) -> Self {
        IngestError::new(name, IngestProblem::NotOutcomes { missing: missing.join(", ") })
    }

    /// More columns than `limit`.
    pub(crate) fn too_many_columns(name: &str, columns: usize, limit: usize) -> Self {
        IngestError::new(name, IngestProblem::TooManyColumns { columns, limit })
    }

    /// The file is not what it was when it was opened.
    pub(crate) fn changed(name: &str) -> Self {
        IngestError::new(name, IngestProblem::Changed)
    }

    /// The reader of this format is not part of this build.
    #[cfg(not(feature = "parquet"))]
    pub(crate) fn not_built_in(name: &str, format: &'static str) -> Self {
        IngestError::new(name, IngestProblem::NotBuilt { format })
    }

    /// An error of another module, told in its own words.
    pub(crate) fn other(error: impl Explain + Send + Sync + 'static) -> Self {
        IngestProblem::Other(Box::new(error)).into()
    }

    fn prefix(&self) -> String {
        match self.problem {
            IngestProblem::Other(_) => String::new(),
            _ if self.file.is_empty() => "can't read the input: ".to_owned(),
            _ if self.file == "-" => "can't read standard input: ".to_owned(),
            _ => format!("can't read {}: ", self.file),
        }
    }
}

impl From<IngestProblem> for IngestError {
    fn from(problem: IngestProblem) -> Self {
        IngestError::new("", problem)
    }
}

impl From<RuleError> for IngestError {
    fn from(error: RuleError) -> Self {
        IngestError::other(error)
    }
}

impl From<io::Error> for IngestError {
    fn from(error: io::Error) -> Self {
        IngestProblem::from(&error).into()
    }
}

impl Explain for IngestError {
    fn exit(&self) -> Exit {
        match &self.problem {
            IngestProblem::Other(error) => error.exit(),
            IngestProblem::UnknownEncoding { .. }
            | IngestProblem::SheetNotFound { .. }
            | IngestProblem::UnknownSender { .. }
            | IngestProblem::NotAHeader(..) => Exit::Usage,
            _ => Exit::Input,
        }
    }

    fn help(&self) -> String {
        let fixed = match &self.problem {
            IngestProblem::NotFound { closest } => return did_you_mean(closest.as_deref(), "check the path", &[]),
            IngestProblem::UnknownEncoding { closest, known, .. } => {
                return did_you_mean(closest.as_deref(), "leave --encoding away to have it detected", known);
            }
            IngestProblem::SheetNotFound { closest, sheets, .. } => {
                return did_you_mean(closest.as_deref(), "name one with --sheet", sheets);
            }
            IngestProblem::UnknownSender { closest, known, .. } => {
                return did_you_mean(closest.as_deref(), "write SENDER:FILE, or the file alone", known);
            }
            IngestProblem::Other(error) => return error.help(),
            IngestProblem::Unsupported { remedy, .. } => remedy,
            IngestProblem::Directory => "name a file in it",
            IngestProblem::NoPermission => "ask its owner for the right to read it, or copy it to where you have it",
            IngestProblem::Unreadable { .. } | IngestProblem::HeaderOnly => "",
            IngestProblem::Spool { .. } => "free some space, or set TMPDIR to a disk that has it",
            IngestProblem::Empty => "export the list again",
            IngestProblem::NotOneFile { .. } => "unpack it and name the list that is in it",
            IngestProblem::NoTable { .. } => "name the workbook that holds the customers themselves, a row each",
            IngestProblem::NoHeader => "add a first row with the names of the columns, or say --no-header",
            IngestProblem::NoHeaderAbove(_) => {
                "put a line with the names of the columns above them, name the line that has them with --header-row N, or say --no-header"
            }
            IngestProblem::NotAHeader(..) => {
                "give --header-row the line that holds the names of the columns, counted from 1 as an editor does"
            }
            IngestProblem::UnreadableHeader => "look at the quotes in its first lines",
            IngestProblem::Binary => "export the list as CSV or XLSX",
            IngestProblem::Damaged { .. } | IngestProblem::CorruptCompression { .. } => {
                "open it in the program that made it and export it again"
            }
            IngestProblem::Truncated { .. } => "copy or download it again; the rows up to there can't be trusted",
            IngestProblem::Expansion { .. } => {
                "unpack it yourself and look at it, or raise max_expansion_ratio and max_expanded_bytes in ingest.toml below --rules"
            }
            IngestProblem::NotEvents { .. } => {
                "name its columns record, at, channel and event (value and code may follow); record may bear the name of the list's key \
                 column, and value the address or number alone will do; a sender's own form is named before the file, as \
                 sendgrid:FILE (docs/evidence.md has all of them)"
            }
            IngestProblem::NotOfSender { .. } => {
                "leave the sender's name away to have it recognized, or export the events again"
            }
            IngestProblem::NotOutcomes { .. } => {
                "name its columns record, field (email or phone), outcome (stale or alive) and at (the day it was asked)"
            }
            IngestProblem::TooManyColumns { .. } => {
                "is the delimiter right? Else raise max_columns in ingest.toml below --rules"
            }
            IngestProblem::Sparse { .. } => {
                "is that line the header? Else say --header-row N, or raise max_expansion_ratio in ingest.toml below --rules"
            }
            IngestProblem::TooManyUnreadable { .. } => {
                "is it the list? Look at its first lines, or raise max_held_bytes in ingest.toml below --rules"
            }
            IngestProblem::Changed => "wait until the program that writes it is done, then start again",
            IngestProblem::NotRewritable => {
                "export it as CSV and repair that, or let `tiuv clean` write the repaired values beside the originals"
            }
            IngestProblem::Unencodable { .. } => {
                "save the list as UTF-8 first, or let `tiuv clean` write the repaired values beside the originals"
            }
            IngestProblem::NotBuilt { .. } => "export the list as CSV, or build tiuv with its default features",
        };
        fixed.to_owned()
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        if let IngestProblem::Other(error) = &self.problem { error.excerpt() } else { None }
    }
}

fn opening_problem(path: &Path, error: &io::Error) -> IngestProblem {
    match error.kind() {
        io::ErrorKind::NotFound => IngestProblem::NotFound { closest: closest_neighbour(path) },
        io::ErrorKind::IsADirectory => IngestProblem::Directory,
        io::ErrorKind::PermissionDenied => IngestProblem::NoPermission,
        _ => IngestProblem::from(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_answered_with_its_closest_neighbour() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("customers.csv"), "a").expect("written");
        let path = directory.path().join("custmers.csv");
        let error = IngestError::open(&path).expect_err("it does not exist");
        assert_eq!(error.to_string(), format!("can't read {}: there is no such file", path.display()));
        assert!(error.help().ends_with("customers.csv`?"), "{}", error.help());
        assert_eq!(error.exit(), Exit::Input);
    }

    #[test]
    fn a_wrong_option_is_a_usage_error_that_lists_what_is_allowed() {
        let sheets = vec!["Sheet1".to_owned(), "לקוחות".to_owned()];
        let problem = IngestProblem::SheetNotFound { sheet: "Shet1".into(), closest: Some("Sheet1".into()), sheets };
        let error = IngestError::from(problem).in_file("crm.xlsx");
        assert_eq!(error.to_string(), "can't read crm.xlsx: it has no sheet `Shet1`");
        assert_eq!(error.help(), "did you mean `Sheet1`? There are: Sheet1, לקוחות");
        assert_eq!(error.exit(), Exit::Usage);
    }

    #[test]
    fn a_directory_is_refused_and_an_error_of_a_rule_file_keeps_its_own_words() {
        let directory = tempfile::tempdir().expect("a directory");
        let error = IngestError::open(directory.path()).expect_err("it is a directory");
        assert!(matches!(error.problem(), IngestProblem::Directory), "{error}");
        let error = IngestError::from(RuleError::Meaning { path: "ingest.toml".into(), message: "odd".into() });
        assert_eq!((error.to_string().as_str(), error.exit()), ("rule file ingest.toml: odd", Exit::Usage));
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_bad_input() {
        let error = IngestError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(error.problem(), IngestProblem::Spool { .. }));
    }
}
