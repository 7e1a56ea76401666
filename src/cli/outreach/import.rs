//! `tiuv outreach import`: filled call lists, receipts of gateways and messages that customers wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Global;
use crate::cli::failure::Failure;
use crate::cli::global::Shown;
use crate::cli::input::InputArgs;
use crate::cli::progress::print;
use crate::cli::set_aside::SetAsideArgs;
use crate::cli::workspace::required;
use crate::clock;
use crate::error::Exit;
use crate::pipeline::{
    AnswerReader, ImportStats, Listed, MessageReader, SetAside, import_calls, import_messages, import_receipts,
    kind_of_answers,
};
use crate::rule::ReportWords;
use crate::text::isolated;

/// Take over filled call lists, receipts of gateways, and messages that customers wrote. Each answer moves its planned contact on, is kept as evidence for the
/// next `tiuv clean`, and closes what must be closed: a refusal the person on all channels, a wrong person the number. New values
/// wait for acceptance. Importing a file again changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
A call list needs the columns of the call's number and of the outcome. The outcomes, in English,
Hebrew, Russian or Arabic: confirmed, updated (with the new values in their columns), no answer,
call back, wrong person, disconnected, refused, deceased, other. Receipts need the gateway's name
of the message and its status; code and time where there are any. Messages need who wrote (from) and
what (text); id, time, channel, direction and the gateway's own word (OptOutType …) where there are
any. The same words of the same sender at the same time are one message. What a person has to read
waits in `tiuv outreach inbox`.

Callers' own words for an outcome are read by rules (rules/meaning/outcomes.toml), and what none of
them reads is told with how often it stands there. \"Call back\" takes the day under \"Call again on\",
or the one that stands beside it or in the note (3/12); who asked for it, and who did not answer, is
planned again by `tiuv outreach plan --advance`. A new number or address that can't be one, or looks
mistyped, is set aside; ! behind it says that it is meant as it stands.

A refusal closes every channel of the person, a wrong person the number. New values wait for
acceptance. Importing a file again changes nothing.

What can't be taken over is set aside with its row, the reason and what to do, and the exit code is
3; everything else was taken over. Reasons: no_outcome, unknown_outcome, unknown_call,
other_customer, not_handed_out, bad_time, bad_again, bad_new_value, doubtful_new_value, no_new_value;
incomplete, unknown_status; and row.* as `tiuv rule list` has them.

Examples:
  tiuv outreach import lists/calls-2026-11-26.xlsx
  tiuv outreach import calls.csv --set-aside unread.csv
  tiuv outreach import receipts.jsonl --gateway texts
  tiuv outreach import replies.csv --gateway texts")]
pub(super) struct ImportArgs {
    /// Files in any format that `tiuv clean` reads
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The gateway that the receipts or messages are of, as tiuv.toml calls it
    #[arg(long, value_name = "NAME")]
    gateway: Option<String>,
    #[command(flatten)]
    set_aside: SetAsideArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, workspace: &Path, args: &ImportArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown::default())?;
    let mut store = required(workspace)?;
    let reader = AnswerReader::new(&setup, clock::timestamp())?;
    let profiles = store.latest_profiles()?;
    let mut all = Vec::new();
    // All files are opened before the first is taken over, so that a wrong one changes nothing.
    let mut lists = Vec::new();
    for file in &args.files {
        let list = args.input.open(file, &config, &setup.context, Some(&store))?;
        let Some(kind) = kind_of_answers(&list, &reader.words) else {
            return Err(Failure::usage(
                &format!("{} is no call list, and no file of receipts or messages", list.facts().name),
                "a call list has the columns `call` and `outcome`, receipts have `gateway_id` and `status`, messages `from` \
                 and `text`",
            ));
        };
        if kind == Listed::Receipts && args.gateway.is_none() {
            return Err(Failure::usage(
                &format!("{} holds receipts, and nothing says of which gateway", list.facts().name),
                "name it as tiuv.toml does: --gateway NAME",
            ));
        }
        lists.push((list, kind));
    }
    let most_letters = ReportWords::load(&setup.context.files)?.server.most_body_letters;
    let messages = MessageReader::new(&setup, most_letters)?;
    for (list, kind) in &lists {
        let stats = match kind {
            Listed::Calls => import_calls(list, &reader, &mut store, profiles.as_ref(), &setup)?,
            Listed::Messages => import_messages(list, args.gateway.as_deref(), &reader, &messages, &mut store, &setup)?,
            Listed::Receipts => {
                let gateway = args.gateway.as_deref().unwrap_or_default();
                let hook = config.webhooks.gateway.get(gateway).and_then(|hook| hook.http.as_ref());
                let words = hook.and_then(|http| http.status.as_ref()).map(|status| status.words.clone());
                import_receipts(list, gateway, &words.unwrap_or_default(), &reader, &mut store, &setup)?
            }
        };
        if !global.quiet {
            print(&stats_text(&list.facts().name, &stats));
        }
        all.extend(stats.set_aside.into_iter().map(|one| SetAside { file: list.facts().name.clone(), ..one }));
    }
    args.set_aside.report(&all, global.quiet)
}

fn stats_text(name: &str, stats: &ImportStats) -> String {
    let total: u64 = stats.new.values().sum();
    let mut text = format!("{name}: {total} taken over");
    let parts: Vec<String> = stats.new.iter().map(|(word, count)| format!("{count} {word}")).collect();
    if !parts.is_empty() {
        text.push_str(&format!(" ({})", parts.join(", ")));
    }
    for (count, what) in [
        (stats.known, "known already"),
        (stats.to_read, "for a person to read (tiuv outreach inbox)"),
        (stats.own, "of the club's own"),
        (stats.open, "without an outcome yet"),
        (stats.waiting, "of messages that nothing here knows, kept"),
        (stats.set_aside.len() as u64, "set aside"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text.push('\n');
    text + &unread_text(&stats.unread_outcomes)
}

/// Outcomes that nobody knows, the most frequent first. What holds digits or an address may be a customer's, and is counted alone.
fn unread_text(unread: &BTreeMap<String, u64>) -> String {
    if unread.is_empty() {
        return String::new();
    }
    let may_be_a_value = |text: &str| text.contains('@') || text.contains(char::is_numeric);
    let mut told: Vec<(&str, u64)> = Vec::new();
    let mut untold = 0;
    for (text, count) in unread {
        if may_be_a_value(text) || text.chars().count() > MOST_LETTERS {
            untold += count;
        } else {
            told.push((text, *count));
        }
    }
    told.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    untold += told.iter().skip(MOST_TOLD).map(|(_, count)| count).sum::<u64>();
    let mut parts: Vec<String> =
        told.iter().take(MOST_TOLD).map(|(text, count)| format!("{} {count}", isolated(text))).collect();
    if untold > 0 {
        parts.push(format!("others {untold}"));
    }
    format!("  outcomes that mean nothing here: {}\n", parts.join(", "))
}

/// Longer texts are notes.
const MOST_LETTERS: usize = 40;
/// So many are told.
const MOST_TOLD: usize = 8;
