//! Files and directories for their owner alone, whatever the umask says.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Makes a directory that only its owner may enter, where it isn't there. One that is there stays as it is.
///
/// # Errors
/// When it can't be made.
pub fn private_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Adds to the options of opening a file that one which is made is for its owner alone.
pub fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a new file for its owner and group, as results of a run are.
pub(super) fn result_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.read(true).write(true).create_new(true).open(path)
}

/// Makes a file for its owner alone where it isn't there.
///
/// # Errors
/// When it can't be made.
pub fn owned_file(path: &Path) -> io::Result<()> {
    match private_file(File::options().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Sees to it that names given in a directory outlive a power cut.
///
/// # Errors
/// When the system can't say so.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A file or directory that others than its owner may read or enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WiderMode {
    /// Which one.
    pub path: PathBuf,
    /// Its permissions.
    pub mode: u32,
}

/// Those of some files and directories that others than their owner may read, write or enter.
pub fn wider_than_private<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<WiderMode> {
    #[cfg(unix)]
    return paths
        .into_iter()
        .filter_map(|path| {
            let metadata = std::fs::metadata(path).ok()?;
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
            (mode & 0o077 != 0).then(|| WiderMode { path: path.to_path_buf(), mode })
        })
        .collect();
    #[cfg(not(unix))]
    {
        let _ = paths;
        Vec::new()
    }
}
