//! `tiuv clean`: the main job.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::decay::{self, EvidenceArgs};
use super::failure::Failure;
use super::global::Shown;
use super::input::{InputArgs, refuse_doubtful_mapping, say_mapping, say_other_region, say_what_goes_on, tell_layout};
use super::mail::{self, DomainBar, MailArgs, MxChoice};
use super::outreach::Planning;
use super::stages::Stages;
use super::{Global, progress, workspace};
use crate::clock;
use crate::config::Config;
use crate::dns::MxProgress;
use crate::error::Exit;
use crate::ingest::List;
use crate::pipeline::{
    EvidenceStage, FlagRule, MailStage, Memory, NewRefusals, ResolveStage, RunSummary, Setup, Stage, ask_stewards,
    clean, conclude_run, refusals_of_lists, year_before,
};
use crate::record::{Channel, ListRole};
use crate::report::{self, Asking, Typed};
use crate::rule::{IngestRules, OutreachPolicy, Words};

/// Clean customer lists and write the results into a directory.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv clean fixtures/customers/club.csv --out out
  tiuv clean fixtures/customers/club.csv --queue --config fixtures/customers/tiuv.toml     and plan who is asked")]
pub(super) struct CleanArgs {
    /// Lists: CSV/TSV in any encoding, XLSX, ODS, JSON Lines, Parquet; gzip or zstd; `-` for standard input; tables of databases,
    /// such as `postgres://reader@db/club?table=customers`
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Directory for the results
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Format of the tables of rows and of customers, rows.csv and customers.csv
    #[arg(long, value_enum, default_value_t = report::TableFormat::Csv)]
    format: report::TableFormat,
    /// Write only these results, beside what was quarantined, report.html and run.json; all where not given
    #[arg(long, value_enum, value_name = "TABLE,…", value_delimiter = ',')]
    tables: Vec<report::ResultTable>,
    /// Write CSV with a byte order mark, so that Excel reads it as UTF-8; the default where a list is a workbook or in Windows-1255
    #[arg(long, overrides_with = "no_excel")]
    excel: bool,
    /// Write it without
    #[arg(long, overrides_with = "excel")]
    no_excel: bool,
    /// Show customers' values in report.html, run.json and possible_duplicates instead of masked ones
    #[arg(long)]
    show_values: bool,
    /// Export which lines are sold as kosher (voice only), in rows.csv, report.html and run.json; without it they count as ordinary lines, as this
    /// hints at religion
    #[arg(long)]
    export_kosher: bool,
    /// What the people of the lists are: `unsubscribed` or `bounced` for an export of those who took themselves off or whose
    /// mail came back, which only adds refusals or dead addresses and nobody to be asked; `customers` otherwise
    #[arg(long = "as", value_name = "customers|unsubscribed|bounced", value_parser = parse_role, help_heading = "Reading")]
    taken_as: Option<ListRole>,
    /// What the list is called: exports under one name are one list from year to year, others are not. Where not given, the
    /// file's name without its date tells, with the header and the keys
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    list: Option<String>,
    /// Take the column mapping as it is, however doubtful
    #[arg(long)]
    accept_mapping: bool,
    /// Where tiuv remembers runs and column mappings
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
    /// Remember nothing of this run and use no workspace
    #[arg(long, conflicts_with = "workspace")]
    no_state: bool,
    /// Whether DNS is asked which e-mail domains take mail
    #[arg(long, value_enum, value_name = "MODE", env = "TIUV_MX", hide_env_values = true, default_value_t = MxChoice::Auto, help_heading = "Mail domains")]
    mx: MxChoice,
    /// Don't look for rows of one customer: no customers, no golden records, no duplicates
    #[arg(long)]
    no_resolve: bool,
    #[command(flatten)]
    evidence: EvidenceArgs,
    /// Plan in the same run who is asked, by `[outreach]` in tiuv.toml: text messages and calls go into the outbox, outbox.csv and
    /// held_back.csv beside the other results. Nothing is sent
    #[arg(long, conflicts_with_all = ["no_state", "no_resolve"])]
    queue: bool,
    /// Which customers are flagged as stale: a share, as many as are `expected` to be, or a probability
    #[arg(long, value_name = "20%|expected|0.5", default_value = "20%", value_parser = decay::parse_flag, help_heading = "Decay")]
    flag: FlagRule,
    /// Don't judge how stale contacts are
    #[arg(long, help_heading = "Decay", conflicts_with = "events")]
    no_decay: bool,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    input: InputArgs,
}

