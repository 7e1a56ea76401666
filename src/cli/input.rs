//! Options about reading a list, shared by the commands that read one.

use std::num::NonZeroU32;
use std::path::Path;

use clap::Args;

use super::failure::Failure;
use super::progress::say;
use crate::config::Config;
use crate::ingest::{Given, IngestOptions, List, doubtful, header_fingerprint, layer_given};
use crate::rule::{ColumnRules, Context};
use crate::store::Store;

/// How a list is read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct InputArgs {
    /// What a column means: FIELD=HEADER, or none=HEADER to leave it alone; may be repeated
    #[arg(long = "map", value_name = "FIELD=HEADER", help_heading = "Reading")]
    pub(super) map: Vec<String>,
    /// Encoding of the text (WHATWG label such as windows-1255); recognized where not given
    #[arg(long, value_name = "LABEL", help_heading = "Reading")]
    pub(super) encoding: Option<String>,
    /// Delimiter (`,` `;` `tab` `|` …); recognized where not given
    #[arg(long, value_name = "CHAR", help_heading = "Reading")]
    pub(super) delimiter: Option<String>,
    /// Sheet of a workbook; the first with content where not given
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(super) sheet: Option<String>,
    /// The first record is data; columns are then named `column 1`, `column 2` …
    #[arg(long, help_heading = "Reading")]
    pub(super) no_header: bool,
    /// Line of the header, counted from 1 as an editor does (of a workbook: row of the sheet); found where not given
    #[arg(long, value_name = "N", help_heading = "Reading", conflicts_with = "no_header")]
    pub(super) header_row: Option<NonZeroU32>,
}

impl InputArgs {
    /// Opens a list. What its columns mean is taken from the options, then from `tiuv.toml`, then from what was saved
    /// for its header.
    pub(super) fn open(
        &self,
        path: &Path,
        config: &Config,
        context: &Context,
        store: Option<&Store>,
    ) -> Result<List, Failure> {
        let given = self.map.iter().map(|text| Given::parse(text)).collect::<Result<Vec<_>, _>>()?;
        let mut configured = Vec::new();
        for (field, headers) in &config.columns {
            for header in headers.as_slice() {
                configured.push(Given { field: Some(*field), header: header.clone() });
            }
        }
        let options = IngestOptions {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.as_deref().map(parse_delimiter).transpose()?,
            sheet: self.sheet.clone(),
            columns: layer_given(&[&given, &configured]),
            no_header: self.no_header,
            header_row: self.header_row,
            tld: context.region.to_ascii_lowercase(),
        };
        let list = List::open(path, &options, &context.files)?;
        let saved = match store {
            Some(store) => store.saved_mapping(&fingerprint(&list))?,
            None => Vec::new(),
        };
        let facts = list.facts();
        tracing::info!(
            format = facts.format,
            encoding = facts.encoding,
            basis = facts.encoding_basis,
            bytes = facts.bytes,
            columns = list.header().len(),
            saved_columns = saved.len(),
            "opened a list"
        );
        if saved.is_empty() {
            return Ok(list);
        }
        let saved = saved
            .iter()
            .map(|(header, field)| Given::new(field.as_deref().unwrap_or("none"), header))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(list.remapped(&layer_given(&[&given, &configured, &saved]), &context.files)?)
    }
}

/// A mapping that is a guess stops an unattended run with what to write instead.
pub(super) fn refuse_doubtful_mapping(list: &List, context: &Context, accept: bool) -> Result<(), Failure> {
    if accept {
        return Ok(());
    }
    if list.mapping().columns().iter().all(|column| column.field.is_none()) {
        let name = &list.facts().name;
        return Err(Failure::usage(
            &format!("{name}: no column could be recognized"),
            &format!(
                "say what columns mean with --map FIELD=HEADER; `tiuv map {name}` shows them; if they look glued together, \
                 give --delimiter"
            ),
        ));
    }
    let rules = ColumnRules::load(&context.files)?;
    let doubts = doubtful(list.mapping(), &rules);
    if doubts.is_empty() {
        return Ok(());
    }
    let name = &list.facts().name;
    let options: Vec<String> = doubts
        .iter()
        .filter_map(|column| {
            let field = column.field?;
            Some(format!("--map '{field}={}'", column.header))
        })
        .collect();
    let columns: Vec<String> = doubts
        .iter()
        .filter_map(|column| {
            let percent = column.confidence.as_percent();
            Some(format!("\"{}\" as {} ({percent} % sure)", column.header, column.field?))
        })
        .collect();
    Err(Failure::usage(
        &format!("{name}: not sure what these columns mean: {}", columns.join(", ")),
        &format!(
            "say so with {} (or --map none=HEADER to leave one alone), or accept the guess with --accept-mapping; `tiuv map {name}` shows and saves the mapping",
            options.join(" ")
        ),
    ))
}

/// Says where the header was found, if that is not the first thing in the list.
pub(super) fn tell_layout(list: &List, quiet: bool) {
    let facts = list.facts();
    if quiet || facts.lines_above == 0 {
        return;
    }
    let lines = if facts.lines_above == 1 { "1 line" } else { &*format!("{} lines", facts.lines_above) };
    if facts.header_line == 0 {
        say(&format!("note: {}: {lines} above the first row taken for titles", facts.name));
    } else {
        let header = facts.header_line;
        say(&format!(
            "note: {}: the header is in line {header}, below {lines} taken for titles; --header-row N says otherwise",
            facts.name
        ));
    }
}

/// The key under which a mapping is saved.
pub(super) fn fingerprint(list: &List) -> String {
    format!("{:016x}", header_fingerprint(list.header()))
}

fn parse_delimiter(text: &str) -> Result<u8, Failure> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r') => {
                Ok(*byte)
            }
            _ => Err(Failure::usage(
                &format!("`{text}` is no delimiter"),
                "write one character, or `tab`, `comma`, `semicolon`, `pipe`",
            )),
        },
    }
}
