//! Moments as the workspace writes them.

use jiff::Timestamp;

/// A moment as the workspace writes it: to the second, so that texts sort as moments do.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
