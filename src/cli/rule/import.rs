//! `tiuv rule import`: what other tools expect of a list, as `[[expect]]` tables.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::super::failure::Failure;
use super::super::{Global, progress};
use crate::config::{Config, ImportError, import};
use crate::error::Exit;
use crate::rule::{RuleError, parse_toml, read_settings};
use crate::text::BYTE_ORDER_MARK;

/// Write what another tool expects of a list as `[[expect]]` tables for tiuv.toml
///
/// Reads a Frictionless Table Schema or Data Package, a schema.yml of dbt, and a suite of Great Expectations in JSON. What has no
/// counterpart is named on standard error, and in comments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv rule import table-schema.json > tiuv.toml
  tiuv rule import models/schema.yml --table customers >> tiuv.toml

Exit codes: 0 something was written, also where some has no counterpart; 2 the file is none of these, or none of it maps.")]
pub(super) struct ImportArgs {
    /// The other tool's file
    file: PathBuf,
    /// Which of its tables, where it is about several
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
}

pub(super) fn run(global: &Global, args: &ImportArgs) -> Result<Exit, Failure> {
    let path = args.file.display().to_string();
    let unreadable = |error: std::io::Error| RuleError::Unreadable { path: path.clone(), reason: error.to_string() };
    let text = read_settings(&args.file).map_err(unreadable)?;
    let wrong = |error: ImportError| {
        let help = match &error {
            ImportError::Several(_) => "say which with --table NAME".to_owned(),
            ImportError::NoTable { .. } => "name one that is there, or leave --table out".to_owned(),
            _ => "`tiuv rule import --help` says what is read".to_owned(),
        };
        Failure::usage(&format!("{path}: {error}"), &help)
    };
    let imported = import(text.trim_start_matches(BYTE_ORDER_MARK), args.table.as_deref()).map_err(wrong)?;
    for line in imported.left_out() {
        progress::say(&format!("left out: {line}"));
    }
    if imported.is_empty() {
        return Err(Failure::usage(
            &format!("{path}: nothing of it maps"),
            "write [[expect]] tables by hand: docs/checking.md",
        ));
    }
    let toml = imported.to_toml();
    // Whatever names stand in it, it is read as it was meant.
    parse_toml::<Config>("what was imported", &toml)?;
    crate::cli::terminal::stdout().write_all(toml.as_bytes()).map_err(|error| Failure::output(&error))?;
    if !global.quiet {
        let left = imported.left_out().len();
        progress::say(&format!("{} tables from {}; {left} left out.", imported.len(), args.file.display()));
    }
    Ok(Exit::Success)
}
