//! Results that get their names together: written into a directory of their own beside the places they will have, and moved there
//! when nothing else can fail. A process that dies on the way leaves the directory, and whoever comes next goes on or undoes it.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ending::{begun, handed_over, naming};
use super::private::{private_file, result_file};
use super::temporary::{PREFIX, SUFFIX, making};
use super::{directory_of, fault, sync_directory};

/// What is to be done with the files of a staging directory.
const PLAN: &str = ".plan";
/// The plan under the name that says: it is to be carried out.
const DECIDED: &str = ".decided";
/// Names the workspace that knows whether it was decided to carry the plan out.
const ASKED_OF: &str = ".asked-of";
/// Locked by the process that works on it.
const LOCK: &str = ".lock";

/// Files on their way into a directory; dropped before they are published, nothing stays behind.
#[derive(Debug)]
pub struct Staged {
    directory: PathBuf,
    staging: PathBuf,
    plan: Plan,
    /// Whether somebody else remembers that the files must get their names.
    is_kept: bool,
    _lock: File,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Plan {
    /// In the order in which they get their names; the last one says that the others are whole.
    files: Vec<String>,
    /// Files that must not be there.
    absent: Vec<String>,
}

impl Staged {
    /// Makes the directory where it isn't there, and room beside its files.
    ///
    /// # Errors
    /// When it can't be made or written.
    pub fn create(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let _making = making(directory);
        // Made for its owner alone, whatever the files in it are.
        let staging = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempdir_in(directory)?;
        let lock = private_file(File::options().write(true).create_new(true)).open(staging.path().join(LOCK))?;
        let _ = lock.try_lock();
        let staging = staging.keep();
        begun(&staging);
        Ok(Staged { directory: directory.to_path_buf(), staging, plan: Plan::default(), is_kept: false, _lock: lock })
    }

    /// Makes the next file.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn file(&mut self, name: &str) -> io::Result<File> {
        fault::point("staged-file")?;
        let file = result_file(&self.staging.join(name))?;
        self.plan.files.push(name.to_owned());
        Ok(file)
    }

    /// A file that is not written now: one that stands there tells of something else, so it goes.
    pub fn without(&mut self, name: String) {
        self.plan.absent.push(name);
    }

    /// Names of the files, in order.
    pub fn names(&self) -> &[String] {
        &self.plan.files
    }

    /// Where the files lie until they have their names.
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Sees to it that the files outlive a power cut, and that their names can be given.
    ///
    /// # Errors
    /// When they can't be written whole, or a name is taken by a directory.
    pub fn finish(&mut self) -> io::Result<()> {
        for name in &self.plan.files {
            if self.directory.join(name).is_dir() {
                return Err(io::Error::other(format!("{name} is a directory there")));
            }
            File::open(self.staging.join(name))?.sync_all()?;
        }
        let mut plan = private_file(File::options().write(true).create_new(true)).open(self.staging.join(PLAN))?;
        plan.write_all(&serde_json::to_vec(&self.plan)?)?;
        plan.sync_all()?;
        sync_directory(&self.staging)?;
        sync_directory(&self.directory)?;
        fault::point("staged")
    }

    /// Notes that a workspace is to remember whether the files get their names: nobody removes them without asking it.
    ///
    /// # Errors
    /// When the note can't be written.
    pub fn ask_of(&self, workspace: &str) -> io::Result<()> {
        let mut note = private_file(File::options().write(true).create_new(true)).open(self.staging.join(ASKED_OF))?;
        note.write_all(workspace.as_bytes())?;
        note.sync_all()?;
        sync_directory(&self.staging)
    }

    /// From here on somebody else remembers that the files must get their names: what fails now is gone on with later.
    pub fn keep(&mut self) {
        handed_over(&self.staging);
        self.is_kept = true;
    }

    /// Gives every file its name, in the order in which they were made, but for the last one: that of an earlier time goes
    /// first, so that it never stands beside others than its own.
    ///
    /// # Errors
    /// When a name can't be given; whoever comes next goes on.
    pub fn publish(mut self) -> io::Result<()> {
        self.keep();
        give_names(&self.staging)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_kept {
            // Where it can't be removed now, whoever comes next does so.
            let _ = std::fs::remove_dir_all(&self.staging);
        }
    }
}

/// Goes on with giving names where a process died; nothing where one that lives is at it, or nothing is left of it.
///
/// # Errors
/// When a name can't be given.
pub fn finish_staged(staging: &Path) -> io::Result<()> {
    if !staging.is_dir() || !is_dead(staging) {
        return Ok(());
    }
    give_names(staging)
}

/// Ends what a dead process has left: carries out what was decided, leaves what a workspace has to be asked about, and removes all
/// else.
pub(super) fn end(staging: &Path) -> io::Result<()> {
    if !is_dead(staging) {
        return Ok(());
    }
    if staging.join(DECIDED).is_file() {
        return give_names(staging);
    }
    if !staging.join(ASKED_OF).is_file() {
        remove_staged(staging);
    }
    Ok(())
}

