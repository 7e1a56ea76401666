//! Which file a path means, however it is spelt: through links, second names and the case of letters.

use std::path::{Path, PathBuf};

use super::directory_of;

/// A file as the system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Device and number of the file, where it is there and the system has such.
    node: Option<(u64, u64)>,
    /// The whole path without links, as far as it is there.
    path: PathBuf,
}

impl Identity {
    /// Of a file that is there, or would be; none for what is no ordinary file, such as a terminal, a pipe or a directory.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok();
        if metadata.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            return None;
        }
        let absolute = || {
            let directory = directory_of(path);
            let directory = directory.canonicalize().or_else(|_| std::path::absolute(directory));
            Some(directory.ok()?.join(path.file_name()?))
        };
        let path = path.canonicalize().ok().or_else(absolute)?;
        Some(Identity { node: metadata.as_ref().and_then(node), path })
    }

    /// Whether both are one file.
    pub fn is(&self, other: &Identity) -> bool {
        match (self.node, other.node) {
            (Some(own), Some(others)) => own == others,
            _ => self.path == other.path,
        }
    }
}

#[cfg(unix)]
fn node(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn node(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}
