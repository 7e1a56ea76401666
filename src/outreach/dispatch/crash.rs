//! Places at which tests let the process die, to see that nothing is lost and nothing sent twice.

use crate::disk::fault;

/// Every place, in the order in which a message meets them.
pub const CRASH_POINTS: [&str; 9] =
    ["swept", "found", "settled", "chosen", "begun", "file-appended", "answered", "recording", "recorded"];

/// Ends the process here, without a word and at once, where `TIUV_CRASH_AT` names this place; see [`fault::crash`].
pub(super) fn crash_point(name: &'static str) {
    debug_assert!(CRASH_POINTS.contains(&name), "{name} is not in the list that the crash test goes through");
    fault::crash(name);
}
