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
use crate::record::{Channel, ContactKind, Field, OutboxState, mask};
use crate::report::{amount, campaign_text, outbox_json, outbox_text};
use crate::rule::OutreachRules;
use crate::store::Store;

/// Show where every planned contact stands, each in exactly one state, and what the newest campaign came to. An account that does not add
/// up is an error. With --as-of it is told as it stood at the end of that day.
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
    let config = global.config()?;
    let context = global.setup(&config)?.context;
    let rules = OutreachRules::load(&context.files)?;
    let mut store = crate::cli::workspace::required(workspace)?;
    let failed = |error: std::io::Error| Failure::output(&error);
    let mut out = crate::cli::terminal::stdout();
    if args.unknown {
        return list_unknown(&store, &mut out);
    }
    let until = global.until()?;
    let campaign = args.campaign.as_deref();
    let mut stats = store.outbox_stats(campaign, until.unwrap_or_else(timestamp), until)?;
    let policy = config.outreach.over(rules.policy.clone());
    let funnel = store.campaign_funnel(
        campaign,
        &policy.repaired_by,
        &policy.currency,
        policy.price(Channel::Sms, &context.region),
        until,
    )?;
    // By the clock of the lists' region, as the plan tells it.
    let local = |at: Timestamp| with_offset(&local_time(at, &rules, &context.region, ContactKind::Email, ""));
    stats.next_due = stats.next_due.map(|at| at.parse().map_or(at, local));
    let stopped = store.outreach_stopped()?;
    if args.json {
        let mut json = outbox_json(&stats);
        json["campaign"] = serde_json::to_value(&funnel).expect("the funnel is plain data");
        json["inbox"] = store.inbox_size()?.into();
        json["stopped"] = stopped.map(|switch| serde_json::json!({"at": switch.at, "why": switch.value})).into();
        let text = serde_json::to_string_pretty(&json).expect("the account is plain data");
        writeln!(out, "{text}").map_err(failed)?;
        return Ok(Exit::Success);
    }
    write!(out, "{}", outbox_text(&stats)).map_err(failed)?;
    let of = |state| stats.in_state(state);
    writeln!(
        out,
        "cost of what may have left {}, of what is pending {}",
        amount(stats.spent),
        amount(of(OutboxState::Pending).cost)
    )
    .map_err(failed)?;
    let next = stats.next_due.as_deref().map_or(String::new(), |at| format!("; the next at {at}"));
    let when = until.map_or("now".to_owned(), |_| format!("by the end of {}", context.today));
    writeln!(out, "{} text messages and e-mails are due {when}{next}", stats.due).map_err(failed)?;
    if let Some(funnel) = funnel.filter(|funnel| funnel.all.sent > 0) {
        write!(out, "\n{}\n", campaign_text(&funnel)).map_err(failed)?;
    }
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
