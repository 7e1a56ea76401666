//! The command line: one file a command.

mod asking;
mod audit;
mod check;
mod clean;
mod complete;
mod config;
mod day;
mod decay;
#[cfg(feature = "parquet")]
mod decide;
mod dedupe;
mod explain;
mod failure;
mod global;
mod input;
mod learn;
mod lines;
mod lookup;
mod mail;
mod map;
mod meeting;
mod mx;
mod outreach;
mod phone;
mod progress;
mod push;
mod rule;
mod runs;
#[cfg(feature = "web")]
mod serve;
mod set_aside;
mod stages;
mod suppress;
mod terminal;
mod user;
mod version;
mod workspace;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command as Described, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::Exit;
use failure::Failure;
use global::Global;

/// Brings a rotting customer list back to health.
///
/// Raw rows are standardized and validated; every change names the rule that made it, nothing is lost, and a report
/// says what to do next.
#[derive(Debug, Parser)]
#[command(name = "tiuv", version, max_term_width = 100, arg_required_else_help = true, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Examples:
  tiuv clean customers.csv --out out    clean a list; then open out/report.html
  tiuv check customers.csv              judge a list, for scripts and CI
  tiuv explain customers.csv:17         how record 17 was read, and why
  tiuv phone 050-2345678                one number, or a file of them
  tiuv mx customers.csv                 which of its e-mail domains take mail\n
Exit codes: 0 done, or the list passed; 1 `check`: a gate failed; 2 usage or configuration; \
3 input or output; 4 network or gateway; 70 a bug of ours; 130 stopped by Ctrl-C.\n\
Docs: README.md and `tiuv COMMAND --help`.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean a customer list: standardize, validate, report
    Clean(clean::CleanArgs),
    /// Judge a list like a linter does: findings, gates, exit code
    Check(check::CheckArgs),
    /// Find the rows that are one customer, and the customers of one household
    Dedupe(dedupe::DedupeArgs),
    /// Show what each column was taken for, correct it, save it
    Map(map::MapArgs),
    /// Show how each cell of one row was read, step by step; prints the customer's values
    Explain(explain::ExplainArgs),
    /// Refit how contacts go stale by what was found out about those that were asked
    Learn(learn::LearnArgs),
    /// Read phone numbers one by one: verdict, kind of line, channels; prints the customer's values
    Phone(phone::PhoneArgs),
    /// Ask DNS which domains take mail: single ones, or those of a list
    Mx(mx::MxArgs),
    /// List the rules, show one, run their examples
    Rule(rule::RuleArgs),
    /// Show which settings are in force, and where each is from
    Config(config::ConfigArgs),
    /// Decide what two rows are to each other; later runs obey it
    #[cfg(feature = "parquet")]
    Decide(decide::DecideArgs),
    /// Ask customers whether what is known of them is still right
    Outreach(outreach::OutreachArgs),
    /// Who calls, the household, what to verify: a number, an address or a name; prints the customers' values
    Lookup(lookup::LookupArgs),
    /// Who must not be contacted: add, lift, list, import and export
    Suppress(suppress::SuppressArgs),
    /// Serve the stewards' pages and the one on which customers answer, and take reports of gateways
    #[cfg(feature = "web")]
    Serve(serve::ServeArgs),
    /// Who may sign in to the stewards' pages
    User(user::UserArgs),
    /// Who did what on the stewards' pages, and whether the log is as it was written
    Audit(audit::AuditArgs),
    /// Write the results of a run into a database, or take them back
    Push(push::PushArgs),
    /// List the runs that the workspace remembers
    Runs(runs::RunsArgs),
    /// Look after the workspace: repair it where files of runs are damaged
    Workspace(workspace::WorkspaceArgs),
    /// Print a completion script for a shell
    Completions(complete::CompletionsArgs),
    /// Print the manual page: tiuv man > tiuv.1
    Man,
}

/// Runs one command line; errors are printed here and nowhere else.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let mut described = Cli::command();
    described.build();
    let (cli, matches) = match parsed(&mut described, &args) {
        Ok(parsed) => parsed,
        Err(error) if error.kind() == ErrorKind::DisplayVersion && version::is_verbose(&args) => {
            progress::print(&version::text());
            return Exit::Success;
        }
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Success };
            // Nothing can be done where the terminal is gone.
            let _ = error.print();
            return exit;
        }
    };
    progress::start_log(cli.global.verbose, cli.global.quiet);
    progress::silence_panics();
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cli.dispatch(&described, &matches, &args))) {
        Ok(Ok(exit)) => match terminal::failed() {
            None => exit,
            Some(error) => {
                let failure = Failure::output(&error);
                failure.print();
                failure.exit()
            }
        },
        Ok(Err(failure)) if failure.is_closed_pipe() => Exit::Success,
        Ok(Err(failure)) => {
            failure.print();
            failure.exit()
        }
        Err(_) => {
            progress::say_bug();
            Exit::Bug
        }
    }
}

fn parsed(described: &mut Described, args: &[OsString]) -> Result<(Cli, ArgMatches), clap::Error> {
    let matches = described.try_get_matches_from_mut(args)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(described))?;
    Ok((cli, matches))
}

impl Cli {
    fn dispatch(self, described: &Described, matches: &ArgMatches, words: &[OsString]) -> Result<Exit, Failure> {
        meeting::refuse(described, matches)?;
        self.global.start_threads()?;
        match self.command {
            Command::Clean(args) => clean::run(&self.global, args, words),
            Command::Check(args) => check::run(&self.global, args),
            Command::Dedupe(args) => dedupe::run(&self.global, &args),
            Command::Map(args) => map::run(&self.global, &args),
            Command::Explain(args) => explain::run(&self.global, &args),
            Command::Learn(args) => learn::run(&self.global, &args),
            Command::Phone(args) => phone::run(&self.global, &args),
            Command::Mx(args) => mx::run(&self.global, &args),
            Command::Rule(args) => rule::run(&self.global, &args),
            Command::Config(args) => config::run(&self.global, &args),
            #[cfg(feature = "parquet")]
            Command::Decide(args) => decide::run(&self.global, &args),
            Command::Outreach(args) => outreach::run(&self.global, &args),
            Command::Lookup(args) => lookup::run(&self.global, &args),
            Command::Suppress(args) => suppress::run(&self.global, args),
            #[cfg(feature = "web")]
            Command::Serve(args) => serve::run(&self.global, &args),
            Command::User(args) => user::run(&self.global, &args),
            Command::Audit(args) => audit::run(&self.global, &args),
            Command::Push(args) => push::run(&self.global, &args),
            Command::Runs(args) => runs::run(&args),
            Command::Workspace(args) => workspace::run(&args),
            Command::Completions(args) => complete::completions(&args, Cli::command()),
            Command::Man => complete::man(Cli::command()),
        }
    }
}
