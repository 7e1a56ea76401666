//! `tiuv map`: shows, corrects and saves what the columns of a list mean.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::input::{InputArgs, fingerprint, say_other_region, tell_layout};
use super::progress::say;
use super::{Global, workspace};
use crate::error::Exit;
use crate::ingest::doubtful;
use crate::record::{Mapping, Missing};
use crate::rule::{ColumnRules, EventProfiles, Words};

/// Show what each column of a list was taken for.
#[derive(Debug, Args)]
#[command(after_help = "Example: tiuv map customers.csv --map mobile='טלפון 2' --save")]
pub(super) struct MapArgs {
    /// The list
    #[arg(required_unless_present = "fields")]
    file: Option<PathBuf>,
    /// List the fields that a column can mean, in words
    #[arg(long, exclusive = true)]
    fields: bool,
    /// Save the mapping in the workspace: `clean`, `map` and `explain` use it for every list with this header (`check`
    /// reads tiuv.toml)
    #[arg(long)]
    save: bool,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    /// Where tiuv remembers mappings
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    #[command(flatten)]
    input: InputArgs,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct MappingJson<'a> {
    #[serde(flatten)]
    mapping: &'a Mapping,
    /// What is important and has no column.
    missing: Vec<Missing>,
}

pub(super) fn run(global: &Global, args: &MapArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let words = Words::load(&setup.context.files, "en")?;
    let mut out = crate::cli::terminal::stdout();
    let failed = |error: std::io::Error| Failure::output(&error);
    let Some(file) = &args.file else {
        out.write_all(crate::report::fields_text(&words).as_bytes()).map_err(failed)?;
        return Ok(Exit::Success);
    };
    let mut store =
        if args.save { Some(workspace::made(&args.workspace)?) } else { workspace::existing(&args.workspace)? };
    let list = args.input.open(file, &config, &setup.context, store.as_ref())?;
    tell_layout(&list, global.quiet);
    say_other_region(&list, &setup.context, global.quiet)?;
    let senders = EventProfiles::load(&setup.context.files)?;
    if let Some(sender) = senders.of_header(list.header()).filter(|_| !global.quiet) {
        say(&format!(
            "note: {}: its columns are those of {} ({}): what happened to contacts, for `clean --events`",
            list.facts().name,
            sender.title,
            sender.name
        ));
    }
    if args.json {
        let json =
            serde_json::to_string_pretty(&MappingJson { mapping: list.mapping(), missing: list.mapping().missing() })
                .expect("a mapping is plain data");
        super::terminal::print_json(&format!("{json}\n"));
    } else {
        let rules = ColumnRules::load(&setup.context.files)?;
        let doubts = doubtful(list.mapping(), &rules);
        let text = crate::report::mapping_text(&list, &doubts, &words);
        out.write_all(text.as_bytes()).map_err(failed)?;
    }
    if let Some(store) = store.as_mut().filter(|_| args.save) {
        let columns: Vec<(String, Option<String>)> = list
            .mapping()
            .columns()
            .iter()
            .map(|column| (column.header.clone(), column.field.map(|field| field.as_str().to_owned())))
            .collect();
        store.save_mapping(&fingerprint(&list), &columns)?;
        if !args.json {
            let place = args.workspace.display();
            writeln!(out, "\nSaved in {place}: lists with this header are read so from now on.").map_err(failed)?;
        }
    }
    Ok(Exit::Success)
}
