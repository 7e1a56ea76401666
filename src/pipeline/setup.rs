//! What every run is set up with.

use std::sync::atomic::{AtomicBool, Ordering};

use super::RunError;
use crate::finding::Code;
use crate::record::{CheckedBatch, UntoldLine};
use crate::rule::{Catalog, Context, PhoneKeys, PhonePolicy, RuleError};

/// The context and what else belongs to one run of the program: the same for all lists of it.
#[derive(Debug)]
pub struct Setup {
    /// Rules, region and day.
    pub context: Context,
    /// What each code means.
    pub catalog: Catalog,
    /// Print customers' values instead of masked ones (`--show-values`).
    pub show_values: bool,
    /// Export what rules call private (`--export-kosher`).
    pub export_private: bool,
    phones: PhonePolicy,
    /// What phone numbers are compared by.
    pub phone_keys: PhoneKeys,
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
        let phones = files.parse("phone/policy.toml")?;
        let phone_keys = PhoneKeys::load(files)?;
        Ok(Setup {
            context,
            catalog,
            show_values: false,
            export_private: false,
            phones,
            phone_keys,
            stop: AtomicBool::new(false),
        })
    }

    /// Whether what a code says may leave.
    pub fn is_told(&self, code: Code) -> bool {
        self.export_private || !self.catalog.is_private(code)
    }

    /// A batch as it may leave: everything that is written or counted for an output comes through here.
    pub fn told(&self, checked: CheckedBatch) -> CheckedBatch {
        if self.export_private {
            return checked;
        }
        checked.withholding(&|code| self.catalog.is_private(code), &|kind| self.phones.line(kind))
    }

    /// Of phones whose true ways [`Setup::told`] will hide: row, column and what the line takes, SMS and call. For planning
    /// within, where nothing of it is written.
    pub(super) fn untold_lines(&self, checked: &CheckedBatch) -> Vec<UntoldLine> {
        if self.export_private {
            return Vec::new();
        }
        let batch = checked.standard();
        let mut lines = Vec::new();
        for finding in batch.findings().iter().filter(|finding| self.catalog.is_private(finding.code)) {
            let Some(row) = finding.row.and_then(|row| batch.numbers().binary_search(&row).ok()) else { continue };
            for column in batch.columns().iter().filter(|column| Some(column.column) == finding.column) {
                if let Some(phone) = column.detail(row).phone() {
                    lines.push((row as u32, column.column, [phone.sms, phone.call]));
                }
            }
        }
        lines.sort_unstable_by_key(|(row, column, _)| (*row, *column));
        lines.dedup();
        lines
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
