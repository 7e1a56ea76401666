//! `tiuv outreach inbox`: what customers and callers wrote and a person has to read.

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};

use super::super::failure::Failure;
use super::super::progress::say;
use crate::clock::timestamp;
use crate::error::Exit;
use crate::record::ContactKind;
use crate::report::{InboxFormat, InboxLine, write_inbox};
use crate::store::{InboxText, ProfilesFile, StoreError};

/// Show what customers and callers wrote and a person has to read: every message that is more than a plain refusal, what callers
/// noted beside an outcome, and messages whose sender is no number or address. What may be a refusal holds the person already.
/// It prints the customers' values.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Every message waits here that is more than a plain refusal, with what callers noted beside an
outcome. What may be a refusal (opt_out_in_doubt) holds the person already; if it was none,
`tiuv suppress remove` lifts that. The customers' values are printed.

Examples:
  tiuv outreach inbox
  tiuv outreach inbox --format csv > to-read.csv
  tiuv outreach inbox --all --format jsonl
  tiuv outreach inbox done 12 13 --note 'called back'"
)]
pub(super) struct InboxArgs {
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = InboxFormat::Text)]
    format: InboxFormat,
    /// What is done, too
    #[arg(long)]
    all: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say that somebody is done with messages; they stay in the workspace
    Done(Done),
}

#[derive(Debug, Args)]
struct Done {
    /// Numbers of messages, as the list has them
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<i64>,
    /// For whoever asks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

pub(super) fn run(workspace: &Path, args: &InboxArgs) -> Result<Exit, Failure> {
    match &args.what {
        Some(What::Done(done)) => done_with(workspace, done),
        None => show(workspace, args),
    }
}

fn show(workspace: &Path, args: &InboxArgs) -> Result<Exit, Failure> {
    let store = crate::cli::workspace::required(workspace)?;
    let profiles = store.latest_profiles()?;
    let kept = store.inbox(args.all, 0, usize::MAX >> 1)?;
    let lines = kept.into_iter().map(|kept| whose(kept, profiles.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let mut out = crate::cli::terminal::stdout();
    let failed = |error: std::io::Error| Failure::output(&error);
    write_inbox(&mut out, args.format, &lines).map_err(failed)?;
    if args.format == InboxFormat::Text && lines.is_empty() {
        writeln!(out, "nothing waits for a person").map_err(failed)?;
    }
    Ok(Exit::Success)
}

/// Adds whose a text seems to be: of whoever was asked, else of the one customer who has the number or address.
fn whose(kept: InboxText, profiles: Option<&ProfilesFile>) -> Result<InboxLine, StoreError> {
    let sender = &kept.text.sender;
    let profile = match (profiles, kept.text.customer) {
        (None, _) => None,
        (Some(profiles), Some(customer)) => profiles.by_id(customer)?,
        (Some(profiles), None) if !sender.is_empty() => {
            let mut holders = profiles.by_contact(ContactKind::of_text(sender), sender)?;
            if holders.len() == 1 { holders.pop() } else { None }
        }
        (Some(_), None) => None,
    };
    let name =
        profile.as_ref().map(|profile| format!("{} {}", profile.first_name, profile.last_name).trim().to_owned());
    let customer = kept.text.customer.or(profile.map(|profile| profile.id));
    Ok(InboxLine { kept, customer, name: name.unwrap_or_default() })
}

fn done_with(workspace: &Path, args: &Done) -> Result<Exit, Failure> {
    let mut store = crate::cli::workspace::required(workspace)?;
    let at = timestamp();
    let mut unknown = Vec::new();
    for number in &args.numbers {
        match store.done_with(*number, &args.note, at)? {
            Some(true) => say(&format!("{number}: done")),
            None => say(&format!("{number}: was done before")),
            Some(false) => unknown.push(number.to_string()),
        }
    }
    if unknown.is_empty() {
        return Ok(Exit::Success);
    }
    Err(Failure::usage(
        &format!("no message has the number {}", unknown.join(", ")),
        "`tiuv outreach inbox --all` shows all of them with their numbers",
    ))
}
