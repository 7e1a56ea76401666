//! `tiuv check`: judges a list like a linter.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::input::InputArgs;
use super::mail::{self, DomainBar, MailArgs, MxChoice};
use super::{Global, clean::refuse_doubtful_mapping, progress};
use crate::config::Config;
use crate::dns::MxProgress;
use crate::error::Exit;
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{
    CheckEvent, CheckPlan, CheckReport, CheckSink, Gate, Gates, Limit, MailStage, RunError, Selector, Setup, check,
};
use crate::report::{self, Fixes, JsonLines, Rejects};
use crate::rule::{Level, Words};
use crate::store::Store;

/// Judge a list: findings, gates, exit code. Values are masked unless --show-values.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv check list.csv
  tiuv check list.csv --max email=2% --max phone.dummy=10 --output sarif=tiuv.sarif
  tiuv check list.csv --fix")]
pub(super) struct CheckArgs {
    /// The list; `-` for standard input
    list: PathBuf,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
    /// Write a format to a file as well, such as sarif=tiuv.sarif; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    output: Vec<String>,
    /// Fail on findings of this severity and above that no --max allows
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Allow findings of a rule, a prefix or a severity, as a count or a share of the rows: phone.dummy=10, email=2%; a
    /// finding counts at the narrowest limit that covers it; may be repeated
    #[arg(long, value_name = "RULE=LIMIT")]
    max: Vec<String>,
    /// Set the level of a rule or a prefix to off, info, warning or error: email.class=off; may be repeated
    #[arg(long, value_name = "RULE=LEVEL")]
    level: Vec<String>,
    /// Judge only the `[[expect]]` tables of tiuv.toml, not tiuv's own rules
    #[arg(long)]
    expectations_only: bool,
    /// Write the records with a finding at --fail-on or above to this CSV
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Repair in place what is safe to repair; for uncompressed text lists
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, behind the findings
    #[arg(long)]
    diff: bool,
    /// Show customers' values instead of masked ones
    #[arg(long)]
    show_values: bool,
    /// Export which lines are sold as kosher (voice only), in the findings; without it they count as ordinary lines, as this
    /// hints at religion
    #[arg(long)]
    export_kosher: bool,
    /// Take the column mapping as it is, however doubtful
    #[arg(long)]
    accept_mapping: bool,
    /// Where tiuv remembers mappings, and with --mx what DNS said
    #[arg(long, value_name = "DIR", default_value = ".tiuv")]
    workspace: PathBuf,
    /// Ask DNS which e-mail domains take mail; off where not given, so that a check is repeatable
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_value_t = MxChoice::Off, default_missing_value = "auto", help_heading = "Mail domains")]
    mx: MxChoice,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    input: InputArgs,
}

/// Formats of a check's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// Findings by rule and column
    Json,
    /// Every finding, one a line
    Jsonl,
    /// For code hosts and editors
    Sarif,
    /// Annotations in a GitHub workflow
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Info => Some(Severity::Info),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }
}

pub(super) fn run(global: &Global, args: CheckArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let mut setup = global.setup(&config)?;
    setup.show_values = args.show_values;
    if args.export_kosher {
        setup.export_private();
    }
    let setup = Arc::new(setup);
    super::clean::stop_on_ctrl_c(&setup);
    let plan = plan(&args, &config)?;
    refuse_private(&plan, &setup)?;
    let outputs = args.output.iter().map(|text| parse_output(text)).collect::<Result<Vec<_>, _>>()?;
    let options = args.mail.options(args.mx)?;
    let mut store = match args.mx {
        MxChoice::Auto => Some(Store::open(&args.workspace)?),
        MxChoice::Cached | MxChoice::Off => Store::open_existing(&args.workspace)?,
    };
    let list = args.input.open(&args.list, &config, &setup.context, store.as_ref())?;
    if plan.rules {
        refuse_doubtful_mapping(&list, &setup.context, args.accept_mapping)?;
    }

    let readings = if args.mx == MxChoice::Off { 1 } else { 2 };
    let bar = progress::bytes_bar(list.text_bytes() * readings, "checking", global.quiet);
    let domains = DomainBar::new(global.quiet);
    let mut show = |progress: &MxProgress| domains.show(progress);
    let mail = MailStage { options, memory: store.as_mut(), progress: &mut show };
    let mut sinks = Sinks::open(&args, &outputs, &list, &setup)?;
    let report = check(&list, &setup, &plan, mail, &mut sinks, &|bytes| bar.inc(bytes))?;
    domains.finish();
    bar.finish_and_clear();
    mail::warn(report.mail.as_ref().and_then(|mail| mail.stopped), global.quiet);

    sinks.finish(&args, &outputs, &list, &setup, &report)?;
    Ok(if report.passed { Exit::Success } else { Exit::Findings })
}

