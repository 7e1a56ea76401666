//! The only place that asks the system what time it is.

use std::time::Instant;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The system's day in its own time zone, where a run is given none (`--as-of`).
#[expect(clippy::disallowed_methods, reason = "this is the one door to the system clock")]
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::system()).date()
}

/// The present moment, for journals (when a run was started) and never for a verdict.
#[expect(clippy::disallowed_methods, reason = "this is the one door to the system clock")]
pub fn timestamp() -> Timestamp {
    Timestamp::now()
}

/// The present moment, for how long something takes; that is told in the log alone.
#[expect(clippy::disallowed_methods, reason = "this is the one door to the system clock")]
pub fn instant() -> Instant {
    Instant::now()
}
