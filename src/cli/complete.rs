//! Completion scripts and the manual page, made from the commands themselves.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use super::failure::Failure;
use crate::error::Exit;

/// Print a completion script.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv completions bash > ~/.local/share/bash-completion/completions/tiuv")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs, mut tiuv: Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut tiuv, "tiuv", &mut script);
    print(&script)
}

pub(super) fn man(tiuv: Command) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(tiuv).render(&mut page).map_err(|error| Failure::output(&error))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    std::io::stdout().lock().write_all(bytes).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}