fn plan(args: &CheckArgs, config: &Config) -> Result<CheckPlan, Failure> {
    let wrong = |message: String| Failure::usage(&message, "`tiuv rule list` names all rules");
    let mut levels = Vec::new();
    for (rule, level) in &config.rules {
        levels.push((Selector::parse(rule).map_err(wrong)?, *level));
    }
    for text in &args.level {
        let (rule, level) = split(text, "--level", "RULE=LEVEL")?;
        let level = match level {
            "off" => Level::Off,
            "info" => Level::Info,
            "warning" => Level::Warning,
            "error" => Level::Error,
            _ => return Err(Failure::usage(&format!("`{level}` is no level"), "write off, info, warning or error")),
        };
        levels.push((Selector::parse(rule).map_err(wrong)?, level));
    }
    let mut gates: Vec<Gate> = Vec::new();
    let said = config.max.iter().map(|(rule, limit)| (rule.clone(), limit.to_string()));
    let given = args.max.iter().map(|text| split(text, "--max", "RULE=LIMIT"));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    for (rule, limit) in said.chain(given.into_iter().map(|(rule, limit)| (rule.to_owned(), limit.to_owned()))) {
        let selector = Selector::parse(&rule).map_err(wrong)?;
        let limit = Limit::parse(&limit).map_err(|message| Failure::usage(&message, "for example --max email=2%"))?;
        // What the command line says of the same rule replaces what tiuv.toml says.
        gates.retain(|gate| gate.selector != selector);
        gates.push(Gate { selector, limit });
    }
    let expectations = config.expect.clone();
    if args.expectations_only && expectations.is_empty() {
        return Err(Failure::usage(
            "--expectations-only, but nothing is expected",
            "add [[expect]] tables to tiuv.toml, or name another file with --config",
        ));
    }
    let gates = Gates::new(gates, args.fail_on.severity());
    Ok(CheckPlan { rules: !args.expectations_only, levels, expectations, gates })
}

/// A gate on what is not exported would hold whatever the list holds.
fn refuse_private(plan: &CheckPlan, setup: &Setup) -> Result<(), Failure> {
    let gated = plan.gates.named().filter_map(|selector| match selector {
        Selector::Code(code) => Some(*code),
        _ => None,
    });
    let raised = plan.levels.iter().filter_map(|(selector, level)| match selector {
        Selector::Code(code) if *level != Level::Off => Some(*code),
        _ => None,
    });
    match gated.chain(raised).find(|code| setup.redaction.hides(*code)) {
        Some(code) => Err(Failure::usage(
            &format!("{code} is private and not counted"),
            "add --export-kosher to judge the list by it",
        )),
        None => Ok(()),
    }
}

fn split<'a>(text: &'a str, option: &str, form: &str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=')
        .ok_or_else(|| Failure::usage(&format!("{option} {text}: no `=`"), &format!("write {option} {form}")))
}

fn parse_output(text: &str) -> Result<(Format, PathBuf), Failure> {
    let (format, path) = split(text, "--output", "FORMAT=PATH")?;
    let format = Format::from_str(format, true).map_err(|_| {
        let names = ["text", "json", "jsonl", "sarif", "github"];
        let help = match crate::error::closest(format, names) {
            Some(name) => format!("did you mean `{name}`? Formats: {}", names.join(", ")),
            None => format!("formats: {}", names.join(", ")),
        };
        Failure::usage(&format!("unknown format `{format}`"), &help)
    })?;
    Ok((format, PathBuf::from(path)))
}

/// A file that gets its name only when it is whole; a pipe or a device is written as it stands.
enum Pending {
    File(BufWriter<tempfile::NamedTempFile>),
    Device(BufWriter<File>),
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Pending::File(file) => file.write(bytes),
            Pending::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Pending::File(file) => file.flush(),
            Pending::Device(file) => file.flush(),
        }
    }
}

/// Where the findings go while they are found.
struct Sinks<'a> {
    stdout: Option<JsonLines<Box<dyn Write + Send>>>,
    files: Vec<(PathBuf, JsonLines<Pending>)>,
    rejects: Option<Rejects>,
    fixes: Option<Fixes<'a>>,
}

