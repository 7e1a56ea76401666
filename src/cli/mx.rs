//! `tiuv mx FILE|DOMAIN…`: which domains take mail.

use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::global::Shown;
use super::input::{InputArgs, refuse_doubtful_mapping};
use super::lines::{each_line, ends_as_a_file};
use super::mail::{DomainBar, MailArgs, MxChoice, warn};
use super::progress::say;
use super::{Global, progress, workspace};
use crate::config::Config;
use crate::dns::{MxMode, MxProgress};
use crate::error::Exit;
use crate::ingest::IngestError;
use crate::pipeline::{DomainReader, Domains, MailStage, Setup};
use crate::record::Field;
use crate::report::{self, MxFormat};
use crate::rule::Words;
use crate::store::Store;

/// Ask DNS which domains take mail: single ones, or those of a list's e-mails. Each different domain is asked for once,
/// and answers are remembered in the workspace for as long as they hold.
#[derive(Debug, Args)]
#[command(after_help = "\
Outcomes: mx_ok, implicit_mx and mx_null_mixed take mail; null_mx, nxdomain, no_mx_no_address, mx_unresolvable and \
mx_private don't (`pending` until it was heard twice, `dead` then); temporary, timeout, refused, \
not_checked and stale say nothing about the domain.

Examples:
  tiuv mx gmail.com walla.co.il
  tiuv mx customers.csv --format csv
  tiuv mx domains.txt --resolver 192.0.2.53,[2001:db8::53]:5353")]
pub(super) struct MxArgs {
    /// Domains or addresses; lists, whose e-mail columns are read; plain files (.txt, or `-` for standard input) with one
    /// domain or address a line
    #[arg(required = true, value_name = "FILE|DOMAIN")]
    inputs: Vec<String>,
    /// What to print; text on a terminal and csv elsewhere, where not given
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<MxFormat>,
    /// Use what is remembered, ask nobody
    #[arg(long)]
    cached: bool,
    /// Take the column mapping as it is, however doubtful
    #[arg(long)]
    accept_mapping: bool,
    /// Where tiuv remembers answers
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Remember nothing and use no workspace
    #[arg(long, conflicts_with = "workspace")]
    no_state: bool,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, args: &MxArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown::default())?;
    let choice = if args.cached { MxChoice::Cached } else { MxChoice::Auto };
    let options = args.mail.options(choice)?;
    let is_terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if is_terminal { MxFormat::Text } else { MxFormat::Csv });
    let words = Words::load(&setup.context.files, "en")?;
    let mut store = if args.no_state { None } else { Some(workspace::made(&args.workspace)?) };

    let domains = gather(args, &config, &setup, store.as_ref(), global.quiet)?.ranked();
    let bar = DomainBar::new(global.quiet);
    let mut show = |progress: &MxProgress| bar.show(progress);
    let is_asked = options.mode == MxMode::Auto;
    let stage = MailStage { options, memory: store.as_mut(), progress: &mut show };
    let check = stage.ask(domains.iter().map(|(domain, _)| domain.as_str()), &setup)?;
    bar.finish();

    let failed = |error: std::io::Error| Failure::output(&error);
    let out: Box<dyn Write> = match format {
        MxFormat::Text => Box::new(crate::cli::terminal::stdout_of_all()),
        _ => Box::new(std::io::stdout()),
    };
    let mut out = BufWriter::new(out);
    report::write_mx(&mut out, format, &domains, &check, &words).map_err(failed)?;
    out.flush().map_err(failed)?;
    warn(check.stats.stopped, global.quiet);
    if !global.quiet && is_asked && domains.len() > 1 {
        say(&report::mx_stats_text(&check.stats));
    }
    Ok(Exit::Success)
}

fn gather(
    args: &MxArgs,
    config: &Config,
    setup: &Setup,
    store: Option<&Store>,
    quiet: bool,
) -> Result<Domains, Failure> {
    let reader = DomainReader::new(&setup.context.files)?;
    let mut domains = Domains::default();
    for text in &args.inputs {
        let path = Path::new(text);
        if text == "-" {
            read_lines("-", Box::new(std::io::stdin().lock()), &reader, &mut domains)?;
        } else if text.to_ascii_lowercase().ends_with(".txt") {
            let file = IngestError::open(path)?;
            read_lines(text, Box::new(BufReader::new(file)), &reader, &mut domains)?;
        } else if path.is_file() || ends_as_a_file(text) {
            let list = args.input.open(path, config, &setup.context, store)?;
            if list.mapping().column_of(Field::Email).is_none() {
                return Err(Failure::usage(
                    &format!("{text}: no column of e-mails could be recognized"),
                    "say which one with --map email=HEADER; a plain list of domains ends in .txt or comes by `-`",
                ));
            }
            refuse_doubtful_mapping(&list, &setup.context, args.accept_mapping)?;
            let bar = progress::bytes_bar(list.text_bytes(), "reading", quiet);
            domains.add_list(&list, setup, &|bytes| bar.inc(bytes))?;
            bar.finish_and_clear();
        } else {
            let domain = reader.read(text).ok_or_else(|| {
                Failure::usage(
                    &format!("`{text}` is no file, no domain and no e-mail address"),
                    "write a domain such as example.org, an address, or the path of a list",
                )
            })?;
            domains.add(&domain, 1);
        }
    }
    Ok(domains)
}

/// A domain or an address a line; blank lines and lines that start with `#` are passed over.
fn read_lines(
    name: &str,
    lines: Box<dyn BufRead>,
    reader: &DomainReader,
    domains: &mut Domains,
) -> Result<(), Failure> {
    let mut unread: Option<(u64, u64)> = None;
    each_line(name, lines, "one domain or e-mail address", |number, _, line| {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        match reader.read(text) {
            Some(domain) => domains.add(&domain, 1),
            None => {
                unread.get_or_insert((number, 0)).1 += 1;
                // It stands in the table all the same, so that nothing is lost.
                domains.add(text, 1);
            }
        }
        Ok(())
    })?;
    if let Some((first, lines)) = unread {
        say(&format!(
            "warning: {name}: {lines} lines are neither a domain nor an e-mail address, line {first} first; they stand as \
             not_checked"
        ));
    }
    Ok(())
}
