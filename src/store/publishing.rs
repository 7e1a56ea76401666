//! Files whose names are given when the transaction that speaks of them is done: what is decided in it is carried out behind it, by
//! this process or by the next one that opens the workspace.

use std::path::{Path, PathBuf};

use rusqlite::{Transaction, params};

use super::{Store, StoreError};
use crate::disk::{Staged, directory_of, fault, finish_staged, has_left_overs, left_to_ask_about, remove_staged};

/// Notes in a transaction that files are to get their names once it is done.
pub(super) fn decide(transaction: &Transaction<'_>, staged: &Staged, workspace: &Path) -> Result<(), StoreError> {
    let staging = absolute(staged.staging());
    let no_text = |path: &Path| StoreError::Publish {
        directory: directory(path),
        reason: "its path is no text; choose another".to_owned(),
    };
    let staging = staging.to_str().ok_or_else(|| no_text(&staging))?;
    let workspace = absolute(workspace);
    let workspace = workspace.to_str().ok_or_else(|| no_text(&workspace))?;
    staged
        .ask_of(workspace)
        .map_err(|error| StoreError::Publish { directory: directory(Path::new(staging)), reason: error.to_string() })?;
    transaction.execute("INSERT OR IGNORE INTO publishing (staging) VALUES (?1)", params![staging])?;
    Ok(())
}

impl Store {
    /// Ends what dead processes have left in a directory of results: what a workspace had decided is carried out, be it the
    /// command's `own` or another, and what it had not is removed. What can't be asked about now stays: a workspace that is not
    /// where it was may have been moved, or lie on a disk that is not there today, and know the files as decided all the same.
    pub fn end_left_overs(results: &Path, own: &[PathBuf]) {
        if !has_left_overs(results) {
            return;
        }
        for workspace in own {
            // Opened, it goes on with all that it had decided; what keeps it from that is told when it is opened for the command.
            let _ = Store::open_existing(workspace);
        }
        for (staging, workspace) in left_to_ask_about(results) {
            // Opened, it has gone on with all that it had decided.
            let Ok(Some(store)) = Store::open_existing(&workspace) else {
                tracing::warn!(
                    "{} holds results of a process that died, and {}, which knows whether they count, can't be asked; they are kept: \
                     remove them if that workspace is gone for good",
                    staging.display(),
                    workspace.display()
                );
                continue;
            };
            let is_to_stay = store.is_to_publish(&staging).unwrap_or(true);
            if !is_to_stay && staging.exists() {
                remove_staged(&staging);
            }
        }
    }

    fn is_to_publish(&self, staging: &Path) -> Result<bool, StoreError> {
        let staging = absolute(staging);
        let mut statement = self.connection.prepare("SELECT count(*) > 0 FROM publishing WHERE staging = ?1")?;
        Ok(statement.query_row(params![staging.to_str()], |row| row.get(0))?)
    }

    /// Gives files their names behind the transaction that decided so.
    pub(super) fn publish(&self, mut staged: Staged) -> Result<(), StoreError> {
        staged.keep();
        fault::crash("committed");
        let staging = absolute(staged.staging());
        staged
            .publish()
            .map_err(|error| StoreError::Publish { directory: directory(&staging), reason: error.to_string() })?;
        self.settle(&staging)
    }

    /// Goes on where a process died between a transaction and the last name that it had decided to give.
    pub(super) fn go_on_publishing(&self) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("SELECT staging FROM publishing ORDER BY staging")?;
        let left = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        for staging in left.iter().map(Path::new) {
            match finish_staged(staging) {
                // Where the directory itself is not there, it may be on a disk that comes back with the files.
                Ok(()) if !staging.exists() && directory_of(staging).is_dir() => self.settle(staging)?,
                // A process that lives is at it.
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(%error, "results of an earlier command in {} can't get their names", directory(staging));
                }
            }
        }
        Ok(())
    }

    fn settle(&self, staging: &Path) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM publishing WHERE staging = ?1", params![staging.to_str()])?;
        fault::crash("settled");
        Ok(())
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn directory(staging: &Path) -> String {
    directory_of(staging).display().to_string()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::disk::remove_left_overs;

    /// Results that a process had decided to give their names when it died.
    fn decided_and_left(workspace: &Path, results: &Path) {
        let mut store = Store::open(workspace).expect("opens");
        let mut staged = Staged::create(results).expect("made");
        staged.file("changes.csv").expect("made").write_all(b"values").expect("written");
        staged.finish().expect("whole");
        let transaction = store.connection.transaction().expect("begins");
        decide(&transaction, &staged, workspace).expect("noted");
        transaction.commit().expect("commits");
        staged.keep();
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).expect("reads").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn results_are_kept_while_the_workspace_that_knows_of_them_is_not_found() {
        let place = tempfile::tempdir().expect("a directory");
        let [workspace, moved, results] = ["club/.tiuv", "elsewhere", "out"].map(|name| place.path().join(name));
        std::fs::create_dir_all(&results).expect("made");
        decided_and_left(&workspace, &results);
        std::fs::rename(place.path().join("club"), &moved).expect("moved");
        Store::end_left_overs(&results, &[]);
        remove_left_overs(&results).expect("swept");
        assert_eq!(names(&results).len(), 1, "they are still there");
        // The workspace carries out what it had decided as soon as it is opened, wherever that is.
        drop(Store::open(&moved.join(".tiuv")).expect("opens"));
        assert_eq!(names(&results), ["changes.csv"]);
    }

    #[test]
    fn what_was_decided_is_remembered_while_the_directory_of_the_results_is_away() {
        let place = tempfile::tempdir().expect("a directory");
        let [workspace, results, away] = [".tiuv", "out", "away"].map(|name| place.path().join(name));
        std::fs::create_dir_all(&results).expect("made");
        decided_and_left(&workspace, &results);
        std::fs::rename(&results, &away).expect("taken away");
        drop(Store::open(&workspace).expect("opens"));
        std::fs::rename(&away, &results).expect("brought back");
        Store::end_left_overs(&results, &[]);
        assert_eq!(names(&results), ["changes.csv"]);
    }
}
