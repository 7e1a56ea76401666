//! Places at which tests let the process die, to see that nothing is lost and nothing sent twice.

/// Every place, in the order in which a message meets them.
pub const CRASH_POINTS: [&str; 9] =
    ["swept", "found", "settled", "chosen", "begun", "file-appended", "answered", "recording", "recorded"];

/// Ends the process here, without a word and at once, where `TIUV_CRASH_AT` names this place: `begun`, or `begun:3` at the
/// third time that it is passed. Only builds with debug assertions know it; in a release nothing is left of it.
pub(super) fn crash_point(name: &'static str) {
    #[cfg(debug_assertions)]
    passed(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
fn passed(name: &'static str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static TIMES: AtomicU32 = AtomicU32::new(0);

    debug_assert!(CRASH_POINTS.contains(&name), "{name} is not in the list that the crash test goes through");
    let Ok(wanted) = std::env::var("TIUV_CRASH_AT") else { return };
    let (place, time) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if place == name && TIMES.fetch_add(1, Ordering::Relaxed) + 1 == time.parse().unwrap_or(1) {
        std::process::abort();
    }
}
