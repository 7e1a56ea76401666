//! Places at which tests let the process die or the disk fail, to see that nothing is lost and nothing left half-done.

use std::io;

/// Every place at which files get their names, in the order in which a run meets them.
pub const POINTS: [&str; 15] = [
    "staged-file",
    "staged",
    "artefact-written",
    "run-written",
    "artefact-named",
    "committing",
    "committed",
    "publishing",
    "unnamed",
    "named",
    "published",
    "settled",
    "pending-written",
    "pending-named",
    "replacing",
];

/// Ends the process here, without a word and at once, where `TIUV_CRASH_AT` names this place, and fails as a full disk does where
/// `TIUV_FAIL_AT` does: `named`, or `named:3` at the third time that it is passed. Only builds with debug assertions know it;
/// in a release nothing is left of it.
///
/// # Errors
/// Where a test asked for it.
pub fn point(name: &'static str) -> io::Result<()> {
    #[cfg(debug_assertions)]
    {
        debug_assert!(POINTS.contains(&name), "{name} is not in the list that the tests of faults go through");
        crash(name);
        if asked::is_here("TIUV_FAIL_AT", name) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
    }
    let _ = name;
    Ok(())
}

/// Ends the process where a test asked for it at this place.
pub fn crash(name: &'static str) {
    #[cfg(debug_assertions)]
    if asked::is_here("TIUV_CRASH_AT", name) {
        std::process::abort();
    }
    let _ = name;
}

#[cfg(debug_assertions)]
mod asked {
    use std::sync::atomic::{AtomicU32, Ordering};

    static TIMES: AtomicU32 = AtomicU32::new(0);

    /// Whether a variable names this place, and for this time that it is passed.
    pub(super) fn is_here(variable: &str, name: &str) -> bool {
        let Ok(wanted) = std::env::var(variable) else { return false };
        let (place, time) = wanted.split_once(':').unwrap_or((&wanted, "1"));
        place == name && TIMES.fetch_add(1, Ordering::Relaxed) + 1 == time.parse().unwrap_or(1)
    }
}
