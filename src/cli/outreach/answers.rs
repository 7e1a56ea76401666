//! `tiuv outreach answers`: the values that customers gave anew, from the answer to the record and to the CRM.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::Global;
use crate::cli::failure::Failure;
use crate::cli::progress::{print, say};
use crate::cli::workspace::required;
use crate::clock;
use crate::disk::Staged;
use crate::error::Exit;
use crate::pipeline::RunError;
use crate::record::GivenState;
use crate::report::{
    AnswerFormat, AnswerLine, OutputDir, answer_text, write_answers, write_change_csv, write_change_jsonl,
    write_change_workbook,
};
use crate::store::{GivenFilter, GivenValue, ProfilesFile, Store, StoreError};

/// Show the values that customers gave anew, by the page behind the link or to a caller, and decide on them. Accepted values stand
/// in the next golden records before all lists, and are handed over to the CRM once. It prints the customers' values.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Values that a code confirmed, and wishes for a channel or a language, are accepted by themselves, as
rules/outreach/confirm.toml says; the others wait. Accepted values are in customers.csv of the next
`tiuv clean`, the old ones beside them.

Examples:
  tiuv outreach answers
  tiuv outreach answers show 12
  tiuv outreach answers accept 12 13
  tiuv outreach answers accept --all --field city
  tiuv outreach answers reject 14 --note 'called back: a joke'
  tiuv outreach answers export --out to-crm --format csv,excel"
)]
pub(super) struct AnswersArgs {
    #[command(flatten)]
    list: ListArgs,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The values that wait, or those in another state
    List(ListArgs),
    /// All that is known of values
    Show(Numbers),
    /// Take values over into the golden records
    Accept(Decide),
    /// Leave values out of them
    Reject(Decide),
    /// Write the accepted values that no file has yet as a change file for the CRM, and note that it has them
    Export(Export),
}

#[derive(Debug, Args)]
struct ListArgs {
    /// What became of them
    #[arg(long, value_enum, value_name = "STATE", default_value_t = StateChoice::Pending)]
    state: StateChoice,
    #[command(flatten)]
    filter: FilterArgs,
    /// What to print
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = AnswerFormat::Text)]
    format: AnswerFormat,
}

#[derive(Debug, Args)]
struct FilterArgs {
    /// Of this field only, as the list names it: phone, email, street, city, postcode …
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Brought by this source only: confirm, call_list
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Confirmed by a code only
    #[arg(long)]
    verified: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StateChoice {
    Pending,
    Accepted,
    Rejected,
    Withdrawn,
    All,
}

#[derive(Debug, Args)]
struct Numbers {
    /// Numbers of values, as the list has them
    #[arg(required = true, value_name = "NUMBER")]
    numbers: Vec<i64>,
}

#[derive(Debug, Args)]
struct Decide {
    /// Numbers of values, as the list has them
    #[arg(value_name = "NUMBER", required_unless_present = "all")]
    numbers: Vec<i64>,
    /// All that wait, of those that --field, --source and --verified leave
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// For whoever asks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
struct Export {
    /// Directory to write the file to; one of an earlier day or hour is left as it is
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Several with commas
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',', default_value = "csv")]
    format: Vec<ChangeFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ChangeFormat {
    Csv,
    Excel,
    Jsonl,
}

impl ChangeFormat {
    const ALL: [ChangeFormat; 3] = [ChangeFormat::Csv, ChangeFormat::Excel, ChangeFormat::Jsonl];

    const fn ending(self) -> &'static str {
        match self {
            ChangeFormat::Csv => "csv",
            ChangeFormat::Excel => "xlsx",
            ChangeFormat::Jsonl => "jsonl",
        }
    }

    fn write(self, lines: &[AnswerLine], out: &mut dyn Write) -> Result<(), RunError> {
        let failed = |error: std::io::Error| RunError::write("the change file", &error);
        match self {
            ChangeFormat::Csv => write_change_csv(lines, out).map_err(failed),
            ChangeFormat::Excel => write_change_workbook(lines, out),
            ChangeFormat::Jsonl => write_change_jsonl(lines, out).map_err(failed),
        }
    }
}

impl FilterArgs {
    fn of(&self, state: Option<GivenState>) -> GivenFilter<'_> {
        GivenFilter { state, field: self.field.as_deref(), source: self.source.as_deref(), verified: self.verified }
    }
}

pub(super) fn run(global: &Global, workspace: &Path, args: &AnswersArgs) -> Result<Exit, Failure> {
    let mut store = required(workspace)?;
    match &args.what {
        None => list(&store, &args.list),
        Some(What::List(args)) => list(&store, args),
        Some(What::Show(numbers)) => show(&store, &numbers.numbers),
        Some(What::Accept(args)) => decide(&mut store, args, GivenState::Accepted),
        Some(What::Reject(args)) => decide(&mut store, args, GivenState::Rejected),
        Some(What::Export(args)) => export(global, &mut store, args),
    }
}

