//! Temporary files under names, for their owner alone, and locked for as long as whoever made them lives.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::ending::begun;

/// What the names of all begin and end with.
pub(super) const PREFIX: &str = ".tiuv-";
pub(super) const SUFFIX: &str = ".part";

/// A temporary file in a directory, for its owner alone, that is gone when it is dropped.
///
/// # Errors
/// When it can't be made there.
pub fn temporary_in(directory: &Path) -> io::Result<NamedTempFile> {
    let _making = making(directory);
    let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(directory)?;
    // A file system without locks keeps what dead processes leave.
    let _ = file.as_file().try_lock();
    begun(file.path());
    Ok(file)
}

/// Held while something is made and not yet locked, so that nobody takes it for left over.
pub(super) fn making(directory: &Path) -> Option<File> {
    let directory = File::open(directory).ok()?;
    directory.lock_shared().ok()?;
    Some(directory)
}
