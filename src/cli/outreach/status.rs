//! `tiuv outreach status`: where every planned contact stands.

use std::io::Write;
use std::path::Path;

use clap::Args;
use jiff::Timestamp;

use super::super::Global;
use super::super::failure::Failure;
use crate::clock::timestamp;
use crate::error::Exit;
use crate::outreach::{local_time, with_offset};
use crate::record::{ContactKind, Field, OutboxState, mask};
use crate::report::{amount, outbox_json, outbox_text};
use crate::rule::OutreachRules;
use crate::store::Store;

/// Show where every planned contact stands: each in exactly one state. An account that does not add up is an error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv outreach status
  tiuv outreach status --campaign spring --json
  tiuv outreach status --unknown")]
pub(super) struct StatusArgs {
    /// Only this campaign
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    /// List the messages of which nobody knows whether they were sent: number, gateway, since when, why, recipient masked
    #[arg(long, conflicts_with = "json")]
    unknown: bool,
}

pub(super) fn run(global: &Global, workspace: &Path, args: &StatusArgs) -> Result<Exit, Failure> {
    let context = global.setup(&global.config()?)?.context;
    let rules = OutreachRules::load(&context.files)?;
    let mut store = crate::cli::workspace::required(workspace)?;
    let failed = |error: std::io::Error| Failure::output(&error);
    let mut out = crate::cli::terminal::stdout();
    if args.unknown {
        return list_unknown(&store, &mut out);
    }
    let mut stats = store.outbox_stats(args.campaign.as_deref(), timestamp())?;
    // By the clock of the lists' region, as the plan tells it.
    let local = |at: Timestamp| with_offset(&local_time(at, &rules, &context.region, ContactKind::Email, ""));
    stats.next_due = stats.next_due.map(|at| at.parse().map_or(at, local));
    let stopped = store.outreach_stopped()?;
    if args.json {
        let mut json = outbox_json(&stats);
        json["inbox"] = store.inbox_size()?.into();
        json["stopped"] = stopped.map(|switch| serde_json::json!({"at": switch.at, "why": switch.value})).into();
        let text = serde_json::to_string_pretty(&json).expect("the account is plain data");
        writeln!(out, "{text}").map_err(failed)?;
        return Ok(Exit::Success);
    }
    write!(out, "{}", outbox_text(&stats)).map_err(failed)?;
    let of = |state| stats.in_state(state);
    let spent: i64 =
        [OutboxState::Sent, OutboxState::Delivered, OutboxState::Answered, OutboxState::Unknown, OutboxState::Sending]
            .map(|state| of(state).cost)
            .iter()
            .sum();
    writeln!(
        out,
        "cost of what may have left {}, of what is pending {}",
        amount(spent),
        amount(of(OutboxState::Pending).cost)
    )
    .map_err(failed)?;
    let next = stats.next_due.as_deref().map_or(String::new(), |at| format!("; the next at {at}"));
    writeln!(out, "{} text messages and e-mails are due now{next}", stats.due).map_err(failed)?;
    let waiting = store.inbox_size()?;
    if waiting > 0 {
        writeln!(out, "{waiting} messages and notes wait for a person: tiuv outreach inbox").map_err(failed)?;
    }
    if let Some(switch) = stopped {
        writeln!(out, "stopped since {}: {}", switch.at, switch.value).map_err(failed)?;
    }
    if of(OutboxState::Sending).rows > 0 && store.lock_dispatch()?.is_some() {
        let help = "a dispatch ended while messages were on their way; the next `dispatch --send` asks about them";
        writeln!(out, "{help}").map_err(failed)?;
    }
    Ok(Exit::Success)
}

fn list_unknown(store: &Store, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut behind = 0;
    loop {
        let rows = store.unknown_outbox(behind, 500)?;
        let Some(last) = rows.last() else { return Ok(Exit::Success) };
        behind = last.id;
        for row in rows {
            let field = if row.recipient.contains('@') { Field::Email } else { Field::Phone };
            let to = mask(Some(field), &row.recipient);
            writeln!(out, "{}\t{}\t{}\t{}\t{to}", row.id, row.gateway, row.begun_at, row.reason)
                .map_err(|error| Failure::output(&error))?;
        }
    }
}
