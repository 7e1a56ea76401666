//! `tiuv phone NUMBER|FILE…`: single numbers, or a file of them, each read as a cell of a list.

use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use rayon::prelude::*;

use super::asking::Asking;
use super::failure::Failure;
use super::global::Shown;
use super::input::InputArgs;
use super::lines::{each_line, ends_as_a_file};
use super::{Global, progress, workspace};
use crate::config::Config;
use crate::error::Exit;
use crate::ingest::IngestError;
use crate::pipeline::{Home, PhoneReader, PhoneText, Setup};
use crate::record::Field;
use crate::report::{PhoneFormat, PhoneWriter};
use crate::rule::{Context, Words};
use crate::standardize::numbering::RegionId;
use crate::store::Store;

/// Read phone numbers one by one: what tiuv makes of each, which channels reach it and why, and what the numbering plan
/// says of the text as it stands. It prints the customer's values.
#[derive(Debug, Args)]
#[command(after_help = "\
A line of a file is a number, or `REGION<TAB>number`; ZZ is no region. A text that holds several numbers gives a row each.

Examples:
  tiuv phone 050-2345678 '03-5234567 ext 12'
  tiuv phone numbers.txt --format csv
  tiuv phone customers.csv --column mobile --lookup hlr")]
pub(super) struct PhoneArgs {
    /// Numbers as they were written, or files of them, one a line; `-` for standard input
    #[arg(required = true, value_name = "NUMBER|FILE")]
    numbers: Vec<String>,
    /// The files are lists; read this column of theirs
    #[arg(long, value_name = "HEADER")]
    column: Option<String>,
    /// What to print; text on a terminal and csv elsewhere, where not given
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<PhoneFormat>,
    /// Ask the service `[lookup.NAME]` of tiuv.toml about the valid numbers: they leave this machine, and it may cost
    #[arg(long, value_name = "NAME")]
    lookup: Option<String>,
    /// Tell which lines are sold as kosher (voice only); without it they count as ordinary lines, as this hints at
    /// religion
    #[arg(long)]
    export_kosher: bool,
    /// Where tiuv remembers mappings and what services said
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Remember nothing and use no workspace
    #[arg(long, conflicts_with = "workspace")]
    no_state: bool,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn run(global: &Global, args: &PhoneArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let shown = Shown { private: args.export_kosher, ..Shown::default() };
    let setup =
        if args.lookup.is_some() { global.patient_setup(&config, shown)? } else { global.run_setup(&config, shown)? };
    let is_terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if is_terminal { PhoneFormat::Text } else { PhoneFormat::Csv });
    let mut store = match (args.no_state, &args.lookup) {
        (true, _) => None,
        (false, Some(_)) => Some(workspace::made(&args.workspace)?),
        (false, None) => workspace::existing(&args.workspace)?,
    };
    let out: Box<dyn Write + Send> = match format {
        PhoneFormat::Text => Box::new(crate::cli::terminal::stdout_of_all()),
        _ => Box::new(std::io::stdout()),
    };
    let words = Words::load(&setup.context.files, "en")?;
    // Lists are opened before anything is written, so that a wrong name ends the command with nothing done.
    let sources = sources(args, &config, &setup.context, store.as_ref())?;
    let asking = args.lookup.as_ref().map(|name| Asking::open(name, &config, &setup.context)).transpose()?;
    let total = sources.iter().map(Source::bytes).sum();
    let failed = |error: std::io::Error| Failure::output(&error);
    let mut job = Job {
        reader: PhoneReader::new(&setup)?,
        writer: PhoneWriter::start(BufWriter::new(out), format, words, asking.is_some()).map_err(failed)?,
        asking,
        store: store.as_mut(),
        setup: &setup,
        // Rows on the terminal would run through the bar.
        bar: progress::bytes_bar(total, "reading", global.quiet || is_terminal),
        waiting: Vec::new(),
    };
    for source in sources {
        source.read(&mut job)?;
    }
    job.work()?;
    job.bar.finish_and_clear();
    job.writer.finish().map_err(failed)?;
    let Some(asking) = job.asking else { return Ok(Exit::Success) };
    if !global.quiet {
        progress::say(&asking.stats_text());
    }
    Ok(if asking.has_failed() { Exit::Network } else { Exit::Success })
}

/// Texts worked on at a time: bounds memory, and keeps all threads busy.
const AT_ONCE: usize = 4096;

/// The work under way: texts go in, rows come out in the same order.
struct Job<'a> {
    reader: PhoneReader<'a>,
    writer: PhoneWriter<BufWriter<Box<dyn Write + Send>>>,
    asking: Option<Asking>,
    store: Option<&'a mut Store>,
    setup: &'a Setup,
    bar: ProgressBar,
    waiting: Vec<PhoneText>,
}

