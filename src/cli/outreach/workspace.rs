//! The workspace that every command of `tiuv outreach` works on.

use std::path::Path;

use super::super::failure::Failure;
use crate::store::Store;

/// The workspace, which must be there.
pub(super) fn open(workspace: &Path) -> Result<Store, Failure> {
    crate::cli::workspace::existing(workspace)?.ok_or_else(|| {
        Failure::usage(
            &format!("there is no workspace {}", workspace.display()),
            "clean a list first, or name its workspace with --workspace",
        )
    })
}
