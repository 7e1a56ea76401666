//! `tiuv outreach dispatch`: hands what is due to the gateways, or shows what would be sent.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::super::Global;
use super::super::failure::Failure;
use super::super::progress::{self, say};
use crate::clock::timestamp;
use crate::error::Exit;
use crate::outreach::dispatch::{DispatchError, DispatchStats, Dispatcher, Ended, Limits, Preview, Reconciled};
use crate::record::Money;
use crate::report::{amount, outbox_text};
use crate::rule::{DispatchPolicy, OutreachRules};
use crate::store::Store;

/// Hand planned text messages and e-mails that are due to the gateways of tiuv.toml, `[outreach.gateway.NAME]`. Shows what
/// would be sent, unless --send is given. Calls are lists for people and are never dispatched.
#[derive(Debug, Args)]
#[command(after_help = "\
Before each message suppression, consent, the hour where the customer lives, `tiuv outreach stop` and --max-cost are looked \
at again. A message that may have been sent is `unknown`: the gateway is asked about it at the start of the next dispatch, \
and it is never sent again before the gateway or you (`tiuv outreach settle`) said that it was not.

Exit code 4: a gateway refused, is down, or messages are still unknown.

Examples:
  tiuv outreach dispatch
  tiuv outreach dispatch --send --max-cost 200
  tiuv outreach dispatch --send --most 10 --gateway texts")]
pub(super) struct DispatchArgs {
    /// Really send
    #[arg(long)]
    send: bool,
    /// Only messages of this campaign
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// The gateway of tiuv.toml to use, where several take the same channel
    #[arg(long, value_name = "NAME")]
    gateway: Option<String>,
    /// Stop before the message that would make this run dearer, in the currency of the plan
    #[arg(long, value_name = "AMOUNT", value_parser = money)]
    max_cost: Option<Money>,
    /// Begin so many messages at most
    #[arg(long, value_name = "N")]
    most: Option<u64>,
}

fn money(text: &str) -> Result<Money, String> {
    Money::parse(text).ok_or_else(|| "write an amount like 200 or 12.50".to_owned())
}

pub(super) fn run(global: &Global, workspace: &Path, args: &DispatchArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let files = global.rule_files()?;
    let policy = DispatchPolicy::load(&files)?;
    let rules = OutreachRules::load(&files)?;
    let mut store = crate::cli::workspace::required(workspace)?;
    let environment = |variable: &str| std::env::var(variable).ok();
    let dispatcher = Dispatcher::open(&config.outreach, &policy, &rules, args.gateway.as_deref(), &environment)?;
    let limits = Limits {
        campaign: args.campaign.clone(),
        gateway: args.gateway.clone(),
        max_cost: args.max_cost.map(|cost| i64::try_from(cost.ten_thousandths() * MILLIONTHS).unwrap_or(i64::MAX)),
        most: args.most,
    };
    if !args.send {
        let preview = dispatcher.preview(&store, &limits, timestamp())?;
        progress::print(&preview_text(&preview, &store)?);
        return Ok(Exit::Success);
    }
    let Some(lock) = store.lock_dispatch()? else { return Err(DispatchError::Busy.into()) };
    let stop = Arc::new(AtomicBool::new(false));
    let on_ctrl_c = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the process at once, which is safe too: what was under way is asked about later.
    let _ = ctrlc::set_handler(move || on_ctrl_c.store(true, Ordering::Relaxed));
    let bar = progress::bytes_bar(0, "sending", global.quiet);
    let sent = dispatcher.send(&mut store, &lock, &limits, &stop, timestamp, &mut |stats| {
        bar.set_message(format!("sent {}", stats.sent));
    });
    bar.finish_and_clear();
    let (reconciled, stats) = sent?;
    drop(lock);
    if !global.quiet {
        let outbox = store.outbox_stats(args.campaign.as_deref(), timestamp())?;
        progress::print(&format!("{}{}\n{}", reconciled_text(&reconciled), run_text(&stats), outbox_text(&outbox)));
    }
    if let Some(hint) = hint(&reconciled, &stats) {
        say(&hint);
    }
    Ok(match stats.ended {
        Ended::Interrupted => Exit::Interrupted,
        ref ended if ended.is_failure() || reconciled.left() > 0 => Exit::Network,
        _ => Exit::Success,
    })
}

