//! An output directory that is written all or nothing: files get their names only when all are whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::disk::{Staged, remove_left_overs};
use crate::pipeline::RunError;

/// Files on their way into a directory; dropped without [`OutputDir::publish`], nothing stays behind.
#[derive(Debug)]
pub struct OutputDir {
    directory: PathBuf,
    staged: Staged,
}

impl OutputDir {
    /// Makes the directory where it isn't there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn create(directory: &Path) -> Result<Self, RunError> {
        let failed = |error: io::Error| RunError::write(&directory.display().to_string(), &error);
        // What a dead process had begun to publish here is ended first.
        remove_left_overs(directory).map_err(failed)?;
        let staged = Staged::create(directory).map_err(failed)?;
        Ok(OutputDir { directory: directory.to_path_buf(), staged })
    }

    /// Writes one file, which is for its owner and group: it holds customers' data.
    ///
    /// # Errors
    /// When it can't be written, or `write` fails.
    pub fn file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let path = self.directory.join(name).display().to_string();
        let failed = |error: io::Error| RunError::write(&path, &error);
        let file = self.staged.file(name).map_err(failed)?;
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        let result = write(&mut writer)?;
        writer.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(result)
    }

    /// A file that this run does not write: one of an earlier run would tell of other rows, so it goes.
    pub fn without(&mut self, name: String) {
        self.staged.without(name);
    }

    /// Names of the files written, in order.
    pub fn names(&self) -> Vec<String> {
        self.staged.names().to_vec()
    }

    /// The files, whole and on disk, without their names: whoever has something to record first gives them these.
    ///
    /// # Errors
    /// When they can't be written whole, or a name can't be given.
    pub fn finish(self) -> Result<Staged, RunError> {
        let OutputDir { directory, mut staged } = self;
        staged.finish().map_err(|error| RunError::write(&directory.display().to_string(), &error))?;
        Ok(staged)
    }

    /// Gives every file its name. The last one (`run.json`) says that the others are whole, so the one of an earlier run goes
    /// first.
    ///
    /// # Errors
    /// When they can't be written whole, or a name can't be given.
    pub fn publish(self) -> Result<(), RunError> {
        let directory = self.directory.display().to_string();
        self.finish()?.publish().map_err(|error| RunError::write(&directory, &error))
    }
}
