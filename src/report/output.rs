//! An output directory that is written all or nothing: files get their names only when all are whole.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::pipeline::RunError;

/// Files on their way into a directory; dropped without [`OutputDir::publish`], nothing stays behind.
#[derive(Debug)]
pub struct OutputDir {
    directory: PathBuf,
    files: Vec<(String, NamedTempFile)>,
    absent: Vec<String>,
}

impl OutputDir {
    /// Makes the directory where it isn't there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn create(directory: &Path) -> Result<Self, RunError> {
        std::fs::create_dir_all(directory)
            .map_err(|error| RunError::write(&directory.display().to_string(), &error))?;
        Ok(OutputDir { directory: directory.to_path_buf(), files: Vec::new(), absent: Vec::new() })
    }

    /// Writes one file under a temporary name.
    ///
    /// # Errors
    /// When it can't be written, or `write` fails.
    pub fn file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let failed = |error: std::io::Error| RunError::write(&self.directory.join(name).display().to_string(), &error);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".tiuv-").suffix(".part");
        // Customers' data: for its owner and group.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o640));
        let file = builder.tempfile_in(&self.directory).map_err(failed)?;
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        let result = write(&mut writer)?;
        let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        self.files.push((name.to_owned(), file));
        Ok(result)
    }

    /// A file that this run does not write: one of an earlier run would tell of other rows, so it goes.
    pub fn without(&mut self, name: String) {
        self.absent.push(name);
    }

    /// Names of the files written, in order.
    pub fn names(&self) -> Vec<String> {
        self.files.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Gives every file its name, in the order in which they were written. The last one (`run.json`) says that the
    /// others are whole, so the one of an earlier run goes first.
    ///
    /// # Errors
    /// When a name can't be given.
    pub fn publish(self) -> Result<(), RunError> {
        let last = self.files.last().map(|(last, _)| last);
        for name in last.into_iter().chain(&self.absent) {
            let path = self.directory.join(name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(RunError::write(&path.display().to_string(), &error));
                }
                _ => {}
            }
        }
        for (name, file) in self.files {
            let path = self.directory.join(&name);
            file.persist(&path).map_err(|error| RunError::write(&path.display().to_string(), &error.error))?;
        }
        Ok(())
    }
}
