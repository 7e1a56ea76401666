//! `tiuv outreach`: asking customers whether what is known of them is still right.

mod answers;
mod calls;
mod control;
mod dispatch;
mod import;
mod inbox;
mod plan;
mod status;

pub(super) use plan::Planning;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Global;
use super::failure::Failure;
use crate::error::Exit;

/// Ask customers whether what is known of them is still right.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv outreach plan --max-sms 5000 --dry-run")]
pub(super) struct OutreachArgs {
    /// Where tiuv remembers customers, what was planned, and what was answered
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Decide who is asked, how and when; nothing is sent
    Plan(plan::PlanArgs),
    /// Hand what is due to the gateways; only shows what would be sent, unless --send is given
    Dispatch(dispatch::DispatchArgs),
    /// Send nothing more, from now on; a dispatch that is running ends
    Stop(control::StopArgs),
    /// Let a stopped outreach go on
    Resume,
    /// Where every planned contact stands
    Status(status::StatusArgs),
    /// Say what became of a message of which no gateway can tell whether it was sent
    Settle(control::SettleArgs),
    /// Write the calls that are due as a list for callers; each call is handed out once
    Calls(calls::CallsArgs),
    /// Take over filled call lists, receipts of gateways, and messages that customers wrote
    Import(import::ImportArgs),
    /// What customers and callers wrote and a person has to read
    Inbox(inbox::InboxArgs),
    /// The values that customers gave anew: accept or reject them, and hand them over to the CRM
    Answers(answers::AnswersArgs),
}

pub(super) fn run(global: &Global, args: &OutreachArgs) -> Result<Exit, Failure> {
    match &args.what {
        What::Plan(plan) => plan::run(global, &args.workspace, plan),
        What::Dispatch(dispatch) => dispatch::run(global, &args.workspace, dispatch),
        What::Stop(stop) => control::stop(&args.workspace, stop),
        What::Resume => control::resume(&args.workspace),
        What::Status(status) => status::run(global, &args.workspace, status),
        What::Settle(settle) => control::settle(&args.workspace, settle),
        What::Calls(calls) => calls::run(global, &args.workspace, calls),
        What::Import(import) => import::run(global, &args.workspace, import),
        What::Inbox(inbox) => inbox::run(&args.workspace, inbox),
        What::Answers(answers) => answers::run(global, &args.workspace, answers),
    }
}
