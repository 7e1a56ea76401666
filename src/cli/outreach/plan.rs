//! `tiuv outreach plan`: who is asked, how and when.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::super::Global;
use super::super::failure::Failure;
use super::super::progress::print;
use super::super::stages::Stages;
use crate::clock;
use crate::config::OutreachConfig;
use crate::error::Exit;
use crate::outreach::{Objective, Plan, Settings, plan};
use crate::pipeline::Stage;
use crate::record::Money;
use crate::report::{self, OutputDir};
use crate::rule::{ByChannel, OutreachRules, RuleFiles, Words};
use crate::store::{ProfilesFile, Store};

/// Decide who is asked, how and when, and put it into the outbox. Nothing is sent.
///
/// Everyone passes the gates first: refusals, the suppression list, minors, whoever was asked lately, permission for the
/// channel. Of the others those are asked where most is to be gained for the money, at hours that their country allows.
/// Where only numbers are given and no budget, channels without a number are not used: --max-sms 5000 alone is a plan of
/// text messages. What is given here stands over tiuv.toml, each limit over its own. Planning again keeps what still holds, takes back what doesn't, and never asks twice.
#[derive(Debug, Args)]
#[command(after_help = "\
tiuv.toml says who asks:
  [outreach]
  sender = \"Kalanit Club\"
  link_base = \"https://kalanit.example/c/\"
and perhaps once for all how much: budget = \"1200\", [outreach.most] sms = 5000, consent_basis

Examples:
  tiuv outreach plan --max-sms 5000 --dry-run
  tiuv outreach plan --budget 1200 --max-calls 200 --out out
  tiuv outreach plan --advance            reminders and calls for those who did not answer")]
pub(super) struct PlanArgs {
    /// Planning again under the same name keeps what still holds and takes back what doesn't
    #[arg(long, value_name = "NAME", default_value = "verify")]
    campaign: String,
    /// What the campaign may cost in all, in the currency of tiuv.toml; what was sent counts
    #[arg(long, value_name = "MONEY", value_parser = money)]
    budget: Option<Money>,
    /// Text messages that the campaign may send in all
    #[arg(long, value_name = "N")]
    max_sms: Option<u32>,
    /// E-mails that the campaign may send in all
    #[arg(long, value_name = "N")]
    max_email: Option<u32>,
    /// Calls that the campaign may make in all
    #[arg(long, value_name = "N")]
    max_calls: Option<u32>,
    /// Whether each customer counts the same, or by what it is worth
    #[arg(long, value_enum, default_value_t = ObjectiveChoice::Records)]
    objective: ObjectiveChoice,
    /// The first day on which anything is due; tomorrow where not given
    #[arg(long, value_name = "DATE")]
    start: Option<Date>,
    /// Calendar days that the plan may take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=366))]
    days: Option<u16>,
    /// Plan the next rung for those who did not answer: a reminder, then a call. Nobody new is asked
    #[arg(long)]
    advance: bool,
    /// On what basis customers may be asked whose list says nothing of consent at all; kept with each message
    #[arg(long, value_name = "TEXT")]
    consent_basis: Option<String>,
    /// Draw another random sample
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Plan on the customers of this run; the newest where not given (`tiuv runs` lists them)
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// Also write outbox.csv and held_back.csv into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the plan and write nothing into the workspace
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ObjectiveChoice {
    /// What a customer is worth
    Value,
    /// Each customer the same
    Records,
}

fn money(text: &str) -> Result<Money, String> {
    Money::parse(text).ok_or_else(|| "write an amount with at most four decimals, like 1200 or 0.06".to_owned())
}

pub(super) fn run(global: &Global, workspace: &Path, args: &PlanArgs) -> Result<Exit, Failure> {
    let mut planning = Planning::new(global, workspace)?;
    planning.settings = args.fill(planning.settings, &planning.outreach)?;
    let mut store = crate::cli::workspace::required(workspace)?;
    let profiles = profiles(&store, args.run.as_deref())?;
    planning.plan(global, &mut store, &profiles, args.out.as_deref(), args.dry_run)?;
    Ok(Exit::Success)
}

/// What a plan needs beside customers.
pub(in crate::cli) struct Planning {
    files: RuleFiles,
    rules: OutreachRules,
    /// What tiuv.toml says.
    outreach: OutreachConfig,
    settings: Settings,
    /// The command that sends what is planned.
    dispatch: Option<String>,
}

impl Planning {
    /// As `tiuv.toml` says; an error where it does not say who asks.
    pub(in crate::cli) fn new(global: &Global, workspace: &Path) -> Result<Self, Failure> {
        let config = global.config()?;
        let files = global.rule_files()?;
        let rules = OutreachRules::load(&files)?;
        if let Some((message, help)) = config.outreach.problem() {
            return Err(Failure::usage(&message, &help));
        }
        let today = global.as_of.unwrap_or_else(clock::today);
        let is_usual = workspace.as_os_str() == ".tiuv";
        let named = || vec!["--workspace".to_owned(), workspace.display().to_string()];
        let typed = report::Typed {
            global: global.typed(),
            workspace: Some(if is_usual { Vec::new() } else { named() }),
            ..report::Typed::default()
        };
        let mut settings = Settings::new(rules.policy.clone(), today).with(&config.outreach);
        settings.region =
            global.region.clone().or(config.region).unwrap_or_else(|| "IL".to_owned()).to_ascii_uppercase();
        Ok(Planning { files, rules, outreach: config.outreach, settings, dispatch: typed.dispatch() })
    }

