//! `tiuv suppress`: who must not be contacted.

mod entry;
mod import;
mod named;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::Global;
use super::failure::Failure;
use super::global::Shown;
use super::input::InputArgs;
use super::progress::print;
use crate::clock;
use crate::disk::PendingFile;
use crate::error::Exit;
use crate::pipeline::{RunError, Setup};
use crate::record::{Suppressed, Suppression, SuppressionReason, SuppressionScope, ToSuppress};
use crate::report::{SuppressionWriter, suppression_text};
use crate::store::{Store, StoreError};
use entry::{entry, reason, scope};
use named::Named;

/// Who must not be contacted. A number or an address in the list is never used, by whomever it is shared; a refusal, a
/// complaint, a death or a legal matter also holds the person on all channels, through duplicates and all other contacts.
/// It prints the customers' values.
#[derive(Debug, Args)]
#[command(after_help = "\
A number or an address in the list is never used, by whomever it is shared. A refusal, a complaint,
a death or a legal matter also holds the person on all channels, through duplicates and all other
contacts, and stays with the person in later lists. Customers are named as in tiuv_customer, or by their
member number, which is looked for first. Nothing is taken from the list: what is lifted stays in it with
its day. The customers' values are printed.

Examples:
  tiuv suppress add 050-2345678 --note 'asked on the phone'
  tiuv suppress add dana@example.org --scope email --reason complaint
  tiuv suppress import register.csv --checked 2026-11-20
  tiuv suppress list
  tiuv suppress remove 050-2345678")]
pub(super) struct SuppressArgs {
    /// Where the list is kept
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add numbers, addresses or customers
    Add(Add),
    /// Lift what names these numbers, addresses or customers; it stays in the list with the day
    Remove(Remove),
    /// Print the list, or what names these
    List(List),
    /// Add every number and address of a list, such as a do-not-call file; rows that name none are reported
    Import(import::Import),
    /// Write the list as CSV, with the persons as salted hashes; another workspace can import it
    Export(Export),
}

