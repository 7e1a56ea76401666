//! `tiuv check`: judges a list like a linter.

mod args;
mod outputs;

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::global::Shown;
use super::input::{refuse_doubtful_mapping, say_other_region, tell_layout};
use super::mail::{self, DomainBar, MxChoice};
use super::{Global, progress};
use crate::config::Config;
use crate::dns::MxProgress;
use crate::error::Exit;
use crate::pipeline::{CheckPlan, Gate, Gates, Limit, MailStage, Selector, check};
use crate::record::Redaction;
use crate::report::{CheckContext, CheckFormat};
use crate::rule::{Level, Words};
pub(super) use args::CheckArgs;
use outputs::Outputs;

pub(super) fn run(global: &Global, args: CheckArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.run_setup(&config, Shown { values: args.show_values, private: args.export_kosher })?;
    let plan = plan(&args, &config)?;
    refuse_private(&plan, &setup.redaction)?;
    let files = args.output.iter().map(|text| parse_output(text)).collect::<Result<Vec<_>, _>>()?;
    let options = args.mail.options(args.mx)?;
    let mut store = match args.mx {
        MxChoice::Auto => Some(crate::cli::workspace::made(&args.workspace)?),
        MxChoice::Cached | MxChoice::Off => crate::cli::workspace::existing(&args.workspace)?,
    };
    let list = args.input.open(&args.list, &config, &setup.context, store.as_ref())?;
    tell_layout(&list, global.quiet);
    if plan.rules {
        refuse_doubtful_mapping(&list, &setup.context, args.accept_mapping)?;
        say_other_region(&list, &setup.context, global.quiet)?;
    }

    let readings = if args.mx == MxChoice::Off { 1 } else { 2 };
    let bar = progress::bytes_bar(list.text_bytes() * readings, "checking", global.quiet);
    let domains = DomainBar::new(global.quiet);
    let mut show = |progress: &MxProgress| domains.show(progress);
    let mail = MailStage { options, memory: store.as_mut(), progress: &mut show };
    let words = Words::load(&setup.context.files, "en")?;
    let context = CheckContext { list: &list, setup: &setup, words: &words };
    let mut outputs = Outputs::open(&args, &files, context)?;
    let report = check(&list, &setup, &plan, mail, &mut outputs, &|bytes| bar.inc(bytes))?;
    domains.finish();
    bar.finish_and_clear();
    mail::warn(report.mail.as_ref().and_then(|mail| mail.stopped), global.quiet);

    outputs.finish(&args, &list, &report)?;
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
    let gates = Gates::new(gates, args.fail_on.severity());
    Ok(CheckPlan { rules: !args.expectations_only, levels, expectations, gates })
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
