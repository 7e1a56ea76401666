//! `tiuv push`: results of a run into a database, or its repairs into the rows that they are of; and back.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::{Global, progress, workspace};
use crate::database::{Address, Change, Part, Target, open_target};
use crate::error::Exit;
use crate::pipeline::{PushChoice, PushOutcome, RunResults, changes_of, push_changes, push_tables, undo};
use crate::record::{GivenState, mask};
use crate::store::GivenFilter;

/// Write the results of a run into a database: its tables, or with --update its repairs into the rows that they are of.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv push --run out --to sqlite:club.db          tiuv_rows, tiuv_customers and other tables
  tiuv push --to 'postgres://app@db/club?table=customers' --update --dry-run
  tiuv push --undo 3fa41c09d2b7e865 --to 'postgres://app@db/club'")]
pub(super) struct PushArgs {
    /// The directory that `clean --out` wrote
    #[arg(long, value_name = "DIR", default_value = "out", conflicts_with = "undo")]
    run: PathBuf,
    /// The database: sqlite:FILE or postgres://USER@HOST/DATABASE; with --update ?table= names the table of the list
    #[arg(long, value_name = "URL")]
    to: String,
    /// Write the run's repairs, and what customers answered and was accepted, into the rows that they are of, where the old value
    /// still stands; suggestions never
    #[arg(long, conflicts_with = "undo")]
    update: bool,
    /// Columns by which a row is told from every other; the table's own key where not given
    #[arg(long, value_name = "COLUMN", num_args = 1.., requires = "update")]
    key: Vec<String>,
    /// Columns that are changed; all that have repairs or answers where not given
    #[arg(long, value_name = "COLUMN", num_args = 1.., requires = "update")]
    columns: Vec<String>,
    /// Take back what the run of this name pushed, where nobody has changed it since
    #[arg(long, value_name = "RUN")]
    undo: Option<String>,
    /// Change nothing: say how many cells, with a sample and the SQL
    #[arg(long)]
    dry_run: bool,
    /// Where accepted answers are kept
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Show values in the sample instead of masked ones
    #[arg(long)]
    show_values: bool,
}

/// So many changes are shown as a sample, and so many that were not made.
const SHOWN: usize = 10;

pub(super) fn run(global: &Global, args: &PushArgs) -> Result<Exit, Failure> {
    let Some(address) = Address::parse(&args.to) else {
        return Err(Failure::usage(
            &format!("`{}` is no address of a database", args.to),
            "write sqlite:FILE or postgres://USER@HOST/DATABASE",
        ));
    };
    let address = address?;
    match &args.undo {
        Some(run) => take_back(global, args, run, &address),
        None if args.update => update(global, args, &address),
        None => tables(global, args, &address),
    }
}

fn tables(global: &Global, args: &PushArgs, address: &Address) -> Result<Exit, Failure> {
    let results = RunResults::open(&args.run)?;
    let mut target = open_target(address)?;
    let made = push_tables(&results, &address.text, target.as_mut())?;
    let lines: Vec<String> = made.iter().map(|(table, rows)| format!("{rows:>9} rows  {table}")).collect();
    end(global, args, target, address, &lines)
}

fn update(global: &Global, args: &PushArgs, address: &Address) -> Result<Exit, Failure> {
    let Part::Table(table) = &address.part else {
        return Err(Failure::usage(
            "it is not said which table the list is",
            "write it behind the address: ?table=NAME",
        ));
    };
    let results = RunResults::open(&args.run)?;
    let mut target = open_target(address)?;
    let key = match args.key[..] {
        [] => target.key_of(table).map_err(|problem| database(address, problem))?,
        _ => args.key.clone(),
    };
    let accepted = GivenFilter { state: Some(GivenState::Accepted), ..GivenFilter::default() };
    let store = workspace::existing(&args.workspace)?;
    let answers = store.map(|store| store.given_values(&accepted)).transpose()?.unwrap_or_default();
    let changes = changes_of(&results, PushChoice { key: &key, columns: &args.columns, answers: &answers })?;
    let outcome = push_changes(table, &key, &changes, &results.run, &address.text, target.as_mut())?;
    let mut lines = told(&outcome, &changes, "changed");
    if args.dry_run {
        lines.extend(sample(args, &changes));
        let mut columns: Vec<&str> = changes.iter().map(|change| change.column.as_str()).collect();
        columns.sort_unstable();
        columns.dedup();
        lines.extend(columns.into_iter().map(|column| target.statement(table, &key, column)));
    } else if outcome.done > 0 {
        lines.push(format!("to take it back: tiuv push --undo {} --to '{}'", results.run, address.text));
    }
    end(global, args, target, address, &lines)
}

fn take_back(global: &Global, args: &PushArgs, run: &str, address: &Address) -> Result<Exit, Failure> {
    let mut target = open_target(address)?;
    let (outcome, changes) = undo(run, &address.text, target.as_mut())?;
    if changes.is_empty() {
        return Err(Failure::usage(
            &format!("nothing that run {run} pushed is left to take back"),
            "the table tiuv_pushed names what was pushed, by run",
        ));
    }
    let mut lines = told(&outcome, &changes, "restored");
    if args.dry_run {
        lines.extend(sample(args, &changes));
    }
    end(global, args, target, address, &lines)
}

/// Ends the transaction, or lets it go, and says what came of it.
fn end(
    global: &Global,
    args: &PushArgs,
    target: Box<dyn Target>,
    address: &Address,
    lines: &[String],
) -> Result<Exit, Failure> {
    if args.dry_run {
        drop(target);
    } else {
        target.commit().map_err(|problem| database(address, problem))?;
    }
    let mut out = crate::cli::terminal::stdout();
    for line in lines {
        writeln!(out, "{line}").map_err(|error| Failure::output(&error))?;
    }
    if args.dry_run && !global.quiet {
        progress::say("note: nothing was changed; without --dry-run it is");
    }
    Ok(Exit::Success)
}

/// What became of changes, in words; those that were not made by their keys.
fn told(outcome: &PushOutcome, changes: &[Change], done: &str) -> Vec<String> {
    let mut lines = vec![format!("{:>9} cells {done}", outcome.done)];
    if outcome.already > 0 {
        lines.push(format!("{:>9} cells had the value already", outcome.already));
    }
    for (places, why) in [
        (&outcome.newer, "cells left: their value is newer than the one that was read"),
        (&outcome.gone, "cells left: their row is gone"),
    ] {
        if places.is_empty() {
            continue;
        }
        lines.push(format!("{:>9} {why}", places.len()));
        let name =
            |place: &usize| format!("            {} {}", changes[*place].key.join(" / "), changes[*place].column);
        lines.extend(places.iter().take(SHOWN).map(name));
        if places.len() > SHOWN {
            lines.push("            …".to_owned());
        }
    }
    lines
}

fn sample(args: &PushArgs, changes: &[Change]) -> Vec<String> {
    let shown = |value: &str| if args.show_values { value.to_owned() } else { mask(None, value) };
    let line = |change: &Change| {
        let (key, column, rule) = (change.key.join(" / "), &change.column, &change.rule);
        format!("  {key}  {column}: {} → {}  [{rule}]", shown(&change.before), shown(&change.after))
    };
    changes.iter().take(SHOWN).map(line).collect()
}

fn database(address: &Address, problem: crate::database::Problem) -> Failure {
    crate::database::DatabaseError::new(&address.text, problem).into()
}
