//! `tiuv explain FILE:ROW`: how each cell of one row was read.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::decay::{self, EvidenceArgs};
use super::failure::Failure;
use super::input::InputArgs;
use super::mail::{MailArgs, MxChoice};
use super::{Global, progress, workspace};
use crate::error::Exit;
use crate::ingest::List;
use crate::pipeline::{
    FlagRule, FoundRow, MailStage, Memory, NoPair, Setup, explain_pair, explain_stale, find_row, read_row,
    values_of_pair,
};
use crate::record::{Field, RowNumber};
use crate::rule::Words;
use crate::store::Store;

/// Show one row: each cell raw and standardized, what was said of it and why; or why two rows are one customer or are
/// not. It prints the customers' values.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv explain fixtures/customers/club.csv:17
  tiuv explain fixtures/customers/club.csv --pair 100012 100349
  tiuv explain club.csv:17 --events mailings.csv sms.csv")]
pub(super) struct ExplainArgs {
    /// The list and the number of the record in it, the header not counted; with --pair the list alone
    #[arg(value_name = "FILE:ROW")]
    place: String,
    /// Two rows of the list, by their own keys or as #NUMBER: what each field says of their being one person, in bits
    /// learnt from the whole list and those that the workspace knows, and what people decided
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    pair: Vec<String>,
    /// Where tiuv remembers mappings, lists and decisions
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Whether DNS is asked about the row's e-mail domains
    #[arg(long, value_enum, value_name = "MODE", default_value_t = MxChoice::Cached, help_heading = "Mail domains")]
    mx: MxChoice,
    /// Show what each contact's probability of being stale is made of; the whole list is read for it (--events does so, too)
    #[arg(long, help_heading = "Decay")]
    decay: bool,
    /// What the list is called, as `clean --list` was told: under it the workspace knows the list, whatever its file's name
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Language of the words: en, he
    #[arg(long, value_name = "LANG", default_value = "en", help_heading = "Decay")]
    language: String,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, args: &ExplainArgs) -> Result<Exit, Failure> {
    if let [left, right] = &args.pair[..] {
        return explain_two(global, args, [left, right]);
    }
    let (file, row) = args
        .place
        .rsplit_once(':')
        .and_then(|(file, row)| Some((file, row.parse::<u32>().ok().filter(|row| *row > 0)?)))
        .ok_or_else(|| {
            Failure::usage(&format!("`{}` names no row", args.place), "write FILE:ROW, for example customers.csv:17")
        })?;
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let mut store = workspace::existing(&args.workspace)?;
    let list = args.input.open(&PathBuf::from(file), &config, &setup.context, store.as_ref())?;
    let words = Words::load(&setup.context.files, &args.language)?;
    let number = RowNumber::from_index(row - 1);
    let mut text = match find_row(&list, number)? {
        FoundRow::Row(raw, index) => {
            let options = args.mail.options(args.mx)?;
            let mail = MailStage { options, memory: store.as_mut(), progress: &mut |_| {} };
            let row = read_row(&list, &setup, mail, &raw, index)?;
            crate::report::explain_row(&list, &setup.catalog, &words, &row)
        }
        FoundRow::Quarantined(record) => crate::report::explain_quarantined(&record, &setup.catalog, &words),
        FoundRow::Nothing(records) => {
            return Err(Failure::usage(
                &format!("{file} has no record {row}"),
                &format!("it has {records} records, counted from 1 without the header"),
            ));
        }
    };
    if args.decay || !args.evidence.events.is_empty() {
        text.push_str(&how_stale(global, args, list, store, &setup, &words, number)?);
    }
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}

/// What the probabilities of a row's contacts are made of: the whole list is cleaned for it, but nothing is written.
fn how_stale(
    global: &Global,
    args: &ExplainArgs,
    list: List,
    mut store: Option<Store>,
    setup: &Setup,
    words: &Words,
    number: RowNumber,
) -> Result<String, Failure> {
    let lists = [list.named(args.list.clone())];
    let evidence = args.evidence.open(&lists, &setup.context, store.as_ref())?;
    let memory = store.as_ref().map(|store| Memory::load(store, &lists, &setup.context)).transpose()?.flatten();
    let options = args.mail.options(args.mx)?;
    let mail = MailStage { options, memory: store.as_mut(), progress: &mut |_| {} };
    let bar = progress::bytes_bar(lists[0].text_bytes() + evidence.text_bytes(), "reading", global.quiet);
    let stage = evidence.stage(Some(FlagRule::Expected));
    let row = explain_stale(&lists, number, setup, mail, memory, &stage, &|bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    let Some(row) = row else { return Ok(String::new()) };
    decay::warn(&row.stats, global.quiet);
    Ok(crate::report::explain_decay(&row.contacts, words))
}

/// Why two rows are one customer or are not.
fn explain_two(global: &Global, args: &ExplainArgs, names: [&str; 2]) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let store = workspace::existing(&args.workspace)?;
    let list = args.input.open(&PathBuf::from(&args.place), &config, &setup.context, store.as_ref())?;
    let bar = progress::bytes_bar(list.text_bytes(), "reading", global.quiet);
    let key = list.mapping().column_of(Field::Id);
    let lists = [list.named(args.list.clone())];
    let memory = store.as_ref().map(|store| Memory::load(store, &lists, &setup.context)).transpose()?.flatten();
    let [list] = &lists;
    let told = explain_pair(list, key, names, memory.as_ref(), &setup, &|bytes| bar.inc(bytes))?;
    bar.finish_and_clear();
    let pair = told.map_err(|why| match why {
        NoPair::Unknown(name) => Failure::usage(
            &format!("{} has no row `{name}`", args.place),
            "write a row's own key (the id column), or # and its number, for example #17",
        ),
        NoPair::Several(name) => Failure::usage(
            &format!("several rows of {} have the key `{name}`", args.place),
            "write # and the row's number, for example #17",
        ),
        NoPair::OneRow => Failure::usage("both names are of one row", "name two rows"),
        NoPair::TooFewFields => Failure::usage(
            &format!("{} has too few fields that tell people apart", args.place),
            "map more columns with --map; `tiuv map` shows what each was taken for",
        ),
    })?;
    let value = values_of_pair(list, &pair, &setup.context)?;
    let text = crate::report::pair_text(&pair, &args.workspace.display().to_string(), &value);
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}
