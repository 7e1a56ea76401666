//! Finding, layering and parsing rule files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use crate::error::{Excerpt, Exit, Explain, closest};
use crate::record::FixedHasher;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// What can be wrong with a rule file.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The text does not parse, or a key or value is not of the file's form.
    #[error("rule file {path}, line {line}: {message}")]
    Syntax {
        /// The file, below `rules/` or as given.
        path: String,
        /// 1-based.
        line: usize,
        /// What the parser says.
        message: String,
        /// What to do next.
        help: String,
        /// The whole file.
        text: String,
        /// The bytes meant.
        span: std::ops::Range<usize>,
    },
    /// A file in the user's directory that no rule reads.
    #[error("{path} is not a rule file")]
    UnknownFile {
        /// As found.
        path: String,
        /// The closest known one.
        closest: Option<String>,
    },
    /// A file or directory that can't be read.
    #[error("can't read {path}: {reason}")]
    Unreadable {
        /// As given.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The content parses but contradicts itself.
    #[error("rule file {path}: {message}")]
    Meaning {
        /// The file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Explain for RuleError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    fn help(&self) -> String {
        match self {
            RuleError::Syntax { help, .. } => help.clone(),
            RuleError::UnknownFile { closest: Some(name), .. } => format!("did you mean `{name}`?"),
            RuleError::UnknownFile { closest: None, .. } => {
                "a directory given with --rules mirrors tiuv's own rules/, file by file; `tiuv rule list --files` names them"
                    .to_owned()
            }
            RuleError::Unreadable { .. } => "check the path and its permissions".to_owned(),
            RuleError::Meaning { .. } => String::new(),
        }
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        match self {
            RuleError::Syntax { path, text, span, message, .. } => {
                Some(Excerpt { path, text, span: span.clone(), label: message.clone() })
            }
            _ => None,
        }
    }
}

/// All rule files: the embedded ones, each replaced by the user's file of the same name where there is one.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    overlay: BTreeMap<String, String>,
}

/// Bytes of a rule or configuration file: the largest list that is shipped has a sixteenth of it.
const MOST_BYTES: u64 = 64 << 20;

/// The text of a file of rules or configuration: an ordinary one, of a size that a person or a list of theirs comes to. A pipe
/// that nobody writes to would hold the command for ever.
///
/// # Errors
/// When it is another kind of file, too large, or no UTF-8.
pub fn read_settings(path: &Path) -> std::io::Result<String> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is no ordinary file; write it into one"));
    }
    if metadata.len() > MOST_BYTES {
        return Err(std::io::Error::other(format!("it has more than {} MiB", MOST_BYTES >> 20)));
    }
    std::fs::read_to_string(path)
}

impl RuleFiles {
    /// The embedded rules as shipped.
    pub fn embedded() -> Self {
        RuleFiles::default()
    }

    /// The embedded rules with the files of `directory` laid over them.
    ///
    /// # Errors
    /// When the directory can't be read or holds a file that no rule knows. New files are allowed only below
    /// `words/` (another language), `outreach/` (another country or language), `meaning/words/`, `meaning/note_words/` and
    /// `standing/` (words of another language), and `events/` (another sender).
    pub fn layered(directory: &Path) -> Result<Self, RuleError> {
        let mut overlay = BTreeMap::new();
        let mut pending = vec![directory.to_path_buf()];
        while let Some(folder) = pending.pop() {
            for entry in sorted_entries(&folder)? {
                if entry.is_dir() {
                    pending.push(entry);
                    continue;
                }
                let relative = entry.strip_prefix(directory).expect("listed below it");
                let name = relative.to_string_lossy().replace('\\', "/");
                let embedded = EMBEDDED.get_file(&name);
                if embedded.is_none() && !OPEN.iter().any(|folder| name.starts_with(folder)) {
                    let known = embedded_names();
                    let closest = closest(&name, known.iter().map(String::as_str)).map(str::to_owned);
                    return Err(RuleError::UnknownFile { path: entry.display().to_string(), closest });
                }
                if let Some(made) = embedded.filter(|_| TABLES.contains(&name.as_str())) {
                    // A copy of the whole directory holds it, too.
                    let metadata = std::fs::metadata(&entry).map_err(|error| unreadable(&entry, &error))?;
                    let may_be_it = metadata.is_file() && metadata.len() == made.contents().len() as u64;
                    let read = || std::fs::read(&entry).map_err(|error| unreadable(&entry, &error));
                    if may_be_it && read()? == made.contents() {
                        continue;
                    }
                    let message = "it is made by a program and can't be replaced; leave it out".to_owned();
                    return Err(RuleError::Meaning { path: entry.display().to_string(), message });
                }
                let text = read_settings(&entry).map_err(|error| unreadable(&entry, &error))?;
                overlay.insert(name, text);
            }
        }
        Ok(RuleFiles { overlay })
    }

