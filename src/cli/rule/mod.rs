//! `tiuv rule`: the catalogue of what tiuv says, and the lists that it goes by.

mod examples;
mod import;
mod shown;
mod update;

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};

use super::Global;
use super::failure::Failure;
use crate::error::Exit;
use crate::finding::Code;
use crate::pipeline::Selector;
use crate::report::{reason_text, rule_text};
use crate::rule::{OutreachRules, Rule, Words};

/// The rules behind the codes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv rule list phone
  tiuv rule show phone.sci_lossy
  tiuv rule test --rules my-rules
  tiuv rule test tiuv.toml
  tiuv rule import table-schema.json > tiuv.toml
  tiuv rule update disposable --from domains.txt")]
pub(super) struct RuleArgs {
    #[command(subcommand)]
    command: RuleCommand,
}

#[derive(Debug, Subcommand)]
enum RuleCommand {
    #[command(flatten)]
    Catalog(CatalogCommand),
    Import(import::ImportArgs),
    Update(update::UpdateArgs),
}

#[derive(Debug, Subcommand)]
enum CatalogCommand {
    /// List all codes, or those below a prefix
    List {
        /// For example `phone` or `email.syntax`
        prefix: Option<String>,
        /// List the rule files instead, as a directory for --rules names them
        #[arg(long)]
        files: bool,
    },
    /// Show one rule: what, why, source, examples; or what a reason in flagged.csv or held_back.csv means
    Show {
        /// For example `phone.dummy` or `hard_bounce`
        code: String,
    },
    /// Run the examples of all rules, or of those below a prefix, with the rules in force; or those of `[[expect]]` tables
    Test {
        /// For example `phone`; or a file with `[[expect]]` tables, such as `tiuv.toml`
        #[arg(value_name = "PREFIX|FILE")]
        prefix: Option<String>,
    },
}

pub(super) fn run(global: &Global, args: &RuleArgs) -> Result<Exit, Failure> {
    match &args.command {
        RuleCommand::Catalog(command) => run_catalog(global, command),
        RuleCommand::Import(args) => import::run(global, args),
        RuleCommand::Update(args) => update::run(global, args),
    }
}

fn run_catalog(global: &Global, command: &CatalogCommand) -> Result<Exit, Failure> {
    let config = global.config()?;
    let mut setup = global.setup(&config)?;
    // Examples show what a rule finds, whoever may see it in a list.
    setup.export_private();
    let words = Words::load(&setup.context.files, "en")?;
    let wanted = |prefix: &Option<String>| -> Result<Vec<&Rule>, Failure> {
        let selector = prefix.as_deref().map(Selector::parse).transpose();
        let selector = selector.map_err(|message| Failure::usage(&message, "`tiuv rule list` names all codes"))?;
        let covers = |rule: &&Rule| selector.as_ref().is_none_or(|selector| selector.covers(rule.code, rule.severity));
        Ok(setup.catalog.rules().filter(covers).collect())
    };
    let mut text = String::new();
    let mut exit = Exit::Success;
    match command {
        CatalogCommand::List { files: true, .. } => {
            for name in setup.context.files.names_below("") {
                let _ = writeln!(text, "{name}");
            }
        }
        CatalogCommand::List { prefix, .. } => {
            for rule in wanted(prefix)? {
                let title = words.say(rule.code.as_str());
                let _ = writeln!(text, "{:<34} {:<8} {title}", rule.code.as_str(), rule.severity.as_str());
            }
        }
        CatalogCommand::Show { code } => {
            text = match (Code::parse(code), reason_text(code, &words)) {
                (None, Some(reason)) => reason,
                _ => rule_text(find(code, &setup.catalog)?, &words),
            }
        }
        CatalogCommand::Test { prefix } => {
            let file = prefix.as_deref().map(Path::new).filter(|path| is_file(path));
            let (mut examples, mut failures) = match file {
                Some(path) => examples::test_expectations(&setup, path)?,
                None => examples::test(&setup, wanted(prefix)?)?,
            };
            if prefix.is_none() {
                // Messages that may not be sent are refused when they are read.
                OutreachRules::load(&setup.context.files)?;
                let (more, failed) = examples::test_meanings(&setup.context.files)?;
                examples += more;
                failures.extend(failed);
            }
            for failure in &failures {
                let _ = writeln!(text, "{failure}");
            }
            let _ = writeln!(text, "{examples} examples, {} failed", failures.len());
            if !failures.is_empty() {
                exit = Exit::Findings;
            }
        }
    }
    crate::cli::terminal::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))?;
    Ok(exit)
}

/// No prefix of codes looks like the name of a file of settings.
fn is_file(path: &Path) -> bool {
    path.is_file() || path.extension().is_some_and(|ending| ending == "toml")
}

fn find<'a>(text: &str, catalog: &'a crate::rule::Catalog) -> Result<&'a Rule, Failure> {
    Code::parse(text).and_then(|code| catalog.rule(code)).ok_or_else(|| {
        let closest = crate::error::closest(text, Code::ALL.iter().map(|code| code.as_str()));
        let help = closest.map_or_else(
            || "`tiuv rule list` names all codes".to_owned(),
            |name| format!("did you mean `{name}`? `tiuv rule list` names all codes"),
        );
        Failure::usage(&format!("there is no rule `{text}`"), &help)
    })
}
