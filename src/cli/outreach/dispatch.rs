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
use crate::outreach::dispatch::{
    DispatchError, DispatchStats, Dispatched, Dispatcher, Ended, Limits, Preview, Reconciled,
};
use crate::record::Money;
use crate::report::{amount, outbox_text};
use crate::rule::{DispatchPolicy, OutreachRules};
use crate::store::Store;

/// Hand planned text messages and e-mails that are due to the gateways of tiuv.toml, `[outreach.gateway.NAME]`. Shows what
/// would be sent, unless --send is given. Calls are lists for people and are never dispatched.
#[derive(Debug, Args)]
#[command(after_help = "\
Everything that can be looked at without a request is looked at before the first one: gateways with their secrets, addresses and \
templates, files that are written, the outbox, who may be asked at this hour. A channel without a gateway is left out, and said. \
Before each message suppression, consent, the hour where the customer lives, `tiuv outreach stop` and --max-cost are looked \
at again. However it ends, what was sent is told. A message that may have been sent is `unknown`: the gateway is asked about it at the start of the next dispatch, \
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
        max_cost: args.max_cost.map(|cost| cost.millionths().cast_signed()),
        most: args.most,
    };
    let preview = dispatcher.preview(&store, &limits, timestamp())?;
    if !global.quiet {
        warnings(&preview, args.campaign.as_deref()).iter().for_each(|warning| say(warning));
    }
    if !args.send {
        let mut text = preview_lines(&preview, "would be").join("\n") + "\n";
        text.push_str(&next_text(&preview, &store)?);
        progress::print(&text);
        return Ok(Exit::Success);
    }
    let Some(lock) = store.lock_dispatch()? else { return Err(DispatchError::Busy.into()) };
    if !global.quiet {
        preview_lines(&preview, "are to be").iter().for_each(|line| say(line));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let on_ctrl_c = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the process at once, which is safe too: what was under way is asked about later.
    let _ = ctrlc::set_handler(move || on_ctrl_c.store(true, Ordering::Relaxed));
    let bar = progress::bytes_bar(0, "sending", global.quiet);
    let sent = dispatcher.send(&mut store, &lock, &limits, &stop, timestamp, &mut |stats| {
        bar.set_message(format!("sent {}", stats.sent));
    });
    bar.finish_and_clear();
    let Dispatched { reconciled, stats, failed } = sent?;
    drop(lock);
    if !global.quiet {
        progress::print(&format!("{}{}", reconciled_text(&reconciled), run_text(&stats)));
    }
    // The account of what was sent stands; what is the matter with the workspace is told below it.
    if let Some(error) = failed {
        return Err(error.into());
    }
    if !global.quiet {
        let outbox = store.outbox_stats(args.campaign.as_deref(), timestamp(), None)?;
        progress::print(&format!("\n{}", outbox_text(&outbox)));
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

/// How many, by what, for how much; and who is held back and why.
fn preview_lines(preview: &Preview, would_be: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (rows, cost) = preview.sum();
    for ((channel, gateway), (rows, cost)) in &preview.ready {
        lines.push(format!("{rows} {channel} by {gateway}, {}", amount(*cost)));
    }
    lines.push(format!("{rows} messages {would_be} sent now, {}", amount(cost)));
    for (why, rows) in &preview.cancelled {
        lines.push(format!("{rows} {would_be} taken back: {why}"));
    }
    if preview.put_off > 0 {
        let when = preview.open_at.map_or(String::new(), |at| format!(", the first until {at}"));
        lines.push(format!("{} wait for an hour in which people may be asked{when}", preview.put_off));
    }
    if preview.beyond > 0 {
        lines.push(format!("{} are beyond --max-cost or --most", preview.beyond));
    }
    lines
}

fn next_text(preview: &Preview, store: &Store) -> Result<String, Failure> {
    let (rows, _) = preview.sum();
    Ok(match store.outreach_stopped()? {
        Some(switch) => format!("outreach is stopped since {}: {}\n", switch.at, switch.value),
        None if rows > 0 => "Nothing was sent. Send with: tiuv outreach dispatch --send\n".to_owned(),
        None => String::new(),
    })
}

/// What whoever sends should know before.
fn warnings(preview: &Preview, campaign: Option<&str>) -> Vec<String> {
    let skipped = preview.skipped.iter().map(|(channel, rows)| {
        format!(
            "warning: {rows} {channel} messages are due and stay where they are: no gateway takes them; tell of one in tiuv.toml, \
             [outreach.gateway.NAME] with channels = [\"{channel}\"]"
        )
    });
    let campaign = campaign.map_or(String::new(), |name| format!(" --campaign {name}"));
    let old = preview.old.map(|(rows, day)| {
        format!(
            "warning: {rows} messages are of an old plan, of what was known on {day} or soon after; clean the list again and plan again \
             (tiuv outreach plan{campaign}), which keeps what still holds"
        )
    });
    skipped.chain(old).collect()
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
    let DispatchStats {
        sent, opted_out, failed, put_back, unknown, under_way, cancelled, put_off, cost, ended, ..
    } = stats;
    let mut text = format!("sent {sent}, {}; failed {failed}, opted out {opted_out}, unknown {unknown}", amount(*cost));
    let others = [
        (put_back, "not taken and put back"),
        (under_way, "on their way when it ended (the next dispatch asks about them)"),
        (cancelled, "taken back"),
        (put_off, "put off"),
    ];
    for (rows, what) in others {
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
        Ended::Broken => "; it ended early, since something failed".to_owned(),
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
