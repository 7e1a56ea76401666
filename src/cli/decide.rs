//! `tiuv decide`: a person's word on two rows, which later runs obey.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::global::Shown;
use super::input::InputArgs;
use super::progress::{print, say};
use super::set_aside::SetAsideArgs;
use super::{Global, workspace};
use crate::clock;
use crate::error::Exit;
use crate::pipeline::{ImportedDecisions, KnownRows, NoRow, SetAside, import_decisions, is_decided_pairs};
use crate::record::{Decision, Relation};
use crate::report;
use crate::rule::{DecisionWords, Words};
use crate::store::Store;

/// Decide what two rows are to each other. The next `tiuv clean` obeys it, until a value changes by which the rows are
/// compared, or it is undone.
#[derive(Debug, Args)]
#[command(after_help = "\
A row is named by its own key (the id column of its list), LIST:KEY where several lists have it, or LIST:#NUMBER by its
number (tiuv_row).

Examples:
  tiuv decide same 1042 2230 --why 'she called: one person, two cards'
  tiuv decide different club.csv:17 web.csv:17 --why 'father and son'
  tiuv decide import out/possible_duplicates.csv
  tiuv decide list
  tiuv decide undo 3")]
pub(super) struct DecideArgs {
    /// Where tiuv remembers decisions
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
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
    /// Take over a filled possible_duplicates.csv or .xlsx, as a whole or not at all
    Import(Import),
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

#[derive(Debug, Args)]
#[command(after_help = "\
The column `decision` says of each pair same, different, household or unsure, in English, Hebrew,
Russian or Arabic; an empty one leaves the pair open, and so does unsure. Rows are known by the
column `pair`; a list of one's own may name them in left_key or left_row, and right_key or
right_row. A note in the column `note` is kept as the reason. Importing a file again changes nothing.

Where one line can't be obeyed, nothing is taken over and the exit code is 3; each such line is
told with its reason and what to do. Reasons: unknown_decision, unknown_pair, unknown_row,
several_rows, one_row, changed (a compared value changed since the file was written), contradiction
(lines that can't all be right); and row.* as `tiuv rule list` has them. Earlier decisions that
contradict the file give way.

Examples:
  tiuv decide import out/possible_duplicates.csv
  tiuv decide import reviewed.xlsx --set-aside unread.csv")]
struct Import {
    /// The filled file, in any format that `tiuv clean` reads
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    set_aside: SetAsideArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, args: &DecideArgs) -> Result<Exit, Failure> {
    let mut store = workspace::required(&args.workspace)?;
    match &args.what {
        What::Same(pair) => decide(&mut store, Relation::Same, pair, global),
        What::Different(pair) => decide(&mut store, Relation::Different, pair, global),
        What::Household(pair) => decide(&mut store, Relation::Household, pair, global),
        What::Import(args) => import(&mut store, global, args),
        What::List => list(&store),
        What::Undo { number } => undo(&mut store, *number, global.quiet),
    }
}

fn decide(store: &mut Store, relation: Relation, pair: &Pair, global: &Global) -> Result<Exit, Failure> {
    if pair.why.trim().is_empty() {
        return Err(Failure::usage("--why is empty", "say why, for whoever asks later"));
    }
    let rows = KnownRows::load(store)?;
    let [left, right] = [&pair.left, &pair.right].map(|name| rows.named(name).map_err(|why| no_row(name, why)));
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

/// What is wrong with the name of a row, and what to write.
fn no_row(name: &str, why: NoRow) -> Failure {
    match why {
        NoRow::Unknown(lists) => {
            let lists = if lists.is_empty() { "none yet".to_owned() } else { lists.join(", ") };
            Failure::usage(
                &format!("no row is named `{name}`"),
                &format!("write the row's own key, or LIST:#NUMBER; the lists that the workspace knows: {lists}"),
            )
        }
        NoRow::Several(names) => Failure::usage(
            &format!("several lists have a row `{name}`"),
            &format!("say which one: {}", names.join(" or ")),
        ),
    }
}

/// Takes a filled `possible_duplicates` over.
fn import(store: &mut Store, global: &Global, args: &Import) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown::default())?;
    let words = DecisionWords::load(&setup.context.files)?;
    let mut list = args.input.open(&args.file, &config, &setup.context, None)?;
    // In a workbook of `clean` the pairs are a sheet beside larger ones.
    if args.input.sheet.is_none() && !is_decided_pairs(&list, &words) {
        for language in Words::languages(&setup.context.files) {
            let title = Words::load(&setup.context.files, &language)?.say(report::PAIRS_SHEET).to_owned();
            let input = InputArgs { sheet: Some(title), ..args.input.clone() };
            if let Ok(pairs) = input.open(&args.file, &config, &setup.context, None) {
                list = pairs;
                break;
            }
        }
    }
    let name = &list.facts().name;
    if !is_decided_pairs(&list, &words) {
        return Err(Failure::usage(
            &format!("{name} holds no decided pairs"),
            "it needs the column `decision` and the column `pair`, or the rows by name: left_row or left_key, right_row or \
             right_key; possible_duplicates.csv has them all",
        ));
    }
    let imported = import_decisions(&list, &words, store, &setup, &clock::timestamp().to_string())?;
    if !imported.refused.is_empty() {
        if !global.quiet {
            say(&format!("{name}: nothing was taken over, since {}", why_refused(&imported.refused)));
        }
        return args.set_aside.report(&imported.refused, global.quiet);
    }
    if !global.quiet {
        print(&imported_text(name, &imported));
    }
    Ok(Exit::Success)
}

/// What is wrong with lines, by kind: `a line was not understood, 2 lines contradict others`.
fn why_refused(refused: &[SetAside]) -> String {
    const KINDS: [(&[&str], &str, &str); 3] = [
        (&["contradiction"], "contradicts others", "contradict others"),
        (&["changed"], "is of rows that changed since", "are of rows that changed since"),
        (
            &["unknown_pair", "unknown_row"],
            "names rows that the workspace does not know",
            "name rows that the workspace does not know",
        ),
    ];
    let kind_of = |line: &SetAside| KINDS.iter().position(|(reasons, ..)| reasons.contains(&line.reason.as_ref()));
    let mut told = Vec::new();
    for kind in std::iter::once(None).chain((0..KINDS.len()).map(Some)) {
        let count = refused.iter().filter(|line| kind_of(line) == kind).count();
        let (one, several) =
            kind.map_or(("was not understood", "were not understood"), |kind| (KINDS[kind].1, KINDS[kind].2));
        match count {
            0 => {}
            1 => told.push(format!("a line {one}")),
            count => told.push(format!("{count} lines {several}")),
        }
    }
    told.join(", ")
}

fn imported_text(name: &str, imported: &ImportedDecisions) -> String {
    let taken: u64 = imported.taken.values().sum();
    let mut text = format!("{name}: {taken} taken over");
    let parts: Vec<String> = imported.taken.iter().map(|(what, count)| format!("{count} {}", what.as_str())).collect();
    if !parts.is_empty() {
        let _ = write!(text, " ({})", parts.join(", "));
    }
    for (count, what) in [
        (imported.known, "known already"),
        (imported.unsure, "unsure, asked again next time"),
        (imported.open, "without a decision"),
    ] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    if imported.overruled > 0 {
        let earlier = if imported.overruled == 1 {
            "1 earlier decision contradicts these and gives way".to_owned()
        } else {
            format!("{} earlier decisions contradict these and give way", imported.overruled)
        };
        let _ = write!(text, "\n{earlier}");
    }
    text.push_str(if taken > 0 { "\nthe next `tiuv clean` obeys them\n" } else { "\n" });
    text
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
