//! `tiuv suppress import`: every number and address of a file.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::InputArgs;
use super::entry::{entry, reason, scope};
use crate::cli::day::day;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::set_aside::SetAsideArgs;
use crate::config::Config;
use crate::error::Exit;
use crate::ingest::List;
use crate::outreach::recognize_persons;
use crate::pipeline::{Setup, contact_columns, import_suppressions, is_exported, read_contact_list};
use crate::record::{ContactKind, Suppressed, Suppression, SuppressionReason, SuppressionScope};
use crate::store::Store;

#[derive(Debug, Args)]
#[command(after_help = "\
Any format that `tiuv clean` reads. Importing a file again adds nothing twice; a later --checked
replaces an earlier one. Exit code 3 tells that cells or records were set aside; all others were
taken over. A file that `tiuv suppress export` wrote is taken over as it is, with its persons.

Examples:
  tiuv suppress import register.csv --checked 2026-11-20
  tiuv suppress import unsubscribed.xlsx --reason opt_out --scope all --map email=Address
  tiuv suppress import numbers.txt --no-header --map 'phone=column 1' --set-aside unread.csv")]
pub(super) struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Day on which it was checked, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day)]
    checked: Option<jiff::civil::Date>,
    /// Channels to close; `call` where the reason is do_not_call, else `all`
    #[arg(long, value_parser = scope, value_name = "all|sms|email|call")]
    scope: Option<SuppressionScope>,
    /// Why
    #[arg(long, value_parser = reason, value_name = "REASON", default_value = "do_not_call")]
    reason: SuppressionReason,
    /// Who says so; the file's name where not given
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    set_aside: SetAsideArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(
    store: &mut Store,
    config: &Config,
    setup: &Setup,
    args: &Import,
    at: Timestamp,
    quiet: bool,
) -> Result<Exit, Failure> {
    let list = args.input.open(&args.file, config, &setup.context, Some(store))?;
    if is_exported(&list) {
        return exported(&list, store, setup, args, quiet);
    }
    if contact_columns(list.mapping()).is_empty() {
        return Err(Failure::usage(
            &format!("{}: no column holds numbers or addresses", list.facts().name),
            &format!(
                "say which one does: --map phone=HEADER or --map email=HEADER; it has {}",
                list.header().join(", ")
            ),
        ));
    }
    let bar = progress::bytes_bar(list.text_bytes(), "reading", quiet);
    let read = read_contact_list(&list, setup, |bytes| bar.set_position(bytes))?;
    bar.finish_and_clear();
    let is_register = args.reason == SuppressionReason::DoNotCall;
    let default = if is_register { SuppressionScope::Call } else { SuppressionScope::All };
    let placeholder = Suppressed::Contact(ContactKind::Phone, String::new());
    let entry = Suppression {
        source: args.source.clone().unwrap_or_else(|| {
            args.file.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
        }),
        checked_on: args.checked.map(|day| day.to_string()),
        ..entry(placeholder, args.scope.unwrap_or(default), args.reason, at)
    };
    let contacts = read.contacts.iter().map(|contact| (contact.kind, contact.key.as_str()));
    let new = store.suppress_contacts(&entry, contacts)?;
    if !quiet {
        let known = read.contacts.len() as u64 - new;
        progress::print(&format!("{new} added, {known} stood in the list already, from {} rows\n", read.rows));
    }
    args.set_aside.report(&read.set_aside, quiet)
}

/// A list that was exported holds entries and persons; options that say what a column of numbers means have no place there.
fn exported(list: &List, store: &mut Store, setup: &Setup, args: &Import, quiet: bool) -> Result<Exit, Failure> {
    let imported = import_suppressions(list, store, setup)?;
    if let Some(profiles) = store.latest_profiles()? {
        recognize_persons(store, &profiles)?;
    }
    if !quiet {
        progress::print(&format!("{} added, {} stood in the list already\n", imported.new, imported.known));
    }
    args.set_aside.report(&imported.set_aside, quiet)
}
