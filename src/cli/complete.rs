//! Completion scripts and the manual page, made from the commands themselves.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::failure::Failure;
use crate::error::Exit;

/// Print a completion script.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv completions bash > ~/.local/share/bash-completion/completions/tiuv")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tiuv", &mut script);
    print(&script)
}

pub(super) fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| Failure::output(&error))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    std::io::stdout().lock().write_all(bytes).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}
