//! `tiuv dedupe`: which rows of a people list are one customer.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::global::Shown;
use super::input::{InputArgs, refuse_doubtful_mapping, tell_layout};
use super::stages::Stages;
use super::{Global, progress, workspace};
use crate::disk::PendingFile;
use crate::error::Exit;
use crate::ingest::List;
use crate::pipeline::{Deduped, RunError, Stage, dedupe};
use crate::record::{ColumnIndex, Field};
use crate::report;

/// Find the rows of a people list that are one customer, and the customers that share a household.
///
/// Needs no labels and no settings: what agreement of a field says is learnt from the list.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv dedupe customers.csv --id customer_no --out clusters.csv")]
pub(super) struct DedupeArgs {
    /// The list: CSV/TSV in any encoding, XLSX, ODS, JSON Lines, Parquet; gzip or zstd; `-` for standard input
    file: PathBuf,
    /// Column with the list's own key of each row; the column recognized as `id` where not given
    #[arg(long, value_name = "HEADER")]
    id: Option<String>,
    /// Where to write `id,cluster,household`; standard output where not given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Form of the account on standard error
    #[arg(long, value_enum, default_value_t = StatsFormat::Text)]
    format: StatsFormat,
    /// Take the column mapping as it is, however doubtful
    #[arg(long)]
    accept_mapping: bool,
    /// Where tiuv remembers column mappings
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    #[command(flatten)]
    input: InputArgs,
}

/// Forms of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatsFormat {
    /// For people.
    Text,
    /// For programs: everything that was counted, and the weights.
    Json,
}

pub(super) fn run(global: &Global, args: &DedupeArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown::default())?;
    let store = workspace::existing(&args.workspace)?;
    let list = args.input.open(&args.file, &config, &setup.context, store.as_ref())?;
    tell_layout(&list, global.quiet);
    refuse_doubtful_mapping(&list, &setup.context, args.accept_mapping)?;
    let key = key_column(&list, args.id.as_deref())?;
    let stages = Stages::watch(&setup, list.text_bytes(), global.quiet);
    let deduped = dedupe(&list, key, &setup, &|bytes| stages.inc(bytes))?;
    setup.begin(Stage::Write);
    write(&deduped, args.out.as_deref())?;
    stages.finish();
    match args.format {
        StatsFormat::Json => progress::say(&report::dedupe_json(&deduped)),
        StatsFormat::Text if !global.quiet => progress::say(&report::dedupe_text(&deduped)),
        StatsFormat::Text => {}
    }
    Ok(Exit::Success)
}

/// The column with the rows' own keys.
fn key_column(list: &List, id: Option<&str>) -> Result<ColumnIndex, Failure> {
    let known = list.header().join(", ");
    let Some(wanted) = id else {
        return list.mapping().column_of(Field::Id).ok_or_else(|| {
            Failure::usage(
                "no column was recognized as the rows' own key",
                &format!("name it with --id; the columns: {known}"),
            )
        });
    };
    match list.header().iter().position(|header| header == wanted) {
        Some(index) => Ok(ColumnIndex(index as u16)),
        None => {
            let closest = crate::error::closest(wanted, list.header().iter().map(String::as_str));
            let help = closest.map_or(format!("the columns: {known}"), |name| format!("did you mean `{name}`?"));
            Err(Failure::usage(&format!("the list has no column \"{wanted}\""), &help))
        }
    }
}

/// All of it under its name, or nothing.
fn write(deduped: &Deduped, out: Option<&Path>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::output(&error);
    let Some(path) = out else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        report::write_clusters(deduped, &mut out).map_err(failed)?;
        return out.flush().map_err(failed);
    };
    let failed = |error: std::io::Error| RunError::write(&path.display().to_string(), &error);
    let mut out = PendingFile::create(path).map_err(failed)?;
    report::write_clusters(deduped, &mut out).map_err(failed)?;
    out.publish().map_err(failed)?;
    Ok(())
}