    /// The text of a file below `rules/`.
    ///
    /// # Panics
    /// When the name is of no embedded or overlaid file: names in the source are checked by the rule tests.
    pub fn text(&self, name: &str) -> Cow<'_, str> {
        if let Some(text) = self.overlay.get(name) {
            return Cow::Borrowed(text);
        }
        let file = EMBEDDED.get_file(name).unwrap_or_else(|| panic!("rules/{name} is embedded"));
        Cow::Borrowed(file.contents_utf8().expect("rule files are UTF-8"))
    }

    /// The text of a file below `rules/` that is shipped and not replaced.
    pub(super) fn embedded_text(&self, name: &str) -> Option<&'static str> {
        if self.overlay.contains_key(name) {
            return None;
        }
        EMBEDDED.get_file(name)?.contents_utf8()
    }

    /// Parses a TOML file below `rules/`; unknown keys are errors that name the closest key
    /// (the type must be marked `deny_unknown_fields`).
    ///
    /// # Errors
    /// With file, line, excerpt and remedy.
    pub fn parse<T: DeserializeOwned>(&self, name: &str) -> Result<T, RuleError> {
        parse_toml(name, &self.text(name))
    }

    /// Whether these are the rules as shipped, with nothing laid over them.
    pub fn are_as_shipped(&self) -> bool {
        self.overlay.is_empty()
    }

    /// What is made of rule files: of those that are shipped once a process, of others each time.
    ///
    /// # Errors
    /// As `make` fails.
    pub fn shared<T, E>(&self, shipped: &OnceLock<Arc<T>>, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let (true, Some(known)) = (self.are_as_shipped(), shipped.get()) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        Ok(if self.are_as_shipped() { Arc::clone(shipped.get_or_init(|| made)) } else { made })
    }

    /// The rules that `TIUV_RULES` names, else the shipped ones: for scoring tables with rules that are being written.
    #[cfg(test)]
    pub(crate) fn on_trial() -> Self {
        match std::env::var_os("TIUV_RULES") {
            Some(directory) => RuleFiles::layered(Path::new(&directory)).expect("rules"),
            None => RuleFiles::embedded(),
        }
    }

    /// Names of all files below `folder`, sorted, with the overlay's own files.
    pub fn names_below(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = embedded_names();
        names.extend(self.overlay.keys().cloned());
        names.retain(|name| name.starts_with(folder));
        names.sort();
        names.dedup();
        names
    }

    /// The cells of a tab-separated file below `rules/`, without its header and `#` comments.
    pub fn table<'a>(&self, text: &'a str) -> impl Iterator<Item = std::str::Split<'a, char>> {
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1).map(|line| line.split('\t'))
    }

    /// The same files with another text for one of them, as if a directory held it.
    #[must_use]
    pub fn with(mut self, name: &str, text: String) -> Self {
        self.overlay.insert(name.to_owned(), text);
        self
    }

    /// A fixed hash of every rule file in force, for `run.json` and for telling runs apart.
    pub fn fingerprint(&self) -> u64 {
        use std::hash::Hasher;
        let mut hasher = FixedHasher::default();
        for name in self.names_below("") {
            hasher.write(name.as_bytes());
            hasher.write_u8(0);
            hasher.write(self.text(&name).as_bytes());
            hasher.write_u8(0);
        }
        for name in TABLES {
            hasher.write(EMBEDDED.get_file(name).map_or(&[], |file| file.contents()));
        }
        hasher.finish()
    }
}

/// Parses TOML with errors that name the line, show it, and offer the closest key.
///
/// # Errors
/// When the text does not parse into `T`.
pub fn parse_toml<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
        let message = error.message().to_owned();
        let help = help_for(&message);
        RuleError::Syntax { path: path.to_owned(), line, message, help, text: text.to_owned(), span }
    })
}

/// Serde says "unknown field `x`, expected one of `a`, `b`"; this turns it into the closest key.
fn help_for(message: &str) -> String {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return String::new();
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let wanted = names.next().unwrap_or_default();
    let allowed: Vec<&str> = names.collect();
    match closest(wanted, allowed.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? Allowed here: {}", allowed.join(", ")),
        None => format!("allowed here: {}", allowed.join(", ")),
    }
}

/// Folders whose files are found by name, so that a directory may add some.
const OPEN: [&str; 6] = ["words/", "outreach/", "meaning/words/", "meaning/note_words/", "standing/", "events/"];

/// Tables made by a program: no text that a directory could be laid over, yet verdicts depend on them.
const TABLES: [&str; 1] = ["phone/numbering.bin"];

fn embedded_names() -> Vec<String> {
    fn collect(dir: &Dir<'_>, names: &mut Vec<String>) {
        names.extend(dir.files().map(|file| file.path().to_string_lossy().replace('\\', "/")));
        dir.dirs().for_each(|dir| collect(dir, names));
    }
    let mut names = Vec::new();
    collect(&EMBEDDED, &mut names);
    names.retain(|name| !name.ends_with(".md") && !TABLES.contains(&name.as_str()));
    names.sort();
    names
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, RuleError> {
    let read = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut entries = read
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unreadable(folder, &error))?;
    entries.sort();
    Ok(entries)
}

fn unreadable(path: &Path, error: &std::io::Error) -> RuleError {
    RuleError::Unreadable { path: path.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_whole_directory_can_be_laid_over_but_no_other_table() {
        let directory = tempfile::tempdir().expect("a directory");
        let place = |name: &str| directory.path().join(name);
        for name in embedded_names().iter().map(String::as_str).chain(TABLES) {
            std::fs::create_dir_all(place(name).parent().expect("below it")).expect("made");
            std::fs::write(place(name), EMBEDDED.get_file(name).expect("embedded").contents()).expect("written");
        }
        let copied = RuleFiles::layered(directory.path()).expect("its own rules");
        assert_eq!(copied.text("dns.toml"), RuleFiles::embedded().text("dns.toml"));
        std::fs::write(place(TABLES[0]), b"\xFF\0").expect("written");
        assert!(RuleFiles::layered(directory.path()).expect_err("refused").to_string().contains("can't be replaced"));
    }
}
