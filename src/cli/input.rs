//! Options about reading a list, shared by the commands that read one.

use std::num::NonZeroU32;
use std::path::Path;

use clap::Args;

use super::failure::Failure;
use super::progress::{self, say};
use crate::config::Config;
use crate::ingest::{Given, IngestOptions, List, doubtful, header_fingerprint, layer_given, meant_column};
use crate::pipeline::{ListIdentity, OtherRegion, RegionSign, other_region};
use crate::report;
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
    /// Sheet of a workbook, or an area of one such as 'Sheet1!A1:G200'; the one most like a list of customers where not given
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(super) sheet: Option<String>,
    /// The first record is data; columns are then named `column 1`, `column 2` …
    #[arg(long, help_heading = "Reading")]
    pub(super) no_header: bool,
    /// What a database is asked, where its address names no table: a SELECT
    #[arg(long, value_name = "SQL", help_heading = "Reading")]
    pub(super) query: Option<String>,
    /// Line of the header, counted from 1 as an editor does (of a workbook: row of the sheet); found where not given
    #[arg(long, value_name = "N", help_heading = "Reading", conflicts_with = "no_header")]
    pub(super) header_row: Option<NonZeroU32>,
}

impl InputArgs {
    /// The options as they are typed for another command.
    pub(super) fn typed(&self) -> Vec<String> {
        let map = self.map.iter().map(|map| ("--map", map.clone()));
        let others = [
            ("--encoding", self.encoding.clone()),
            ("--delimiter", self.delimiter.clone()),
            ("--sheet", self.sheet.clone()),
            ("--query", self.query.clone()),
            ("--header-row", self.header_row.map(|row| row.to_string())),
        ];
        let others = others.into_iter().filter_map(|(option, value)| Some((option, value?)));
        let mut words: Vec<String> = map.chain(others).flat_map(|(option, value)| [option.to_owned(), value]).collect();
        words.extend(self.no_header.then(|| "--no-header".to_owned()));
        words
    }

    /// Opens a list that is in memory; nothing is said of it, and nothing that was saved is asked.
    pub(super) fn open_bytes(
        &self,
        name: &str,
        bytes: Vec<u8>,
        config: &Config,
        context: &Context,
    ) -> Result<List, Failure> {
        let (options, ..) = self.options(config, context)?;
        Ok(List::from_bytes(name, bytes, &options, &context.files)?)
    }

    /// How a list is read; what columns mean by the options and by `tiuv.toml`.
    fn options(&self, config: &Config, context: &Context) -> Result<(IngestOptions, Vec<Given>, Vec<Given>), Failure> {
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
            query: self.query.clone(),
            ..IngestOptions::default()
        };
        Ok((options, given, configured))
    }

    /// Opens a list. What its columns mean is taken from the options, then from `tiuv.toml`, then from what was saved
    /// for its header.
    pub(super) fn open(
        &self,
        path: &Path,
        config: &Config,
        context: &Context,
        store: Option<&Store>,
    ) -> Result<List, Failure> {
        let (options, given, configured) = self.options(config, context)?;
        let list = List::open(path, &options, &context.files)?;
        for said in &given {
            if let Some(column) = meant_column(list.header(), &said.header) {
                progress::say(&format!(
                    "note: no column is called \"{}\" exactly; taken for \"{column}\"",
                    said.header
                ));
            }
        }
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

/// Says of a list that is rather of another region than the run's how to read it as one of that.
pub(super) fn say_other_region(list: &List, context: &Context, quiet: bool) -> Result<(), Failure> {
    let Some(other) = other_region(list, context)?.filter(|_| !quiet) else { return Ok(()) };
    let (name, OtherRegion { region, count, of, .. }) = (&list.facts().name, &other);
    let home = &context.region;
    progress::say(&match &other.by {
        RegionSign::Countries(header) => format!(
            "warning: {name}: {count} of {of} rows looked at are of {region} by the column \"{header}\", and were read as a list of \
             {home} is: numbers by each row's country, dates and what has none as in {home}; for a list of {region} give --region {region}"
        ),
        RegionSign::Numbers(own) => format!(
            "warning: {name}: of {of} phone numbers without a country code that were looked at, {own} are numbers of {home} and {count} \
             of {region}{}; for a list of {region} give --region {region}",
            if other.also.is_empty() {
                String::new()
            } else {
                format!(" (and about as many of {})", other.also.join(", "))
            }
        ),
    });
    Ok(())
}

/// Says of each list that the workspace is taken to know it under another name.
pub(super) fn say_what_goes_on(lists: &[ListIdentity]) {
    for list in lists {
        let (Some(found), Some((earlier, _))) = (list.found, list.earlier.first()) else { continue };
        let header = if found.is_same_header { "the same header" } else { "another header" };
        let keys = found.keys.map_or_else(String::new, |keys| format!(", {keys} % of its keys are there"));
        progress::say(&format!(
            "{}: taken for a newer export of {earlier} ({header}{keys}); if it is another list, say so with --list NAME",
            list.name
        ));
    }
}

/// Says once what a mapping lacks, is unsure of, or left alone.
pub(super) fn say_mapping(list: &List, quiet: bool) {
    if !quiet {
        report::mapping_notes(&list.facts().name, list.mapping()).iter().for_each(|note| progress::say(note));
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

/// Says what of the source is read, and where the header was found, if that is not all of it and the first thing in it.
pub(super) fn tell_layout(list: &List, quiet: bool) {
    let facts = list.facts();
    if quiet {
        return;
    }
    for remark in &facts.remarks {
        say(&format!("note: {}: {remark}", facts.name));
    }
    let lines = match facts.lines_above {
        0 => return,
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    if facts.header_line == 0 {
        say(&format!("note: {}: {lines} above the first row taken for titles", facts.name));
    } else {
        say(&format!(
            "note: {}: the header is in line {}, below {lines} taken for titles; --header-row N says otherwise",
            facts.name, facts.header_line
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
