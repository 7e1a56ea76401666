//! The command line: one file a command.

mod asking;
mod check;
mod clean;
mod complete;
mod decay;
#[cfg(feature = "parquet")]
mod decide;
mod dedupe;
mod explain;
mod failure;
mod input;
mod learn;
mod lines;
mod lookup;
mod mail;
mod map;
mod mx;
mod outreach;
mod phone;
mod progress;
mod rule;
mod runs;
#[cfg(feature = "web")]
mod serve;
mod set_aside;
mod suppress;
mod version;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, Parser, Subcommand};

use crate::error::Exit;
use crate::pipeline::Setup;
use crate::rule::{Context, RuleFiles};
use failure::Failure;

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

/// Options that every command understands.
#[derive(Debug, Args)]
struct Global {
    /// Directory of rule files that replace tiuv's own, file by file (`tiuv rule list --files` names them)
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    rules: Option<PathBuf>,
    /// Country of phones, ids and places that name none, as two letters (ISO 3166); IL where tiuv.toml says nothing else
    #[arg(long, global = true, value_name = "CC", help_heading = "Global options")]
    region: Option<String>,
    /// The day that "today" means, YYYY-MM-DD; the same inputs, rules and day give the same bytes
    #[arg(long, global = true, value_name = "DATE", help_heading = "Global options")]
    as_of: Option<jiff::civil::Date>,
    /// Threads to work with, all cores where not given; results don't depend on it
    #[arg(long, global = true, value_name = "N", help_heading = "Global options")]
    threads: Option<usize>,
    /// What the list's owner says of it; ./tiuv.toml where there is one
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    config: Option<PathBuf>,
    /// No progress and no summary, only errors; what `check` found is printed all the same
    #[arg(long, short, global = true, help_heading = "Global options")]
    quiet: bool,
    /// Log more; never customers' values (-v steps, -vv details)
    #[arg(long, short, global = true, action = ArgAction::Count, help_heading = "Global options")]
    verbose: u8,
}

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
    /// Decide what two rows are to each other; later runs obey it
    #[cfg(feature = "parquet")]
    Decide(decide::DecideArgs),
    /// Ask customers whether what is known of them is still right
    Outreach(outreach::OutreachArgs),
    /// Who calls, the household, what to verify: a number, an address or a name; prints the customers' values
    Lookup(lookup::LookupArgs),
    /// Who must not be contacted: add, lift, list, import and export
    Suppress(suppress::SuppressArgs),
    /// Take reports of gateways and messages of customers over HTTP
    #[cfg(feature = "web")]
    Serve(serve::ServeArgs),
    /// List the runs that the workspace remembers
    Runs(runs::RunsArgs),
    /// Print a completion script for a shell
    Completions(complete::CompletionsArgs),
    /// Print the manual page: tiuv man > tiuv.1
    Man,
}

/// Runs one command line; errors are printed here and nowhere else.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
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
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cli.dispatch())) {
        Ok(Ok(exit)) => exit,
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

impl Cli {
    fn dispatch(self) -> Result<Exit, Failure> {
        self.global.start_threads()?;
        match self.command {
            Command::Clean(args) => clean::run(&self.global, args),
            Command::Check(args) => check::run(&self.global, args),
            Command::Dedupe(args) => dedupe::run(&self.global, &args),
            Command::Map(args) => map::run(&self.global, &args),
            Command::Explain(args) => explain::run(&self.global, &args),
            Command::Learn(args) => learn::run(&self.global, &args),
            Command::Phone(args) => phone::run(&self.global, &args),
            Command::Mx(args) => mx::run(&self.global, &args),
            Command::Rule(args) => rule::run(&self.global, &args),
            #[cfg(feature = "parquet")]
            Command::Decide(args) => decide::run(&self.global, &args),
            Command::Outreach(args) => outreach::run(&self.global, &args),
            Command::Lookup(args) => lookup::run(&self.global, &args),
            Command::Suppress(args) => suppress::run(&self.global, args),
            #[cfg(feature = "web")]
            Command::Serve(args) => serve::run(&self.global, &args),
            Command::Runs(args) => runs::run(&args),
            Command::Completions(args) => complete::completions(&args),
            Command::Man => complete::man(),
        }
    }
}

impl Global {
    fn start_threads(&self) -> Result<(), Failure> {
        let Some(threads) = self.threads else { return Ok(()) };
        if threads == 0 {
            return Err(Failure::usage("--threads 0", "give a number from 1 up, or leave it out to use all cores"));
        }
        // Fails only where a pool was started before, as in tests that run several commands in one process.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        Ok(())
    }

    fn rule_files(&self) -> Result<RuleFiles, Failure> {
        Ok(match &self.rules {
            Some(directory) => RuleFiles::layered(directory)?,
            None => RuleFiles::embedded(),
        })
    }

    fn config(&self) -> Result<crate::config::Config, Failure> {
        let default = PathBuf::from("tiuv.toml");
        Ok(match &self.config {
            Some(path) => crate::config::Config::load(path)?,
            None if default.is_file() => crate::config::Config::load(&default)?,
            None => crate::config::Config::default(),
        })
    }

    fn setup(&self, config: &crate::config::Config) -> Result<Setup, Failure> {
        self.setup_with(config, self.rule_files()?)
    }

    /// The set-up with rule files that may differ from those in force.
    fn setup_with(&self, config: &crate::config::Config, files: RuleFiles) -> Result<Setup, Failure> {
        let region = self.region.as_deref().or(config.region.as_deref()).unwrap_or("IL").to_ascii_uppercase();
        let countries = crate::rule::Countries::load(&files)?;
        if region.len() != 2 || countries.code(&region).is_none() {
            return Err(Failure::usage(
                &format!("`{region}` is no region"),
                "write a two-letter ISO 3166 code, for example IL or US",
            ));
        }
        let today = self.as_of.unwrap_or_else(crate::clock::today);
        Ok(Setup::new(Context::new(files, &region, today))?)
    }
}
