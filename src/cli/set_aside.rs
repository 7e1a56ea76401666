//! What an import set aside, told and written.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::progress::say;
use crate::error::Exit;
use crate::pipeline::{RunError, SetAside};
use crate::report::{OutputDir, set_aside_text, write_set_aside};

/// Where to put what could not be taken over.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SetAsideArgs {
    /// Write what could not be taken over to this CSV: row, column, reason, remedy, and the record as it stood
    #[arg(long, value_name = "FILE")]
    set_aside: Option<PathBuf>,
}

impl SetAsideArgs {
    /// Tells of it; the exit code says whether there is any.
    pub(super) fn report(&self, all: &[SetAside], quiet: bool) -> Result<Exit, Failure> {
        if let Some(path) = &self.set_aside {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let mut out = OutputDir::create(directory.unwrap_or(std::path::Path::new(".")))?;
            out.file(&name, |out| {
                write_set_aside(all, out).map_err(|error| RunError::write("what was set aside", &error))
            })?;
            out.publish()?;
        }
        if all.is_empty() {
            return Ok(Exit::Success);
        }
        if !quiet {
            say(&format!("{} set aside:\n{}", all.len(), set_aside_text(all).trim_end()));
            if self.set_aside.is_none() {
                say("  = help: --set-aside FILE writes them all with their records");
            }
        }
        Ok(Exit::Input)
    }
}
