//! `tiuv runs`: what the workspace remembers.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::workspace;
use crate::error::Exit;

/// List the runs that the workspace remembers, the newest first.
#[derive(Debug, Args)]
pub(super) struct RunsArgs {
    /// The workspace
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Print the runs as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &RunsArgs) -> Result<Exit, Failure> {
    let store = workspace::required(&args.workspace)?;
    let runs = store.runs()?;
    let mut out = crate::cli::terminal::stdout();
    let failed = |error: std::io::Error| Failure::output(&error);
    if args.json {
        let runs: Vec<serde_json::Value> = runs
            .iter()
            .map(|run| {
                serde_json::json!({
                    "run": run.id, "recorded_at": run.recorded_at, "as_of": run.as_of, "region": run.region,
                    "tiuv_version": run.version, "rules": run.rules, "rows_in": run.rows_in, "rows_out": run.rows_out,
                    "quarantined": run.quarantined,
                    "inputs": run.inputs.iter().map(|(name, records)| serde_json::json!({"name": name, "records": records})).collect::<Vec<_>>(),
                })
            })
            .collect();
        let json = serde_json::to_string_pretty(&runs).expect("runs are plain data");
        super::terminal::print_json(&format!("{json}\n"));
        return Ok(Exit::Success);
    }
    if runs.is_empty() {
        writeln!(out, "No run yet.").map_err(failed)?;
    }
    for run in runs {
        let inputs: Vec<&str> = run.inputs.iter().map(|(name, _)| name.as_str()).collect();
        let when = run.recorded_at.split('.').next().unwrap_or_default().replace('T', " ");
        writeln!(
            out,
            "{}  {when}  as of {}  {:>9} rows  {:>6} quarantined  {}",
            run.id,
            run.as_of,
            run.rows_out,
            run.quarantined,
            inputs.join(", ")
        )
        .map_err(failed)?;
    }
    Ok(Exit::Success)
}
