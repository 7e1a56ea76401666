//! `tiuv outreach stop | resume | settle`: what a person says of the sending.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::super::failure::Failure;
use super::super::progress::say;
use crate::clock::timestamp;
use crate::error::Exit;
use crate::store::SendResult;

/// Send nothing more, from now on: a dispatch that is running begins no further message and ends. Those that were begun
/// still end, at most as many as wait for the gateway's answer.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv outreach stop --why 'wrong name in the text'")]
pub(super) struct StopArgs {
    /// Why, for whoever wants to send next
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
}

pub(super) fn stop(workspace: &Path, args: &StopArgs) -> Result<Exit, Failure> {
    crate::cli::workspace::required(workspace)?.stop_outreach(&args.why, &timestamp().to_string())?;
    say("Outreach is stopped; `tiuv outreach resume` lets it go on.");
    Ok(Exit::Success)
}

pub(super) fn resume(workspace: &Path) -> Result<Exit, Failure> {
    let was_stopped = crate::cli::workspace::required(workspace)?.resume_outreach()?;
    say(if was_stopped { "Outreach may go on." } else { "Outreach was not stopped." });
    Ok(Exit::Success)
}

/// What became of a message.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Fate {
    /// It was sent
    Sent,
    /// It never left: it is pending again and will be sent
    NotSent,
    /// It will not arrive: it is not sent again
    Failed,
}

/// Say what became of a message of which no gateway can tell whether it was sent. `tiuv outreach status --unknown` lists
/// them. Only a message that is `unknown` can be settled.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv outreach settle 1207 sent")]
pub(super) struct SettleArgs {
    /// Numbers of messages in the outbox
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<i64>,
    /// What became of them
    #[arg(required = true, value_enum, value_name = "FATE")]
    fate: Fate,
}

pub(super) fn settle(workspace: &Path, args: &SettleArgs) -> Result<Exit, Failure> {
    let mut store = crate::cli::workspace::required(workspace)?;
    let now = timestamp();
    for number in &args.numbers {
        let result = match args.fate {
            Fate::Sent => SendResult::Sent { gateway_id: String::new() },
            Fate::NotSent => SendResult::NotSent { reason: "settled_by_hand".to_owned(), due_at: now },
            Fate::Failed => SendResult::Failed { reason: "settled_by_hand".to_owned(), is_invalid: false },
        };
        if !store.settle_unknown(*number, &result, now)? {
            return Err(Failure::usage(
                &format!("message {number} is not unknown"),
                "`tiuv outreach status --unknown` lists those that are; the ones named before it are settled",
            ));
        }
    }
    say(&format!("Settled {}.", args.numbers.len()));
    Ok(Exit::Success)
}