fn parse_role(text: &str) -> Result<ListRole, String> {
    ListRole::parse(text).ok_or_else(|| "write customers, unsubscribed or bounced".to_owned())
}

pub(super) fn run(global: &Global, args: CleanArgs, words: &[OsString]) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown { values: args.show_values, private: args.export_kosher })?;
    let options = args.mail.options(args.mx)?;
    // Who asks is said before anything is read.
    let planning = if args.queue { Some(Planning::new(global, &args.workspace)?) } else { None };
    let mut store = if args.no_state { None } else { Some(workspace::made(&args.workspace)?) };
    if args.list.is_some() && args.inputs.len() > 1 {
        return Err(Failure::usage(
            "--list gives one list its name, and there are several",
            "clean them one after another: the workspace matches each with those before it",
        ));
    }
    let mut lists = Vec::new();
    for path in &args.inputs {
        let list = args.input.open(path, &config, &setup.context, store.as_ref())?;
        tell_layout(&list, global.quiet);
        refuse_doubtful_mapping(&list, &setup.context, args.accept_mapping)?;
        say_mapping(&list, global.quiet);
        say_other_region(&list, &setup.context, global.quiet)?;
        lists.push(list.taken_as(args.taken_as).named(args.list.clone()));
    }
    let evidence = args.evidence.open(&lists, &setup.context, store.as_ref())?;
    decay::say_senders(&evidence, global.quiet);
    let bytes = lists.iter().map(List::text_bytes).sum::<u64>() + evidence.text_bytes();
    let stages = Stages::watch(&setup, bytes, global.quiet);
    let domains = DomainBar::new(global.quiet);
    let mut show = |progress: &MxProgress| domains.show(progress);
    let resolve = match (&store, args.no_resolve) {
        (_, true) => ResolveStage::Off,
        (None, false) => ResolveStage::On(None),
        (Some(store), false) => ResolveStage::On(Memory::load(store, &lists, &setup.context)?.map(Box::new)),
    };
    if let (ResolveStage::On(Some(memory)), false) = (&resolve, global.quiet) {
        say_what_goes_on(memory.lists());
    }
    let flag = (!args.no_decay).then_some(args.flag);
    let mail = MailStage { options, memory: store.as_mut(), progress: &mut show };
    let policy = config.outreach.over(OutreachPolicy::load(&setup.context.files)?);
    let stage = EvidenceStage { prices: Some(&policy), ..evidence.stage(flag) };
    let mut cleaned = clean(&lists, &setup, mail, resolve, Some(&stage), &|bytes| stages.inc(bytes))?;
    domains.finish();
    if let Some(store) = store.as_mut() {
        let until = global.until()?;
        cleaned.summary.campaign = store.campaign_funnel(
            None,
            &policy.repaired_by,
            &policy.currency,
            policy.price(Channel::Sms, &setup.context.region),
            until,
        )?;
        cleaned.summary.year_before = year_before(store, &cleaned.summary, &setup)?;
    }
    let typed = typed(global, &args, &config, words);
    let excel = for_excel(&args, &lists, &setup)?;
    let table = report::TableOptions {
        format: args.format,
        bom: excel != Excel::Unwanted,
        tables: report::Tables::of(&args.tables),
    };
    let (output, told) = report::write_run(&cleaned, &setup, &args.out, table, &typed)?;
    let results = output.finish()?;
    if let Some(store) = store.as_mut() {
        setup.begin(Stage::Remember);
        for (entry, contacts) in refusals_of_lists(&cleaned, &setup, clock::timestamp()) {
            store.suppress_contacts(&entry, contacts.iter().map(|(kind, key)| (*kind, key.as_str())))?;
        }
        if let Some(decay) = &cleaned.decay {
            store.suppress_past(&decay.stats.refusals())?;
        }
    }
    let new = conclude_run(&mut cleaned, &told, store.as_mut(), &setup, results)?;
    if let Some(store) = store.as_mut() {
        ask_stewards(&cleaned, store, &setup)?;
    }
    let summary = told.summary;
    stages.finish();
    if let Some(refused) = cleaned.customers.as_ref().filter(|customers| customers.is_refused()) {
        let missing: Vec<&str> = refused.stats.missing.iter().map(|field| field.as_str()).collect();
        let first = "warning: no customers were looked for: too few fields tell people apart";
        if !global.quiet {
            progress::say(&format!("{first}; map more columns with --map, for example {}", missing.join(", ")));
        }
    }
    if !global.quiet {
        for list in &cleaned.standings {
            for one in &list.unread {
                progress::say(&format!("warning: {}: {one}; until then `tiuv outreach plan` asks nobody", list.list));
            }
        }
    }
    if args.taken_as == Some(ListRole::Unsubscribed) && !global.quiet {
        say_whom_it_holds(new);
    }
    if let Some(decay) = &cleaned.decay {
        decay::warn(&decay.stats, global.quiet);
    }
    mail::warn(summary.mail.as_ref().and_then(|mail| mail.stopped), global.quiet);
    if !global.quiet {
        let tasks = report::next_tasks(&cleaned, &summary, &typed);
        let words = Words::load(&setup.context.files, "en")?;
        let text = report::run_text(&summary, &tasks, words, &setup.catalog, &args.out, &hints(&summary, &args, excel));
        crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    }
    if let (Some(planning), Some(store)) = (planning, store.as_mut()) {
        planning.queue(global, store, &args.out)?;
    }
    Ok(Exit::Success)
}

