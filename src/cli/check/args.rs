//! The options of `tiuv check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::input::InputArgs;
use crate::cli::mail::{MailArgs, MxChoice};
use crate::finding::Severity;
use crate::report::CheckFormat;

/// Judge a list: findings, gates, exit code. Values are masked unless --show-values.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv check list.csv
  tiuv check list.csv --max email=2% --max phone.dummy=10 --output sarif=tiuv.sarif
  tiuv check list.csv --fix")]
pub(in crate::cli) struct CheckArgs {
    /// The list; `-` for standard input
    pub(super) list: PathBuf,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub(super) format: CheckFormat,
    /// Write a format to a file as well, such as sarif=tiuv.sarif; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub(super) output: Vec<String>,
    /// Fail on findings of this severity and above that no --max allows
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(super) fail_on: FailOn,
    /// Allow findings of a rule, a prefix or a severity, as a count or a share of the rows: phone.dummy=10, email=2%; a
    /// finding counts at the narrowest limit that covers it; may be repeated
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
    /// Show customers' values instead of masked ones
    #[arg(long)]
    pub(super) show_values: bool,
    /// Export which lines are sold as kosher (voice only), in the findings; without it they count as ordinary lines, as this
    /// hints at religion
    #[arg(long)]
    pub(super) export_kosher: bool,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Info => Some(Severity::Info),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }
}
