//! What a person sees of the stages of a run: a bar where bytes are read, the stage and how long it takes elsewhere, and with `-v`
//! a line in the log for each stage.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use indicatif::ProgressBar;

use super::progress;
use crate::clock;
use crate::pipeline::{Setup, Stage};

/// The stages of a run that is going on.
pub(super) struct Stages {
    bar: ProgressBar,
    current: Mutex<Option<(Stage, Instant)>>,
}

impl Stages {
    /// Shows the stages of a run of this set-up that reads `bytes` of text; no bar where standard error is no terminal or `quiet` is
    /// asked for.
    pub(super) fn watch(setup: &Setup, bytes: u64, quiet: bool) -> Arc<Self> {
        let bar = progress::bytes_bar(bytes, Stage::Read.as_str(), quiet);
        let stages = Arc::new(Stages { bar, current: Mutex::new(None) });
        let told = Arc::clone(&stages);
        setup.watch(move |stage| told.begin(stage));
        stages
    }

    /// Shows a single stage.
    pub(super) fn of(stage: Stage, quiet: bool) -> Self {
        let stages = Stages { bar: progress::bytes_bar(0, stage.as_str(), quiet), current: Mutex::new(None) };
        stages.begin(stage);
        stages
    }

    /// So many more bytes were read.
    pub(super) fn inc(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Ends the last stage.
    pub(super) fn finish(&self) {
        self.change(None);
        self.bar.finish_and_clear();
    }

    fn begin(&self, stage: Stage) {
        if self.change(Some(stage)) {
            progress::show_stage(&self.bar, stage.as_str(), stage.is_by_bytes());
        }
    }

    /// Whether it is another stage now; the time of the one before is told.
    fn change(&self, next: Option<Stage>) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.map(|(stage, _)| stage) == next {
            return false;
        }
        let before = std::mem::replace(&mut *current, next.map(|stage| (stage, clock::instant())));
        if let Some((stage, since)) = before {
            let seconds = format!("{:.2}", since.elapsed().as_secs_f64());
            self.bar.suspend(|| tracing::info!(stage = stage.as_str(), seconds, "done"));
        }
        true
    }
}