impl Job<'_> {
    fn push(&mut self, text: PhoneText) -> Result<(), Failure> {
        self.waiting.push(text);
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.work() }
    }

    /// Reads, asks about and writes what is waiting.
    fn work(&mut self) -> Result<(), Failure> {
        let texts = std::mem::take(&mut self.waiting);
        let rows: Vec<_> = texts.par_iter().map(|text| self.reader.read(text)).collect();
        let rows: Vec<_> = rows.into_iter().flatten().collect();
        let outcomes = match &mut self.asking {
            Some(asking) => asking.ask(&rows, self.setup, self.store.as_deref_mut(), &self.bar)?,
            None => Vec::new(),
        };
        let failed = |error: std::io::Error| Failure::output(&error);
        for (index, row) in rows.iter().enumerate() {
            let asked = outcomes.get(index).and_then(Option::as_ref);
            self.writer.row(row, asked).map_err(failed)?;
        }
        self.writer.flush().map_err(failed)?;
        Ok(self.setup.go_on()?)
    }
}

/// Where texts come from.
enum Source {
    Number(String),
    Lines(String, Box<dyn BufRead>, u64),
    Column(Box<crate::ingest::List>, crate::record::ColumnIndex),
}

fn sources(
    args: &PhoneArgs,
    config: &Config,
    context: &Context,
    store: Option<&Store>,
) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for text in &args.numbers {
        let path = Path::new(text);
        if let Some(column) = &args.column {
            let list = args.input.open(path, config, context, store)?;
            let Some(index) = list.header().iter().position(|header| header == column) else {
                let closest = crate::error::closest(column, list.header().iter().map(String::as_str));
                let help = match closest {
                    Some(header) => format!("did you mean `{header}`?"),
                    None => format!("it has {}", list.header().join(", ")),
                };
                return Err(Failure::usage(&format!("{text} has no column `{column}`"), &help));
            };
            sources.push(Source::Column(Box::new(list), crate::record::ColumnIndex(index as u16)));
        } else if text == "-" {
            sources.push(Source::Lines(text.clone(), Box::new(std::io::stdin().lock()), 0));
        } else if path.is_file() || ends_as_a_file(text) {
            let file = IngestError::open(path)?;
            let bytes = file.metadata().map_or(0, |metadata| metadata.len());
            sources.push(Source::Lines(text.clone(), Box::new(BufReader::with_capacity(1 << 16, file)), bytes));
        } else {
            sources.push(Source::Number(text.clone()));
        }
    }
    Ok(sources)
}

impl Source {
    /// Its size, for progress; 0 where that is not known.
    fn bytes(&self) -> u64 {
        match self {
            Source::Number(_) => 0,
            Source::Lines(_, _, bytes) => *bytes,
            Source::Column(list, _) => list.text_bytes(),
        }
    }

    fn read(self, job: &mut Job<'_>) -> Result<(), Failure> {
        match self {
            Source::Number(raw) => job.push(PhoneText { raw, home: Home::Default }),
            // Every line is a text, the empty ones too, so that rows can be laid beside lines.
            Source::Lines(name, lines, _) => each_line(&name, lines, "one phone number", |_, bytes, line| {
                job.bar.inc(bytes);
                job.push(text_of_line(line))
            }),
            Source::Column(list, column) => {
                let country = list.mapping().column_of(Field::Country);
                let mut done = 0;
                list.read(|wave| -> Result<(), Failure> {
                    for raw in &wave.batches {
                        for row in 0..raw.len() {
                            let home = match country.map(|country| raw.cell(row, country)) {
                                Some(country) if !country.is_empty() => Home::Country(country.to_owned()),
                                _ => Home::Default,
                            };
                            job.push(PhoneText { raw: raw.cell(row, column).to_owned(), home })?;
                        }
                    }
                    job.bar.inc(wave.read_to - done);
                    done = wave.read_to;
                    Ok(())
                })?;
                Ok(())
            }
        }
    }
}

/// `REGION<TAB>number`, or the number alone.
fn text_of_line(line: &str) -> PhoneText {
    let is_region = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    match line.split_once('\t') {
        Some((region, raw)) if is_region(region) => {
            let is_known = RegionId::of(&region.to_ascii_uppercase()).is_some();
            let home = if is_known { Home::Country(region.to_owned()) } else { Home::Nowhere };
            PhoneText { raw: raw.to_owned(), home }
        }
        Some(("", raw)) => PhoneText { raw: raw.to_owned(), home: Home::Default },
        _ => PhoneText { raw: line.to_owned(), home: Home::Default },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_say_its_region() {
        let country = |text: &str| Home::Country(text.to_owned());
        for (line, raw, home) in [
            ("050-2345678", "050-2345678", Home::Default),
            ("gb\t020 7946 0958", "020 7946 0958", country("gb")),
            ("ZZ\t050-2345678", "050-2345678", Home::Nowhere),
            ("\t050-2345678", "050-2345678", Home::Default),
            ("050\t2345678", "050\t2345678", Home::Default),
        ] {
            assert_eq!(text_of_line(line), PhoneText { raw: raw.to_owned(), home }, "{line:?}");
        }
    }
}
