//! Opening the workspace for every command, and `tiuv workspace repair`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::progress::{print, say};
use crate::error::Exit;
use crate::store::{Store, StoreError};

/// Opens a workspace, making it where it isn't there, and warns where others may read it.
pub(super) fn made(directory: &Path) -> Result<Store, StoreError> {
    Store::open(directory).inspect(warn)
}

/// Opens a workspace if it is there, and warns where others may read it.
pub(super) fn existing(directory: &Path) -> Result<Option<Store>, StoreError> {
    Ok(Store::open_existing(directory)?.inspect(warn))
}

/// Opens a workspace that must be there.
///
/// # Errors
/// When it isn't, or can't be used.
pub(super) fn required(directory: &Path) -> Result<Store, Failure> {
    existing(directory)?.ok_or_else(|| {
        Failure::usage(
            &format!("there is no workspace {}", directory.display()),
            "clean a list first, or name its workspace with --workspace",
        )
    })
}

fn warn(store: &Store) {
    let open = store.open_to_others();
    let Some(first) = open.first() else { return };
    let others = match open.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let directory = store.directory().display();
    say(&format!(
        "warning: others than you may read {} (mode {:o}){others}: the workspace holds customers' values\n  = help: chmod -R \
         go= {directory}",
        first.path.display(),
        first.mode
    ));
}

/// Look after the workspace.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv workspace repair")]
pub(super) struct WorkspaceArgs {
    /// The workspace
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Drop what damaged runs left for finding their customers again; decisions, refusals and the outbox stay
    Repair(Repair),
}

/// Look at the files of all runs, and drop those of runs of which one is damaged or missing: the next `tiuv clean` of their lists
/// reads them as new ones. Decisions, the suppression list, the outbox and the record of the runs stay.
#[derive(Debug, Args)]
struct Repair {
    /// Say what is damaged, drop nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &WorkspaceArgs) -> Result<Exit, Failure> {
    let What::Repair(Repair { dry_run }) = args.what;
    let mut store = required(&args.workspace)?;
    let damaged = store.damaged_runs()?;
    for run in &damaged {
        if !dry_run {
            store.drop_files_of(&run.run)?;
        }
        print(&format!("{}  {}\n", run.run, run.why));
    }
    print(&match (damaged.len(), dry_run) {
        (0, _) => "nothing is damaged\n".to_owned(),
        (count, true) => format!("{count} runs are damaged; nothing was dropped\n"),
        (count, false) => format!(
            "dropped the files of {count} runs; clean their lists again, so that later runs and `tiuv outreach` know their customers\n"
        ),
    });
    Ok(Exit::Success)
}
