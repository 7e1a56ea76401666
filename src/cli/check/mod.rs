//! `tiuv check`: judges a list like a linter.

mod args;
mod cache;
mod known;
mod outputs;
mod since;

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::global::Shown;
use super::input::{refuse_doubtful_mapping, say_other_region, tell_layout};
use super::mail::{self, DomainBar, MxChoice};
use super::{Global, progress};
use crate::config::Config;
use crate::database::Address;
use crate::dns::MxProgress;
use crate::error::Exit;
use crate::finding::Severity;
use crate::pipeline::{CheckPlan, Gate, Gates, Limit, MailStage, Selector, Setup, check};
use crate::record::Redaction;
use crate::report::{CheckContext, CheckFormat};
use crate::rule::{CheckProfile, CheckProfiles, FailsOn, Level, ListNames, Words};
pub(super) use args::CheckArgs;
use cache::Cache;
use outputs::Outputs;

pub(super) fn run(global: &Global, args: CheckArgs) -> Result<Exit, Failure> {
    if let Some(suppression) = &args.add_suppression {
        known::add_suppression(global, suppression, args.reason.as_deref().unwrap_or_default(), args.until)?;
        return Ok(Exit::Success);
    }
    let config = if args.isolated { Config::default() } else { global.config_near(args.lists.first())? };
    let setup = global.run_setup(&config, Shown { values: args.show_values, private: args.export_kosher })?;
    let mut plan = plan(&args, &config, &setup)?;
    refuse_private(&plan, &setup.redaction)?;
    let files = args.output.iter().map(|text| parse_output(text)).collect::<Result<Vec<_>, _>>()?;
    let options = args.mail.options(args.mx)?;
    let mut store = match args.mx {
        MxChoice::Auto => Some(crate::cli::workspace::made(&args.workspace)?),
        MxChoice::Cached | MxChoice::Off => crate::cli::workspace::existing(&args.workspace)?,
    };
    let paths = expanded(&args.lists)?;
    refuse_several(&args, &paths)?;
    let open = |path: &PathBuf| args.input.open(path, &config, &setup.context, store.as_ref());
    let lists = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    for list in &lists {
        tell_layout(list, global.quiet);
        if plan.rules {
            refuse_doubtful_mapping(list, &setup.context, args.accept_mapping)?;
            say_other_region(list, &setup.context, global.quiet)?;
        }
    }
    refuse_since(&args, &paths)?;
    if let [list] = &lists[..] {
        let family = ListNames::load(&setup.context.files)?.family(&list.own_name()).words;
        plan.known = known::known(&args, plan.marks.as_ref(), family)?;
    }

    let words = Words::load(&setup.context.files, "en")?;
    let context = CheckContext { setup: &setup, plan: &plan, words: &words, has_several: lists.len() > 1 };
    let least = plan.gates.fails_on().unwrap_or(Severity::Error);
    let mut outputs = Outputs::open(&args, &files, context, &lists, least)?;
    let cache = Cache::of(&args, &plan, &setup)?;
    let mut passed = true;
    for (list, path) in lists.iter().zip(&paths) {
        let entry = cache.as_ref().and_then(|cache| cache.entry(list, path));
        if entry.as_ref().is_some_and(|entry| entry.is_file()) {
            if !global.quiet {
                progress::say(&format!("{}: passed before as it is; not read again", path.display()));
            }
            continue;
        }
        let since = args.since.as_deref();
        let since = since
            .map(|reference| since::plan_since(reference, list, path, &plan, (global, &args, &config, &setup)))
            .transpose()?;
        let readings = if args.mx == MxChoice::Off { 1 } else { 2 };
        let bar = progress::bytes_bar(list.text_bytes() * readings, "checking", global.quiet);
        let domains = DomainBar::new(global.quiet);
        let mut show = |progress: &MxProgress| domains.show(progress);
        let mail = MailStage { options: options.clone(), memory: store.as_mut(), progress: &mut show };
        let mut sink = outputs.of_list(list).map_err(|error| Failure::output(&error))?;
        let mut report =
            check(list, &setup, since.as_ref().unwrap_or(&plan), mail, &mut sink, &|bytes| bar.inc(bytes))?;
        domains.finish();
        bar.finish_and_clear();
        mail::warn(report.mail.as_ref().and_then(|mail| mail.stopped), global.quiet);
        // The formats keep what they are told; of this one is enough.
        let next_baseline = report.next_baseline.take();
        outputs.end(list, &report)?;
        if let (Some(reference), Some(used), false) = (&args.since, report.baseline, global.quiet) {
            since::conclude(reference, used.known, used.gone);
        }
        known::conclude(&args, &report, next_baseline.as_ref(), global.quiet)?;
        passed &= report.passed;
        if let (Some(cache), Some(entry), true) = (&cache, &entry, report.passed) {
            list.assert_unchanged()?;
            cache.remember(entry)?;
        }
    }
    outputs.finish(&args, &lists)?;
    Ok(if passed || args.exit_zero { Exit::Success } else { Exit::Findings })
}

