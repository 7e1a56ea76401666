//! What can be seen only across the cells of one row.

use crate::finding::Finding;
use crate::record::StandardBatch;
use crate::rule::{RuleError, RuleFiles};

/// The rules about whole rows.
#[derive(Debug)]
pub(super) struct RowRules {}

impl RowRules {
    pub(super) fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let _ = files;
        Ok(RowRules {})
    }

    pub(super) fn judge(&self, _batch: &StandardBatch, _findings: &mut Vec<Finding>) {}
}
