//! Calls into readers of foreign formats, which may panic on damaged input.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{IngestError, IngestProblem};

/// Runs a reader that is not ours. A panic in it means damaged input here, not a bug of ours; what it built is gone
/// with it, so nothing half-done is seen afterwards.
pub(crate) fn contained<T>(
    format: &'static str,
    work: impl FnOnce() -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(format, None, "it makes no sense")))
}

/// Damaged content. The readers' own messages stay out: some of them quote values.
pub(crate) fn damaged(format: &'static str, row: Option<u64>, reason: &str) -> IngestError {
    IngestProblem::Damaged { format, row, reason: reason.to_owned() }.into()
}
