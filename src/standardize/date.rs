//! Dates: format inferred for a column, normal form ISO 8601.

use super::{CellContext, Standardizer};
use crate::clock::Clock;
use crate::record::CellOut;
use crate::record::Field;
use crate::rule::{RuleError, RuleFiles};

/// Reads date cells of one column.
#[derive(Debug)]
pub struct DateStandardizer {}

impl DateStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field, _order: DateOrder, _clock: Clock) -> Result<Self, RuleError> {
        let _ = files;
        Ok(DateStandardizer {})
    }
}

impl Standardizer for DateStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}

/// In which order a column writes day, month and year where they are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Day first (most of the world).
    DayMonthYear,
    /// Month first (United States).
    MonthDayYear,
    /// Year first (ISO 8601).
    YearMonthDay,
}

impl DateOrder {
    /// Infers the order from a column's values: a value that fits only one order decides; where none does, the
    /// rules' default for the region.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn infer(files: &RuleFiles, _region: &str, _samples: &[String]) -> Result<Self, RuleError> {
        let _ = files;
        Ok(DateOrder::DayMonthYear)
    }
}
