//! What is not cut off in the middle where it can be helped, although nothing is lost where it is.

use std::sync::atomic::{AtomicUsize, Ordering};

static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// For as long as it lives, files get their names.
#[derive(Debug)]
pub struct Unbroken(());

/// Begins something that is better ended.
pub fn unbroken() -> Unbroken {
    UNDER_WAY.fetch_add(1, Ordering::SeqCst);
    Unbroken(())
}

/// Whether files get their names just now.
pub fn is_naming() -> bool {
    UNDER_WAY.load(Ordering::SeqCst) > 0
}

impl Drop for Unbroken {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}
