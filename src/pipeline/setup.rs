//! What every run is set up with.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{RunError, Stage};
use crate::contact::ContactKeys;
use crate::record::Redaction;
use crate::rule::{Catalog, Context, RuleError};

/// The context and what else belongs to one run of the program: the same for all lists of it.
#[derive(Debug)]
pub struct Setup {
    /// Rules, region and day.
    pub context: Context,
    /// What each code means.
    pub catalog: Catalog,
    /// Print customers' values instead of masked ones (`--show-values`).
    pub show_values: bool,
    /// What outputs don't tell.
    pub redaction: Redaction,
    /// What contacts are compared by.
    pub keys: ContactKeys,
    stop: AtomicBool,
    watcher: Watcher,
}

/// Who is told of the stages of a run.
#[derive(Default)]
struct Watcher(OnceLock<Box<dyn Fn(Stage) + Send + Sync>>);

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.get().is_some() { "somebody" } else { "nobody" })
    }
}

impl Setup {
    /// Loads the catalogue.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: Context) -> Result<Self, RuleError> {
        let files = &context.files;
        let catalog = Catalog::load(files)?;
        let redaction = catalog.redaction(&files.parse("phone/policy.toml")?);
        let keys = ContactKeys::load(files)?;
        Ok(Setup {
            context,
            catalog,
            show_values: false,
            redaction,
            keys,
            stop: AtomicBool::new(false),
            watcher: Watcher::default(),
        })
    }

    /// Lets outputs tell what rules call private (`--export-kosher`).
    pub fn export_private(&mut self) {
        self.redaction = Redaction::default();
    }

    /// Has somebody told which stage a run is at; who is told first stays the only one.
    pub fn watch(&self, watcher: impl Fn(Stage) + Send + Sync + 'static) {
        let _ = self.watcher.0.set(Box::new(watcher));
    }

    /// Tells that a stage begins, whether or not it is another one.
    pub fn begin(&self, stage: Stage) {
        if let Some(watcher) = self.watcher.0.get() {
            watcher(stage);
        }
    }

    /// Asks the run to stop at the next block (Ctrl-C).
    pub fn request_stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether a stop was asked for, for work that looks at it by itself.
    pub fn stop_flag(&self) -> &AtomicBool {
        &self.stop
    }

    /// Ends the run where a stop was asked for.
    ///
    /// # Errors
    /// [`RunError::Interrupted`], if so.
    pub fn go_on(&self) -> Result<(), RunError> {
        if self.stop.load(Ordering::Relaxed) { Err(RunError::Interrupted) } else { Ok(()) }
    }
}
