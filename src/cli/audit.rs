//! `tiuv audit`: who did what on the stewards' pages, and whether the log is as it was written.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::progress::print;
use super::{Global, workspace};
use crate::disk::PendingFile;
use crate::error::Exit;
use crate::store::{AuditLine, AuditVerdict, Store, StoreError};

/// Who did what on the stewards' pages. The log only grows; each line is bound to the one before it, so that a line that was
/// changed or cut is found.
#[derive(Debug, Args)]
#[command(after_help = "\
A line holds numbers and words, and no customer's value. `verify` ends with 0 where the log is as it
was written, and with 1 where it is not.

Examples:
  tiuv audit list
  tiuv audit verify
  tiuv audit export audit.jsonl")]
pub(super) struct AuditArgs {
    /// Where the log is kept
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the log
    List,
    /// Hold every line to the one before it
    Verify,
    /// Write the log as JSON, a line each, with what binds it
    Export {
        /// Where to
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

pub(super) fn run(global: &Global, args: &AuditArgs) -> Result<Exit, Failure> {
    let store = workspace::required(&args.workspace)?;
    match &args.what {
        What::List => list(&store),
        What::Verify => verify(global, &store),
        What::Export { file } => export(global, &store, file),
    }
}

fn list(store: &Store) -> Result<Exit, Failure> {
    let mut text = String::new();
    store.audit_lines(0, |line| -> Result<(), StoreError> {
        let AuditLine { id, at, who, what, detail, .. } = line;
        let _ = writeln!(text, "{id:>6}  {at}  {who}  {what}  {detail}");
        Ok(())
    })?;
    print(if text.is_empty() { "nothing was done yet\n" } else { &text });
    Ok(Exit::Success)
}

fn verify(global: &Global, store: &Store) -> Result<Exit, Failure> {
    let (text, exit) = match store.verify_audit()? {
        AuditVerdict::Whole(lines, mac) => {
            let end = data_encoding::HEXLOWER.encode(&mac);
            let end = if lines == 0 { String::new() } else { format!("; it ends with {end}") };
            (format!("the log is as it was written: {lines} lines{end}\n"), Exit::Success)
        }
        AuditVerdict::BrokenAt(line) => {
            (format!("the log was changed: line {line} is not as it was written\n"), Exit::Findings)
        }
        AuditVerdict::CutBehind(line) => {
            (format!("the log was cut: lines behind line {line} are missing\n"), Exit::Findings)
        }
    };
    if !global.quiet || exit != Exit::Success {
        print(&text);
    }
    Ok(exit)
}

fn export(global: &Global, store: &Store, path: &std::path::Path) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| Failure::output(&error);
    let mut file = PendingFile::create(path).map_err(failed)?;
    let mut count = 0u64;
    store.audit_lines(0, |line| -> Result<(), Failure> {
        let mac = data_encoding::HEXLOWER.encode(&line.mac);
        // It was written as JSON; where somebody changed it, it is told as it stands.
        let detail = serde_json::from_str(&line.detail).unwrap_or(serde_json::Value::String(line.detail));
        let object = serde_json::json!({
            "id": line.id, "at": line.at, "who": line.who, "what": line.what, "detail": detail, "mac": mac
        });
        count += 1;
        writeln!(file, "{object}").map_err(failed)
    })?;
    file.publish().map_err(failed)?;
    if !global.quiet {
        print(&format!("{count} lines\n"));
    }
    Ok(Exit::Success)
}
