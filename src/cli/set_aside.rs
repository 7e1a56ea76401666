//! What an import set aside, told and written.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::progress::say;
use crate::disk::PendingFile;
use crate::error::Exit;
use crate::pipeline::{RunError, SetAside};
use crate::report::{set_aside_text, write_set_aside};

/// Where to put what could not be taken over.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SetAsideArgs {
    /// Write what could not be taken over to this CSV: file, row, column, reason, remedy, and the record as it stood
    #[arg(long, value_name = "FILE")]
    set_aside: Option<PathBuf>,
}

impl SetAsideArgs {
    /// Tells of it; the exit code says whether there is any.
    pub(super) fn report(&self, all: &[SetAside], quiet: bool) -> Result<Exit, Failure> {
        if let Some(path) = &self.set_aside {
            let failed = |error: std::io::Error| RunError::write(&path.display().to_string(), &error);
            let mut out = PendingFile::create(path).map_err(failed)?;
            write_set_aside(all, &mut out).map_err(failed)?;
            out.publish().map_err(failed)?;
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