fn list(store: &Store, args: &ListArgs) -> Result<Exit, Failure> {
    let state = match args.state {
        StateChoice::Pending => Some(GivenState::Pending),
        StateChoice::Accepted => Some(GivenState::Accepted),
        StateChoice::Rejected => Some(GivenState::Rejected),
        StateChoice::Withdrawn => Some(GivenState::Withdrawn),
        StateChoice::All => None,
    };
    let profiles = store.latest_profiles()?;
    let lines = lines(store.given_values(&args.filter.of(state))?, profiles.as_ref())?;
    let mut out = crate::cli::terminal::stdout();
    let failed = |error: std::io::Error| Failure::output(&error);
    write_answers(&mut out, args.format, &lines).map_err(failed)?;
    if args.format == AnswerFormat::Text && lines.is_empty() {
        writeln!(out, "nothing that customers gave is in this state").map_err(failed)?;
    }
    Ok(Exit::Success)
}

fn show(store: &Store, numbers: &[i64]) -> Result<Exit, Failure> {
    let given = known(store, numbers)?;
    let profiles = store.latest_profiles()?;
    print(&lines(given, profiles.as_ref())?.iter().map(answer_text).collect::<String>());
    Ok(Exit::Success)
}

fn decide(store: &mut Store, args: &Decide, state: GivenState) -> Result<Exit, Failure> {
    let numbers: Vec<i64> = if args.all {
        store.given_values(&args.filter.of(Some(GivenState::Pending)))?.iter().map(|value| value.id).collect()
    } else {
        known(store, &args.numbers)?.iter().map(|value| value.id).collect()
    };
    let waiting = store.given_values(&GivenFilter { state: Some(GivenState::Pending), ..GivenFilter::default() })?;
    let changed = store.decide_values(&numbers, state, &args.note, clock::timestamp())?;
    let mut corrected = Vec::new();
    for value in waiting.iter().filter(|value| state == GivenState::Accepted && !changed.contains(&value.id)) {
        let now = store.given_value(value.id)?;
        if now.is_some_and(|now| now.state == GivenState::Withdrawn) {
            say(&format!("{}: left out: the customer gave a later {} since, which is accepted", value.id, value.field));
            corrected.push(value.id);
        }
    }
    let numbers: Vec<i64> = numbers.into_iter().filter(|number| !corrected.contains(number)).collect();
    for number in numbers.iter().filter(|number| !changed.contains(number)) {
        say(&format!("{number}: left as it is: decided so before, taken back by the customer, or handed over already"));
    }
    print(&format!("{} {state}\n", changed.len()));
    if state == GivenState::Accepted && !changed.is_empty() {
        print("they are in the next `tiuv clean`; for the CRM: tiuv outreach answers export --out DIR\n");
    }
    Ok(Exit::Success)
}

fn export(global: &Global, store: &mut Store, args: &Export) -> Result<Exit, Failure> {
    let today = global.as_of.unwrap_or_else(clock::today);
    let profiles = store.latest_profiles()?;
    let stem = stem(&args.out, &today.to_string());
    let mut names = Vec::new();
    let handed = store.hand_over(clock::timestamp(), |given| -> Result<Staged, RunError> {
        let lines = lines(given.to_vec(), profiles.as_ref())?;
        let mut output = OutputDir::create(&args.out)?;
        for format in &args.format {
            let name = format!("{stem}.{}", format.ending());
            output.file(&name, |out| format.write(&lines, out))?;
            names.push(args.out.join(name).display().to_string());
        }
        output.finish()
    })?;
    if !global.quiet {
        print(&match handed.len() {
            0 => "nothing was accepted that the CRM does not have yet\n".to_owned(),
            count => format!("{count} changes handed over to {}\n", names.join(", ")),
        });
    }
    Ok(Exit::Success)
}

/// The values with these numbers; an error where there is no such one.
fn known(store: &Store, numbers: &[i64]) -> Result<Vec<GivenValue>, Failure> {
    let mut known = Vec::with_capacity(numbers.len());
    for number in numbers {
        let value = store.given_value(*number)?.ok_or_else(|| {
            Failure::usage(
                &format!("no customer gave a value with the number {number}"),
                "`tiuv outreach answers list --state all` shows all of them with their numbers",
            )
        })?;
        known.push(value);
    }
    Ok(known)
}

/// Adds whose values they are, as the newest run knows them.
fn lines(given: Vec<GivenValue>, profiles: Option<&ProfilesFile>) -> Result<Vec<AnswerLine>, StoreError> {
    let line = |given: GivenValue| {
        let profile = profiles.map(|profiles| profiles.by_id(given.customer)).transpose()?.flatten();
        Ok(match profile {
            Some(profile) if !profile.key.is_empty() => AnswerLine {
                given,
                name: format!("{} {}", profile.first_name, profile.last_name).trim().to_owned(),
                key: profile.key,
                list: profile.list,
            },
            _ => AnswerLine {
                key: given.row_key.clone(),
                list: given.list.clone(),
                name: profile
                    .map_or_else(String::new, |one| format!("{} {}", one.first_name, one.last_name).trim().to_owned()),
                given,
            },
        })
    };
    given.into_iter().map(line).collect()
}

/// `changes-2026-11-30`, with a number behind it where such a file is there already.
fn stem(directory: &Path, today: &str) -> String {
    let first = format!("changes-{today}");
    let is_free = |stem: &String| {
        ChangeFormat::ALL.iter().all(|format| !directory.join(format!("{stem}.{}", format.ending())).exists())
    };
    let others = (2_u32..).map(|number| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(others).find(is_free).unwrap_or(first)
}
