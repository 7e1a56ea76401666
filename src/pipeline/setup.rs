//! What every run is set up with.

use std::sync::atomic::{AtomicBool, Ordering};

use super::RunError;
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
        Ok(Setup { context, catalog, show_values: false, redaction, keys, stop: AtomicBool::new(false) })
    }

    /// Lets outputs tell what rules call private (`--export-kosher`).
    pub fn export_private(&mut self) {
        self.redaction = Redaction::default();
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
