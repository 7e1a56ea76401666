//! `tiuv rule update`: brings a list of a rules directory up to date, and shows what changes before anything does.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::super::failure::Failure;
use super::super::{Global, progress};
use super::shown::Outcome;
use super::{examples as rule_examples, shown};
use crate::config::Config;
use crate::error::Exit;
use crate::fetch::{FetchLimits, fetch};
use crate::pipeline::{RunError, Selector};
use crate::rule::update::{Origin, UpdatableList, Update, UpdateLists, UpdateOptions};
use crate::rule::{Rule, RuleError, RuleFiles};

/// Bring a list up to date from a file or an address, after a look at what changes
///
/// Without LIST it names the lists that can be brought up to date. Nothing is written without --write; then the list goes
/// into the directory given with --rules, in place of tiuv's own or of an earlier one.
#[derive(Debug, Args)]
#[command(after_help = "\
Entries that would do harm (providers, public suffixes) are left out and named. Before anything is written, the examples \
of the rules that go by the list must hold with it.

Examples:
  tiuv rule update
  tiuv rule update disposable --from domains.txt
  tiuv rule update disposable --from https://lists.example/domains.txt --rules my-rules --write

Exit codes: 0 shown or written; 1 examples fail with the new list, and nothing was written; 2 usage or configuration; \
3 the new list can't be read, or the file can't be written; 4 it can't be fetched.")]
pub(super) struct UpdateArgs {
    /// Which list, for example `disposable`
    #[arg(requires = "from")]
    list: Option<String>,
    /// The new list: a file, `-` for standard input, or an address of http or https; text in UTF-8 or UTF-16, or gzip of it
    #[arg(long, value_name = "FILE|URL", requires = "list")]
    from: Option<String>,
    /// Write it into the directory given with --rules
    #[arg(long, requires = "list")]
    write: bool,
    /// Leave out lines that are no entries, instead of giving up
    #[arg(long, requires = "list")]
    skip_bad: bool,
    /// Keep entries that would do harm
    #[arg(long, requires = "list")]
    keep_suspicious: bool,
    /// Only add and change: entries stay that the new list lacks
    #[arg(long, requires = "list")]
    add_only: bool,
    /// Show every entry that changes, not the first 20 of each kind
    #[arg(long, requires = "list")]
    all: bool,
    /// What to print; json has every entry that changes
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

pub(super) fn run(global: &Global, args: &UpdateArgs) -> Result<Exit, Failure> {
    // A directory that is not there yet is made by --write.
    let files = match &global.rules {
        Some(directory) if !directory.exists() => RuleFiles::embedded(),
        _ => global.rule_files()?,
    };
    let lists = UpdateLists::load(&files)?;
    let (Some(name), Some(from)) = (&args.list, &args.from) else {
        return print(&match args.format {
            Format::Text => shown::lists_text(&lists, &files),
            Format::Json => shown::lists_json(&lists, &files),
        });
    };
    let list = lists.find(name)?;
    if args.write && global.rules.is_none() {
        return Err(Failure::usage(
            "--write needs a directory to write to",
            "name yours with --rules DIR; it is made where it isn't there",
        ));
    }
    let limits = FetchLimits {
        bytes: u64::from(lists.limits.max_mib) << 20,
        timeout: Duration::from_secs(lists.limits.timeout_seconds.into()),
        redirects: lists.limits.max_redirects as usize,
    };
    let fetched = fetch(from, &limits)?;
    let UpdateArgs { skip_bad, keep_suspicious, add_only, .. } = *args;
    let options = UpdateOptions { skip_bad, keep_suspicious, add_only };
    let percent = lists.limits.warn_removed_percent;
    let update = Update::plan(list, &files, &fetched.bytes, &fetched.from, percent, options)?;
    let day = global.as_of.unwrap_or_else(crate::clock::today);
    let origin = Origin { from: fetched.from, sha256: fetched.sha256, day };
    let mut outcome = Outcome {
        examples: 0,
        failures: Vec::new(),
        written: None,
        target: global.rules.as_ref().map(|directory| directory.join(&list.file)),
    };
    if !update.diff.is_empty() {
        let text = update.file(list, &origin);
        test(global, &files, list, &text, &mut outcome)?;
        if let Some(target) = outcome.target.clone().filter(|_| args.write && outcome.failures.is_empty()) {
            write(&target, &text)?;
            outcome.written = Some(target);
        }
    }
    let limit = if args.all { usize::MAX } else { lists.limits.shown };
    print(&match args.format {
        Format::Text => shown::update_text(list, &update, &origin, &outcome, limit),
        Format::Json => shown::update_json(list, &update, &origin, &outcome),
    })?;
    if outcome.failures.is_empty() {
        return Ok(Exit::Success);
    }
    if args.format == Format::Json && !global.quiet {
        progress::say("the examples fail with the new list: nothing was written");
    }
    Ok(Exit::Findings)
}

/// Runs the examples of the rules that go by the list, with the new one as if it were in force: a file that does harm is
/// never there for others to read. What failed before is not the new list's fault.
fn test(
    global: &Global,
    files: &RuleFiles,
    list: &UpdatableList,
    text: &str,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let config = global.config()?;
    let with_new = examples(global, &config, files.clone().with(&list.file, text.to_owned()), list)?;
    let (examples_run, failures) = match with_new {
        Ok(ran) => ran,
        // Another rule file may need what the new list lacks.
        Err(error) => (0, vec![error.to_string()]),
    };
    outcome.examples = examples_run;
    if !failures.is_empty() {
        let before = examples(global, &config, files.clone(), list)?.map(|(_, failures)| failures).unwrap_or_default();
        outcome.failures = failures.into_iter().filter(|failure| !before.contains(failure)).collect();
    }
    Ok(())
}

type Ran = Result<(usize, Vec<String>), RuleError>;

fn examples(global: &Global, config: &Config, files: RuleFiles, list: &UpdatableList) -> Result<Ran, Failure> {
    let mut setup = global.setup_with(config, files)?;
    setup.export_private();
    let mut selectors = Vec::new();
    for prefix in &list.tested_by {
        let wrong = |message: String| Failure::usage(&format!("lists.toml, list `{}`: {message}", list.name), "");
        selectors.push(Selector::parse(prefix).map_err(wrong)?);
    }
    let covers = |rule: &&Rule| selectors.iter().any(|selector| selector.covers(rule.code, rule.severity));
    Ok(rule_examples::test(&setup, setup.catalog.rules().filter(covers)))
}

/// Puts the file in place as a whole or not at all.
fn write(target: &Path, text: &str) -> Result<(), Failure> {
    // A link stays one: what it leads to is written.
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
    put(&target, text).map_err(|error| RunError::write(&target.display().to_string(), &error).into())
}

fn put(target: &Path, text: &str) -> std::io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tiuv-").suffix(".part");
    let permissions = fs::metadata(target).map(|metadata| metadata.permissions()).ok();
    // Rules are no secrets; the caller's umask takes away what should not be.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    // Nobody takes it for left over by a dead process.
    let _ = file.as_file().try_lock();
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn print(text: &str) -> Result<Exit, Failure> {
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}
