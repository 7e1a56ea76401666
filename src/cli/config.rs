//! `tiuv config show`: which settings are in force, and where each is from.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Global;
use super::failure::Failure;
use super::global::settings_near;
use crate::config::{Config, schema};
use crate::error::Exit;
use crate::rule::{RuleError, read_settings};
use crate::text::visible;

/// What is set, and where.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv config show                      # where you are
  tiuv config show lists/members.csv    # as `tiuv check` of this list has it
  tiuv config schema > tiuv.schema.json # for `#:schema ./tiuv.schema.json`, the first line of tiuv.toml")]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Show the settings in force, each with where it is from: usual, a line of tiuv.toml, the environment or an option
    ///
    /// Secrets are named and never shown.
    Show {
        /// The list that is to be checked: tiuv.toml may lie beside it or above it
        list: Option<PathBuf>,
        /// Where tiuv remembers what it did
        #[arg(long, value_name = "DIR")]
        workspace: Option<PathBuf>,
    },
    /// Print the JSON Schema of tiuv.toml, by which editors complete and check it
    Schema,
}

fn print_schema() -> Result<Exit, Failure> {
    let mut text = serde_json::to_string_pretty(&schema()).map_err(|error| Failure::output(&error.into()))?;
    text.push('\n');
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}

pub(super) fn run(global: &Global, args: &ConfigArgs) -> Result<Exit, Failure> {
    let (list, workspace) = match &args.command {
        ConfigCommand::Show { list, workspace } => (list, workspace),
        ConfigCommand::Schema => return print_schema(),
    };
    let near = list.as_deref().and_then(settings_near).filter(|_| global.config.is_none());
    let usual = global.config_path();
    let is_there = global.config.is_some() || usual.exists();
    let file = near.or(is_there.then_some(usual));
    let mut shown = Shown::default();
    if let Some(path) = &file {
        // What is wrong in it is told as by any other command.
        Config::load(path)?;
        shown.file(path)?;
    }
    let path = file.as_ref().map(|path| path.display().to_string());
    let from = if global.config.is_some() { "--config" } else { "found" };
    let mut lines = vec![match path {
        Some(path) => line("config", &quoted(&path), from),
        None => line("config", "none", "usual: no tiuv.toml here, or beside or above the list"),
    }];
    let of_file = |key: &str| shown.values.iter().find(|value| value.key == key);
    lines.push(match (&global.region, of_file("region")) {
        (Some(region), _) => line("region", &quoted(region), "--region"),
        (None, Some(value)) => line("region", &value.text, &value.from),
        (None, None) => line("region", "\"IL\"", USUAL),
    });
    let path_of = |path: &PathBuf| quoted(&path.display().to_string());
    lines.push(option("rules", global.rules.as_ref().map(path_of), "--rules", "tiuv's own"));
    lines.push(option("as_of", global.as_of.map(|day| quoted(&day.to_string())), "--as-of", "the present day"));
    lines.push(option("threads", global.threads.map(|threads| threads.to_string()), "--threads", "all cores"));
    lines.push(match (workspace, std::env::var("TIUV_WORKSPACE")) {
        (Some(workspace), _) => line("workspace", &path_of(workspace), "--workspace"),
        (None, Ok(workspace)) => line("workspace", &quoted(&workspace), "environment TIUV_WORKSPACE"),
        (None, Err(_)) => line("workspace", "\".tiuv\"", USUAL),
    });
    lines.extend(
        shown
            .values
            .iter()
            .filter(|value| value.key != "region")
            .map(|value| line(&value.key, &value.text, &value.from)),
    );
    let mut variables = vec!["TIUV_CHECK_KEY".to_owned()];
    variables.extend(shown.variables);
    variables.sort();
    variables.dedup();
    for variable in variables {
        let state = if std::env::var_os(&variable).is_some() { MASKED } else { "not set" };
        lines.push(line(&format!("environment {}", visible(&variable)), state, "environment"));
    }
    let text = lines.concat();
    super::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(Exit::Success)
}

const USUAL: &str = "usual";
const MASKED: &str = "set, not shown";

fn line(key: &str, value: &str, from: &str) -> String {
    format!("{key} = {value}  # {from}\n")
}

fn option(key: &str, given: Option<String>, name: &str, usual: &str) -> String {
    given.map_or_else(|| line(key, usual, USUAL), |value| line(key, &value, name))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text))
}

/// One value of the file.
struct Value {
    key: String,
    text: String,
    from: String,
}

/// What a file says.
#[derive(Default)]
struct Shown {
    values: Vec<Value>,
    /// Variables of the environment that it names.
    variables: Vec<String>,
}

impl Shown {
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let name = path.display().to_string();
        let unreadable = |reason: String| RuleError::Unreadable { path: name.clone(), reason };
        let text = read_settings(path).map_err(|error| unreadable(error.to_string()))?;
        let table = DeTable::parse(&text).map_err(|error| unreadable(error.message().to_owned()))?;
        self.table("", table.get_ref(), &name, &text);
        // As they stand in the file.
        Ok(())
    }

    fn table(&mut self, above: &str, table: &DeTable<'_>, path: &str, text: &str) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
            let own = match key.get_ref() {
                key if !key.is_empty() && key.chars().all(is_bare) => key.to_string(),
                key => quoted(key),
            };
            let name = if above.is_empty() { own } else { format!("{above}.{own}") };
            self.value(&name, value, path, text);
        }
    }

    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>, path: &str, text: &str) {
        match value.get_ref() {
            DeValue::Table(table) if !table.is_empty() => self.table(key, table, path, text),
            DeValue::Array(all) if all.iter().any(|one| one.get_ref().is_table()) => {
                for (at, one) in all.iter().enumerate() {
                    self.value(&format!("{key}[{}]", at + 1), one, path, text);
                }
            }
            other => {
                if let Some(variable) = other.as_str().filter(|_| names_variable(key)) {
                    self.variables.push(variable.to_owned());
                }
                let span = value.span();
                let written = if is_secret(key) { MASKED.to_owned() } else { one_line(&text[span.clone()]) };
                let at = text[..span.start].matches('\n').count() + 1;
                self.values.push(Value { key: key.to_owned(), text: written, from: format!("{}:{at}", visible(path)) });
            }
        }
    }
}

/// Settings that name a variable end so, or stand in a table that does.
fn names_variable(key: &str) -> bool {
    key.split('.').any(|part| part.ends_with("_env"))
}

/// Whether a value may be a secret that somebody wrote into the file, or tells of a customer.
fn is_secret(key: &str) -> bool {
    let telling = ["secret", "token", "password", "authorization", "header.", "query."];
    let key = key.to_lowercase();
    let of_customer = key.starts_with("suppress[") && (key.ends_with(".key") || key.ends_with(".value"));
    !names_variable(&key) && (of_customer || telling.iter().any(|word| key.contains(word)))
}

/// As it is written, in one line.
fn one_line(written: &str) -> String {
    let mut text = String::new();
    for part in written.lines().map(str::trim).filter(|part| !part.is_empty()) {
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{gap}{}", visible(part));
    }
    text
}
