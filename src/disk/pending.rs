//! One file that gets its name only when it is whole; a pipe or a device is written as it stands.

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{directory_of, fault, naming, sync_directory, temporary_in};

/// A file that is being written.
#[derive(Debug)]
pub struct PendingFile {
    out: Out,
    path: PathBuf,
    /// What stands at its place.
    existing: Option<Metadata>,
}

#[derive(Debug)]
enum Out {
    File(BufWriter<NamedTempFile>),
    Device(BufWriter<File>),
}

impl PendingFile {
    /// Starts a file beside the place that it will have. A new one is for its owner alone; one that replaces another takes over
    /// its owner, mode and names.
    ///
    /// # Errors
    /// When it can't be made there.
    pub fn create(path: &Path) -> io::Result<Self> {
        let existing = std::fs::metadata(path).ok();
        if existing.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
            let device = BufWriter::new(File::options().write(true).open(path)?);
            return Ok(PendingFile { out: Out::Device(device), path: path.to_path_buf(), existing });
        }
        if existing.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        // What is replaced is the file behind a link, and not the link to it.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        super::remove_left_overs(directory_of(&path))?;
        let file = temporary_in(directory_of(&path))?;
        Ok(PendingFile { out: Out::File(BufWriter::with_capacity(1 << 18, file)), path, existing })
    }

    /// Whether the file at its place keeps being the same and gets new content: it has other names, or an owner that a new file
    /// could not have.
    pub fn replaces_content(&self) -> bool {
        match (&self.out, &self.existing) {
            (Out::File(file), Some(existing)) => !can_stand_in(file.get_ref().as_file(), existing),
            _ => false,
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When it can't be written whole, or can't get its name.
    pub fn publish(self) -> io::Result<()> {
        let file = match self.out {
            Out::Device(mut device) => return device.flush(),
            Out::File(file) => file.into_inner().map_err(io::IntoInnerError::into_error)?,
        };
        file.as_file().sync_all()?;
        fault::point("pending-written")?;
        if let Some(existing) = &self.existing {
            if !can_stand_in(file.as_file(), existing) {
                return replace_content(file, &self.path);
            }
            file.as_file().set_permissions(existing.permissions())?;
        }
        file.persist(&self.path).map_err(|error| error.error)?;
        fault::point("pending-named")?;
        sync_directory(directory_of(&self.path))
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::File(file) => file.write(bytes),
            Out::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::File(file) => file.flush(),
            Out::Device(file) => file.flush(),
        }
    }
}

/// A file of several names, or of an owner that can't be given, keeps both only where its content alone is replaced. The new
/// content stays beside it, and on disk, until the old one is replaced.
fn replace_content(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let _naming = naming();
    let mut place = File::options().write(true).open(path)?;
    file.as_file_mut().rewind()?;
    fault::point("replacing")?;
    let length = io::copy(file.as_file_mut(), &mut place)?;
    place.set_len(length)?;
    place.sync_all()
}

/// Gives a new file the owner of the one that it replaces; false where it may not have it, or the other has more names.
#[cfg(unix)]
fn can_stand_in(file: &File, existing: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt, fchown};
    let Ok(own) = file.metadata() else { return false };
    let is_alike = (own.uid(), own.gid()) == (existing.uid(), existing.gid());
    existing.nlink() <= 1 && (is_alike || fchown(file, Some(existing.uid()), Some(existing.gid())).is_ok())
}

#[cfg(not(unix))]
fn can_stand_in(_: &File, _: &Metadata) -> bool {
    true
}
