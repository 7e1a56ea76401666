//! `tiuv outreach plan`: who is asked, how and when.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::Global;
use super::super::failure::Failure;
use crate::error::Exit;

/// Decide who is asked, how and when, and put it into the outbox. Nothing is sent.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Planning again under the same name keeps what still holds and takes back what doesn't
    #[arg(long, value_name = "NAME", default_value = "verify")]
    campaign: String,
    /// Also write outbox.csv, call_list.csv and held_back.csv into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the plan, write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(_global: &Global, workspace: &Path, args: &PlanArgs) -> Result<Exit, Failure> {
    let store = super::open(workspace)?;
    let Some(cards) = store.latest_cards()? else {
        return Err(Failure::usage(
            "no run in this workspace has customers",
            "run `tiuv clean` first, without --no-resolve",
        ));
    };
    tracing::debug!(campaign = args.campaign, run = cards.run, "planning");
    Ok(Exit::Success)
}
