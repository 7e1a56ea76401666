//! Options about reading a list, shared by the commands that read one.

use std::path::Path;

use clap::Args;

use super::failure::Failure;
use crate::config::Config;
use crate::ingest::{Given, IngestOptions, List, header_fingerprint};
use crate::pipeline::Setup;
use crate::record::Field;
use crate::store::Store;

/// How a list is read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct InputArgs {
    /// What a column means: FIELD=HEADER, or `-=HEADER` to leave it alone; may be repeated
    #[arg(long = "map", value_name = "FIELD=HEADER", help_heading = "Reading")]
    pub(super) map: Vec<String>,
    /// Encoding of the text (WHATWG label such as windows-1255); found out otherwise
    #[arg(long, value_name = "LABEL", help_heading = "Reading")]
    pub(super) encoding: Option<String>,
    /// Delimiter (`,` `;` `tab` `|` …); found out otherwise
    #[arg(long, value_name = "CHAR", help_heading = "Reading")]
    pub(super) delimiter: Option<String>,
    /// Sheet of a workbook; the first with content otherwise
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub(super) sheet: Option<String>,
    /// The first record is data; columns are then named `column 1`, `column 2` …
    #[arg(long, help_heading = "Reading")]
    pub(super) no_header: bool,
}

impl InputArgs {
    /// What the user said, strongest first: options, then `tiuv.toml`.
    pub(super) fn options(&self, config: &Config, setup: &Setup) -> Result<IngestOptions, Failure> {
        let mut columns = self.map.iter().map(|text| parse_map(text)).collect::<Result<Vec<_>, _>>()?;
        for (field, headers) in &config.columns {
            let field = parse_field(field)?;
            for header in headers.as_slice() {
                if !columns.iter().any(|given| given.header == *header) {
                    columns.push(Given { field, header: header.clone() });
                }
            }
        }
        Ok(IngestOptions {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.as_deref().map(parse_delimiter).transpose()?,
            sheet: self.sheet.clone(),
            columns,
            no_header: self.no_header,
            tld: setup.region.to_ascii_lowercase(),
        })
    }

    /// Opens a list; a mapping that was saved for its header applies where the user says nothing else.
    pub(super) fn open(
        &self,
        path: &Path,
        config: &Config,
        setup: &Setup,
        store: Option<&Store>,
    ) -> Result<List, Failure> {
        let options = self.options(config, setup)?;
        let list = List::open(path, &options, &setup.files)?;
        let Some(store) = store else { return Ok(list) };
        let saved = store.saved_mapping(&fingerprint(&list))?;
        if saved.is_empty() {
            return Ok(list);
        }
        let mut columns = options.columns.clone();
        let said: Vec<String> = columns.iter().map(|given| given.header.clone()).collect();
        columns.extend(
            saved
                .into_iter()
                .filter(|(header, _)| !said.contains(header))
                .map(|(header, field)| Given { field: field.as_deref().and_then(Field::parse), header }),
        );
        Ok(list.remapped(&columns, &setup.files)?)
    }
}

/// The key under which a mapping is saved.
pub(super) fn fingerprint(list: &List) -> String {
    format!("{:016x}", header_fingerprint(list.header()))
}

fn parse_map(text: &str) -> Result<Given, Failure> {
    let (field, header) = text.split_once('=').ok_or_else(|| {
        Failure::usage(&format!("--map {text}: no `=`"), "write --map FIELD=HEADER, for example --map mobile=נייד")
    })?;
    Ok(Given { field: parse_field(field)?, header: header.to_owned() })
}

fn parse_field(name: &str) -> Result<Option<Field>, Failure> {
    if name == "-" {
        return Ok(None);
    }
    Field::parse(name).map(Some).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        let help = match crate::error::closest(name, names.iter().copied()) {
            Some(closest) => format!("did you mean `{closest}`? Fields: {}", names.join(", ")),
            None => format!("fields: {}", names.join(", ")),
        };
        Failure::usage(&format!("unknown field `{name}`"), &help)
    })
}

fn parse_delimiter(text: &str) -> Result<u8, Failure> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
            _ => Err(Failure::usage(
                &format!("`{text}` is no delimiter"),
                "write one character, or `tab`, `comma`, `semicolon`, `pipe`",
            )),
        },
    }
}
