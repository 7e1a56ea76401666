//! Options of the MX stage, and what a person sees of it.

use std::io::IsTerminal;
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::failure::Failure;
use super::progress::say;
use crate::dns::{MxMode, MxOptions, MxProgress, Stopped, parse_resolvers};
use crate::record::MxMeaning;

/// Whether DNS is asked about the domains of e-mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MxChoice {
    /// Ask about the domains whose answers are not remembered; domains leave this machine, addresses never do
    Auto,
    /// Use what is remembered, ask nobody
    Cached,
    /// Leave it out
    Off,
}

/// How DNS is asked.
#[derive(Debug, Args)]
pub(super) struct MailArgs {
    /// DNS resolvers to ask in place of the system's, with a port where it is not 53
    #[arg(long, value_name = "ADDR[,ADDR]", help_heading = "Mail domains")]
    resolver: Option<String>,
    /// Hours between two permanent answers that make a domain dead; 0 accepts one [default: as rules/dns.toml says]
    #[arg(long, value_name = "HOURS", help_heading = "Mail domains")]
    mx_confirm: Option<u32>,
    /// End the look-ups after so many seconds; the next run goes on from there [default: as rules/dns.toml says]
    #[arg(long, value_name = "SECONDS", help_heading = "Mail domains")]
    mx_deadline: Option<u64>,
}

impl MailArgs {
    pub(super) fn options(&self, choice: MxChoice) -> Result<MxOptions, Failure> {
        let resolvers = match &self.resolver {
            None => Vec::new(),
            Some(text) => parse_resolvers(text).map_err(|error| {
                Failure::usage(
                    &format!("--resolver: {error}"),
                    "write addresses such as 192.0.2.1 or [2001:db8::1]:5353",
                )
            })?,
        };
        Ok(MxOptions {
            mode: match choice {
                MxChoice::Auto => MxMode::Auto,
                MxChoice::Cached => MxMode::Cached,
                MxChoice::Off => MxMode::Off,
            },
            resolvers,
            confirm_hours: self.mx_confirm,
            deadline: self.mx_deadline.map(Duration::from_secs),
            queries_per_second: None,
        })
    }
}

/// A bar over domains with their rate and what came of them; hidden where standard error is no terminal or `quiet` is
/// asked for.
pub(super) struct DomainBar(ProgressBar);

impl DomainBar {
    pub(super) fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return DomainBar(ProgressBar::hidden());
        }
        let bar = ProgressBar::no_length();
        let style =
            ProgressStyle::with_template("     domains [{bar:30}] {percent:>3}%  {human_pos}/{human_len}  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("=> "));
        bar.enable_steady_tick(Duration::from_millis(120));
        DomainBar(bar)
    }

    pub(super) fn show(&self, progress: &MxProgress) {
        let of = |meaning: MxMeaning| -> u64 {
            let counts = progress.outcomes.iter().filter(|(outcome, _)| outcome.meaning() == meaning);
            counts.map(|(_, count)| count).sum()
        };
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
        self.0.set_message(format!(
            "{}/s  {} take mail, {} don't, {} unknown",
            progress.per_second,
            of(MxMeaning::Reaches),
            of(MxMeaning::Never),
            of(MxMeaning::Unknown)
        ));
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// The one warning of a stage that ended early.
pub(super) fn warn(stopped: Option<Stopped>, quiet: bool) {
    if let Some(stopped) = stopped.filter(|_| !quiet) {
        say(&format!("warning: {}", stopped.warning()));
    }
}