fn preview_text(preview: &Preview, store: &Store) -> Result<String, Failure> {
    let mut lines = Vec::new();
    let (rows, cost) = preview.sum();
    for ((channel, gateway), (rows, cost)) in &preview.ready {
        lines.push(format!("{rows} {channel} by {gateway}, {}", amount(*cost)));
    }
    lines.push(format!("{rows} messages would be sent now, {}", amount(cost)));
    for (why, rows) in &preview.cancelled {
        lines.push(format!("{rows} would be taken back: {why}"));
    }
    if preview.put_off > 0 {
        let when = preview.open_at.map_or(String::new(), |at| format!(", the first until {at}"));
        lines.push(format!("{} wait for an hour in which people may be asked{when}", preview.put_off));
    }
    if preview.beyond > 0 {
        lines.push(format!("{} are beyond --max-cost or --most", preview.beyond));
    }
    if let Some(switch) = store.outreach_stopped()? {
        lines.push(format!("outreach is stopped since {}: {}", switch.at, switch.value));
    } else if rows > 0 {
        lines.push("Nothing was sent. Send with: tiuv outreach dispatch --send".to_owned());
    }
    Ok(lines.join("\n") + "\n")
}

fn reconciled_text(reconciled: &Reconciled) -> String {
    let Reconciled { swept, found, failed, absent, too_young, unclear } = *reconciled;
    let mut text = String::new();
    if swept > 0 {
        text.push_str(&format!("{swept} were being sent when an earlier dispatch ended early\n"));
    }
    if found + failed + absent + too_young + unclear > 0 {
        text.push_str(&format!(
            "asked about unknown ones: {found} were sent, {failed} failed, {absent} never arrived there and are pending again, \
             {} are still unknown\n",
            too_young + unclear
        ));
    }
    text
}

fn run_text(stats: &DispatchStats) -> String {
    let DispatchStats { sent, opted_out, failed, put_back, unknown, cancelled, put_off, cost, ended, .. } = stats;
    let mut text = format!("sent {sent}, {}; failed {failed}, opted out {opted_out}, unknown {unknown}", amount(*cost));
    for (rows, what) in [(put_back, "not taken and put back"), (cancelled, "taken back"), (put_off, "put off")] {
        if *rows > 0 {
            text.push_str(&format!(", {what} {rows}"));
        }
    }
    let why = match ended {
        Ended::Done => String::new(),
        Ended::Stopped => "; stopped by `tiuv outreach stop`".to_owned(),
        Ended::Interrupted => "; interrupted".to_owned(),
        Ended::CostReached => "; the next one would cost more than --max-cost".to_owned(),
        Ended::MostReached => "; as many as --most allows".to_owned(),
        Ended::Closed(code) => format!("; the gateway takes nothing from us ({code})"),
        Ended::Down => "; the gateway fails again and again".to_owned(),
        Ended::Paused => "; the gateway asks for a longer pause".to_owned(),
    };
    text + &why + "\n"
}

fn hint(reconciled: &Reconciled, stats: &DispatchStats) -> Option<String> {
    if stats.ended.is_failure() {
        return Some(
            "help: check the gateway and its settings in tiuv.toml; what was not sent is still pending".to_owned(),
        );
    }
    if reconciled.unclear > 0 {
        return Some(
            "help: `tiuv outreach status --unknown` lists what no gateway can tell; settle it with `tiuv outreach settle`"
                .to_owned(),
        );
    }
    (reconciled.too_young > 0)
        .then(|| "help: run dispatch again in a minute; the gateway is asked once more".to_owned())
}

/// Of a ten-thousandth.
const MILLIONTHS: u64 = 100;