/// The workspace that has to be asked about what a dead process has left; none where none has.
pub(super) fn asked_of(staging: &Path) -> Option<PathBuf> {
    if !is_dead(staging) {
        return None;
    }
    std::fs::read_to_string(staging.join(ASKED_OF)).ok().map(PathBuf::from)
}

/// Removes the files of a process that is dead, which were never to get their names.
pub fn remove_staged(staging: &Path) {
    tracing::info!("removed the unfinished results of a process that is dead");
    let _ = std::fs::remove_dir_all(staging);
}

fn is_dead(staging: &Path) -> bool {
    match File::open(staging.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        // It died before it could lock, or while it was tidying up.
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn give_names(staging: &Path) -> io::Result<()> {
    let _naming = naming();
    let directory = directory_of(staging);
    let decided = staging.join(DECIDED);
    if !decided.is_file() {
        let plan = staging.join(PLAN);
        if !plan.is_file() {
            // All have their names, and the rest was being tidied up.
            return tidy(staging, directory);
        }
        std::fs::rename(plan, &decided)?;
        sync_directory(staging)?;
    }
    fault::point("publishing")?;
    let plan: Plan = serde_json::from_slice(&std::fs::read(&decided)?)?;
    let last = plan.files.last().filter(|last| staging.join(last).is_file());
    for name in last.into_iter().chain(&plan.absent) {
        match std::fs::remove_file(directory.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_directory(directory)?;
    fault::point("unnamed")?;
    for name in &plan.files {
        match std::fs::rename(staging.join(name), directory.join(name)) {
            // It has its name already.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !staging.join(name).exists() => {}
            done => done?,
        }
        fault::point("named")?;
    }
    sync_directory(directory)?;
    tidy(staging, directory)
}

fn tidy(staging: &Path, directory: &Path) -> io::Result<()> {
    // What was decided goes before the lock does: without it nothing is left to do here.
    match std::fs::remove_file(staging.join(DECIDED)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::remove_dir_all(staging)?;
    sync_directory(directory)?;
    fault::point("published")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staged(directory: &Path) -> Staged {
        let mut staged = Staged::create(directory).expect("made");
        for name in ["rows.csv", "run.json"] {
            staged.file(name).expect("made").write_all(b"new").expect("written");
        }
        staged.without("flagged.csv".to_owned());
        staged.finish().expect("whole");
        staged
    }

    fn content(directory: &Path) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(directory).expect("reads").flatten();
        let mut found: Vec<_> = entries
            .map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(entry.path()).unwrap_or_else(|_| "a directory".to_owned());
                (if text == "a directory" { text.clone() } else { name }, text)
            })
            .collect();
        found.sort();
        found
    }

    fn expect(directory: &Path, files: &[(&str, &str)]) {
        let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(content(directory), files);
    }

    const OLD: [(&str, &str); 3] = [("flagged.csv", "old"), ("rows.csv", "old"), ("run.json", "old")];

    fn with_old_results() -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in OLD {
            std::fs::write(directory.path().join(name), text).expect("written");
        }
        directory
    }

    #[test]
    fn results_that_are_not_published_change_nothing() {
        let directory = with_old_results();
        drop(staged(directory.path()));
        expect(directory.path(), &OLD);
    }

    #[test]
    fn results_are_published_together_and_nothing_of_earlier_ones_stays() {
        let directory = with_old_results();
        staged(directory.path()).publish().expect("published");
        expect(directory.path(), &[("rows.csv", "new"), ("run.json", "new")]);
    }

    #[test]
    fn what_a_dead_process_had_decided_is_carried_out_by_the_next_and_all_else_undone() {
        for is_decided in [false, true] {
            let directory = with_old_results();
            let mut dead = staged(directory.path());
            dead.keep();
            let staging = dead.staging.clone();
            if is_decided {
                std::fs::rename(staging.join(PLAN), staging.join(DECIDED)).expect("decided");
                std::fs::remove_file(directory.path().join("run.json")).expect("removed");
                std::fs::rename(staging.join("rows.csv"), directory.path().join("rows.csv")).expect("named");
            }
            drop(dead);
            end(&staging).expect("ended");
            if is_decided {
                expect(directory.path(), &[("rows.csv", "new"), ("run.json", "new")]);
            } else {
                expect(directory.path(), &OLD);
            }
        }
    }

    #[test]
    fn results_of_a_living_process_are_left_to_it() {
        let directory = with_old_results();
        let living = staged(directory.path());
        end(living.staging()).expect("nothing to do");
        finish_staged(living.staging()).expect("nothing to do");
        living.publish().expect("published");
        expect(directory.path(), &[("rows.csv", "new"), ("run.json", "new")]);
    }

    #[test]
    fn a_name_that_a_directory_has_is_said_before_anything_changes() {
        let directory = with_old_results();
        std::fs::create_dir(directory.path().join("changes.csv")).expect("made");
        let mut staged = Staged::create(directory.path()).expect("made");
        staged.file("changes.csv").expect("made");
        staged.finish().expect_err("is a directory");
    }
}