    /// Plans on the newest run, and writes what is planned and who is held back beside its results.
    pub(in crate::cli) fn queue(&self, global: &Global, store: &mut Store, out: &Path) -> Result<(), Failure> {
        let profiles = profiles(store, None)?;
        if !global.quiet {
            print("\n");
        }
        self.plan(global, store, &profiles, Some(out), false)
    }

    fn plan(
        &self,
        global: &Global,
        store: &mut Store,
        profiles: &ProfilesFile,
        out: Option<&Path>,
        is_dry: bool,
    ) -> Result<(), Failure> {
        let Planning { files, rules, settings, dispatch, .. } = self;
        let dispatch = dispatch.as_deref();
        refuse_unread(profiles)?;
        let stages = Stages::of(Stage::Plan, global.quiet);
        let plan = make(store, profiles, rules, settings, is_dry)?;
        if let Some(directory) = out {
            let runs = store.runs()?;
            let key = report::key_header(runs.iter().find(|run| run.id == profiles.run));
            let mut out = OutputDir::create(directory)?;
            let words = Words::of_region(files, &settings.region)?;
            let told = report::Told { rules, words: &words, dispatch };
            out.file(report::HELD_BACK, |file| report::write_held_back(&plan, profiles, told, &key, file))?;
            out.file(report::OUTBOX, |file| report::write_outbox(&plan, told, &key, file))?;
            out.publish()?;
        }
        stages.finish();
        if !global.quiet {
            let told = report::Told { rules, words: &Words::load(files, "en")?, dispatch };
            print(&report::plan_text(&plan, settings, told, profiles.count()?, is_dry));
            if let Some(directory) = out {
                print(&format!("written to {}: {}, {}\n", directory.display(), report::OUTBOX, report::HELD_BACK));
            }
        }
        Ok(())
    }
}

impl PlanArgs {
    /// The settings with what is given here over what `tiuv.toml` says.
    fn fill(&self, mut settings: Settings, config: &OutreachConfig) -> Result<Settings, Failure> {
        if self.campaign.trim().is_empty() {
            return Err(Failure::usage("--campaign is empty", "give the campaign a name, for example spring"));
        }
        if self.consent_basis.as_ref().is_some_and(|basis| basis.trim().is_empty()) {
            return Err(Failure::usage(
                "--consent-basis is empty",
                "say on what basis customers may be asked, for example --consent-basis 'club rules of 2019, section 4'",
            ));
        }
        if let Some(start) = self.start {
            if start < settings.today {
                return Err(Failure::usage(
                    &format!("--start {start} is past"),
                    &format!("write a day from {} on, or leave it out to begin tomorrow", settings.today),
                ));
            }
            settings.start = start;
        }
        settings.campaign = self.campaign.trim().to_owned();
        let most = ByChannel {
            sms: self.max_sms.or(config.most.sms),
            email: self.max_email.or(config.most.email),
            call: self.max_calls.or(config.most.call),
        };
        settings = settings.limited(self.budget.or(config.budget), most);
        settings.objective = match self.objective {
            ObjectiveChoice::Value => Objective::Value,
            ObjectiveChoice::Records => Objective::Records,
        };
        settings.policy.days = self.days.unwrap_or(settings.policy.days);
        settings.advance = self.advance;
        if let Some(basis) = &self.consent_basis {
            settings.consent_basis = Some(basis.trim().to_owned());
        }
        settings.seed = self.seed;
        Ok(settings)
    }
}

/// Nobody is planned while a column, or the name of a file, may hold refusals that were not understood.
fn refuse_unread(profiles: &ProfilesFile) -> Result<(), Failure> {
    let mut unread = Vec::new();
    for list in profiles.lists()? {
        unread.extend(list.unread.iter().map(|one| format!("{}: {one}", list.list)));
    }
    if unread.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "nobody is asked before it is clear who refused",
        &format!("{}; say so to `tiuv clean`, then plan again", unread.join("; ")),
    ))
}

fn profiles(store: &Store, run: Option<&str>) -> Result<ProfilesFile, Failure> {
    let found = match run {
        Some(run) => store.profiles(run)?,
        None => store.latest_profiles()?,
    };
    found.ok_or_else(|| match run {
        Some(run) => Failure::usage(
            &format!("run `{run}` left no customers"),
            "`tiuv runs` lists the runs; leave --run out to take the newest",
        ),
        None => Failure::usage(
            "no run in this workspace left customers",
            "run `tiuv clean` first, without --no-resolve and --no-state",
        ),
    })
}

/// Makes the plan and writes it. Where something changed meanwhile, as an answer that came in, it is made again.
fn make(
    store: &mut Store,
    profiles: &ProfilesFile,
    rules: &OutreachRules,
    settings: &Settings,
    is_dry: bool,
) -> Result<Plan, Failure> {
    const TRIES: u32 = 5;
    for _ in 0..TRIES {
        let made = plan(store, profiles, rules, settings)?;
        if is_dry || made.write(store, &settings.campaign, &profiles.run, clock::timestamp())? {
            return Ok(made);
        }
        tracing::info!("the workspace changed while the plan was made; making it again");
    }
    Err(Failure::usage(
        "the workspace changed again and again while the plan was made",
        "let the dispatch or the import that is running end, then plan again",
    ))
}
