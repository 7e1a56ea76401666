//! `tiuv decide`: a person's word on two rows, which later runs obey.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::progress::print;
use super::{Global, workspace};
use crate::clock;
use crate::error::Exit;
use crate::record::{DecidedRow, Decision, KnownRow, Relation, RowIds};
use crate::store::{KnownList, Store};
use crate::text::bare_key;

/// Decide what two rows are to each other. The next `tiuv clean` obeys it, until a value changes by which the rows are
/// compared, or it is undone.
#[derive(Debug, Args)]
#[command(after_help = "\
A row is named by its own key (the id column of its list), LIST:KEY where several lists have it, or LIST:#NUMBER by its
number (tiuv_row).

Examples:
  tiuv decide same 1042 2230 --why 'she called: one person, two cards'
  tiuv decide different club.csv:17 web.csv:17 --why 'father and son'
  tiuv decide list
  tiuv decide undo 3")]
pub(super) struct DecideArgs {
    /// Where tiuv remembers decisions
    #[arg(long, value_name = "DIR", default_value = ".tiuv", global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// They are one customer
    Same(Pair),
    /// They are two customers
    Different(Pair),
    /// They are two customers of one household
    Household(Pair),
    /// List all decisions
    List,
    /// Take a decision back; it stays in the list
    Undo {
        /// Its number in the list
        number: u64,
    },
}

#[derive(Debug, Args)]
struct Pair {
    /// The one row
    left: String,
    /// The other row
    right: String,
    /// Why, for whoever asks later
    #[arg(long, value_name = "TEXT")]
    why: String,
}

pub(super) fn run(global: &Global, args: &DecideArgs) -> Result<Exit, Failure> {
    let mut store = workspace::existing(&args.workspace)?.ok_or_else(|| {
        Failure::usage(
            &format!("there is no workspace {}", args.workspace.display()),
            "clean a list first, or name its workspace with --workspace",
        )
    })?;
    match &args.what {
        What::Same(pair) => decide(&mut store, Relation::Same, pair, global),
        What::Different(pair) => decide(&mut store, Relation::Different, pair, global),
        What::Household(pair) => decide(&mut store, Relation::Household, pair, global),
        What::List => list(&store),
        What::Undo { number } => undo(&mut store, *number, global.quiet),
    }
}

fn decide(store: &mut Store, relation: Relation, pair: &Pair, global: &Global) -> Result<Exit, Failure> {
    if pair.why.trim().is_empty() {
        return Err(Failure::usage("--why is empty", "say why, for whoever asks later"));
    }
    let lists = store.known_lists()?;
    let [left, right] = [&pair.left, &pair.right].map(|name| find(store, &lists, name));
    let (left, right) = (left?, right?);
    if left.row == right.row {
        return Err(Failure::usage(
            &format!("`{}` and `{}` are the same row", pair.left, pair.right),
            "name two rows; equal rows are one customer anyway",
        ));
    }
    let decision = Decision {
        number: 0,
        relation,
        rows: [left, right],
        why: pair.why.trim().to_owned(),
        made_at: clock::timestamp().to_string(),
        rules: format!("{:016x}", global.rule_files()?.fingerprint()),
        undone_at: None,
    };
    let number = store.decide(&decision)?;
    if !global.quiet {
        print(&format!("decision {number}: {}\nthe next `tiuv clean` obeys it\n", sentence(&decision)));
    }
    Ok(Exit::Success)
}

fn sentence(decision: &Decision) -> String {
    let [left, right] = &decision.rows;
    let what = match decision.relation {
        Relation::Same => "are one customer",
        Relation::Different => "are two customers",
        Relation::Household => "are two customers of one household",
    };
    format!("{} and {} {what}", left.name, right.name)
}

/// The row of this name, in any of the lists that the workspace knows.
fn find(store: &Store, lists: &[KnownList], name: &str) -> Result<DecidedRow, Failure> {
    let mut found: Vec<(&KnownList, KnownRow)> = Vec::new();
    for list in lists {
        // A key may itself hold a colon.
        let of_list = name.strip_prefix(list.name.as_str()).and_then(|rest| rest.strip_prefix(':'));
        for key in [Some(name), of_list].into_iter().flatten() {
            let number: Option<u32> = key.strip_prefix('#').and_then(|number| number.parse().ok());
            let ids = [bare_key(key), key].map(|key| RowIds::of_key(list.fingerprint, key));
            let is_it = |row: &&KnownRow| {
                let is_numbered = number.is_some_and(|number| row.number.number() == number);
                row.source == list.position && (ids.contains(&row.row) || is_numbered)
            };
            let rows = store.customers(&list.run)?;
            found.extend(rows.iter().find(is_it).map(|row| (list, *row)));
        }
    }
    let mut different: Vec<(&KnownList, KnownRow)> = Vec::new();
    for (list, row) in found {
        if different.iter().all(|(_, known)| known.row != row.row) {
            different.push((list, row));
        }
    }
    match &different[..] {
        [(list, row)] => {
            let name = if name.contains(&list.name) { name.to_owned() } else { format!("{}:{name}", list.name) };
            Ok(DecidedRow { row: row.row, name, compared: row.compared })
        }
        [] => {
            let names: Vec<&str> = lists.iter().map(|list| list.name.as_str()).collect();
            let names = if names.is_empty() { "none yet".to_owned() } else { names.join(", ") };
            Err(Failure::usage(
                &format!("no row is named `{name}`"),
                &format!("write the row's own key, or LIST:#NUMBER; the lists that the workspace knows: {names}"),
            ))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(list, _)| format!("{}:{name}", list.name)).collect();
            Err(Failure::usage(
                &format!("several lists have a row `{name}`"),
                &format!("say which one: {}", names.join(" or ")),
            ))
        }
    }
}

fn list(store: &Store) -> Result<Exit, Failure> {
    let decisions = store.decisions()?;
    let mut text = String::new();
    if decisions.is_empty() {
        text.push_str("no decisions yet\n");
    }
    for decision in &decisions {
        let undone = decision.undone_at.as_ref().map(|at| format!("  (undone {at})")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{:>4}  {}  {}  “{}”{undone}",
            decision.number,
            decision.made_at,
            sentence(decision),
            decision.why
        );
    }
    print(&text);
    Ok(Exit::Success)
}

fn undo(store: &mut Store, number: u64, quiet: bool) -> Result<Exit, Failure> {
    if !store.undo_decision(number, &clock::timestamp().to_string())? {
        return Err(Failure::usage(
            &format!("there is no decision {number} that holds"),
            "`tiuv decide list` shows them all",
        ));
    }
    if !quiet {
        print(&format!("decision {number} is undone; the next `tiuv clean` decides by itself again\n"));
    }
    Ok(Exit::Success)
}
