//! `tiuv learn`: refits the decay model by what was found out about contacts that were asked.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::decay::{self, EvidenceArgs};
use super::failure::Failure;
use super::input::InputArgs;
use super::{Global, progress, workspace};
use crate::decay::{Fit, Verdict};
use crate::error::Exit;
use crate::ingest::{IngestOptions, List, read_outcomes};
use crate::pipeline::{Decay, FlagRule, FoundOut, FoundStats, MailStage, Memory, ResolveStage, clean, key_headers};
use crate::record::{ContactKind, Day};
use crate::report;
use crate::rule::Context;
use crate::store::{DecayModelRecord, Store};

/// Refit how contacts go stale by what was found out about those that were asked; later runs of `clean` use it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv learn customers.csv --events mailings.csv
  tiuv learn customers.csv --events mailings.csv --outcomes audit.csv
  tiuv learn --list
  tiuv learn --rollback")]
pub(super) struct LearnArgs {
    /// The lists whose contacts were asked
    #[arg(value_name = "INPUT", required_unless_present_any = ["list", "rollback"])]
    inputs: Vec<PathBuf>,
    /// What was found out: columns record, field (email or phone), outcome (stale or alive), at; without it the workspace's
    /// answers to questions that were asked at random
    #[arg(long, value_name = "FILE")]
    outcomes: Option<PathBuf>,
    /// Show what was learnt before
    #[arg(long, conflicts_with_all = ["inputs", "rollback"])]
    list: bool,
    /// Take back what was learnt last
    #[arg(long, conflicts_with = "inputs")]
    rollback: bool,
    /// Fit and show, but keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Where what was learnt is kept
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, args: &LearnArgs) -> Result<Exit, Failure> {
    let mut store = workspace::made(&args.workspace)?;
    if args.list {
        return say(&report::models_text(&store.decay_models()?));
    }
    if args.rollback {
        return roll_back(&mut store);
    }
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let mut lists = Vec::new();
    for path in &args.inputs {
        lists.push(args.input.open(path, &config, &setup.context, Some(&store))?);
    }
    let evidence = args.evidence.open(&lists, &setup.context, Some(&store))?.unlearnt();
    let memory = Memory::load(&store, &lists, &setup.context)?;
    let bytes = lists.iter().map(List::text_bytes).sum::<u64>() + evidence.text_bytes();
    let bar = progress::bytes_bar(bytes, "reading", global.quiet);
    let mut hear = |_: &crate::dns::MxProgress| {};
    let mail = MailStage::off(&mut hear);
    let stage = evidence.stage(Some(FlagRule::Expected));
    let cleaned =
        clean(&lists, &setup, mail, ResolveStage::On(memory.map(Box::new)), Some(&stage), &|bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    let Some(judged) = &cleaned.decay else { return Ok(Exit::Success) };
    decay::warn(&judged.stats, global.quiet);
    let found = found_out(args, judged, &lists, &setup.context, &evidence)?;
    let fits = judged.learn(&found);
    let mut text = report::fits_text(&fits);
    for fit in fits.iter().flatten().filter(|fit| fit.verdict == Verdict::Take && !args.dry_run) {
        let id = store.save_decay_model(&record_of(fit, &setup.context, args)?)?;
        text.push_str(&report::kept_text(fit, id));
    }
    say(&text)
}

/// What was found out, of the file or else of the workspace.
fn found_out(
    args: &LearnArgs,
    judged: &Decay,
    lists: &[List],
    context: &Context,
    evidence: &decay::OpenedEvidence,
) -> Result<Vec<FoundOut>, Failure> {
    let (found, stats, set_aside) = match &args.outcomes {
        Some(path) => {
            let options = IngestOptions::default();
            let keys = key_headers(lists);
            let (outcomes, read) = read_outcomes(path, &options, &context.files, &keys, Day::of(context.today))?;
            let (found, stats) = judged.found_out(&outcomes);
            (found, FoundStats { later: read.later, ..stats }, read.set_aside)
        }
        None => {
            let (found, stats) = judged.found_by_audit(evidence.remembered());
            (found, stats, 0)
        }
    };
    if set_aside + stats.unknown + stats.newer > 0 {
        progress::say(&format!(
            "note: outcomes not used: {set_aside} without a known field, outcome or day; {} of contacts that are not there; {} of values that were replaced since",
            stats.unknown, stats.newer
        ));
    }
    let tomorrow =
        format!("{} answers of {} or later count from the day after on: learn again then", stats.later, context.today);
    match (found.is_empty(), stats.later) {
        (true, 0) => Err(Failure::usage(
            "nothing was found out about any contact",
            "give outcomes with --outcomes FILE, or ask some customers at random: the plan's audit sample does",
        )),
        (true, _) => Err(Failure::usage("nothing was found out about any contact before today", &tomorrow)),
        (false, 0) => Ok(found),
        (false, _) => {
            progress::say(&format!("note: {tomorrow}"));
            Ok(found)
        }
    }
}

fn record_of(fit: &Fit, context: &Context, args: &LearnArgs) -> Result<DecayModelRecord, Failure> {
    let json = |value: serde_json::Result<String>| {
        value.map_err(|error| Failure::usage(&format!("can't write coefficients: {error}"), "report this as a bug"))
    };
    let sample = json!({
        "labels": fit.before.count,
        "stale": fit.before.stale,
        "trust": fit.trust,
        "source": if args.outcomes.is_some() { "outcomes" } else { "audit" },
    });
    let measures = json!({ "before": fit.before, "after": fit.after, "level_shift": fit.level_shift });
    Ok(DecayModelRecord {
        id: 0,
        made_at: crate::clock::timestamp().to_string(),
        as_of: context.today.to_string(),
        kind: fit.kind,
        sample: sample.to_string(),
        coefficients: json(serde_json::to_string(&fit.coefficients))?,
        measures: measures.to_string(),
        is_active: true,
    })
}

fn roll_back(store: &mut Store) -> Result<Exit, Failure> {
    let mut text = String::new();
    for kind in [ContactKind::Email, ContactKind::Phone] {
        if let Some(id) = store.roll_back_decay_model(kind)? {
            text.push_str(&format!("{} model {id} is no longer in force\n", kind.as_str()));
        }
    }
    if text.is_empty() {
        text.push_str("nothing was learnt that is in force: the numbers of decay.toml are\n");
    }
    say(&text)
}

fn say(text: &str) -> Result<Exit, Failure> {
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}
