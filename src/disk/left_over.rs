//! What processes that are dead have left: whoever makes a temporary file holds a lock on it for as long as it lives, so one that
//! can be locked has nobody any more.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::staged;
use super::temporary::{PREFIX, SUFFIX};

/// Removes what processes that are dead have left in a directory, and ends what one of them had begun to give its names.
///
/// # Errors
/// When results that must get their names can't; what can't be removed stays.
pub fn remove_left_overs(directory: &Path) -> io::Result<()> {
    let left = left_in(directory);
    if left.is_empty() {
        return Ok(());
    }
    // Nobody makes a new one meanwhile.
    let Ok(held) = File::open(directory) else { return Ok(()) };
    if held.lock().is_err() {
        return Ok(());
    }
    for path in left {
        if path.is_dir() {
            staged::end(&path)?;
        } else if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            tracing::info!("removed a temporary file of a process that is dead");
            let _ = std::fs::remove_file(&path);
        }
    }
    Ok(())
}

/// Whether processes have left something in a directory, or are at work on it.
pub fn has_left_overs(directory: &Path) -> bool {
    !left_in(directory).is_empty()
}

/// What dead processes have left in a directory and a workspace has to be asked about, each with that workspace.
pub fn left_to_ask_about(directory: &Path) -> Vec<(PathBuf, PathBuf)> {
    let left = left_in(directory).into_iter();
    left.filter_map(|staging| staged::asked_of(&staging).map(|workspace| (staging, workspace))).collect()
}

/// What lies in a directory under the names of temporary files.
fn left_in(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    entries.map(|entry| entry.path()).filter(is_ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::temporary_in;

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).expect("reads").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_a_dead_process_left_goes_and_what_a_living_one_has_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        let living = temporary_in(directory.path()).expect("made");
        std::fs::write(directory.path().join(".tiuv-dead.part"), "values").expect("written");
        std::fs::write(directory.path().join("list.part"), "not ours").expect("written");
        remove_left_overs(directory.path()).expect("swept");
        let mut left = names(directory.path());
        left.sort();
        let own = living.path().file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(left, [own, "list.part".to_owned()]);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_a_temporary_file() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a directory");
        let file = temporary_in(directory.path()).expect("made");
        assert_eq!(file.as_file().metadata().expect("is there").permissions().mode() & 0o777, 0o600);
    }
}
