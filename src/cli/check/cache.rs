//! `--cache DIR`: lists that passed before are not read again.
//!
//! What passed is an empty file, called after a hash of all that a check rests on: the list's bytes, what they are read and judged
//! by, the day, and the version of this program.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

use super::args::CheckArgs;
use crate::cli::failure::Failure;
use crate::cli::mail::MxChoice;
use crate::disk::{private_directory, private_file};
use crate::ingest::List;
use crate::pipeline::{CheckPlan, RunError, Setup};
use crate::report::CheckFormat;

/// The lists that passed.
pub(super) struct Cache<'c> {
    directory: &'c Path,
    /// What all lists of this check rest on.
    settings: String,
}

impl<'c> Cache<'c> {
    /// The directory that is asked for.
    ///
    /// # Errors
    /// Where more is asked for than whether lists pass, or the directory can't be made.
    pub(super) fn of(args: &'c CheckArgs, plan: &CheckPlan, setup: &Setup) -> Result<Option<Self>, Failure> {
        let Some(directory) = &args.cache else { return Ok(None) };
        let writes = [
            ("--format", args.format != CheckFormat::Text),
            ("--output", !args.output.is_empty()),
            ("--mx", args.mx != MxChoice::Off),
        ];
        if let Some((option, _)) = writes.iter().find(|(_, is_given)| *is_given) {
            let message = format!("{option} needs every list to be read, and --cache passes over those that passed");
            return Err(Failure::usage(&message, "leave one of the two out"));
        }
        let failed = |error: io::Error| RunError::write(&directory.display().to_string(), &error);
        private_directory(directory).map_err(failed)?;
        let mut settings = format!(
            "{} {:016x} {} {} {:?} {} {} {plan:?}",
            env!("CARGO_PKG_VERSION"),
            setup.context.files.fingerprint(),
            setup.context.today,
            setup.context.region,
            args.input,
            args.accept_mapping,
            args.export_kosher,
        );
        for path in plan.expectations.iter().filter_map(|expected| expected.one_of_file.as_ref()) {
            // Where it can't be read, the check says so.
            let hash = digest(path, "").unwrap_or_default();
            let _ = write!(settings, " {hash}");
        }
        Ok(Some(Cache { directory, settings }))
    }

    /// What stands for a list that passed as it is now; none where it is no file, or changes meanwhile.
    pub(super) fn entry(&self, list: &List, path: &Path) -> Option<PathBuf> {
        if !path.is_file() {
            return None;
        }
        // What columns mean may have been saved in a workspace.
        let (facts, mapping) = (list.facts(), list.mapping());
        let read = format!("{} {} {} {mapping:?} {}", facts.name, facts.format, facts.encoding, self.settings);
        let hash = digest(path, &read).ok()?;
        list.assert_unchanged().ok()?;
        Some(self.directory.join(hash))
    }

    /// Remembers that a list passed.
    pub(super) fn remember(&self, entry: &Path) -> Result<(), Failure> {
        let failed = |error: io::Error| RunError::write(&entry.display().to_string(), &error);
        private_file(File::options().write(true).create(true).truncate(true)).open(entry).map_err(failed)?;
        Ok(())
    }
}

/// A hash of a file's bytes and of what else counts.
fn digest(path: &Path, more: &str) -> io::Result<String> {
    let mut context = Context::new(&SHA256);
    context.update(&(more.len() as u64).to_le_bytes());
    context.update(more.as_bytes());
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 1 << 18];
    loop {
        match file.read(&mut bytes)? {
            0 => break,
            read => context.update(&bytes[..read]),
        }
    }
    let hash = context.finish();
    Ok(hash.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