/// Says of a list of refusals how many of its people the lists cleaned before have.
fn say_whom_it_holds(NewRefusals { count, recognized }: NewRefusals) {
    let Some(recognized) = recognized.filter(|_| count > 0) else { return };
    let first = format!("{} of {} refusals are of customers whom the lists cleaned before have", recognized, count);
    progress::say(&if recognized == 0 {
        format!(
            "warning: {first}: has this list the numbers, addresses or member numbers that those have? Where it does not, nobody is \
             held by it"
        )
    } else {
        format!("{first}; the others hold whoever comes with the same number, address or member number later")
    });
}

/// Whether tables are written for Excel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Excel {
    Unwanted,
    Asked,
    /// A list comes from it.
    Likely,
}

fn for_excel(args: &CleanArgs, lists: &[List], setup: &Setup) -> Result<Excel, Failure> {
    if args.excel || args.no_excel {
        return Ok(if args.excel { Excel::Asked } else { Excel::Unwanted });
    }
    let encodings = IngestRules::load(&setup.context.files)?.excel_encodings;
    let is_of_excel = |list: &List| {
        let facts = list.facts();
        facts.sheet.is_some() || encodings.iter().any(|own| own.eq_ignore_ascii_case(facts.encoding))
    };
    Ok(if lists.iter().any(is_of_excel) { Excel::Likely } else { Excel::Unwanted })
}

/// At most two, each naming what would help beside what there is to do.
fn hints(summary: &RunSummary, args: &CleanArgs, excel: Excel) -> Vec<String> {
    let mut hints = vec![format!("open {}", args.out.join("report.html").display())];
    if args.format == report::TableFormat::Csv {
        hints.extend(
            match excel {
                Excel::Likely => {
                    Some("tables open in Excel as they are, as the list comes from there; --no-excel: without its mark")
                }
                Excel::Unwanted if summary.region == "IL" && !args.no_excel => {
                    Some("for Excel, write the tables with --excel, or the rows with --format xlsx")
                }
                _ => None,
            }
            .map(str::to_owned),
        );
    }
    hints
}

/// What was typed, for the commands of what there is to do.
fn typed(global: &Global, args: &CleanArgs, config: &Config, words: &[OsString]) -> Typed {
    let is_usual = args.workspace.as_os_str() == ".tiuv";
    let named = || vec!["--workspace".to_owned(), args.workspace.display().to_string()];
    Typed {
        again: again(words),
        lists: args.inputs.clone(),
        out: args.out.clone(),
        global: global.typed(),
        reading: args.input.typed(),
        judging: if args.accept_mapping { vec!["--accept-mapping".to_owned()] } else { Vec::new() },
        workspace: (!args.no_state).then(|| if is_usual { Vec::new() } else { named() }),
        asking: match (args.queue, config.outreach.problem()) {
            (true, _) => Asking::Queued,
            (false, None) => Asking::Said,
            (false, Some(_)) => Asking::Nobody,
        },
        shows_values: args.show_values,
    }
}

/// The words behind `tiuv` without those that change no output: how many threads, what is said on the way.
fn again(words: &[OsString]) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut words = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        let is_silent = matches!(word.as_str(), "-q" | "--quiet" | "--verbose");
        let is_loud = word.strip_prefix("-v").is_some_and(|more| more.bytes().all(|letter| letter == b'v'));
        match word.as_str() {
            "--threads" => drop(words.next()),
            _ if is_silent || is_loud || word.starts_with("--threads=") => {}
            _ => kept.push(word),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_no_output_is_not_said_again() {
        let words = "tiuv -vv clean a.csv --threads 3 -q --out out --threads=4 --mx off --quiet -v";
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        assert_eq!(again(&words).join(" "), "clean a.csv --out out --mx off");
    }
}
