//! What a process that must end at once waits for, and what it takes with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static NAMING: AtomicUsize = AtomicUsize::new(0);
static BEGUN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// For as long as it lives, files get their names.
#[derive(Debug)]
pub struct Naming(());

/// Files begin to get their names: that is better ended, though nothing is lost where it is not.
pub fn naming() -> Naming {
    NAMING.fetch_add(1, Ordering::SeqCst);
    Naming(())
}

impl Drop for Naming {
    fn drop(&mut self) {
        NAMING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Something temporary was made.
pub(super) fn begun(path: &Path) {
    all_begun().insert(path.to_path_buf());
}

/// It is somebody else's now.
pub(super) fn handed_over(path: &Path) {
    all_begun().remove(path);
}

/// Makes ready for the end of the process: waits until files that are getting their names have them, and removes what has none.
/// Nothing of it is used any more.
pub fn clear_away() {
    while NAMING.load(Ordering::SeqCst) > 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    for path in std::mem::take(&mut *all_begun()) {
        // What got its name is no longer there.
        let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    }
}

fn all_begun() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}