/// The files that are meant, in order: a name with `*`, `?` or `[` that no file has is a pattern.
fn expanded(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in given {
        let text = path.to_string_lossy();
        if path.exists() || !text.contains(['*', '?', '[']) || Address::parse(&text).is_some() {
            paths.push(path.clone());
            continue;
        }
        let wrong = |error: glob::PatternError| {
            Failure::usage(&format!("`{text}` is no pattern: {error}"), "write one such as 'lists/*.csv'")
        };
        let found: Vec<PathBuf> =
            glob::glob(&text).map_err(wrong)?.filter_map(Result::ok).filter(|path| path.is_file()).collect();
        if found.is_empty() {
            return Err(Failure::usage(&format!("no file is called `{text}`"), "name lists that are there"));
        }
        paths.extend(found);
    }
    Ok(paths)
}

/// What is about one list can't be said of several.
fn refuse_several(args: &CheckArgs, paths: &[PathBuf]) -> Result<(), Failure> {
    if paths.len() < 2 {
        return Ok(());
    }
    let of_one = [
        ("--fix", args.fix),
        ("--diff", args.diff),
        ("--rejects", args.rejects.is_some()),
        ("--baseline", args.baseline.is_some()),
        ("--write-baseline", args.write_baseline.is_some()),
    ];
    match of_one.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => {
            let message = format!("{option} is about one list, and there are {}", paths.len());
            Err(Failure::usage(&message, "check them one after the other"))
        }
        None => Ok(()),
    }
}

/// What has no earlier state can't be compared with it.
fn refuse_since(args: &CheckArgs, paths: &[PathBuf]) -> Result<(), Failure> {
    if args.since.is_none() {
        return Ok(());
    }
    if args.mx != MxChoice::Off {
        let message = "--since compares a list with what it was, and what DNS says is of today";
        return Err(Failure::usage(message, "leave --mx out"));
    }
    let is_no_file = |path: &&PathBuf| path.as_os_str() == "-" || Address::parse(&path.to_string_lossy()).is_some();
    match paths.iter().find(is_no_file) {
        Some(path) => {
            let message = format!("--since: `{}` is no file of git", path.display());
            Err(Failure::usage(&message, "name files, or keep what is known with --write-baseline"))
        }
        None => Ok(()),
    }
}

fn plan(args: &CheckArgs, config: &Config, setup: &Setup) -> Result<CheckPlan, Failure> {
    let wrong = |message: String| Failure::usage(&message, "`tiuv rule list` names all rules");
    let mut levels = Vec::new();
    let profile = profile(args, setup)?;
    // The narrowest wins: it comes last.
    let mut of_profile: Vec<_> = profile.iter().flat_map(|profile| &profile.levels).collect();
    of_profile.sort_by_key(|(rule, _)| rule.len());
    for (rule, level) in of_profile.into_iter().chain(&config.rules) {
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
    let configured = config.max.iter().map(|(rule, limit)| (rule.clone(), limit.to_string()));
    let given = args.max.iter().map(|text| split(text, "--max", "RULE=LIMIT"));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    for (rule, limit) in configured.chain(given.into_iter().map(|(rule, limit)| (rule.to_owned(), limit.to_owned()))) {
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
    let gates = Gates::new(gates, fail_on(args, profile.as_ref()).severity());
    known::refuse_without_baseline(&gates, args)?;
    let marks = known::mark_key()?;
    Ok(CheckPlan {
        rules: !args.expectations_only,
        levels,
        expectations,
        gates,
        known: None,
        suppressions: known::suppressions(config, marks.as_ref())?,
        marks,
        today: setup.context.today,
    })
}

/// The profile that is asked for.
fn profile(args: &CheckArgs, setup: &Setup) -> Result<Option<CheckProfile>, Failure> {
    let Some(name) = &args.profile else { return Ok(None) };
    let profiles = CheckProfiles::load(&setup.context.files)?;
    let known = || profiles.names().collect::<Vec<_>>().join(", ");
    let unknown = || Failure::usage(&format!("there is no profile `{name}`"), &format!("profiles: {}", known()));
    profiles.get(name).cloned().map(Some).ok_or_else(unknown)
}

/// At which findings the list fails.
fn fail_on(args: &CheckArgs, profile: Option<&CheckProfile>) -> FailsOn {
    args.fail_on.or_else(|| profile.map(|profile| profile.fail_on)).unwrap_or(FailsOn::Error)
}

/// A gate on what is not exported would hold whatever the list holds.
fn refuse_private(plan: &CheckPlan, redaction: &Redaction) -> Result<(), Failure> {
    let gated = plan.gates.named().filter_map(|selector| match selector {
        Selector::Code(code) => Some(*code),
        _ => None,
    });
    let raised = plan.levels.iter().filter_map(|(selector, level)| match selector {
        Selector::Code(code) if *level != Level::Off => Some(*code),
        _ => None,
    });
    match gated.chain(raised).find(|code| redaction.hides(*code)) {
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

fn parse_output(text: &str) -> Result<(CheckFormat, PathBuf), Failure> {
    let (format, path) = split(text, "--output", "FORMAT=PATH")?;
    let format = CheckFormat::from_str(format, true).map_err(|_| {
        let names: Vec<String> = CheckFormat::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
            .collect();
        let help = match crate::error::closest(format, names.iter().map(String::as_str)) {
            Some(name) => format!("did you mean `{name}`? Formats: {}", names.join(", ")),
            None => format!("formats: {}", names.join(", ")),
        };
        Failure::usage(&format!("unknown format `{format}`"), &help)
    })?;
    Ok((format, PathBuf::from(path)))
}