#[derive(Debug, Args)]
struct Add {
    /// Member numbers, numbers and addresses as they were written, or customers
    #[arg(required = true, value_name = "NUMBER|EMAIL|CUSTOMER")]
    who: Vec<String>,
    /// Channels to close
    #[arg(long, value_parser = scope, value_name = "all|sms|email|call", default_value = "all")]
    scope: SuppressionScope,
    /// Why: opt_out, complaint, deceased and legal hold the person, do_not_call, wrong_person, disconnected and manual the
    /// number or address alone
    #[arg(long, value_parser = reason, value_name = "REASON", default_value = "opt_out")]
    reason: SuppressionReason,
    /// For whoever asks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
struct Remove {
    /// Numbers, addresses or customers
    #[arg(required = true, value_name = "NUMBER|EMAIL|CUSTOMER")]
    who: Vec<String>,
    /// Only entries of this scope
    #[arg(long, value_parser = scope, value_name = "all|sms|email|call")]
    scope: Option<SuppressionScope>,
}

#[derive(Debug, Args)]
struct List {
    /// Numbers, addresses or customers; the whole list where none is given
    #[arg(value_name = "NUMBER|EMAIL|CUSTOMER")]
    who: Vec<String>,
    /// What was lifted, too
    #[arg(long)]
    lifted: bool,
}

#[derive(Debug, Args)]
struct Export {
    /// Where to
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What was lifted, too
    #[arg(long)]
    lifted: bool,
}

pub(super) fn run(global: &Global, args: SuppressArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = match args.what {
        What::Import(_) => global.run_setup(&config, Shown::default())?,
        _ => Arc::new(global.setup(&config)?),
    };
    let adds = matches!(args.what, What::Add(_) | What::Import(_));
    let mut store = if adds {
        crate::cli::workspace::made(&args.workspace)?
    } else {
        crate::cli::workspace::required(&args.workspace)?
    };
    let at = global.until()?.unwrap_or_else(clock::timestamp);
    match args.what {
        What::Add(add) => self::add(&mut store, &setup, &add, at, global.quiet),
        What::Remove(remove) => self::remove(&mut store, &setup, &remove, at, global.quiet),
        What::List(list) => self::list(&store, &setup, &list),
        What::Import(args) => import::run(&mut store, &config, &setup, &args, at, global.quiet),
        What::Export(export) => self::export(&store, &export, global.quiet),
    }
}

fn add(store: &mut Store, setup: &Setup, args: &Add, at: Timestamp, quiet: bool) -> Result<Exit, Failure> {
    let named = named::all(store, setup, &args.who)?;
    let entries: Vec<ToSuppress> = named
        .iter()
        .map(|one| {
            let entry = entry(one.what(), args.scope, args.reason, at);
            let entry = Suppression { note: args.note.trim().to_owned(), ..entry };
            let contacts = if args.reason.concerns_person() { one.contacts() } else { Vec::new() };
            ToSuppress { entry, contacts }
        })
        .collect();
    let added = store.suppress(&entries)?;
    if !quiet {
        for ((one, to), added) in named.iter().zip(&entries).zip(added) {
            let verb = if added.is_new { "added" } else { "stands in the list already" };
            print(&format!("{} {verb}, entry {}\n", to.entry.what.key(), added.number));
            print(&one.whom_it_holds(args.reason));
        }
        print("what is planned and not yet sent is looked at again before it goes out\n");
    }
    Ok(Exit::Success)
}

fn remove(store: &mut Store, setup: &Setup, args: &Remove, at: Timestamp, quiet: bool) -> Result<Exit, Failure> {
    let named = named::all(store, setup, &args.who)?;
    let at = at.to_string();
    let mut missing = Vec::new();
    for (index, one) in named.iter().enumerate() {
        let lifted = store.lift_suppression(&one.what(), args.scope, &at)?;
        if lifted == 0 {
            missing.push((index + 1).to_string());
        } else if !quiet {
            print(&format!("{}: {lifted} lifted\n", one.what().key()));
        }
        say_what_still_holds(store, one)?;
    }
    if missing.is_empty() {
        return Ok(Exit::Success);
    }
    Err(Failure::usage(
        &format!("nothing in the list names argument {}", missing.join(", ")),
        "`tiuv suppress list` shows what holds; a person may be held by another contact",
    ))
}

/// What still holds the people who have a contact: an entry of a person is lifted only by the person's name.
fn say_what_still_holds(store: &Store, named: &Named) -> Result<(), Failure> {
    let Named::Contact(_, holders) = named else { return Ok(()) };
    for holder in holders {
        for entry in store.suppressions_knowing(holder.id)? {
            print(&format!(
                "  {id} is still held by entry {number} ({reason}, {scope}); `tiuv suppress remove {id}` lifts it\n",
                id = holder.id,
                number = entry.number,
                reason = entry.reason,
                scope = entry.scope
            ));
        }
    }
    Ok(())
}

fn list(store: &Store, setup: &Setup, args: &List) -> Result<Exit, Failure> {
    let wanted: Vec<Suppressed> = named::all(store, setup, &args.who)?.iter().map(Named::what).collect();
    let mut count = 0;
    store.suppressions(|entry| -> Result<(), StoreError> {
        let is_wanted = wanted.is_empty() || wanted.contains(&entry.what);
        if is_wanted && (args.lifted || entry.lifted_at.is_none()) {
            count += 1;
            print(&suppression_text(&entry));
        }
        Ok(())
    })?;
    if count == 0 {
        print(if wanted.is_empty() { "nobody is suppressed\n" } else { "nothing in the list names them\n" });
    }
    Ok(Exit::Success)
}

fn export(store: &Store, args: &Export, quiet: bool) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| RunError::write(&args.file.display().to_string(), &error);
    let mut out = PendingFile::create(&args.file).map_err(failed)?;
    let mut writer = SuppressionWriter::start(&mut out).map_err(failed)?;
    let salt = store.salt()?;
    let mut count = 0_u64;
    store.suppressions(|entry| -> Result<(), RunError> {
        if args.lifted || entry.lifted_at.is_none() {
            count += 1;
            writer.push(&entry).map_err(failed)?;
            for known in store.known_as(entry.number)? {
                writer.push_person(&entry, &known.salted(salt)).map_err(failed)?;
            }
        }
        Ok(())
    })?;
    writer.finish().map_err(failed)?;
    out.publish().map_err(failed)?;
    if !quiet {
        print(&format!("{count} entries written to {}\n", args.file.display()));
    }
    Ok(Exit::Success)
}
