//! The options of `tiuv check`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::day::day;
use crate::cli::input::InputArgs;
use crate::cli::mail::{MailArgs, MxChoice};
use crate::report::CheckFormat;
use crate::rule::FailsOn;

/// Judge lists: findings, gates, exit code. Values are masked unless --show-values.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv check list.csv
  tiuv check list.csv --max email=2% --max phone.dummy=10 --output sarif=tiuv.sarif
  tiuv check list.csv --fix
  tiuv check list.csv --write-baseline list.baseline    # what is found today is known from now on
  tiuv check list.csv --baseline list.baseline          # only what is new counts
  tiuv check lists/*.csv --since origin/main            # only what this branch brings in
  tiuv check --add-suppression email.class.role,column=email --reason 'shops' --until 2027-03-01")]
pub(in crate::cli) struct CheckArgs {
    /// The lists, or patterns of their names such as 'lists/*.csv'; `-` for standard input
    #[arg(required_unless_present = "add_suppression", value_name = "LIST")]
    pub(super) lists: Vec<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub(super) format: CheckFormat,
    /// Write a format to a file as well, such as sarif=tiuv.sarif; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub(super) output: Vec<String>,
    /// Fail on findings of this severity and above that no --max allows; error where neither this nor --profile says so
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailsOn>,
    /// Let rules speak as they do at a stage of a list's life: import, cleanup or strict (rules/check.toml)
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// End with 0 whatever is found; a list that can't be read is an error all the same
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// Allow findings of a rule, a prefix or a severity, as a count or a share of the rows: phone.dummy=10, email=2%, or
    /// email=+1% for a percentage point more than the baseline has; a finding counts at the narrowest limit that covers it;
    /// may be repeated
    #[arg(long, value_name = "RULE=LIMIT")]
    pub(super) max: Vec<String>,
    /// Set the level of a rule or a prefix to off, info, warning or error: email.class=off; may be repeated
    #[arg(long, value_name = "RULE=LEVEL")]
    pub(super) level: Vec<String>,
    /// Judge only the `[[expect]]` tables of tiuv.toml, not tiuv's own rules
    #[arg(long)]
    pub(super) expectations_only: bool,
    /// Write the records with a finding at --fail-on or above to this CSV
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Repair the list itself where that is safe and loses nothing, and keep the old one beside it as LIST.bak; for
    /// uncompressed text lists
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix: keep no copy of the old list
    #[arg(long, requires = "fix")]
    pub(super) in_place: bool,
    /// Show what --fix would change, behind the findings
    #[arg(long)]
    pub(super) diff: bool,
    /// Tell and count only what this baseline does not know; needs TIUV_CHECK_KEY
    #[arg(long, value_name = "FILE", help_heading = "Known findings")]
    pub(super) baseline: Option<PathBuf>,
    /// Write what is found to this file, as known from now on: marks that hold no value, made with the secret in
    /// TIUV_CHECK_KEY; the list passes
    #[arg(long, value_name = "FILE", help_heading = "Known findings")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Tell and count only what was not found of the list as it was at this commit, tag or branch of git, such as origin/main
    #[arg(
        long,
        value_name = "REF",
        conflicts_with_all = ["baseline", "write_baseline", "fix", "diff", "rejects"],
        help_heading = "Known findings"
    )]
    pub(super) since: Option<String>,
    /// Take out of the baseline what is gone
    #[arg(long, requires = "baseline", help_heading = "Known findings")]
    pub(super) prune_baseline: bool,
    /// Add findings that you live with to tiuv.toml, and end; value=VALUE is written as a mark
    #[arg(
        long,
        value_name = "RULE[,column=NAME][,key=KEY][,value=VALUE]",
        requires = "reason",
        conflicts_with = "lists",
        help_heading = "Known findings"
    )]
    pub(super) add_suppression: Option<String>,
    /// With --add-suppression: why
    #[arg(long, value_name = "TEXT", requires = "add_suppression", help_heading = "Known findings")]
    pub(super) reason: Option<String>,
    /// With --add-suppression: the last day on which it holds
    #[arg(long, value_name = "DATE", value_parser = day, requires = "add_suppression", help_heading = "Known findings")]
    pub(super) until: Option<jiff::civil::Date>,
    /// Show customers' values instead of masked ones
    #[arg(long)]
    pub(super) show_values: bool,
    /// Export which lines are sold as kosher (voice only), in the findings; without it they count as ordinary lines, as this
    /// hints at religion
    #[arg(long)]
    pub(super) export_kosher: bool,
    /// Keep in this directory which lists passed, and read none again that passed as it is, by the same settings, rules and version
    /// on the same day
    #[arg(long, value_name = "DIR", conflicts_with_all = ["write_baseline", "prune_baseline", "since", "fix", "diff", "rejects"])]
    pub(super) cache: Option<PathBuf>,
    /// Read no tiuv.toml
    #[arg(long, conflicts_with = "config")]
    pub(super) isolated: bool,
    /// Take the column mapping as it is, however doubtful
    #[arg(long)]
    pub(super) accept_mapping: bool,
    /// Where tiuv remembers mappings, and with --mx what DNS said
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    pub(super) workspace: PathBuf,
    /// Ask DNS which e-mail domains take mail; off where not given, so that a check is repeatable
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_value_t = MxChoice::Off, default_missing_value = "auto", help_heading = "Mail domains")]
    pub(super) mx: MxChoice,
    #[command(flatten)]
    pub(super) mail: MailArgs,
    #[command(flatten)]
    pub(super) input: InputArgs,
}