impl<'a> Sinks<'a> {
    fn open(args: &CheckArgs, outputs: &[(Format, PathBuf)], list: &List, setup: &'a Setup) -> Result<Self, Failure> {
        let name = &list.facts().name;
        let failed = |error: std::io::Error| Failure::output(&error);
        let stdout = if args.format == Format::Jsonl {
            let out: Box<dyn Write + Send> = Box::new(BufWriter::with_capacity(1 << 18, std::io::stdout()));
            Some(JsonLines::start(out, name, setup).map_err(failed)?)
        } else {
            None
        };
        let mut files = Vec::new();
        for (_, path) in outputs.iter().filter(|(format, _)| *format == Format::Jsonl) {
            files.push((path.clone(), JsonLines::start(pending(path)?, name, setup).map_err(failed)?));
        }
        let rejects = args.rejects.as_ref().map(|_| Rejects::new(args.fail_on.severity().unwrap_or(Severity::Error)));
        let fixes = (args.fix || args.diff).then(|| Fixes::new(setup));
        Ok(Sinks { stdout, files, rejects, fixes })
    }

    fn finish(
        self,
        args: &CheckArgs,
        outputs: &[(Format, PathBuf)],
        list: &List,
        setup: &Setup,
        report: &CheckReport,
    ) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::output(&error);
        let words = Words::load(&setup.context.files, "en")?;
        for (path, lines) in self.files {
            publish(lines.finish(report).map_err(failed)?, &path)?;
        }
        for (format, path) in outputs.iter().filter(|(format, _)| *format != Format::Jsonl) {
            let mut file = pending(path)?;
            let text = anstream::adapter::strip_str(&rendered(*format, report, setup, &words)).to_string();
            file.write_all(text.as_bytes()).map_err(failed)?;
            publish(file, path)?;
        }
        if let (Some(rejects), Some(path)) = (self.rejects, &args.rejects) {
            let mut file = pending(path)?;
            rejects.write(list, &mut file)?;
            publish(file, path)?;
        }
        let mut out = anstream::stdout().lock();
        match self.stdout {
            Some(lines) => {
                lines.finish(report).map_err(failed)?;
            }
            None => out.write_all(rendered(args.format, report, setup, &words).as_bytes()).map_err(failed)?,
        }
        if let Some(fixes) = self.fixes {
            if args.diff {
                out.write_all(fixes.diff(list).as_bytes()).map_err(failed)?;
            }
            if args.fix {
                fix(&fixes, list, &args.list)?;
            }
        }
        Ok(())
    }
}

impl CheckSink for Sinks<'_> {
    fn event(&mut self, event: &CheckEvent<'_>) -> std::io::Result<()> {
        let lines = self.files.iter_mut().map(|(_, lines)| lines as &mut dyn CheckSink);
        let stdout = self.stdout.iter_mut().map(|lines| lines as &mut dyn CheckSink);
        let rejects = self.rejects.iter_mut().map(|rejects| rejects as &mut dyn CheckSink);
        let fixes = self.fixes.iter_mut().map(|fixes| fixes as &mut dyn CheckSink);
        lines.chain(stdout).chain(rejects).chain(fixes).try_for_each(|sink| sink.event(event))
    }
}

fn rendered(format: Format, report: &CheckReport, setup: &Setup, words: &Words) -> String {
    match format {
        Format::Text => report::check_text(report, words),
        Format::Json => report::check_json(report),
        Format::Sarif => report::sarif(report, setup, words),
        Format::Github => report::github(report, words),
        Format::Jsonl => String::new(),
    }
}

/// Writes the repaired list in place of the old one, whole or not at all.
fn fix(fixes: &Fixes<'_>, list: &List, path: &Path) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::usage("--fix can't write to standard input", "give the list as a file"));
    }
    if fixes.is_empty() {
        progress::say("Nothing to repair.");
        return Ok(());
    }
    let mut file = pending(path)?;
    fixes.write(list, &mut file)?;
    publish(file, path)?;
    progress::say(&format!("{} cells repaired in {}.", fixes.len(), path.display()));
    Ok(())
}

fn pending(path: &Path) -> Result<Pending, Failure> {
    let failed = |error: &std::io::Error| RunError::write(&path.display().to_string(), error);
    let existing = std::fs::metadata(path).ok();
    if existing.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let device = File::options().write(true).open(path).map_err(|error| failed(&error))?;
        return Ok(Pending::Device(BufWriter::new(device)));
    }
    let path = target(path);
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(directory).map_err(|error| failed(&error))?;
    if let Some(metadata) = existing {
        // A replaced file keeps its mode.
        let _ = file.as_file().set_permissions(metadata.permissions());
    }
    Ok(Pending::File(BufWriter::with_capacity(1 << 18, file)))
}

fn publish(file: Pending, path: &Path) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| RunError::write(&path.display().to_string(), error);
    match file {
        Pending::File(file) => {
            let file = file.into_inner().map_err(|error| failed(error.error()))?;
            file.persist(target(path)).map_err(|error| failed(&error.error))?;
        }
        Pending::Device(mut file) => file.flush().map_err(|error| failed(&error))?,
    }
    Ok(())
}

/// The file behind a link, so that what is replaced is the file and not the link to it.
fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}
