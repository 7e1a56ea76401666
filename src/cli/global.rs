//! Options that every command understands, and what they make of the rules and of `tiuv.toml`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgAction, Args};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::day::day;
use super::failure::Failure;
use super::progress::say;
use crate::clock;
use crate::config::Config;
use crate::disk::clear_away;
use crate::error::Exit;
use crate::pipeline::Setup;
use crate::rule::{Context, Countries, RuleFiles};

/// The file that is read where --config names no other.
pub(super) const CONFIG: &str = "tiuv.toml";

/// Options that every command understands.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Directory of rule files that replace tiuv's own, file by file (`tiuv rule list --files` names them)
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(super) rules: Option<PathBuf>,
    /// Country of phones, ids and places that name none, as two letters (ISO 3166); IL where tiuv.toml says nothing else
    #[arg(long, global = true, value_name = "CC", help_heading = "Global options")]
    pub(super) region: Option<String>,
    /// The day that "today" means, YYYY-MM-DD; the same inputs, rules and day give the same bytes
    #[arg(long, global = true, value_name = "DATE", value_parser = day, help_heading = "Global options")]
    pub(super) as_of: Option<jiff::civil::Date>,
    /// Threads to work with, all cores where not given; results don't depend on it
    #[arg(long, global = true, value_name = "N", help_heading = "Global options")]
    pub(super) threads: Option<usize>,
    /// What the list's owner says of it; ./tiuv.toml where there is one
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(super) config: Option<PathBuf>,
    /// No progress and no summary, only errors; what `check` found is printed all the same
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(super) quiet: bool,
    /// Log more; never customers' values (-v steps, -vv details)
    #[arg(long, short, global = true, action = ArgAction::Count, help_heading = "Global options")]
    pub(super) verbose: u8,
}

/// What the outputs of a run show only where somebody asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown {
    /// Customers' values instead of masked ones (`--show-values`).
    pub(super) values: bool,
    /// What rules call private (`--export-kosher`).
    pub(super) private: bool,
}

/// The `tiuv.toml` beside a list or above it, where none lies here.
pub(super) fn settings_near(list: &Path) -> Option<PathBuf> {
    let list = list.canonicalize().ok().filter(|_| !Path::new(CONFIG).exists())?;
    list.ancestors().skip(1).map(|directory| directory.join(CONFIG)).find(|path| path.is_file())
}

impl Global {
    pub(super) fn start_threads(&self) -> Result<(), Failure> {
        let Some(threads) = self.threads else { return Ok(()) };
        if threads == 0 {
            return Err(Failure::usage("--threads 0", "give a number from 1 up, or leave it out to use all cores"));
        }
        // Fails only where a pool was started before, as in tests that run several commands in one process.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        Ok(())
    }

    pub(super) fn rule_files(&self) -> Result<RuleFiles, Failure> {
        Ok(match &self.rules {
            Some(directory) => RuleFiles::layered(directory)?,
            None => RuleFiles::embedded(),
        })
    }

    /// Where `tiuv.toml` is, or would be.
    pub(super) fn config_path(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| PathBuf::from(CONFIG))
    }

    /// The settings beside a list or above it, where none are named and none lie here.
    pub(super) fn config_near(&self, list: Option<&PathBuf>) -> Result<Config, Failure> {
        match list.and_then(|list| settings_near(list)).filter(|_| self.config.is_none()) {
            Some(path) => Ok(Config::load(&path)?),
            None => self.config(),
        }
    }

    pub(super) fn config(&self) -> Result<Config, Failure> {
        let default = PathBuf::from(CONFIG);
        Ok(match &self.config {
            Some(path) => Config::load(path)?,
            // A pipe of this name is told as one that is named.
            None if default.exists() => Config::load(&default)?,
            None => Config::default(),
        })
    }

    pub(super) fn setup(&self, config: &Config) -> Result<Setup, Failure> {
        self.setup_with(config, self.rule_files()?)
    }

    /// The set-up of a run that Ctrl-C ends at its next block.
    pub(super) fn run_setup(&self, config: &Config, shown: Shown) -> Result<Arc<Setup>, Failure> {
        let setup = Arc::new(self.shown_setup(config, shown)?);
        let stopped = Arc::clone(&setup);
        // Without a handler Ctrl-C ends the process at once, which is safe too: nothing has its final name yet.
        let _ = ctrlc::set_handler(move || {
            stopped.request_stop();
            end_soon();
        });
        Ok(setup)
    }

    fn shown_setup(&self, config: &Config, shown: Shown) -> Result<Setup, Failure> {
        let mut setup = self.setup(config)?;
        setup.show_values = shown.values;
        if shown.private {
            setup.export_private();
        }
        Ok(setup)
    }

    /// The set-up of what ends by itself when Ctrl-C was pressed, and in time: a server answers what is open, and an answer that
    /// costs money is written down.
    pub(super) fn patient_setup(&self, config: &Config, shown: Shown) -> Result<Arc<Setup>, Failure> {
        let setup = Arc::new(self.shown_setup(config, shown)?);
        let stopped = Arc::clone(&setup);
        let _ = ctrlc::set_handler(move || stopped.request_stop());
        Ok(setup)
    }

    /// The options that say by which rules, where and when, as they are typed for another command.
    pub(super) fn typed(&self) -> Vec<String> {
        let path = |path: &PathBuf| path.display().to_string();
        let options = [
            ("--rules", self.rules.as_ref().map(path)),
            ("--region", self.region.clone()),
            ("--as-of", self.as_of.map(|day| day.to_string())),
            ("--config", self.config.as_ref().map(path)),
        ];
        let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
        given.flatten().collect()
    }

    /// The end of the day that was asked for with `--as-of`, of which what came later is not looked at; none where it is the present.
    pub(super) fn until(&self) -> Result<Option<Timestamp>, Failure> {
        let Some(day) = self.as_of else { return Ok(None) };
        let end = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
        let end = end.map_err(|_| Failure::usage(&format!("{day} has no end"), "give --as-of an earlier day"))?;
        Ok(Some(end.timestamp() - SignedDuration::from_secs(1)))
    }

    /// How far the day that was asked for with `--as-of` is from the present one: the clock of a server goes on from there.
    #[cfg(feature = "web")]
    pub(super) fn ahead(&self) -> SignedDuration {
        let days = self.as_of.and_then(|day| clock::today().until(day).ok()).map_or(0, |span| span.get_days());
        SignedDuration::from_hours(i64::from(days) * 24)
    }

    /// The set-up with rule files that may differ from those in force.
    pub(super) fn setup_with(&self, config: &Config, files: RuleFiles) -> Result<Setup, Failure> {
        let region = self.region.as_deref().or(config.region.as_deref()).unwrap_or("IL").to_ascii_uppercase();
        let countries = Countries::load(&files)?;
        if region.len() != 2 || countries.code(&region).is_none() {
            return Err(Failure::usage(
                &format!("`{region}` is no region"),
                "write a two-letter ISO 3166 code, for example IL or US",
            ));
        }
        let today = self.as_of.unwrap_or_else(clock::today);
        Ok(Setup::new(Context::new(files, &region, today))?)
    }
}

/// How long a command has to end by itself.
const GRACE: Duration = Duration::from_millis(700);

/// Ends the process where it is at work that can't be stopped in the middle.
#[expect(clippy::disallowed_methods, reason = "what would stay behind is taken away before")]
fn end_soon() {
    std::thread::sleep(GRACE);
    clear_away();
    say("error: stopped before the end\n  = help: run the same command again; what was begun is undone");
    std::process::exit(Exit::Interrupted.code().into());
}
