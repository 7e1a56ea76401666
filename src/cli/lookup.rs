//! `tiuv lookup`: who calls, from the workspace.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::progress::print;
use super::terminal::print_json;
use super::{Global, workspace};
use crate::error::Exit;
use crate::pipeline::find_callers;
use crate::report::{callers_json, callers_text};
use crate::rule::{Context, Words};

/// Who somebody is, from the customers of the newest `tiuv clean` and what was answered since: contacts with the probability
/// that they have gone stale, the household, what to verify, whether they may be contacted, what they were asked and what they
/// answered. It prints the customers' values.
#[derive(Debug, Args)]
#[command(after_help = "\
From the customers of the newest `tiuv clean` and what was answered since: contacts with the
probability that they have gone stale, the household, what to verify, whether they may be contacted.
A number may be written in any way, or be its last seven digits or more; a name may be any of its
words, in any order. The customers' values are printed.

Examples:
  tiuv lookup 050-2345678
  tiuv lookup 2345678
  tiuv lookup dana@example.org --format json
  tiuv lookup 'לוי דנה' --language he")]
pub(super) struct LookupArgs {
    /// A number, an address, a name, a customer as in tiuv_customer, or the key of a row
    #[arg(required = true, value_name = "NUMBER|EMAIL|NAME")]
    who: Vec<String>,
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Language of the text, as two letters; Hebrew where the region is IL, else English
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// At most so many customers of a name
    #[arg(long, value_name = "N", default_value_t = 10)]
    most: usize,
    /// Where tiuv remembers customers
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// For a program
    Json,
}

pub(super) fn run(global: &Global, args: &LookupArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let missing = || {
        Failure::usage(
            &format!("there are no customers in {}", args.workspace.display()),
            "`tiuv clean FILE` remembers them; name another workspace with --workspace",
        )
    };
    let store = workspace::existing(&args.workspace)?.ok_or_else(missing)?;
    let profiles = store.latest_profiles()?.ok_or_else(missing)?;
    let text = args.who.join(" ");
    let callers = find_callers(&store, &profiles, &setup, &text, args.most.max(1))?;
    match args.format {
        Format::Json => print_json(&format!("{}\n", callers_json(&callers, &profiles.run))),
        Format::Text => {
            let words = Words::load(&setup.context.files, &language(args.language.as_deref(), &setup.context)?)?;
            print(&callers_text(&callers, &words));
        }
    }
    Ok(Exit::Success)
}

/// The language of texts for agents.
pub(super) fn language(asked: Option<&str>, context: &Context) -> Result<String, Failure> {
    let Some(asked) = asked else { return Ok(Words::language_of(&context.files, &context.region)?) };
    let known = Words::languages(&context.files);
    if known.iter().any(|language| language == asked) {
        return Ok(asked.to_owned());
    }
    Err(Failure::usage(&format!("there are no words in `{asked}`"), &format!("write one of {}", known.join(", "))))
}
